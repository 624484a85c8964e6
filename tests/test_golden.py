"""Golden images: a few spreads of every theme, small, compared with a tolerance.

Run `pytest tests/test_golden.py --update-golden` to store them anew, and look at each before you
commit it. On failure the page is saved beside the stored one under `build/golden/`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from booklet.build import build
from booklet.showcase.spreads import as_webp, draw_spreads, pair_pages, side_by_side
from booklet.theme import built_in_folder, built_in_themes

ROOT = Path(__file__).parents[1]
STORED = Path(__file__).parent / "golden"
FAILED = ROOT / "build" / "golden"

DPI = 45
LARGEST = 20 * 1024
"""Bytes of a stored image."""

CHANNEL, SHARE = 24, 0.001
"""Grey levels below are anti-aliasing; share of a spread's pixels."""

SPREADS = {"reader": (0, 4, 5), "children": (0, 2), "classic": (0, 2), "magazine": (0, 1),
           "pocket": (0, 4)}  # fmt: skip
"""Which spreads of its sample show a theme, blank ones not counted; the cover is 0."""

USUAL = (0, 3)
"""Those of every other theme."""

Drawn = Callable[[str], list[Image.Image]]


@pytest.fixture(scope="module")
def spreads(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """Draw the spreads of the sample of a theme, once."""

    @cache
    def draw(theme: str) -> list[Image.Image]:
        out = tmp_path_factory.mktemp(theme)
        report = build(built_in_folder() / theme / "sample", out, ["screen"])
        pdf = report.outputs[0].path.read_bytes()
        return list(draw_spreads(pdf, DPI, right_bound=theme == "classic"))

    return draw


def share_changed(actual: Image.Image, golden: Image.Image) -> float:
    """Share of the pixels that visibly differ; 1.0 if the sizes do."""
    if actual.size != golden.size:
        return 1.0
    difference = ImageChops.difference(actual.convert("RGB"), golden.convert("RGB"))
    red, green, blue = difference.split()
    worst = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(worst.histogram()[CHANNEL:]) / (actual.width * actual.height)


CASES = [(theme, number) for theme in built_in_themes() for number in SPREADS.get(theme, USUAL)]


@pytest.mark.golden
@pytest.mark.parametrize(("theme", "number"), CASES)
def test_a_spread_looks_as_it_did(
    theme: str, number: int, spreads: Drawn, request: pytest.FixtureRequest
) -> None:
    actual = spreads(theme)[number]
    path = STORED / f"{theme}-{number}.webp"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(as_webp(actual, 100))
    assert path.is_file(), "run with --update-golden, and look at what is stored"
    golden = Image.open(path)
    share = share_changed(actual, golden)
    if share >= SHARE:
        FAILED.mkdir(parents=True, exist_ok=True)
        beside = side_by_side([actual, golden.convert("RGB")], 12, "grey")
        beside.save(FAILED / f"{theme}-{number}.png")
        pytest.fail(f"{share:.2%} of the pixels differ: see {FAILED / f'{theme}-{number}.png'}")


def test_the_stored_images_are_small_and_those_of_the_themes() -> None:
    stored = {path.name for path in STORED.iterdir()}
    assert stored == {f"{theme}-{number}.webp" for theme, number in CASES}
    assert max(path.stat().st_size for path in STORED.iterdir()) <= LARGEST


def test_one_character_more_is_seen() -> None:
    page = Image.new("RGB", (263, 373), "white")
    changed = page.copy()
    changed.paste((0, 0, 0), (100, 100, 112, 110))
    faint = Image.new("RGB", (263, 373), (240, 240, 240))
    assert share_changed(page, page) == 0
    assert share_changed(faint, page) == 0
    assert share_changed(changed, page) > SHARE
    assert share_changed(page.resize((262, 373)), page) == 1


def test_pages_are_paired_as_they_face_each_other() -> None:
    assert pair_pages(6) == ((0,), (1, 2), (3, 4), (5,))
    assert pair_pages(1) == ((0,),)
    assert pair_pages(0) == ()
