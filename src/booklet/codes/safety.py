"""Codes of the limits, and of what strangers hide in texts."""

from __future__ import annotations

from booklet.codes.code import Chapter, Code

_W, _N = "warning", "note"

SAFETY = Chapter(
    "Limits and strangers' files",
    (
        Code("worker-limit", "Time, memory or room for files ran out, or a library crashed; the message "
             "names the stage.", "Look for what grows at that stage; `--limit` gives more."),
        Code("limit-ceiling", "The header raises a limit beyond its ceiling.",
             "Only `--limit` on the command line does."),
        Code("style-limit", "A style sheet nests, counts, measures or grows beyond its limits.",
             "Simplify the rule at the place."),
        Code("page-limit", "An edition has more pages than the limit.", "Divide the publication."),
        Code("out-outside", "A folder for outputs within the publication is a link that leads out of it.",
             "Remove the link, or name a folder of your own with `--out`."),
        Code("bidi-control", "A character that turns the direction of reading; what is seen is not what is "
             "written.", "Delete it, unless the text runs from right to left.", _W),
        Code("look-alike", "A word of letters from two scripts, or a radical or compatibility form for a "
             "Chinese character; it looks right and cannot be found.", "Type it anew.", _N),
    ),
)  # fmt: skip
