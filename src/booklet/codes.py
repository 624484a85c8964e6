"""Every diagnostic code: what it means and what to do. docs/diagnostics.md is written from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A diagnostic code.

    Attributes:
        name: Stable; scripts may rely on it.
        meaning: What is wrong.
        remedy: What to do.
        severity: ``error``, ``warning`` or ``note``.
    """

    name: str
    meaning: str
    remedy: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class Chapter:
    """Codes of one stage, for the manual."""

    title: str
    codes: tuple[Code, ...]


_W, _N = "warning", "note"

CHAPTERS = (
    Chapter(
        "Files",
        (
            Code("publication-missing", "The path is nothing, or no publication.",
                 "Name a folder with `booklet.yaml`, or a Markdown file."),
            Code("file-missing", "A file that the header names is not there.",
                 "Correct the name; letter case counts."),
            Code("file-outside", "A file lies outside the publication's folder, or a link leads out.",
                 "Copy it into the folder."),
            Code("file-unreadable", "A name stands for no regular file, or it may not be read.",
                 "Make it a plain file that you may read."),
            Code("file-size", "A file is larger than 20 MB.", "Divide it."),
            Code("encoding", "A text is not UTF-8; the message says what it looks like.",
                 "Save it as UTF-8."),
            Code("control-character", "A text holds a NUL, a control character or half a surrogate pair.",
                 "Delete it."),
            Code("text-limit", "Nesting deeper than 50, a word of more than 10,000 characters, or more "
                 "than 30 marks on one character.", "Simplify."),
            Code("folder-exists", "`booklet new` was given a folder that exists.",
                 "Choose another name."),
        ),
    ),
    Chapter(
        "The header",
        (
            Code("yaml-syntax", "YAML that does not parse.", "See the place; often a quote or a colon."),
            Code("yaml-duplicate", "A key stands twice.", "Keep one."),
            Code("yaml-limit", "Aliases, anchors, tags, several documents, huge numbers, or too deep or too "
                 "large a file.", "Write plain YAML."),
            Code("key-unknown", "A key that no header has.", "The hint names the nearest one."),
            Code("key-missing", "A key that must be there is not.", "Add it."),
            Code("value-type", "A value of the wrong type, such as a list for a word.", "As hinted."),
            Code("value-invalid", "A value that cannot be.", "As hinted."),
            Code("trim-unknown", "A trim size that nobody knows.", "A known name, or `140x203mm`."),
            Code("edition-unknown", "An edition that does not exist.", "The hint names those there are."),
            Code("isbn-invalid", "An ISBN whose length or check digit does not fit.", "Look it up."),
            Code("title-missing", "No title in the header and none in the manuscript.",
                 "`title:`, or a line `# …`."),
            Code("title-differs", "Header and manuscript give different titles; the header's is printed.",
                 "Make both the same.", _W),
            Code("title-lines", "`title_lines` say other words than the title.",
                 "Break the very words of the title."),
            Code("type-area", "The type area leaves a margin of less than 5 mm.",
                 "Fewer characters or lines, smaller type, larger trim size."),
        ),
    ),
    Chapter(
        "The manuscript",
        (
            Code("manuscript-missing", "No manuscript was found.", "Name it: `manuscript: text.md`."),
            Code("manuscript-empty", "The manuscript has no words.", "Write."),
            Code("content-twice", "Both `sections` and `manuscript`, or a file named twice.", "Keep one."),
            Code("header-twice", "A manuscript file has a YAML header beside `booklet.yaml`.",
                 "Move its keys into `booklet.yaml`."),
            Code("front-untitled", "Front matter without heading or label.", "`# 前言`, or 【前言】."),
            Code("heading-empty", "A heading without words.", "Give it words."),
            Code("heading-skipped", "A heading more than one level below the one before it.",
                 "Use the next level.", _W),
            Code("attribution-alone", "An attribution with no text before it.",
                 "Move it, or say `form: book`."),
            Code("date-invalid", "A date that no calendar has, such as 2018年13月45日.", "Correct it."),
            Code("date-form", "The date of an excerpt given as data is not read as one; it is printed "
                 "as written.", "Write 2018年4月20日.", _W),
            Code("csv-invalid", "Columns, cells or quotes of a CSV file are wrong.", "As hinted."),
            Code("image-missing", "A picture's file is not there.", "Correct the name."),
            Code("image-outside", "A picture lies outside the publication.", "Copy it into `images/`."),
            Code("image-remote", "A picture on the network, or a `data:` or `file:` address.",
                 "Save it in `images/`; no build uses the network."),
            Code("image-kind", "Neither PNG, JPEG, SVG, WebP nor GIF, by content.", "Convert it."),
            Code("image-broken", "A picture is damaged, or has more than 100 million pixels.",
                 "Export it again."),
            Code("image-unsafe", "An SVG with scripts, entities or references to other files.",
                 "Export it as plain SVG or as PNG."),
            Code("alt-missing", "A picture without words for those who do not see it.",
                 "`![words](images/x.png)`.", _W),
            Code("link-scheme", "A link that is neither http, https, mailto, tel nor `#id`.", "Change it."),
            Code("link-target", "A link to an id that nothing has.", "Give the id to a heading."),
            Code("link-unused", "A definition of a link that nothing uses; it is left out.",
                 r"If it is text, write `\[`.", _W),
            Code("id-invalid", "An id that is not ASCII letters, digits, - and _.", "Rename it."),
            Code("id-duplicate", "An id given twice; the message names both places.", "Rename one."),
            Code("attribute-ignored", "An id, key or class that has no effect where it stands.",
                 "Remove it, or put it on a heading.", _W),
            Code("note-missing", "A call of a note that is not there, or a note without text.",
                 "Write the note."),
            Code("note-duplicate", "A note defined twice.", "Give one another label."),
            Code("note-unused", "A note that nothing calls; its text is left out.", "Call it.", _W),
            Code("raw-html", "HTML tags, which are left out; the words between them stay.",
                 "Use Markdown.", _W),
            Code("html-open", "An HTML comment, script or style that is never closed and hides the rest.",
                 "Close it."),
            Code("container-name", "A container whose name is not ASCII.", "Rename it."),
            Code("container-open", "A container that is never closed, or a stray `:::`.", "Close it."),
            Code("table-cells", "A row with more cells than the head of its table.", "Widen the head."),
            Code("list-number", "A list whose written numbers differ from those that are set.",
                 r"Renumber, or write `3\.`.", _W),
            Code("markup-unsupported", "Markup that the parser does not get through.",
                 "Divide the file to find it, and report it."),
            Code("glyph-missing", "A character that no font of the theme can draw, with every place.",
                 "Put a font that has it into the publication's `fonts/`, and name it in a theme."),
        ),
    ),
    Chapter(
        "Fonts",
        (
            Code("font-missing", "A family that the theme names is not on the shelf.",
                 "`booklet fonts install`, or the command in the hint."),
            Code("font-broken", "A file that is no font, or a damaged one.", "Replace it."),
            Code("font-variable", "A variable font with an axis that style sheets cannot set.",
                 "Use static files."),
            Code("font-twice", "Two files of a font folder are the same face; the second is left out.",
                 "Take a family that is not cut into slices, or rename one.", _W),
            Code("font-outside", "A link in a font folder leads out of it.", "Copy the font."),
            Code("font-embedding", "The font's licence bits forbid embedding or subsetting.",
                 "Choose another font."),
            Code("font-exists", "A different file of that name is installed.", "Rename one."),
            Code("font-licence", "A font that states no licence.", "Make sure of your rights.", _W),
            Code("font-checksum", "Another version than the one tested.", "Look at the pages.", _N),
        ),
    ),
    Chapter(
        "Themes",
        (
            Code("theme-unknown", "A theme that does not exist.", "`booklet theme list`."),
            Code("theme-invalid", "A `theme.yaml` that does not parse, or says what no theme may.",
                 "See docs/themes.md."),
            Code("theme-cycle", "A theme that extends itself.", "Remove one `extends:`."),
            Code("option-unknown", "An option that the theme does not have.", "As hinted."),
            Code("option-value", "A value that the option does not have.", "One of those listed."),
            Code("token-unknown", "A token that the theme does not have.", "As hinted."),
            Code("token-value", "A colour, length or number that cannot be.", "As hinted."),
            Code("template", "A template fails, asks for what it may not have, or makes HTML that is not "
                 "well-formed.", "See docs/themes.md for what a template may use."),
            Code("css", "CSS that the renderer does not know and leaves out.",
                 "Correct it as hinted, or remove it.", _W),
        ),
    ),
    Chapter(
        "The cover and the imprint page",
        (
            Code("price-without-isbn", "A price without an ISBN: internal material is not sold.",
                 "Take out `price`, or add `isbn`.", _W),
            Code("saddle-thick", "More pages than staples hold.",
                 "`cover: {binding: perfect, paper: …}`, or thinner paper.", _W),
            Code("spine-narrow", "Text was asked for on a spine that is too narrow for it.",
                 "Leave out `spine_text`.", _W),
            Code("cover-stale", "The cover beside the outputs was made for another number of pages; a note "
                 "where it is made anew.", "`booklet build -e cover`, or list it in `editions`.", _W),
            Code("imprint-sheets", "印张 cannot be counted: nothing says how many leaves a full sheet gives.",
                 "`format: 880mm×1230mm 1/32`.", _W),
            Code("imprint-unstable", "The number of pages depends on the number that is printed.",
                 "Give the figures as printed."),
        ),
    ),
    Chapter(
        "The press edition",
        (
            Code("press-profile", "No ICC profile of the printing condition, or one that is of no use.",
                 "`press: {profile: …, condition: …}` with the printer's own file."),
            Code("press-colour", "A colour, gradient or picture that has no form in ink.",
                 "As hinted; a picture, exported again."),
            Code("press-transparency", "Something transparent that cannot be made opaque, where the preset allows none.",
                 "Opaque colours and pictures, or `standard: pdf/x-4`."),
            Code("press-bleed", "The pages are drawn with less bleed than the press wants.",
                 "Take `bleed` out of the theme's `@page` rules."),
            Code("press-font", "A font that cannot be embedded in a file of PDF/X-1a.", "`standard: pdf/x-4`."),
            Code("press-text", "A page for the press says other words than the same page of the screen edition.",
                 "Report it."),
            Code("preflight", "The file would come back from the printer, or should be looked at.",
                 "docs/preflight.md says of each check what it looks for and what to do."),
            Code("preflight-not-run", "A program that draws pages is missing, so checks stay open.",
                 "Install Ghostscript.", _W),
            Code("image-resolution", "A picture with too few pixels for the size at which it is printed.",
                 "A larger file, or a smaller picture.", _W),
        ),
    ),
    Chapter(
        "The outputs",
        (
            Code("resource-refused", "A page asks for a file that it may not have or that is not there.",
                 "Pictures stand in the publication, drawings in the theme."),
            Code("strained-line", "A line stretched by more than a quarter em at every gap.",
                 "Rephrase it, or let its long word be broken.", _W),
            Code("ebook-fonts", "The e-book carries more fonts than its budget allows.",
                 "Carry rare characters alone, or raise `font_budget`.", _W),
            Code("render", "The renderer has something to say.", "Often a picture or a font.", _W),
            Code("text-lost", "The output lacks words of the manuscript.",
                 "Look at the template that was changed last."),
            Code("text-doubled", "The output repeats words of the manuscript.",
                 "A template sets a `heading`, `html`, `lead` or `rest` twice."),
            Code("text-moved", "The output sets words in another order than the manuscript.",
                 "Look at the template that was changed last."),
            Code("text-differs", "The finished file does not give back what was typeset.",
                 "Look for text off the page or hidden by a style sheet."),
        ),
    ),
    Chapter(
        "Sheets",
        (
            Code("sheet-small", "The sheet does not hold the pages of a side.",
                 "A larger sheet, as hinted, or `booklet impose --fit`."),
            Code("page-sizes", "The pages of a file differ in size; a warning where `--fit` scales them.",
                 "Make them of one size, or `booklet impose --fit`."),
            Code("page-box", "A page has no size that paper can have.", "Make the file anew."),
            Code("sheets-thick", "More folded layers than a stapler takes.",
                 "The scheme `signatures`, sewn.", _N),
            Code("marks-left-out", "A sheet that must be cut has no room for marks.", "A larger sheet.", _N),
            Code("office-sheets", "How the sheets of the office edition become a booklet.",
                 "Print, fold and staple as told.", _N),
            Code("output-is-input", "The sheets would be written over the file of pages.",
                 "Another `--out`."),
            Code("pdf-damaged", "A PDF cannot be read.", "Make it anew."),
            Code("pdf-repaired", "A damaged PDF was read after repair.", "Look at every page.", _W),
            Code("pdf-encrypted", "A PDF opens with a password only, or its owner forbids printing.",
                 "Take the password off."),
            Code("pdf-owner", "The owner of a PDF limits its use; the sheets have no lock.",
                 "Make sure that you may print it.", _W),
            Code("pdf-limit", "A PDF has too many pages, objects or bytes.", "Divide it."),
            Code("annotation-left-out", "Form fields, notes or stamps that a screen shows are not on the "
                 "sheets.", "Flatten the file: print it to a new PDF.", _W),
            Code("pdf-left-out", "Links, scripts, attachments, hidden layers and the like stay behind.",
                 "Nothing: paper cannot hold them.", _N),
        ),
    ),
)  # fmt: skip

CODES = {code.name: code for chapter in CHAPTERS for code in chapter.codes}


def manual() -> str:
    """Write docs/diagnostics.md."""
    lines = [
        "# Diagnostics",
        "",
        "Every fault is told as `file:line:column: severity[code]: message` and a hint.",
        "All faults of an input are told in one run.",
        "An error forbids the build; a warning does so under `--strict`; a note never does.",
        "This page is written by `python -m booklet.codes`.",
    ]
    for chapter in CHAPTERS:
        lines += [
            "",
            f"## {chapter.title}",
            "",
            "| code | severity | meaning | remedy |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| `{c.name}` | {c.severity} | {c.meaning} | {c.remedy} |" for c in chapter.codes
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(manual())
