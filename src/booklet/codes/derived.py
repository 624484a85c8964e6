"""Codes of derived editions."""

from __future__ import annotations

from booklet.codes.code import Chapter, Code

_N = "note"

# fmt: off
DERIVED = Chapter(
    "Derived editions",
    (
        Code("derived-unknown", "A derived edition that the header does not name.",
             "The hint names the nearest one."),
        Code("derived-empty", "A derived edition that differs in nothing from the publication.",
             "Give it `script`, `ruby`, `size` or `layout: vertical`."),
        Code("derived-script", "The manuscript has that script already, or cannot be brought into it.",
             "See `language`, and the scripts that the hint names."),
        Code("derived-vertical", "Vertical pages are asked of a theme that sets horizontal lines.",
             "`editions: [ebook]`, or a theme whose `direction` is `vertical`."),
        Code("conversion-lost", "A conversion that cannot be followed character by character.",
             "`protect` the words, or give them in `terms`."),
        Code("term-conflict", "A word is protected, and is to become another one.", "Keep one of them."),
        Code("term-idle", "A word of the edition's own lists that is not in the text.",
             "Write it as the manuscript does.", _N),
        Code("reading-invalid", "A reading without a syllable for each character.",
             "`重庆: chóng qìng`."),
        Code("reading-check", "A reading that no phrase decides, so that a person should look at it.",
             "`readings:` in the header, or `{重|chóng}` in the text.", _N),
    ),
)
# fmt: on
