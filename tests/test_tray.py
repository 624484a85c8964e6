"""Fonts at hand for pictures: cut again only where a character is new."""

from __future__ import annotations

from booklet.output.sheaf import FontUse
from booklet.output.tray import Tray


def use(*glyphs: int, description: str = "Song") -> FontUse:
    return FontUse(description, 10.0, dict.fromkeys(glyphs, 1000), {at: chr(at) for at in glyphs})


def test_a_font_is_cut_again_only_for_a_new_character() -> None:
    tray, cut = Tray(), []

    def make(wanted: FontUse) -> tuple[int, ...]:
        cut.append(wanted)
        return tuple(wanted.widths)

    assert tray.font("A", use(3, 1), make) == (3, 1)
    assert tray.font("A", use(1), make) == (3, 1)
    assert tray.font("A", use(2), make) == (1, 2, 3)
    assert cut[-1].texts == {1: "\1", 2: "\2", 3: "\3"}
    assert tray.font("A", use(3, 2), make) == (1, 2, 3)
    assert tray.font("B", use(9), make) == (9,)
    assert len(cut) == 3


def test_another_font_of_the_same_name_is_cut_for_itself() -> None:
    tray = Tray()
    tray.font("A", use(1, 2), lambda wanted: tuple(wanted.widths))
    other = tray.font("A", use(2, description="Kai"), lambda wanted: tuple(wanted.widths))
    assert other == (2,)
