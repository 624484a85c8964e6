"""Fonts that a warm process has cut: what is shown next needs mostly the same characters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from booklet.output.sheaf import FontUse


@dataclass(slots=True)
class Tray:
    """Fonts by name, cut to all characters that were asked for so far.

    A page is seen sooner with a font that holds more than it needs. Files that leave the house are
    never bound from a tray.
    """

    fonts: dict[str, tuple[FontUse, Any]] = field(default_factory=dict)

    def font(self, name: str, use: FontUse, cut: Callable[[FontUse], Any]) -> Any:
        """Give a font.

        Args:
            name: Its name in the file.
            use: What pages use of it.
            cut: Cuts it.
        """
        known = self.fonts.get(name)
        if known is not None and known[0].description == use.description:
            if use.widths.keys() <= known[0].widths.keys():
                return known[1]
            use = replace(
                use,
                widths=dict(sorted({**known[0].widths, **use.widths}.items())),
                texts=dict(sorted({**known[0].texts, **use.texts}.items())),
            )
        made = cut(use)
        self.fonts[name] = use, made
        return made
