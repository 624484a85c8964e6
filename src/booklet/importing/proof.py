"""The proof of an import: every visible character of the source is in the manuscript, once.

The words of the source were read by a path of their own; those of the manuscript are the transcript
that its reader takes. Runs are looked for in their order; what has moved, as notes and prefaces do,
is found elsewhere, and counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from booklet.errors import Findings, Place
from booklet.model.transcript import Run, visible

_SHOWN = 20
_SURE = 12
"""Characters from which on a run is not taken for another one."""
_NEAR = 500
"""Characters within which a short run is looked for."""

_MOST_TRIED = 50
"""Places looked at for one run; then its characters are counted."""
_LONGEST_SEARCH = 4_000_000_000
"""Characters passed over in search of what has moved; beyond it they are only counted."""


@dataclass(slots=True)
class _Text:
    """A text of which more and more is accounted for."""

    text: str
    used: bytearray = field(init=False)
    at: int = 0

    def __post_init__(self) -> None:
        self.used = bytearray(len(self.text))

    def take(self, run: str) -> bool:
        """Account for a run that stands next."""
        while self.at < len(self.text) and self.used[self.at]:
            self.at += 1
        if not self.text.startswith(run, self.at):
            return False
        self._use(self.at, run)
        self.at += len(run)
        return True

    def jump(self, run: str) -> bool:
        """Account for a run that stands further on, and go on behind it."""
        near = len(self.text) if len(run) >= _SURE else self.at + _NEAR
        at = self.text.find(run, self.at, near)
        if at < 0 or any(self.used[at : at + len(run)]):
            return False
        self._use(at, run)
        self.at = at + len(run)
        return True

    def find(self, run: str) -> bool:
        """Account for a run that stands anywhere."""
        at = self.text.find(run)
        for _ in range(_MOST_TRIED):
            if at < 0 or not any(self.used[at : at + len(run)]):
                break
            at = self.text.find(run, at + 1)
        if at < 0 or any(self.used[at : at + len(run)]):
            return False
        self._use(at, run)
        return True

    def _use(self, at: int, run: str) -> None:
        self.used[at : at + len(run)] = b"\1" * len(run)

    @property
    def rest(self) -> str:
        return "".join(char for char, used in zip(self.text, self.used, strict=True) if not used)


def prove(
    said: Sequence[Run], written: Iterable[Run], added: Iterable[str], place: Place
) -> tuple[int, Findings]:
    """Hold the words of the source against those of the manuscript.

    Args:
        said: Runs of the source; notes in the stream ``note``.
        written: Runs of the manuscript.
        added: Words that the manuscript is known to have beside them.
        place: The file, for what stands in no run.

    Returns:
        The number of characters that are in both, and an error for each run that is not.
    """
    runs = list(written)
    body = _Text("".join(visible(r.text) for r in runs if not r.stream.startswith("note-")))
    notes = _Text("".join(visible(r.text) for r in runs if r.stream.startswith("note-")))
    missing = [run for run in said if not _place(run, body, notes)]
    findings = Findings()
    budget = _LONGEST_SEARCH
    lost: list[Run] = []
    for run in missing:
        budget -= len(body.text) + len(notes.text)
        if budget > 0 and (body.find(run.text) or notes.find(run.text)):
            continue
        lost.append(run)
    rest = Counter(body.rest) + Counter(notes.rest)
    for run in lost:
        own = Counter(run.text)
        gone = own - rest
        rest -= own
        if gone:
            words = "".join(gone.elements())[:_SHOWN]
            findings.error(
                run.place, "import-text-lost",
                f"the manuscript lacks 「{words}」 of 「{run.text[:_SHOWN]}」",
                "this is a fault of the import: report it with this passage",
            )  # fmt: skip
    rest -= Counter(visible("".join(added)))
    if rest.total():
        words = "".join(rest.elements())[:_SHOWN]
        findings.error(
            place, "import-text-lost", f"the manuscript has 「{words}」, which the source has not",
            "this is a fault of the import: report it with this file",
        )  # fmt: skip
    return len(body.text) + len(notes.text), findings


def _place(run: Run, body: _Text, notes: _Text) -> bool:
    first, other = (notes, body) if run.stream == "note" else (body, notes)
    return first.take(run.text) or other.take(run.text) or first.jump(run.text)
