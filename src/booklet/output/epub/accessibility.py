"""What the book may say of its accessibility (EPUB Accessibility 1.1, "Package metadata").

Only what was found in the documents is claimed, and never conformance: that takes a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from booklet.output.epub.documents import SpineDocument, select
from booklet.typeset.book import ReflowBook

# Pictures of the text; one that is hidden or has an empty ``alt`` is decoration.
_PICTURES = "//h:img | //s:svg"
_DECORATION = {"presentation", "none"}
# Formats that can move, and therefore flash.
_MOVING = frozenset({"image/gif", "image/webp", "image/svg+xml"})


def accessibility(
    book: ReflowBook, documents: Sequence[SpineDocument]
) -> Iterator[tuple[str, str]]:
    """Give properties of schema.org and their values, in a fixed order.

    Args:
        book: The book.
        documents: Documents of the spine, with the cover page if there is one.
    """
    named = [name for document in documents for name in _names(document)]
    inner = [
        name for document in documents if document.role != "cover" for name in _names(document)
    ]
    yield "accessMode", "textual"
    if inner:
        yield "accessMode", "visual"
    # Words are enough only if no picture lacks them.
    yield "accessModeSufficient", "textual" if all(inner) else "textual,visual"
    for feature in _features(book, documents, described=bool(named) and all(named)):
        yield "accessibilityFeature", feature
    yield "accessibilityHazard", "unknown" if _may_flash(book, documents) else "none"
    if book.labels.accessibility_summary:
        yield "accessibilitySummary", book.labels.accessibility_summary


def _features(
    book: ReflowBook, documents: Sequence[SpineDocument], *, described: bool
) -> Iterator[str]:
    yield from ("tableOfContents", "structuralNavigation", "readingOrder")
    yield from ("displayTransformability", "ARIA", "unlocked")
    if book.pages:
        yield from ("pageNavigation", "pageBreakMarkers")
    if described:
        yield "alternativeText"
    if any(document.role == "index" for document in documents):
        yield "index"
    if _any(documents, "//h:ruby"):
        yield "rubyAnnotations"
    if _any(documents, "//m:math"):
        yield "MathML"


def _names(document: SpineDocument) -> Iterator[str]:
    """Give the alternative text of each picture that means something, '' where it has none."""
    for picture in select(document.tree, _PICTURES):
        alt = picture.get("alt")
        hidden = picture.get("aria-hidden") == "true" or picture.get("role") in _DECORATION
        if not hidden and alt != "":
            yield str(alt or picture.get("aria-label") or picture.findtext("{*}title") or "")


def _any(documents: Sequence[SpineDocument], path: str) -> bool:
    return any(select(document.tree, path) for document in documents)


def _may_flash(book: ReflowBook, documents: Sequence[SpineDocument]) -> bool:
    moving = any(resource.media_type in _MOVING for resource in book.resources)
    return moving or _any(documents, "//h:script | //h:video | //s:animate")
