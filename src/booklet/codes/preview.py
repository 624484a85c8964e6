"""Codes of the live preview."""

from __future__ import annotations

from booklet.codes.code import Chapter, Code

# fmt: off
PREVIEW = Chapter(
    "The preview",
    (
        Code("preview-port", "The port is in use, or may not be used.",
             "Leave out `--port`; a free one is taken."),
        Code("preview-stopped", "The renderer ended before its time: too long, too much memory, or a "
             "fault of ours.", "Take back what was changed last; it is started again with the next save."),
    ),
)
