"""Codes of imports."""

from __future__ import annotations

from booklet.codes.code import Chapter, Code

_W, _N = "warning", "note"

# fmt: off
IMPORTING = Chapter(
    "Imports",
    (
        Code("import-kind", "The file is of no kind that can be imported.",
             "`.md`, `.docx`, `.html`, `.epub`, `.zip`, or a folder with `SUMMARY.md`."),
        Code("import-archive", "An archive is damaged, locked, or packed so that it may do harm: a name that "
             "leads out, a link, two names that one disk takes for one.",
             "Pack it anew without what is named; nothing of it was unpacked."),
        Code("import-limit", "A file, an archive or a page is beyond a limit; the message names it.",
             "Divide it; `--limit` gives more."),
        Code("import-markup", "A part cannot be parsed, or declares entities or a document type of its own.",
             "Save it anew; entities are never expanded."),
        Code("import-part-missing", "A part that the document names is not there.", "Correct the name."),
        Code("import-empty", "The document holds no words.", "Is it the right file?"),
        Code("import-text-lost", "Words of the source would not be in the manuscript, or the manuscript has "
             "words that the source has not; nothing is written then.",
             "Mend the place; where the source is sound, it is a fault of booklet: report it."),
        Code("import-repaired", "A page is not well-formed and was read as a browser does.",
             "Look whether its words are in their places.", _W),
        Code("import-not-carried", "Something that no publication can hold is left out; its words are named.",
             "Write its words into the text if they belong there.", _W),
        Code("import-changed", "Something is carried as something simpler; its words are all there.",
             "Look whether it still says what it should.", _W),
        Code("import-picture", "A picture is missing, remote, damaged or of no kind that editions show.",
             "Save it as PNG, JPEG or plain SVG, and name it in the manuscript.", _W),
        Code("import-link", "A link leads to nothing in the publication; its words are kept.",
             "Link to a heading that has an id.", _W),
        Code("import-character", "Characters that nothing can print are left out.", "Nothing.", _W),
        Code("import-left-out", "What builds make anew is left out: contents, title page, cover, numbers.",
             "Nothing; or write it into the text.", _N),
        Code("import-key", "What the document says about itself has no key in the header, or says otherwise.",
             "Write it into `booklet.yaml` if a key there means the same.", _N),
        Code("import-encoding", "A text is not UTF-8; its encoding was guessed.",
             "Look whether its words are right.", _N),
    ),
)
# fmt: on
