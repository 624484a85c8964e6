"""Galleys at hand in this process: for one that sets many books with most of their pieces alike."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Protocol


class Keeper(Protocol):
    """Keeps what was set, by name."""

    def get(self, key: str) -> Any:
        """Give an entry; None where there is none."""

    def put(self, key: str, value: Any) -> None:
        """Keep an entry, if there is room."""

    def tidy(self) -> None:
        """Let go of what is too much."""


@dataclass
class AtHand:
    """What was set lately; what was used longest ago goes first.

    Attributes:
        most: Entries, each a few pages.
    """

    most: int = 256
    _kept: OrderedDict[str, Any] = field(default_factory=OrderedDict)

    def get(self, key: str) -> Any:
        """Give an entry; see `Keeper`."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: str, value: Any) -> None:
        """Keep an entry; see `Keeper`."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self.most:
            self._kept.popitem(last=False)

    def tidy(self) -> None:
        """Do nothing: every entry makes its own room."""
