"""What a rendering may use of the machine."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Means:
    """What a rendering may use.

    Attributes:
        cache: Folder of pieces that were set before; None for none.
        jobs: Processes that set pieces at once.
        keep: Keep all pages at hand, so that more can be read from them; then the others are not
            used.
    """

    cache: Path | None = None
    jobs: int = 1
    keep: bool = True


def hands_at_hand() -> int:
    """Tell how many processes can set pieces at once: one where forking is not safe."""
    if not sys.platform.startswith("linux"):
        return 1
    return len(os.sched_getaffinity(0))
