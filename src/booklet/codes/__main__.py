"""Prints docs/diagnostics.md."""

from __future__ import annotations

import sys

from booklet.codes import manual

if __name__ == "__main__":
    sys.stdout.write(manual())
