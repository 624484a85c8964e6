"""One print file of all booklets: in the order of the rows, each beginning on a recto.

Few files are open at a time: some booklets are bound into a part, and the part is sewn to those
before it and forgotten. So memory does not grow with the booklets; but a file of many thousands is
of use to nobody, so beyond a number of booklets there are several volumes.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode

from booklet.batch.record import Kept, Outcome
from booklet.batch.sewing import Entry, Sewing
from booklet.batch.store import FolderStore, Store
from booklet.errors import Diagnostic, Findings, Place
from booklet.finish.imposition.lettering import strokes, width_of

MERGED = "merged.pdf"

PART = 32
"""Booklets bound together at a time."""

VOLUME = 2_000
"""Booklets in one file."""

MOST_NAMED = 8
"""Booklets that a message names."""

_PAGE_KEYS = frozenset({
    *("/Type", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit"),
    *("/Resources", "/Contents", "/Group"),
})  # fmt: skip
"""What paper needs of a page; links and structure stay in the booklets themselves."""


@dataclass(frozen=True, slots=True)
class Merging:
    """How booklets are merged; ``separator``: a leaf before each names it."""

    separator: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """What was merged."""

    names: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class _Bound(NamedTuple):
    """A booklet within a part: its pages, separator and blank included."""

    outcome: Outcome
    pages: int
    labels: tuple[str, ...]


def merge_booklets(outcomes: Sequence[Outcome], store: Store, merging: Merging) -> Merged:
    """Bind booklets into one file: their press edition if there is any, else that for screens.

    Args:
        outcomes: In the order of the rows.
        store: Where their files are, and where the merged one goes.
        merging: How.

    Returns:
        The names of the files, and ``merge-left-out`` or ``merge-mixed``.

    Raises:
        OSError: It cannot be written.
    """
    findings, place = Findings(), Place(store.shown(MERGED))
    chosen = _choose(outcomes, place, findings)
    if not chosen:
        return Merged((), tuple(findings))
    near = store.folder if isinstance(store, FolderStore) else None
    with tempfile.TemporaryDirectory(prefix=".merge-", dir=near) as folder:
        starts = range(0, len(chosen), VOLUME)
        names = [f"merged-{n:02}.pdf" for n in range(1, len(starts) + 1)]
        names = names if len(names) > 1 else [MERGED]
        bound: list[Path] = []
        binder = _Binder(Path(folder), store, merging, place, findings)
        for name, start in zip(names, starts, strict=True):
            whole = binder.bind(chosen[start : start + VOLUME], name)
            if whole is None:
                return Merged((), tuple(findings))
            bound.append(whole)
        for name, whole in zip(names, bound, strict=True):
            store.put_file(name, whole)
    return Merged(tuple(names), tuple(findings))


def _choose(
    outcomes: Iterable[Outcome], place: Place, findings: Findings
) -> list[tuple[Outcome, Kept]]:
    """Find the file of each booklet that is merged."""
    every = list(outcomes)
    made = {item.edition for outcome in every for item in outcome.outputs if not item.derived}
    edition = "press" if "press" in made else "screen"
    chosen, missing = [], []
    for outcome in every:
        files = [item for item in outcome.outputs if item.edition == edition and not item.derived]
        if files and outcome.state != "failed":
            chosen.append((outcome, files[0]))
        else:
            missing.append(outcome.slug)
    if missing:
        names = ", ".join(missing[:MOST_NAMED]) + (" …" if missing[MOST_NAMED:] else "")
        findings.warning(
            place, "merge-left-out", f"{len(missing)} booklets have no {edition} edition: {names}",
            "mend their rows and run the batch again",
        )  # fmt: skip
    return chosen


@dataclass
class _Binder:
    folder: Path
    store: Store
    merging: Merging
    place: Place
    findings: Findings
    _kind: tuple[object, ...] = ()

    def bind(self, chosen: Sequence[tuple[Outcome, Kept]], name: str) -> Path | None:
        """Bind booklets, and give the file; None where they cannot be bound together."""
        path = self.folder / name
        bound: list[_Bound] = []
        with path.open("wb") as target:
            sewing = Sewing(target)
            for number, start in enumerate(range(0, len(chosen), PART)):
                part, inner = self._part(number, chosen[start : start + PART])
                if inner:
                    sewing.add(part)
                part.unlink()
                bound += inner
            if self.findings.fatal or not bound:
                return None
            sewing.finish(*self._described(bound))
        return path

    def _part(
        self, number: int, chosen: Sequence[tuple[Outcome, Kept]]
    ) -> tuple[Path, list[_Bound]]:
        """Bind some booklets on disk."""
        part, bound = pikepdf.new(), []
        for outcome, kept in chosen:
            data = self.store.get(f"{outcome.slug}/{kept.name}")
            if data is None:
                self.findings.warning(
                    self.place, "merge-left-out", f"{kept.name} has gone", "run the batch again"
                )
                continue
            with pikepdf.open(io.BytesIO(data)) as booklet:
                if not self._same_kind(booklet, outcome):
                    continue
                first = not part.pages and not number
                bound.append(self._add(part, booklet, outcome))
                if first and "/OutputIntents" in booklet.Root:
                    intents = booklet.make_indirect(booklet.Root.OutputIntents)
                    part.Root.OutputIntents = part.copy_foreign(intents)
        path = self.folder / f"part-{number}.pdf"
        part.save(
            path, object_stream_mode=ObjectStreamMode.disable, deterministic_id=True,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )  # fmt: skip
        return path, bound

    def _same_kind(self, booklet: pikepdf.Pdf, outcome: Outcome) -> bool:
        """See that a booklet goes through the same press, on the same paper."""
        intents = booklet.Root.get("/OutputIntents")
        condition = str(intents[0].get("/OutputConditionIdentifier", "")) if intents else ""
        box = [float(side) for side in booklet.pages[0].trimbox]
        kind = (condition, round(box[2] - box[0], 1), round(box[3] - box[1], 1))
        if not self._kind:
            self._kind = kind
        if kind != self._kind:
            self.findings.error(
                self.place, "merge-mixed",
                f"{outcome.slug} is for another printing condition or trim size than the first",
                "one batch for each of them",
            )  # fmt: skip
        return kind == self._kind

    def _add(self, part: pikepdf.Pdf, booklet: pikepdf.Pdf, outcome: Outcome) -> _Bound:
        """Add a booklet, its separator before it, and a blank after an odd number of pages."""
        labels = tuple(page.label for page in booklet.pages)
        first = booklet.pages[0]
        before = len(part.pages)
        for page in booklet.pages:
            for key in [key for key in page.obj.keys() if key not in _PAGE_KEYS]:  # noqa: SIM118
                if key != "/Parent":
                    del page.obj[key]
        if self.merging.separator:
            words = f"{outcome.number:04} / {outcome.slug}"
            _add_leaf(part, first, _lettered(first, words))
        part.pages.extend(booklet.pages)
        if (len(part.pages) - before) % 2:
            _add_page(part, first, b"")
        return _Bound(outcome, len(part.pages) - before, labels)

    def _described(self, bound: Sequence[_Bound]) -> tuple[list[tuple[int, str]], list[Entry]]:
        """Give page labels and an outline: one entry a booklet."""
        labels: list[tuple[int, str]] = []
        entries: list[Entry] = []
        start = 0
        for one in bound:
            slug = one.outcome.slug
            entries.append(Entry(f"{one.outcome.title or slug} · {slug}", start))
            at = start + (2 if self.merging.separator else 0)
            if at > start:
                labels.append((start, slug))
            labels += [(at + index, f"{slug}:{label}") for index, label in enumerate(one.labels)]
            if start + one.pages > at + len(one.labels):
                labels.append((at + len(one.labels), slug))
            start += one.pages
        return labels, entries


def _add_leaf(part: pikepdf.Pdf, like: Any, content: bytes) -> None:
    """Add a leaf that bears something on its recto."""
    _add_page(part, like, content)
    _add_page(part, like, b"")


def _add_page(part: pikepdf.Pdf, like: Any, content: bytes) -> None:
    boxes = {
        key: Array([float(side) for side in like.obj[key]])
        for key in ("/MediaBox", "/BleedBox", "/TrimBox", "/CropBox")
        if key in like.obj
    }
    page = Dictionary({"/Type": Name.Page, **boxes, "/Resources": Dictionary()})
    page["/Contents"] = part.make_stream(content)
    part.pages.append(pikepdf.Page(page))


def _lettered(page: Any, words: str) -> bytes:
    """Write words at the head of a page with a pen, so that no font is needed."""
    left, _, right, top = (float(side) for side in page.trimbox)
    room = (right - left) * 0.8
    height = min(14.0, 14.0 * room / max(width_of(words, 14.0), 1.0))
    start = (left + (right - left) * 0.1, top - (right - left) * 0.1 - height)
    return "\n".join(_drawn(words, start, height)).encode("ascii")


def _drawn(words: str, start: tuple[float, float], height: float) -> Iterator[str]:
    yield f"q 0 G 1 J 1 j {height / 10:.2f} w"
    for stroke in strokes(words, start, height):
        points = [f"{x:.2f} {y:.2f}" for x, y in stroke]
        yield " ".join([points[0], "m", *(f"{point} l" for point in points[1:]), "S"])
    yield "Q"
