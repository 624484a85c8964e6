"""Features: the bench writes the same book each time, measures a tree of processes, tells it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bench import anthology, contenders, stages, tables
from bench.contenders import PLAIN
from bench.goals import goals_table
from bench.meter import measure
from bench.tables import Run

from booklet.manuscript import load_publication


def run(name: str, cpu: float, *, turn: int = 0, size: int = 8, code: int = 0) -> Run:
    return Run(name, size, turn, cpu, cpu, 100, code, late=False, load=1)


def test_a_book_is_the_same_each_time_and_a_longer_one_begins_alike() -> None:
    assert anthology.sections(30) == anthology.sections(30)
    assert anthology.sections(30)[:5] == anthology.sections(146)[:5]
    assert [len(anthology.sections(pages)) for pages in (8, 146, 729, 7281)] == [7, 139, 700, 7000]


def test_one_character_is_changed_in_the_last_section_and_another_one_each_turn() -> None:
    book = anthology.sections(8)
    first, second = (anthology.changed(book, turn) for turn in (0, 1))
    assert first[:-1] == second[:-1] == book[:-1]
    old, new, other = (one[-1].excerpts[0][0] for one in (book, first, second))
    assert sum(a != b for a, b in zip(old, new, strict=True)) == 1
    assert sum(a != b for a, b in zip(new, other, strict=True)) == 1


def test_every_program_is_given_the_same_text(tmp_path: Path) -> None:
    book = anthology.sections(8)
    contenders.write(tmp_path, book)
    loaded = load_publication(tmp_path / "book")
    assert not loaded.diagnostics
    said = "".join(part.text for part in loaded.transcript)
    wanted = [part for one in book for excerpt in one.excerpts for part in excerpt]
    for name in ("weasyprint.html", "chromium.html", "book.typ", "book.tex"):
        text = (tmp_path / name).read_text("utf-8")
        assert all(part in text for part in wanted), name
    assert all(part in said for part in wanted)


def test_the_time_and_memory_of_processes_that_were_left_behind_count(tmp_path: Path) -> None:
    busy = (
        "import time; block = b'x' * 60_000_000; until = time.process_time() + 0.3\n"
        "while time.process_time() < until: pass"
    )
    leaving = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {busy!r}])"
    taken, said = measure([sys.executable, "-c", leaving], tmp_path, environment=None)
    assert (taken.code, taken.late, said) == (0, False, "")
    assert 0.3 <= taken.cpu < 2
    assert 60 < taken.peak < 200


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('so far', flush=True); import time; time.sleep(60)"]
    taken, said = measure(command, tmp_path, limit=0.5, environment=None)
    assert taken.late
    assert taken.wall < 30
    assert said == "so far"


def test_ratios_are_taken_within_a_round() -> None:
    runs = [
        run(PLAIN, 1), run("booklet", 2),
        run(PLAIN, 10, turn=1), run("booklet", 30, turn=1),
        run("booklet", 7, turn=2),
    ]  # fmt: skip
    assert tables.ratios("booklet", runs, "cpu") == [2, 3]
    row = next(line for line in tables.table(runs, {}).splitlines() if line.startswith("| booklet"))
    assert [cell.strip() for cell in row.split("|")[2:5]] == ["3", "7.00 (2.00–30.00)", "2.50"]


def test_what_failed_and_what_was_skipped_is_told() -> None:
    text = tables.table([run(PLAIN, 1), run("Typst", 1, code=3)], {"XeLaTeX": "not here"})
    assert "| Typst | 1 | exit 3 |" in text
    assert "- XeLaTeX: skipped; not here.\n" in text


def test_the_plot_has_a_bar_for_each_ratio_and_longer_bars_for_larger_ones() -> None:
    runs = [run(PLAIN, 1), run("booklet, cold", 2), run("Chromium", 8)]
    root = ET.fromstring(tables.plot(runs))
    widths = {
        bar.get("fill"): float(bar.get("width", ""))
        for bar in root.iter("{http://www.w3.org/2000/svg}rect")
        if bar.get("fill") != "#fff"
    }
    assert widths["#888"] == pytest.approx(3 * widths["#b3141c"], abs=0.2)


def test_a_document_keeps_all_but_what_stands_between_the_markers() -> None:
    text = "before\n<!-- measured -->\nold\n<!-- end measured -->\nafter\n"
    assert tables.between(text, "measured", "new\n") == text.replace("old", "new")
    with pytest.raises(ValueError, match="no markers"):
        tables.between("nothing", "measured", "new")


def test_a_goal_is_held_against_the_median_of_what_was_measured() -> None:
    runs = [run(PLAIN, 2.0, turn=0), run("booklet, cold", 3.0, turn=0),
            run(PLAIN, 2.0, turn=1), run("booklet, cold", 1.0, turn=1),
            run(PLAIN, 4.0, turn=2), run("booklet, cold", 2.0, turn=2)]  # fmt: skip
    told = goals_table(runs)
    assert "| cold, CPU | 8 | 1 × WeasyPrint | 0.50 | reached |" in told
    assert "| cold, CPU | 146 | 0.65 × WeasyPrint | not measured |  |" in told
    slow = goals_table([run(PLAIN, 1.0, turn=0), run("booklet, cold", 3.0, turn=0)])
    assert "| cold, CPU | 8 | 1 × WeasyPrint | 3.00 | **missed** |" in slow


def test_the_document_shows_what_was_measured_last() -> None:
    docs = Path(__file__).parents[1] / "docs"
    text = (docs / "performance.md").read_text("utf-8")
    assert tables.between(text, "measured", tables.HEAD) != text
    assert tables.between(text, "stages", "") != text
    ET.parse(docs / "images" / "performance.svg")
    assert re.search(r"\| booklet, cold \|.*\| \d+ \| \d+\.\d\d \|", text)


def test_the_watch_counts_a_stage_without_those_that_it_calls() -> None:
    watch = stages.Watch()

    inner = watch.during("inner", lambda: [sum(range(300_000)) for _ in range(20)])
    watch.during("outer", inner)()
    watch.stop()
    assert watch.seconds["inner"] > 10 * watch.seconds["outer"]


def test_every_stage_is_a_function_that_there_is() -> None:
    found = stages.stage_functions()
    assert set(found) == set(stages.STAGES)
    assert all(callable(function) for functions in found.values() for *_, function in functions)
