"""The table of limits, in the order in which a build meets them.

What is no limit on work does not stand here: numbers of a format or of a craft (the largest page of
a PDF, twenty millimetres of bleed), how much of what was found is told, how much a cache keeps,
how finely something is drawn, and how deep a reader follows what no honest file nests (a colour
space within a colour space eight times over). The preview has bounds of its own for requests, since
they come from its page and not from a publication.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit.

    Attributes:
        name: As ``limits:`` and ``--limit`` name it.
        value: What holds where nothing else is asked for.
        ceiling: How far a publication may raise it; the same as the value where it may not.
        unit: Of what it counts.
        purpose: What the check prevents.
    """

    name: str
    value: int
    ceiling: int
    unit: str
    purpose: str


TABLE = (
    Limit("file-size", 20_000_000, 200_000_000, "bytes",
          "One manuscript, data file or picture; it is read into memory."),
    Limit("yaml-depth", 50, 100, "levels", "Nesting of YAML and JSON; the reader is recursive."),
    Limit("yaml-values", 20_000, 1_000_000, "values",
          "Values of one YAML file; its parser reads about 12,000 a second."),
    Limit("yaml-digits", 30, 4_000, "digits", "One number in YAML."),
    Limit("word-length", 10_000, 40_000, "characters",
          "Text without a place to break a line; breaking takes quadratic time in it."),
    Limit("marks", 30, 200, "marks", "Combining marks on one character; shaping slows down."),
    Limit("brackets", 1_000, 10_000, "brackets",
          "Square brackets that are open at once in a paragraph; each might begin a link."),
    Limit("nesting", 50, 50, "levels", "Blocks and inlines within one another in Markdown."),
    Limit("expansion", 50, 1_000, "times",
          "What Markdown may grow to by link definitions and notes, as a multiple of its text."),
    Limit("picture-pixels", 100_000_000, 178_000_000, "pixels",
          "Width × height of a picture, looked up before it is decoded."),
    Limit("svg-depth", 100, 200, "levels", "Elements within one another in an SVG."),
    Limit("svg-elements", 200_000, 2_000_000, "elements", "Elements that an SVG holds."),
    Limit("svg-drawn", 500_000, 5_000_000, "elements",
          "Elements that an SVG draws when every reference is followed."),
    Limit("svg-repeats", 1_000, 20_000, "times",
          "How often the gradient of an SVG repeats across what it fills."),
    Limit("resource-size", 64 * MIB, 512 * MIB, "bytes",
          "One picture, font or profile that a page loads."),
    Limit("data-url", 2 * MIB, 16 * MIB, "characters", "One data: address."),
    Limit("font-size", 64 * MIB, 256 * MIB, "bytes",
          "What the header of a packed font says that it unpacks to."),
    Limit("template-text", 64 * MIB, 512 * MIB, "characters", "What one template produces."),
    Limit("template-steps", 1_000_000, 20_000_000, "steps",
          "Rounds of loops, calls of macros and templates within others, all together."),
    Limit("markup-depth", 100, 110, "levels",
          "Elements within one another in the pages; the renderer is recursive."),
    Limit("markup-elements", 2_000_000, 10_000_000, "elements", "Elements of the pages."),
    Limit("span", 1_000, 10_000, "cells", "colspan, rowspan and span of a table."),
    Limit("theme-file", 4 * MIB, 32 * MIB, "bytes",
          "One template, style sheet or drawing of a theme."),
    Limit("css-depth", 32, 64, "levels", "Brackets within one another in a style sheet."),
    Limit("css-count", 1_000, 10_000, "tracks",
          "What repeat(), a line of a grid or a number of columns counts to."),
    Limit("css-counter", 100_000, 1_000_000, "steps",
          "What a counter is set or raised to by one declaration."),
    Limit("css-growth", 1 * MIB, 16 * MIB, "characters",
          "What a custom property grows to when every var() is put in."),
    Limit("css-length", 100_000, 1_000_000, "points", "One length in a style sheet."),
    Limit("layout-depth", 6, 8, "levels",
          "Flexible boxes, grids and columns within one another; each multiplies the time."),
    Limit("layout-work", 100_000, 1_000_000, "boxes",
          "How often boxes within two or more of these are laid out; the items of a grid count "
          "in pairs."),
    Limit("theme-imports", 8, 32, "sheets", "Style sheets of themes that import one another."),
    Limit("pages", 10_000, 50_000, "pages", "Pages of an edition."),
    Limit("pdf-size", GIB, 4 * GIB, "bytes", "A PDF that is imposed or checked."),
    Limit("pdf-pages", 10_000, 100_000, "pages", "Pages of a PDF that is imposed."),
    Limit("pdf-stream", 64 * MIB, 512 * MIB, "bytes",
          "What one stream of a PDF that is imposed unpacks to."),
    Limit("pdf-content", GIB, 4 * GIB, "bytes",
          "What all pages, or all drawings within them, of such a PDF unpack to."),
    Limit("pdf-objects", 2_000_000, 20_000_000, "objects", "Objects that such a PDF draws with."),
    Limit("pdf-depth", 100, 200, "levels",
          "Objects within one another that such a PDF draws with."),
    Limit("pdf-layers", 10_000, 100_000, "layers", "Layers of such a PDF that are looked at."),
    Limit("pdf-layered", 64 * MIB, 512 * MIB, "bytes",
          "What is searched for the content of hidden layers; one stream may be a sixteenth."),
    Limit("pdf-active", 10_000, 100_000, "entries",
          "Scripts, fields, notes and attachments of such a PDF that are counted."),
    Limit("pdf-checked-pages", 5_000, 100_000, "pages",
          "Pages of a PDF that is checked; `--max-pages` sets it, too."),
    Limit("pdf-checked-objects", 500_000, 5_000_000, "objects",
          "Objects of a PDF that is checked; more is told, and not looked at."),
    Limit("pdf-page-operators", 2_000_000, 20_000_000, "operators",
          "What is drawn on one page of a PDF that is checked."),
    Limit("pdf-operators", 30_000_000, 300_000_000, "operators",
          "What is drawn on all pages of a PDF that is checked."),
    Limit("pdf-forms", 32, 100, "levels", "Forms within one another in a PDF that is checked."),
    Limit("pdf-annotations", 5_000, 50_000, "annotations",
          "Annotations of one page of a PDF that is checked."),
    Limit("pdf-checked", 32 * MIB, 256 * MIB, "bytes",
          "What one stream of a PDF that is checked unpacks to; more is told, and not read."),
    Limit("checked-size", 256 * MIB, 2 * GIB, "bytes", "An e-book or PDF that `check` reads."),
    Limit("epub-files", 20_000, 100_000, "files", "Files within an e-book that is checked."),
    Limit("epub-size", GIB, 4 * GIB, "bytes", "What all files of such an e-book unpack to."),
    Limit("epub-document", 16 * MIB, 128 * MIB, "bytes", "One document of such an e-book."),
    Limit("epub-tags", 500_000, 5_000_000, "tags",
          "Tags of all documents of such an e-book; a tag takes far more memory than its bytes."),
    Limit("epub-style", 2 * MIB, 16 * MIB, "bytes", "Style sheets of such an e-book."),
    Limit("epub-style-depth", 100, 100, "levels",
          "Brackets within one another in its style sheets; the reader is recursive."),
    Limit("judge-time", 600, 7_200, "seconds",
          "What EPUBCheck or Ace may take for one e-book."),
    Limit("renderer-memory", 4 * GIB, 4 * GIB, "bytes",
          "Address space of each program that draws pages for `preflight`."),
    Limit("renderer-file", 256 * MIB, 256 * MIB, "bytes", "One file that such a program writes."),
    Limit("renderer-time", 60, 600, "seconds",
          "Processor time of such a program; a second for each page is added."),
    Limit("batch-rows", 100_000, 100_000, "rows", "Rows of a catalogue."),
    Limit("batch-cell", 10_000, 10_000, "characters", "One cell of a catalogue."),
    Limit("preview-time", 120, 120, "seconds", "What one layout of the preview may take."),
    Limit("import-file", 512 * MIB, 512 * MIB, "bytes", "A file that is imported."),
    Limit("import-depth", 200, 200, "levels",
          "Elements within one another in HTML and XML that is imported."),
    Limit("archive-entries", 20_000, 20_000, "files",
          "Members of an archive that is imported, or files of a folder."),
    Limit("archive-size", 512 * MIB, 512 * MIB, "bytes",
          "What an archive that is imported unpacks to."),
    Limit("archive-ratio", 200, 200, "times",
          "What an archive, or a member of it, unpacks to, as a multiple of its packed size; "
          "what unpacks to less than 1 MiB may be packed better."),
    Limit("worker-memory", 6 * GIB, 6 * GIB, "bytes",
          "Address space of the process that does the work; 24 bytes for each byte of input are "
          "added."),
    Limit("worker-cpu", 900, 900, "seconds",
          "Processor time of that process; a minute for each megabyte of input is added."),
    Limit("worker-time", 3_600, 3_600, "seconds",
          "Time on the clock; two minutes for each megabyte of input are added."),
    Limit("worker-file", 4 * GIB, 4 * GIB, "bytes", "One file that the process writes."),
    Limit("worker-files", 4_096, 4_096, "files", "Files that the process holds open."),
)  # fmt: skip

BY_NAME = {limit.name: limit for limit in TABLE}
