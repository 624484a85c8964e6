"""What the publication is called by machines (EPUB 3.3, "The dc:identifier element")."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable

# Fixed for ever: with another value every book would change its identity.
_NAMESPACE = uuid.UUID("7019eff2-0d09-5ca2-9b36-82a526243ef2")
_BARE_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def stable_identifier(
    title: str,
    language: str,
    *,
    identifier: str | None = None,
    isbn: str | None = None,
    names: Iterable[str] = (),
    variant: str = "",
) -> str:
    """Give a publication an identifier that stays the same from build to build.

    EPUB 3.3 asks that the identifier persists while the publication is corrected, so it rests on
    as little as can tell two publications apart: a URI of the editor's own, else the ISBN, else
    title, language and names.

    Args:
        title: The title.
        language: BCP 47.
        identifier: A URI that the editor gave; a bare UUID gets its ``urn:uuid:``.
        isbn: ISBN-13, with or without hyphens.
        names: Names of those who made it, which tell two books of one title apart.
        variant: Name of a derived edition, which is a publication of its own.

    Returns:
        The URI as given, or ``urn:uuid:`` with a name-based UUID (RFC 9562, version 5).
    """
    if variant:
        whole = stable_identifier(title, language, identifier=identifier, isbn=isbn, names=names)
        return uuid.uuid5(_NAMESPACE, f"{whole}\n{variant}").urn
    if identifier:
        return f"urn:uuid:{identifier.lower()}" if _BARE_UUID.fullmatch(identifier) else identifier
    if isbn:
        return uuid.uuid5(_NAMESPACE, isbn_urn(isbn)).urn
    words = (unicodedata.normalize("NFC", word) for word in (language, title, *names))
    return uuid.uuid5(_NAMESPACE, "\n".join(words)).urn


def isbn_urn(isbn: str) -> str:
    """Write an ISBN as a URN: digits only (RFC 8254)."""
    return "urn:isbn:" + re.sub(r"[^0-9Xx]", "", isbn)
