"""Codes of the limits, and of what strangers hide in texts."""

from __future__ import annotations

from booklet.codes.code import Chapter, Code

SAFETY = Chapter(
    "Limits and strangers' files",
    (
        Code("worker-limit", "Time, memory or room for files ran out, or a library crashed; the message "
             "names the stage.", "Look for what grows at that stage; `--limit` gives more."),
    ),
)  # fmt: skip
