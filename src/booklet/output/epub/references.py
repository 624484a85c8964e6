"""Every file that a document or the contents name is in the publication, and every id."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote, urldefrag

from booklet.errors import ToolError
from booklet.output.epub.documents import SpineDocument, href_of
from booklet.output.epub.xml import XLINK
from booklet.typeset.book import ReflowBook, Resource, TocEntry

# EPUB 3.3, "Core media types", as far as a book without sound and scripts needs them.
_IMAGES = ("gif", "jpeg", "png", "svg+xml", "webp")
_FONTS = ("font/ttf", "font/otf", "font/woff", "font/woff2")
_CORE = frozenset((*(f"image/{name}" for name in _IMAGES), *_FONTS))
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LOADED = ("src", "poster", "data")

Targets = Mapping[str, frozenset[str]]


def check_resources(resources: Iterable[Resource]) -> None:
    """See that resources have safe, distinct names and media types that all readers know.

    Raises:
        ToolError: One has not.
    """
    seen: set[str] = set()
    for resource in resources:
        href = href_of(resource)
        if not _PATH.fullmatch(href):
            msg = f"{resource.name!r} cannot be the name of a file of the EPUB"
            raise ToolError(msg)
        if href.casefold() in seen:
            msg = f"two files of the EPUB are called {href}"
            raise ToolError(msg)
        if resource.media_type not in _CORE:
            msg = f"{resource.name} is {resource.media_type}, which EPUB readers need not know"
            raise ToolError(msg)
        seen.add(href.casefold())


def check_documents(documents: Iterable[SpineDocument], targets: Targets) -> None:
    """See that each link and picture leads somewhere within the publication, or openly out of it.

    Args:
        documents: Documents of the spine.
        targets: What there is: path relative to the package document, and the ids within.

    Raises:
        ToolError: A link leads nowhere, or a picture would be loaded from outside.
    """
    names: set[str] = set()
    for document in documents:
        if document.name in names:
            msg = f"two documents of the EPUB are called {document.name}"
            raise ToolError(msg)
        names.add(document.name)
        for url, loaded in _urls(document):
            if not _SCHEME.match(url):
                _resolve(document.name, document.href, url, targets)
            elif loaded:
                msg = f"{document.name} would load {url} from outside the EPUB"
                raise ToolError(msg)


def _urls(document: SpineDocument) -> Iterator[tuple[str, bool]]:
    """Give each reference of the body, and whether the reader loads it by itself."""
    for element in document.tree[1].iter("*"):
        embeds = not str(element.tag).endswith("}a")
        for name in (*_LOADED, "href", f"{{{XLINK}}}href"):
            if (url := element.get(name)) is not None:
                yield url, embeds


def _resolve(who: str, base: str, url: str, targets: Targets) -> str:
    path, fragment = urldefrag(url)
    href = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(path)))
    href = href if path else base
    if href not in targets or (fragment and unquote(fragment) not in targets[href]):
        msg = f"a link of {who} leads to {url}, which is not in the EPUB"
        raise ToolError(msg)
    return href


def check_toc(book: ReflowBook, targets: Targets) -> None:
    """See that the contents name each document, in reading order.

    EPUB 3.3, "The toc nav element": it gives access to the major sections in the order of the
    spine. A title page may be left out, as printed contents do.

    Raises:
        ToolError: They do not.
    """
    order = {document.name: place for place, document in enumerate(book.documents)}
    hrefs = (_resolve("the contents", "text/", item.href, targets) for item in _all(book.toc))
    named = [href.removeprefix("text/") for href in hrefs]
    wanted = {document.name for document in book.documents if document.role != "titlepage"}
    if missing := sorted(wanted.difference(named)):
        msg = f"the contents do not name {', '.join(missing)}"
        raise ToolError(msg)
    places = [order[name] for name in named if name in order]
    if places != sorted(places):
        msg = "the contents are not in reading order"
        raise ToolError(msg)


def _all(entries: Iterable[TocEntry]) -> Iterator[TocEntry]:
    for entry in entries:
        yield entry
        yield from _all(entry.children)
