"""Codes of the gate for e-books."""

from __future__ import annotations

from booklet.codes.code import Chapter, Code

_W, _N = "warning", "note"

GATE = Chapter(
    "The gate for e-books",
    (
        Code("checker-missing", "A judge of e-books is not installed, or it failed; what it looks for "
             "stays open.", "Install it as hinted; `booklet doctor` names all of them.", _W),
        Code("epubcheck", "EPUBCheck objects; the message begins with its own code.",
             "As it says; in an EPUB that booklet made, report it."),
        Code("ace", "Ace objects: somebody could not read the book with assistive technology.",
             "As it says; in an EPUB that booklet made, report it."),
        Code("epub-container", "The archive is damaged, too large, encrypted, or lacks what makes it an EPUB.",
             "Pack it anew; `mimetype` comes first and is not compressed."),
        Code("epub-name", "A file name that is not plain ASCII, or there twice but for letter case.",
             "Rename it."),
        Code("epub-clock", "The archive dates its files by the clock, so that two builds differ.",
             "Date them 1980-01-01.", _N),
        Code("epub-markup", "A document is not well-formed, no XHTML, or has an id twice.", "Correct it."),
        Code("epub-manifest", "Manifest and archive do not name the same files, or a file is not what the "
             "manifest calls it.", "List each file once, with its media type and properties."),
        Code("epub-spine", "The reading order lacks a document, has one twice, or turns the wrong way.",
             "Each document once, linear; right to left for vertical text."),
        Code("epub-outdated", "The book uses what EPUB 3.4 calls outdated, or what many readers do not "
             "run; an error for scripts and forms.", "Leave it out.", _W),
        Code("epub-title", "No title, or more than one.", "One `dc:title`."),
        Code("epub-language", "The book or a document does not say its language, or another one than the "
             "book.", "`xml:lang` on the package, `lang` and `xml:lang` on each document."),
        Code("epub-identifier", "No identifier that names the book, or one that is no URN.",
             "One `dc:identifier` that `unique-identifier` names."),
        Code("epub-isbn", "An ISBN whose length or check digit does not fit.", "Look it up."),
        Code("epub-modified", "The date of change is missing, malformed or in the future.",
             "One `dcterms:modified`, in UTC."),
        Code("epub-contributor", "A role that no MARC relator is, or people in no order.",
             "A MARC code; `display-seq` from 1 on."),
        Code("epub-metadata", "Metadata that is empty, there twice, malformed, or refines nothing.",
             "As the message says."),
        Code("epub-accessibility", "What the book says of its accessibility is missing, misspelt or untrue.",
             "Say what the book has, in the words of schema.org."),
        Code("epub-toc", "The contents lack a document, are out of order, lead nowhere, or name a place "
             "otherwise than it does.", "One entry for each document, as its heading."),
        Code("epub-landmarks", "No landmarks, or none for contents and body; or readers see them.",
             "`toc` and `bodymatter` at least, hidden."),
        Code("epub-ncx", "The contents for readers of EPUB 2 are missing, or differ from those of EPUB 3.",
             "The same entries in the same order."),
        Code("epub-page-mark", "The mark of a printed page does not say its page, or machines do not know it.",
             "`epub:type`, `role`, `id` and `aria-label`."),
        Code("epub-page-list", "The list of printed pages and their marks differ.",
             "Every mark once, in reading order."),
        Code("epub-page-source", "Printed pages are cited, and not of which book; or the reverse.",
             "One `pageBreakSource`."),
        Code("epub-document-title", "A document has no title, that of another, or not that of its heading.",
             "The words of its heading."),
        Code("epub-heading", "A heading is empty, skips a level, or is the second `h1` of its document.",
             "One `h1` first, then each level below the one before."),
        Code("epub-role", "An `epub:type` without the role that says the same to assistive technology, or "
             "a label that is not there.", "Both, on the same element."),
        Code("epub-link", "A link leads to nothing in the book, or something would be loaded from outside.",
             "Correct it, or carry the file in the book."),
        Code("epub-cover", "Shops and shelves do not find the cover, or the book does not open with it.",
             "`cover-image`, `meta name=cover`, and a page of its own that comes first."),
        Code("epub-alternative", "A picture without words for those who do not see it.", "Describe it."),
        Code("epub-quotation", "A quotation is empty, or its attribution stands within it.",
             "`figure` with `blockquote` and `figcaption`."),
        Code("epub-note", "A call without note, a note without call, or no way back.",
             "Both link to each other."),
        Code("epub-residue", "Braces or an entity that a template left in the text.", "Look at the template."),
        Code("epub-replacement", "U+FFFD: a character was lost when a text was read.",
             "Find the character in the manuscript."),
        Code("epub-character", "A character that is invisible, unassigned or for private use.",
             "Delete it, or write the character that is meant.", _W),
        Code("epub-space", "A space between two inline elements parts Chinese characters.",
             "Close up the tags.", _W),
        Code("epub-style", "A style sheet takes from the reader what is his to choose, or a document has "
             "none.", "em for sizes; no colours on the text as a whole."),
        Code("epub-font", "A carried font is damaged, unused, forbids it, or lacks its licence.",
             "Subset it again, with licence records and `META-INF/font-licences.txt`."),
        Code("epub-font-format", "A font in WOFF2, which some shops and readers do not know.",
             "OTF or TTF.", _W),
    ),
)  # fmt: skip
