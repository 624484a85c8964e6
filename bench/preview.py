"""Measure how soon a saved file is seen: python bench/preview.py [--rounds 7] [PUBLICATION...].

A preview is started as a user starts it, and a real browser looks at the last section. A character
of the manuscript is changed; the time runs from the save until the browser has decoded the new
picture of the page. Without arguments the first sample and a generated book of about 146 pages are
measured.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from booklet.check.ace import find_chromium

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "content" / "wangluo-qiangguo"
CHARACTERS = "山水云月松竹石泉花鸟风雨春秋江河湖海书琴棋画茶酒诗文天地人心高远清明静深"
SECTIONS, PARAGRAPHS = 18, 24
WARM = 2
"""Saves before those that count."""


def long_book(folder: Path) -> Path:
    """Write a book of about 146 pages."""
    chance = random.Random(7)

    def sentence(length: int) -> str:
        return "".join(chance.choice(CHARACTERS) for _ in range(length))

    parts = []
    for number in range(1, SECTIONS + 1):
        parts.append(f"## 第{number}章 {sentence(4)}")
        for _ in range(PARAGRAPHS):
            clauses = [sentence(chance.randint(4, 12)) for _ in range(chance.randint(10, 22))]
            parts.append("，".join(clauses) + "。")
    folder.mkdir()
    (folder / "manuscript.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    header = "title: 长书\nmanuscript: manuscript.md\nform: book\nlayout: {trim: A5}\n"
    (folder / "booklet.yaml").write_text(header, encoding="utf-8")
    return folder


def measure(folder: Path, page: Page, rounds: int) -> tuple[int, list[float], list[float]]:
    """Give the pages of a book, and the seconds of each save: to the picture, of the layout."""
    words = [sys.executable, "-m", "booklet", "preview", str(folder), "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            page.goto(json.loads(process.stdout.readline())["url"])
            page.wait_for_selector(".leaf[data-digest]")
            buttons = page.locator("#contents button")
            pages, seconds, layouts = 0, [], []
            last = max(
                at for at in range(buttons.count())
                if not buttons.nth(at).inner_text().startswith("按")
            )  # fmt: skip
            buttons.nth(last).click()
            for turn in range(rounds + WARM):
                page.wait_for_selector("body[data-proved=true]")
                page.wait_for_timeout(400)
                seconds.append(_save(folder, page, turn))
                state: Any = page.evaluate(
                    "() => import('/static/server.js').then(s => s.ask('/state'))"
                    ".then(answer => answer.json())"
                )
                layouts.append(state["cpu"])
                pages = len(state["book"]["pages"])
            return pages, seconds[WARM:], layouts[WARM:]
        finally:
            process.terminate()


def _save(folder: Path, page: Page, turn: int) -> float:
    """Change a character of the last section and wait for its picture."""
    path = folder / "manuscript.md"
    lines = path.read_text("utf-8").split("\n")
    heading = max(at for at, line in enumerate(lines) if line.startswith(("## ", "**")))
    index = next(at for at in range(heading + 1, len(lines)) if len(lines[at]) > 20)
    words = lines[index]
    lines[index] = words[:5] + "甲乙丙丁"[turn % 4] + words[6:]
    digests = page.evaluate("[...document.querySelectorAll('.leaf')].map(l => l.dataset.digest)")
    since = time.perf_counter()
    path.write_text("\n".join(lines), encoding="utf-8")
    page.wait_for_function(
        "old => [...document.querySelectorAll('.leaf')].some(l => !old.includes(l.dataset.digest))",
        arg=digests,
        polling=10,
    )
    return time.perf_counter() - since


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("publications", nargs="*", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside, sync_playwright() as playwright:
        folders = [shutil.copytree(one, Path(aside, one.name)) for one in given.publications]
        if not folders:
            folders = [
                shutil.copytree(SAMPLE, Path(aside, SAMPLE.name)),
                long_book(Path(aside, "long")),
            ]
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox"]
        )  # fmt: skip
        for folder in folders:
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            page.set_default_timeout(120_000)
            pages, seconds, layouts = measure(folder, page, given.rounds)
            page.close()
            load = os.getloadavg()[0]
            sys.stdout.write(
                f"{folder.name}: {pages} pages, {statistics.median(seconds):.2f} s from save to "
                f"picture ({min(seconds):.2f} to {max(seconds):.2f}), of which layout "
                f"{statistics.median(layouts):.2f} s of CPU; load {load:.1f}\n"
            )
        browser.close()


if __name__ == "__main__":
    main()
