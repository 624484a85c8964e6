"""What became of a booklet: told to whoever asked, and kept beside its files.

The record is written last. So files without one were never finished, and files that are not those
of their record have been changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from booklet.batch.store import Store
from booklet.errors import Diagnostic, Place, Severity

RECORD = "batch.json"
"""Name of the record in a booklet's folder."""

FORM = 1

State = Literal["built", "kept", "failed"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a booklet; ``sha256`` in hexadecimal."""

    edition: str
    derived: str
    name: str
    size: int
    pages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a booklet.

    Attributes:
        number: Of its row, from 1.
        slug: Name of its files.
        state: Built now, kept from before, or failed.
        title: As printed.
        outputs: Its files.
        seconds: That building took in its process.
        diagnostics: What was found.
        key: Digest of all that it was made of.
        stop: Why no other booklet can be made either; '' for nothing.
    """

    number: int
    slug: str
    state: State
    title: str = ""
    outputs: tuple[Kept, ...] = ()
    seconds: float = 0.0
    diagnostics: tuple[Diagnostic, ...] = ()
    key: str = ""
    stop: str = ""

    def as_dict(self, store: Store | None = None) -> dict[str, Any]:
        """Give it as plain values; with a store, files by their addresses."""
        outputs = [
            {
                "edition": item.edition, "derived": item.derived or None,
                "path": store.shown(f"{self.slug}/{item.name}") if store else item.name,
                "bytes": item.size, "pages": item.pages or None, "sha256": item.sha256,
            }
            for item in self.outputs
        ]  # fmt: skip
        return {
            "row": self.number, "slug": self.slug, "state": self.state, "title": self.title,
            "outputs": outputs, "seconds": round(self.seconds, 3),
            "diagnostics": [item.as_dict() for item in self.diagnostics],
        }  # fmt: skip


def checksum(data: bytes) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()


def write_record(outcome: Outcome, store: Store) -> None:
    """Keep the record of a booklet beside its files.

    Raises:
        OSError: It cannot be written.
    """
    text = json.dumps(
        {"form": FORM, "key": outcome.key, **outcome.as_dict()}, ensure_ascii=False, indent=1
    )
    store.put(f"{outcome.slug}/{RECORD}", text.encode("utf-8") + b"\n")


def read_kept(data: bytes) -> tuple[Kept, ...]:
    """Read from a record which files a booklet has.

    Raises:
        ValueError: It is no record of ours; so do `KeyError`, `TypeError` and `AttributeError`.
    """
    return tuple(_kept(item) for item in json.loads(data)["outputs"])


def read_record(number: int, slug: str, key: str, store: Store) -> Outcome | None:
    """Read the record of a booklet that need not be built again.

    Args:
        number: Of its row now.
        slug: Name of its files.
        key: Digest of all that it would be made of.
        store: Where its files are.

    Returns:
        None where it was made of something else, or its files are not as they were.
    """
    data = store.get(f"{slug}/{RECORD}")
    try:
        record = json.loads(data or b"")
        if record["form"] != FORM or record["key"] != key:
            return None
        outputs = tuple(_kept(item) for item in record["outputs"])
        found = tuple(_diagnostic(item) for item in record["diagnostics"])
        outcome = Outcome(
            number, slug, "kept", str(record["title"]), outputs, 0.0, found, key
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # not ours, or damaged: the booklet is built again
    return outcome if _all_there(slug, outputs, store) else None


def _all_there(slug: str, outputs: Iterable[Kept], store: Store) -> bool:
    for item in outputs:
        data = store.get(f"{slug}/{item.name}")
        if data is None or len(data) != item.size or checksum(data) != item.sha256:
            return False
    return True


def _kept(item: Mapping[str, Any]) -> Kept:
    name = str(item["path"])
    if "/" in name or "\\" in name or name.startswith("."):
        raise ValueError(name)
    return Kept(
        str(item["edition"]), str(item["derived"] or ""), name, int(item["bytes"]),
        int(item["pages"] or 0), str(item["sha256"]),
    )  # fmt: skip


def _diagnostic(item: Mapping[str, Any]) -> Diagnostic:
    place = Place(str(item["file"]), int(item["line"]), int(item["column"]))
    return Diagnostic(
        place, Severity(item["severity"]), str(item["code"]), str(item["message"]),
        str(item["hint"]),
    )  # fmt: skip
