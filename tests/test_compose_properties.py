"""The properties that control composition, one by one."""

from __future__ import annotations

import pytest
from tests.line_facts import EM, LineFacts, render, set_lines

from booklet.compose import install, strained_lines

LEFT = 20.0
TEXT = "我们要把网络强国建设好，让亿万人民在共享互联网发展成果上有更多获得感。" * 3


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    install()


def gaps(line: LineFacts) -> dict[str, float]:
    """Ems between the origins of neighbours, by their text."""
    return {one.text + two.text: round(ems, 2) for one, two, ems in line.advances()}


def one_line(body: str, css: str = "") -> dict[str, float]:
    (line,) = set_lines(f"<p>{body}", css)
    return gaps(line)


@pytest.mark.parametrize(
    ("trim", "pair", "start", "later"),
    [
        ("normal", 0.5, 0, 0), ("space-all", 1, 0, 0), ("space-first", 0.5, 0, -0.5),
        ("trim-start", 0.5, -0.5, -0.5), ("trim-both", 0.5, -0.5, -0.5), ("auto", 0.5, -0.5, -0.5),
    ],
)  # fmt: skip
def test_text_spacing_trim(trim: str, pair: float, start: float, later: float) -> None:
    body = "<p>（甲）、乙<br>（丙</p>"
    first, second = set_lines(body, f"p{{text-spacing-trim:{trim}}}")
    assert gaps(first)["）、"] == pair
    # The first line of a paragraph, and those below it.
    assert first.left - LEFT == pytest.approx(start * EM, abs=0.02)
    assert second.left - LEFT == pytest.approx(later * EM, abs=0.02)


def test_text_spacing_trim_all_halves_every_mark() -> None:
    found = one_line("甲，乙。丙", "p{text-spacing-trim:trim-all}")
    assert found == {"甲，": 1, "，乙": 0.5, "乙。": 1, "。丙": 0.5}


@pytest.mark.parametrize(
    ("house", "comma", "stop", "opening"),
    [
        ("quanjiao", 1, 1, 1), ("kaiming", 0.5, 1, 0.5), ("banjiao", 0.5, 0.5, 0.5),
        ("hangmo", 1, 1, 1),
    ],
)  # fmt: skip
def test_house_styles(house: str, comma: float, stop: float, opening: float) -> None:
    found = one_line("甲，乙。丙《丁", f"p{{--punctuation:{house}}}")
    assert (found["，乙"], found["。丙"], found["丙《"]) == (comma, stop, opening)


def test_a_full_stop_shares_its_blank_with_one_that_has_a_blank() -> None:
    found = one_line("甲。”乙。《丙》", "p{--punctuation:kaiming}")
    assert (found["。”"], found["”乙"], found["。《"], found["《丙"]) == (0.5, 0.5, 0.5, 1)


def test_hangmo_halves_marks_at_line_ends() -> None:
    css = "p{--punctuation:hangmo;text-align:left}"
    first, _ = set_lines("<p>甲乙丙丁，<br>戊", css)
    assert first.end - LEFT == pytest.approx(4.5 * EM, abs=0.02)


def test_text_autospace() -> None:
    css = "p{text-autospace:normal}"
    found = one_line("用AI和3个 OK 字，A", css)
    plain = one_line("用AI和3个 OK 字，A")
    for pair in ("用A", "I和", "和3", "3个"):
        assert found[pair] == pytest.approx(plain[pair] + 0.25, abs=0.011)
    assert found["个 "] == plain["个 "]
    assert found["，A"] == plain["，A"]
    (line,) = set_lines("<p>用AI和3个", css)
    assert line.text == "用AI和3个"
    # A line that ends with Latin has no quarter em behind it.
    lines = set_lines("<p style='width:4em'>用过了AI和机器", css + "p{text-align:left}")
    assert lines[0].glyphs[-1].advance <= lines[0].glyphs[-1].natural + 0.01


@pytest.mark.parametrize("method", ["none", "inter-word", "inter-character", "auto"])
def test_text_justify(method: str) -> None:
    body = f"<p style='width:15.4em;text-justify:{method}'>AI and " + TEXT
    lines = set_lines(body)
    edge = [abs(line.end - LEFT - 154) < 0.5 for line in lines[:-1]]
    han = gaps(lines[1])
    if method in {"auto", "inter-character"}:
        assert all(edge)
    else:
        assert not all(edge)
        assert max(han.values()) == 1
    if method == "inter-word":
        assert edge[0]


def test_line_break_and_word_break() -> None:
    def starts(css: str, text: str) -> set[str]:
        return {line.text[0] for line in set_lines(f"<p style='width:3em;{css}'>{text}")[1:]}

    assert "ッ" not in starts("line-break:strict", "マトリッ" * 12)
    assert "ッ" in starts("line-break:normal", "マトリッ" * 12)
    assert "々" not in starts("line-break:normal", "人中上々" * 12)
    assert "々" in starts("line-break:loose", "人中上々" * 12)
    assert "，" in starts("line-break:anywhere;text-align:left", "人中上，" * 12)
    assert starts("word-break:keep-all", "很长的词，另一个词。" * 3) == {"很", "另"}


def test_nowrap_is_not_broken() -> None:
    span = "<span style='white-space:nowrap'>二〇一四年二月二十七日</span>"
    lines = set_lines(f"<p style='width:15em'>{TEXT[:20]}{span}{TEXT}{span}{TEXT}")
    assert sum("二〇一四年二月二十七日" in line.text for line in lines) == 2
    assert all(line.end == pytest.approx(LEFT + 150, abs=0.5) for line in lines[:-1])


def test_letter_spacing_ends_with_the_line() -> None:
    css = "p{letter-spacing:.5em;text-align:right;width:20em}"
    (line,) = set_lines("<p>目录", css)
    assert gaps(line) == {"目录": 1.5}
    assert line.end == pytest.approx(LEFT + 200, abs=0.05)


def test_long_words_break_only_where_allowed() -> None:
    address = "https://example.org/" + "abcdefghij" * 6
    body = f"<p style='width:12em;overflow-wrap:{{}}'>{TEXT[:20]}{address}，{TEXT}"
    broken = set_lines(body.format("anywhere"))
    chinese = [line for line in broken[:-1] if not line.text.isascii()]
    assert all(line.end == pytest.approx(LEFT + 120, abs=0.5) for line in chinese)
    assert max(line.end for line in broken) < LEFT + 120.5
    assert "".join(line.text for line in broken) == f"{TEXT[:20]}{address}，{TEXT}"
    whole = set_lines(body.format("normal"))
    assert max(line.end for line in whole) > LEFT + 150


def test_soft_hyphens_show_only_at_line_ends() -> None:
    word = "inter\u00adnation\u00adal\u00adi\u00adza\u00adtion"
    lines = set_lines(f"<p style='width:9em'>我们说{word}这个词{word}和{word}都很长很长")
    hyphens = [line for line in lines if line.text.endswith("‐")]
    assert hyphens
    assert "‐" not in "".join(line.text[:-1] for line in lines)
    assert all(line.end == pytest.approx(LEFT + 90, abs=0.5) for line in lines[:-1])
    plain = set_lines(f"<p style='width:12em;hyphens:none'>我们说{word}这个词{word}和")
    assert "‐" not in "".join(line.text for line in plain)


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_other_alignments_squeeze_but_do_not_stretch(align: str) -> None:
    lines = set_lines(f"<p style='width:15.6em;text-align:{align}'>“甲”、“乙”，{TEXT}")
    for line in lines:
        for one, two, ems in line.advances():
            if "一" <= one.text <= "鿿" and "一" <= two.text <= "鿿":
                assert ems == pytest.approx(1, abs=0.002)
    assert gaps(lines[0])["”、"] == 0.5


def test_text_align_last() -> None:
    lines = set_lines(f"<p style='width:16em;text-align-last:justify'>{TEXT}")
    assert lines[-1].end == pytest.approx(LEFT + 160, abs=0.5)
    lines = set_lines(f"<p style='width:16em;text-align-last:right'>{TEXT}")
    assert lines[-1].end == pytest.approx(LEFT + 160, abs=0.5)
    assert lines[-1].left > LEFT + 10


def test_hanging_punctuation() -> None:
    css = "p{width:10em;hanging-punctuation:first allow-end}"
    lines = set_lines(f"<p>“这是第一句话说得好，第二句话也是的，{TEXT}", css)
    assert lines[0].left == pytest.approx(LEFT - EM, abs=0.02)
    assert all(line.end < LEFT + 100 + 0.5 for line in lines)
    forced = set_lines(
        "<p>一二三四五六七八九十，后面还有一些字", css + "p{hanging-punctuation:force-end}"
    )
    assert forced[0].text.endswith("，")
    assert forced[0].end == pytest.approx(LEFT + 100, abs=0.02)


@pytest.mark.parametrize(
    ("text", "hung"),
    [
        ("他说好。”", 10), ("（甲乙）", 10), ("他说好。", 0), ("he说“OK”", 10), ("甲(b)", 3.65),
        ("甲”。", 0),
    ],
)  # fmt: skip
def test_a_closing_mark_hangs_at_the_end_of_the_last_line(text: str, hung: float) -> None:
    css = "p{text-align:right;width:12em}"
    (plain,) = set_lines(f"<p>{text}", css)
    (hanging,) = set_lines(f"<p>{text}", css + "p{hanging-punctuation:last}")
    last = hanging.glyphs[-1]
    assert last.x + last.natural - LEFT - 120 == pytest.approx(hung, abs=0.02)
    assert hanging.left - plain.left == pytest.approx(hung, abs=0.02)


def test_no_mark_hangs_in_lines_before_the_last() -> None:
    body = f"<p style='width:9em'>{TEXT}（甲）{TEXT}"
    assert set_lines(body) == set_lines(body, "p{hanging-punctuation:last}")


@pytest.mark.parametrize("display", ["inline-block", "table", "flex", "float"])
def test_a_box_is_as_wide_as_its_composed_text(display: str) -> None:
    """What shrinks to fit must hold its text on one line, and not be wider than that."""
    style = "float:left" if display == "float" else f"display:{display}"
    css = f"div{{{style}}}p{{text-autospace:normal;text-align:left}}i{{font-style:normal}}"
    body = "<div><p>《甲》、“乙”（丙）、AI和3个（丁）</p></div>"
    lines = set_lines(body, css)
    assert len(lines) == 1
    boxes = {
        round(box.width, 2)
        for page in render(body, css).pages
        for box in page._page_box.descendants()
        if getattr(box, "element_tag", "") == "p" and type(box).__name__ == "BlockBox"
    }
    wide = (lines[0].end - LEFT) * 4 / 3
    assert any(width == pytest.approx(wide, abs=0.2) for width in boxes), (boxes, wide)


def test_a_table_cell_does_not_wrap_what_fits() -> None:
    css = "table{border-spacing:0}td{padding:0;width:1pt}p{text-align:left}"
    lines = set_lines("<table><tr><td><p style='white-space:nowrap'>“甲”、（乙）<td><p>丙丁", css)
    assert any(line.text == "“甲”、（乙）" for line in lines)


def test_strained_lines_are_told() -> None:
    body = "<p style='width:9em'>这是extraordinarily长的internationalization词" + TEXT[:5]
    found = list(strained_lines(render(body)))
    assert found
    assert all(strain.stretch > 0.25 and strain.page == 1 and strain.text for strain in found)
    assert not list(strained_lines(render(f"<p style='width:20em'>{TEXT}")))
