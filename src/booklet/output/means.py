"""What a rendering may use of the machine."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from booklet.output.at_hand import Keeper
    from booklet.output.recalling import Memory


@dataclass(frozen=True, slots=True)
class Means:
    """What a rendering may use.

    Attributes:
        cache: Folder of pieces that were set before; None for none.
        jobs: Processes that set pieces at once.
        memory: Pieces of earlier layouts, with their pages at hand, for a process that lays the
            same book out again and again; None for none.
        keep: Keep all pages at hand, so that more can be read from them; then neither cache nor
            other processes are used.
        at_hand: Galleys kept in this process instead of a folder, for one that sets many books
            with pieces in common; None for none.
    """

    cache: Path | None = None
    jobs: int = 1
    memory: Memory | None = None
    keep: bool = True
    at_hand: Keeper | None = None

    def keeper(self) -> Keeper | None:
        """Give what keeps things from one rendering to the next; None for nothing."""
        if self.at_hand is not None or self.cache is None:
            return self.at_hand
        from booklet.output.keeping import Shelf

        return Shelf(self.cache)


def hands_at_hand() -> int:
    """Tell how many processes can set pieces at once: one where forking is not safe."""
    if not sys.platform.startswith("linux"):
        return 1
    return len(os.sched_getaffinity(0))
