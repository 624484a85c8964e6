"""The torture manuscript, contrast, and that `theme check` finds what is wrong with a theme."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Command, write_publication

from booklet.errors import Diagnostic
from booklet.showcase.contrast import contrast, faint_in_sheet
from booklet.showcase.examine import Asked, Examination, examine
from booklet.showcase.torture import Case, State, cases, write

COLORS = st.tuples(*[st.integers(0, 255)] * 3)

STATES = (
    State("opening", "章", "## 渡\n\n水涨的时候，船不开。\n\n——2020年1月1日，日志"),
    State("table", "表", "| 村 | 船 |\n|:--|--:|\n| 上渡 | 6 |\n\n——2020年1月2日，清册"),
)
SMALL = Case("small", "两种内容", {"title": "渡口"}, STATES)

THEME = """\
name: bad
label: {zh: 坏, en: bad}
description: {zh: 坏, en: bad}
extends: reader
"""


def theme(root: Path, files: dict[str, str]) -> Asked:
    """Write a theme that extends reader."""
    for name, text in {"theme.yaml": THEME, **files}.items():
        path = root / "themes/bad" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Asked("bad", root)


def verdicts(found: Examination) -> dict[str, str]:
    return {state.name: state.verdict for state in found.states}


# ---- the manuscript ----------------------------------------------------------------------------


def test_every_line_of_the_torture_manuscript_belongs_to_its_state() -> None:
    for case in cases():
        written = write(case)
        rows = written.text.split("\n")
        for state in case.states:
            own = [rows[line - 1] for line, name in written.lines.items() if name == state.name]
            assert "\n".join(own).strip("\n") == state.text.strip("\n")


def test_a_state_that_is_left_out_leaves_the_others_as_they_are() -> None:
    anthology = cases()[0]
    written = write(anthology, frozenset({"table", "note"}))
    assert set(written.lines.values()) == {s.name for s in anthology.states} - {"table", "note"}
    assert "[^li]" not in written.text


def test_the_torture_manuscript_holds_the_states_of_the_art_direction() -> None:
    found = {case.name: write(case).text for case in cases()}
    assert found["fifty"].count("\n## ") == 49
    assert found["single"].count("## ") == 1
    for mark in ("【编前语】", "{栈|zhàn}", "{.dots}", "[^li]", "::: verse", "![", "| 村 |", "龘"):
        assert mark in found["anthology"]
    assert max(map(len, found["anthology"].split("\n"))) > 350
    assert len(cases()[0].header["title"]) > 35  # type: ignore[arg-type]
    assert len(cases()[2].header["title"]) == 2  # type: ignore[arg-type]


# ---- contrast ----------------------------------------------------------------------------------


@given(COLORS, COLORS)
def test_contrast_is_the_same_both_ways_and_from_1_to_21(
    one: tuple[int, int, int], two: tuple[int, int, int]
) -> None:
    ratio = contrast(one, two)
    assert ratio == contrast(two, one)
    assert 1 <= ratio <= 21.01
    assert contrast(one, one) == 1


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x76, 0x76, 0x76), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    assert contrast((255, 0, 0), (255, 255, 255)) == pytest.approx(4.0, abs=0.01)


def test_faint_colours_of_a_style_sheet_are_found_by_day_and_by_night() -> None:
    css = """\
:root { --a: #999999; --b: #222222 }
@media (prefers-color-scheme: dark) { :root { --a: #eeeeee } }
h1 { color: var(--a) }
h2 { color: var(--b); background: #ddd }
h3 { color: #555555 }
h4 { color: #fff; background-color: #444 }
p { background: #fff }
"""
    found = [(faint.place.line, faint.where) for faint in faint_in_sheet(css, "epub.css")]
    assert found == [(3, "`h1` on a light page")]
    night = css.replace("; background: #ddd", "")
    told = [(faint.place.line, faint.where) for faint in faint_in_sheet(night, "epub.css")]
    assert told == [(3, "`h1` on a light page"), (4, "`h2` on a dark page")]


# ---- what is found of a theme ------------------------------------------------------------------


def test_a_sound_theme_sets_every_state_and_nothing_is_found(tmp_path: Path) -> None:
    found = examine(theme(tmp_path, {}), [SMALL])
    assert verdicts(found) == {"opening": "set", "table": "set"}
    assert [str(item) for item in found.findings] == []
    assert found.pages > 4
    assert found.left_out == ()


def has(found: Examination, code: str) -> list[Diagnostic]:
    return [item for item in found.findings if item.code == code]


def test_what_is_wrong_with_a_theme_is_found_with_its_place(tmp_path: Path) -> None:
    files = {
        "print-extra.css": ".attribution { color: #dddddd }\n\n"
        ".section h2 { colour: red; white-space: nowrap; font-size: 900pt }\n",
        "epub-extra.css": "h1 { color: #eeeeee }\n",
    }
    found = examine(theme(tmp_path, files), [SMALL])
    (css,) = has(found, "css")
    assert (css.place.file, css.place.line) == ("themes/bad/print-extra.css", 3)
    assert "did you mean" in css.hint
    faint = has(found, "theme-contrast")
    assert [(item.place.file, item.place.line) for item in faint if "「" in item.message] == [
        ("small/manuscript.md", 5)
    ]
    assert any("`h1` on a light page" in item.message for item in faint)
    assert all("#dddddd" in item.message or "#eeeeee" in item.message for item in faint)
    overset = has(found, "theme-overset")
    assert overset
    assert overset[0].place.file == "small/manuscript.md"
    assert "「渡」" in overset[0].message


def test_a_theme_that_loses_text_is_at_fault_where_it_is_lost(tmp_path: Path) -> None:
    text = '{% extends "reader/parts/attribution.html" %}\n{% block occasion %}{% endblock %}\n'
    found = examine(theme(tmp_path, {"parts/attribution.html": text}), [SMALL])
    assert verdicts(found)["opening"] == "fault"
    assert {item.place.line for item in has(found, "theme-state")} == {5}


def test_a_template_that_fails_is_found_with_its_line(tmp_path: Path) -> None:
    text = (
        '{% extends "reader/parts/excerpt.html" %}\n{% block text %}\n{{ nothing }}{% endblock %}\n'
    )
    found = examine(theme(tmp_path, {"parts/excerpt.html": text}), [SMALL])
    (item,) = has(found, "template")
    assert item.place.line == 3
    assert item.place.file.endswith("parts/excerpt.html")


def test_a_state_that_is_refused_is_left_out_and_the_others_are_set(tmp_path: Path) -> None:
    wrong = State("picture", "图", "![山](images/missing.svg)\n\n——2020年1月3日，图志")
    case = Case("small", "一种不收", {"title": "渡口"}, (*STATES, wrong))
    found = examine(theme(tmp_path, {}), [case])
    assert verdicts(found) == {"opening": "set", "table": "set", "picture": "refused"}
    assert [str(item) for item in found.findings] == []
    assert "image-missing" in found.states[-1].message


def test_what_a_theme_tells_of_a_state_is_no_fault(tmp_path: Path) -> None:
    yaml = THEME + "wants-readings: true\n"
    found = examine(theme(tmp_path, {"theme.yaml": yaml}), [SMALL])
    assert verdicts(found) == {"opening": "told", "table": "set"}
    assert found.states[0].message.startswith("reading-missing: ")
    assert [str(item) for item in found.findings] == []


def test_vertical_pages_are_looked_at_where_their_text_stands_when_turned(tmp_path: Path) -> None:
    sheet = {"print-extra.css": "h2 { color: #dddddd } h1 { background: black; color: #222222 }"}
    yaml = THEME.replace("reader", "classic")
    case = replace(SMALL, states=STATES[:1])
    found = examine(theme(tmp_path, {"theme.yaml": yaml, **sheet}), [case])
    told = "\n".join(item.message for item in has(found, "theme-contrast"))
    assert "#222222 on #000000" in told
    assert "#dddddd on #f" in told


def test_no_case_is_begun_after_the_time_is_over(tmp_path: Path) -> None:
    other = Case("other", "另一种", {"title": "渡口"}, STATES[:1])
    found = examine(theme(tmp_path, {}), [SMALL, other], longest=0)
    assert found.left_out == ("other",)
    assert {state.case for state in found.states} == {"small"}


# ---- the command -------------------------------------------------------------------------------


def test_check_tells_of_the_publications_own_changes(
    booklet_: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booklet.showcase.torture.cases", lambda: (SMALL,))
    folder = write_publication(tmp_path / "book", None, tokens={"grey": "#cccccc"})
    (folder / "templates").mkdir()
    (folder / "templates/print-extra.css").write_text("p { colour: red }")
    result = booklet_("theme", "check", "-p", folder)
    assert result.status == 1
    assert "templates/print-extra.css:1:5: warning[css]" in result.err
    assert "warning[theme-contrast]" in result.err
    assert result.lines[-1].startswith("2 states set, 0 refused, ")
    alone = booklet_("theme", "check", "reader", "-p", folder, "--json")
    facts = json.loads(alone.out)
    assert (alone.status, facts["passed"], facts["diagnostics"]) == (0, True, [])
    assert {state["verdict"] for state in facts["states"]} == {"set"}


def test_check_refuses_a_theme_that_is_not_there(booklet_: Command) -> None:
    assert booklet_("theme", "check", "raeder").status == 2
