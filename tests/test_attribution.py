"""Attribution lines: read for the indexes, printed as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklet.errors import Findings, Place
from booklet.manuscript import load_publication
from booklet.manuscript.attribution import (
    kind_of,
    names_source,
    opens_attribution,
    read_attribution,
)
from booklet.manuscript.inlines import join, split
from booklet.model.content import (
    Attribution,
    Break,
    Emphasis,
    Inline,
    NoteRef,
    Ruby,
    Strong,
    Text,
    plain,
)
from booklet.model.dates import DateSpan, Day

PLACE = Place("a.md", 3, 1)


def read(line: str) -> Attribution:
    findings = Findings()
    attribution = read_attribution((Text(line),), PLACE, findings)
    assert not findings.items
    return attribution


def test_a_span_of_days_is_read_and_the_line_kept() -> None:
    found = read("——2018年4月20日至21日，在全国网络安全和信息化工作会议上的讲话")
    assert found.lead == (Text("——2018年4月20日至21日，"),)
    assert found.rest == (Text("在全国网络安全和信息化工作会议上的讲话"),)
    assert found.date == DateSpan(Day(2018, 4, 20), Day(2018, 4, 21))
    assert found.date_text == "2018年4月20日至21日"
    assert found.kind == "讲话"


@pytest.mark.parametrize(
    ("line", "date_text", "occasion", "kind"),
    [
        ("——李白", "", "李白", ""),
        ("——《论语·学而》", "", "《论语·学而》", ""),
        ("—— 1998年，致大会的贺信", "1998年", "致大会的贺信", "贺信"),
        ("――2018年4月在北京", "2018年4月", "在北京", ""),
        ("⸺2017年12月3日,致大会的贺信", "2017年12月3日", "致大会的贺信", "贺信"),
        ("——2016年1月6日，在会上的视频讲话。", "2016年1月6日", "在会上的视频讲话。", "视频讲话"),
        ("——2018年4月20日", "2018年4月20日", "", ""),
        ("——《人民日报》2018年4月20日", "", "《人民日报》2018年4月20日", ""),
    ],
)  # fmt: skip
def test_lines_as_editors_write_them(line: str, date_text: str, occasion: str, kind: str) -> None:
    found = read(line)
    assert (found.date_text, found.occasion, found.kind) == (date_text, occasion, kind)
    assert plain(found.lead + found.rest) == line


@pytest.mark.parametrize("text", ["正文", "—单破折号", "——", "—— ", "-- 李白", "", "正——文"])
def test_other_lines_are_no_attributions(text: str) -> None:
    assert not opens_attribution(text)


def test_a_date_that_no_calendar_has_is_told_at_its_column() -> None:
    findings = Findings()
    found = read_attribution((Text("——  2018年13月45日，在会上"),), PLACE, findings)
    assert found.date is None
    assert [(item.code, item.place) for item in findings] == [("date-invalid", Place("a.md", 3, 5))]


def test_marks_within_the_line_go_with_their_words() -> None:
    inlines = (
        Strong((Text("——2018年，在"), Ruby("北京", "Běijīng"))),
        NoteRef("n1"),
        Text("的讲话"),
    )
    found = read_attribution(inlines, PLACE, Findings())
    assert found.lead == (Strong((Text("——2018年，"),)),)
    assert found.rest == (
        Strong((Text("在"), Ruby("北京", "Běijīng"))),
        NoteRef("n1"),
        Text("的讲话"),
    )


def test_the_longest_known_ending_is_the_kind() -> None:
    assert kind_of("在第三届世界互联网大会开幕式上的视频讲话") == "视频讲话"
    assert kind_of("《给青年的一封信》") == "信"
    assert kind_of("李白") == ""


DASHES = st.sampled_from(["——", "—— ", "――", "⸺", "————", " ——"])
DATES = st.one_of(
    st.just(""),
    st.builds("{}年{}月{}日".format, st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99)),
    st.builds("{}年".format, st.integers(1000, 2999)),
    st.builds(
        "{}年{}月至{}月".format, st.integers(1000, 2999), st.integers(1, 12), st.integers(1, 12)
    ),
)
COMMAS = st.sampled_from(["，", ",", "", "、"])


@given(DASHES, DATES, COMMAS, st.text(min_size=1))
def test_no_line_is_ever_rewritten(dash: str, date: str, comma: str, rest: str) -> None:
    line = dash + date + comma + rest
    found = read_attribution((Text(line),), PLACE, Findings())
    assert plain(found.lead + found.rest) == line
    assert plain(found.lead).strip().startswith(dash.strip()) or not opens_attribution(line)


@given(st.dates())
def test_every_day_of_the_calendar_is_read(day: object) -> None:
    year, month, date = (int(part) for part in str(day).split("-"))
    found = read(f"——{year:04d}年{month}月{date}日，在会上的讲话")
    assert found.date == DateSpan(Day(year, month, date))


LEAVES: st.SearchStrategy[Inline] = st.one_of(
    st.builds(Text, st.text(min_size=1, max_size=5)),
    st.builds(Ruby, st.text(min_size=1, max_size=3), st.text(min_size=1, max_size=3)),
    st.just(NoteRef("n1")),
    st.just(Break()),
)
INLINES = st.lists(
    st.one_of(
        LEAVES,
        st.builds(Strong, st.lists(LEAVES, max_size=3).map(tuple)),
        st.builds(Emphasis, st.lists(LEAVES, max_size=3).map(tuple)),
    ),
    max_size=5,
)


@given(INLINES, st.integers(0, 30))
def test_parting_inlines_loses_nothing(inlines: list[Inline], count: int) -> None:
    head, tail = split(tuple(inlines), count)
    assert plain(head + tail) == plain(tuple(inlines))
    assert len(plain(head)) <= max(count, 0)
    assert _count(head + tail, NoteRef) == _count(tuple(inlines), NoteRef)


def _count(inlines: tuple[Inline, ...], kind: type) -> int:
    inner = [getattr(inline, "children", ()) for inline in inlines]
    return sum(isinstance(i, kind) for i in inlines) + sum(_count(i, kind) for i in inner)


def test_joining_makes_one_text_of_neighbours() -> None:
    assert join([Text("一"), Text(""), Text("二"), Break()]) == (Text("一二"), Break())


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("（《孟子·离娄上》）", True),
        ("（《文选》第3卷，人民出版社1993年版，第10页）", True),
        ("（《孟子》说，教者必以正。）", False),
        ("（见《孟子》）", False),
        ("《孟子》", False),
        ("（《孟子》）与（《论语》）", False),
    ],
)
def test_a_work_in_brackets_is_an_attribution(line: str, is_one: bool) -> None:
    assert names_source(line) is is_one


def test_a_work_in_brackets_makes_no_anthology_of_a_book(tmp_path: Path) -> None:
    text = "## 一\n\n文。\n\n> 教者必以正。\n\n（《孟子》）\n\n文。\n\n（《论语》）\n"
    for form, kinds in (
        ("auto", ["Paragraph", "Quote", "Paragraph", "Paragraph"]),
        ("anthology", ["Excerpt", "Excerpt"]),
    ):
        folder = tmp_path / form
        folder.mkdir()
        (folder / "booklet.yaml").write_text(f"title: 书\nform: {form}\n", "utf-8")
        (folder / "manuscript.md").write_text(text, "utf-8")
        loaded = load_publication(folder)
        assert loaded.publication is not None
        blocks = loaded.publication.sections[0].blocks
        assert [type(block).__name__ for block in blocks] == kinds
        assert [str(one) for one in loaded.diagnostics] == []
