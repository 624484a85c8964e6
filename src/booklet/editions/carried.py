"""Fonts that the e-book carries, cut to its own characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from booklet.editions.job import Job
from booklet.errors import Findings
from booklet.typeset.book import ReflowBook, Resource, TocEntry
from booklet.typeset.segments import parse_fragment
from booklet.typeset.typefaces import Use, carry, family_of, rare, uses_of

if TYPE_CHECKING:
    from booklet.fonts.face import Face
    from booklet.fonts.subset import Subset

KILOBYTE = 1024


def carry_fonts(book: ReflowBook, job: Job, findings: Findings) -> ReflowBook:
    """Give an e-book the fonts that its header asks for.

    Args:
        book: The book, with a style sheet that names roles.
        job: Its theme and shelf.
        findings: Told where the fonts are larger than the budget (``ebook-fonts``).
    """
    spec = job.publication.header.ebook
    if spec.fonts == "none":
        return book
    bodies = [parse_fragment(document.body) for document in book.documents]
    bodies.append(parse_fragment(_contents(book)))
    uses = uses_of(bodies, book.css)
    subsets = {}
    for use, (face, characters) in _faces(uses, job).items():
        wanted = frozenset(characters)
        if spec.fonts == "rare":
            wanted = rare(characters, book.language)
        if wanted:
            subsets[use] = (_cut(face, wanted, use), wanted)
    if not subsets:
        return book
    fonts = tuple(
        Resource(_name(use, subset), f"font/{subset.suffix}", subset.data)
        for use, (subset, _) in subsets.items()
    )
    size = sum(len(font.data) for font in fonts) // KILOBYTE
    if size > spec.font_budget:
        findings.warning(
            job.place("ebook", "font_budget"), "ebook-fonts",
            f"the e-book carries {size} kB of fonts, more than {spec.font_budget} kB",
            "fonts: rare carries what readers lack; font_budget: raises the limit",
        )  # fmt: skip
    only = {
        use: (f"../{_name(use, subset)}", wanted if spec.fonts == "rare" else None)
        for use, (subset, wanted) in subsets.items()
    }
    notices = dict.fromkeys(f"{subset.family}\n{subset.notice}\n" for subset, _ in subsets.values())
    return replace(book, css=carry(book.css, only), fonts=fonts, font_licences="\n".join(notices))


def _contents(book: ReflowBook) -> str:
    """Write the contents as the packager will, for their characters; ordinals are bold."""
    roles = {document.name: document.role for document in book.documents}

    def items(entries: Sequence[TocEntry]) -> str:
        return "".join(
            f'<li class="{roles.get(entry.href, "")}"><a><b>{escape(entry.ordinal)}</b>'
            f"{escape(entry.title)}</a><ol>{items(entry.children)}</ol></li>"
            for entry in entries
        )

    heading = escape(book.labels.contents)
    return f'<nav class="contents"><h1>{heading}</h1><ol>{items(book.toc)}</ol></nav>'


def _faces(uses: dict[Use, frozenset[str]], job: Job) -> dict[Use, tuple[Face, set[str]]]:
    """Choose a face for each use; a family without a bold sets its bold text upright too."""
    from booklet.fonts.subset import BOLD

    language = job.publication.header.language
    chosen: dict[Use, tuple[Face, set[str]]] = {}
    for use, characters in uses.items():
        names = job.theme.families(use.role, language) if use.role in job.theme.roles else ()
        family = next((found for name in names if (found := job.shelf.family(name))), None)
        if family is None:
            continue
        upright = [face for face in family.faces if not face.italic] or list(family.faces)
        wanted = 700 if use.bold else 400
        face = min(upright, key=lambda face: (abs(face.weight - wanted), face.weight))
        slot = Use(use.role, face.weight >= BOLD)
        chosen.setdefault(slot, (face, set()))[1].update(characters)
    return chosen


def _cut(face: Face, characters: frozenset[str], use: Use) -> Subset:
    from booklet.fonts.subset import subset_face

    return subset_face(face, characters, family_of(use.role))


def _name(use: Use, subset: Subset) -> str:
    return f"fonts/{use.role}{'-bold' if use.bold else ''}.{subset.suffix}"
