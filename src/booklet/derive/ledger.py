"""What became of every character: the record of a conversion, and the proof that nothing is lost.

The model is converted line by line. The transcript, which was taken from the source on a path of
its own, is not: it is rewritten by this record, after the record has been found to begin with the
very characters of the transcript. So the proof of fidelity still compares an output with the
manuscript, and the conversion has to account for each character of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from booklet.errors import Findings, Place
from booklet.model.transcript import Run, visible

Pair = tuple[str, str]
"""Characters of the manuscript, and what they became; one and one but for phrases of a table."""

CONTEXT = 8
"""Characters shown before a fault."""


def source_of(pairs: Iterable[Pair]) -> str:
    """Give the characters that pairs began with."""
    return "".join(source for source, _ in pairs)


def target_of(pairs: Iterable[Pair]) -> str:
    """Give the characters that pairs became."""
    return "".join(target for _, target in pairs)


def same(text: str) -> tuple[Pair, ...]:
    """Give the pairs of a text that stays as it is."""
    return tuple((char, char) for char in text)


@dataclass(frozen=True, slots=True)
class Traced:
    """A run of the transcript with its pairs, blanks left out."""

    run: Run
    pairs: tuple[Pair, ...]


@dataclass(slots=True)
class Ledger:
    """Pairs by stream, in the order in which the model says them."""

    streams: dict[str, list[Pair]] = field(default_factory=dict)

    def record(self, stream: str, pairs: Iterable[Pair]) -> None:
        """Note what became of the next characters of a stream; the unseen do not count."""
        kept = self.streams.setdefault(stream, [])
        kept.extend(pair for pair in pairs if visible(pair[0]))

    def trace(self, transcript: Sequence[Run], findings: Findings) -> tuple[Traced, ...]:
        """Tell of each run of the transcript what became of it.

        Findings get ``conversion-lost`` where the record begins with other characters than the
        transcript, so that something was left out or said twice.
        """
        ahead = {stream: iter(pairs) for stream, pairs in self.streams.items()}
        traced = []
        for run in transcript:
            pairs = tuple(_take(ahead.get(run.stream, iter(())), run, findings))
            traced.append(Traced(run, pairs))
        for stream, rest in ahead.items():
            if left := source_of(rest):
                place = next((r.place for r in reversed(transcript) if r.stream == stream), None)
                findings.error(
                    place or Place("manuscript"), "conversion-lost",
                    f"the conversion goes on where the manuscript ends: 「{left[:CONTEXT]}」",
                    "report this, with the text",
                )  # fmt: skip
        return tuple(traced)


def _take(pairs: Iterator[Pair], run: Run, findings: Findings) -> Iterator[Pair]:
    """Yield the pairs of a run."""
    wanted, at = visible(run.text), 0
    while at < len(wanted):
        pair = next(pairs, ("", ""))
        source = visible(pair[0])
        length = len(source)
        if not length or wanted[at : at + length] != source:
            findings.error(
                run.place, "conversion-lost",
                f"the conversion loses its place before 「{wanted[at : at + CONTEXT]}」",
                "report this, with the text",
            )  # fmt: skip
            return
        at += length
        yield pair


def converted(traced: Iterable[Traced]) -> tuple[Run, ...]:
    """Give the transcript as the derived edition has to say it."""
    return tuple(replace(item.run, text=target_of(item.pairs)) for item in traced)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a character of a derived edition comes from.

    Attributes:
        place: Beginning of its run in the source.
        source: The characters of the source.
        number: How many times they stand in the run before, from 0.
    """

    place: Place
    source: str
    number: int


def origins(traced: Iterable[Traced], chars: str) -> Mapping[str, tuple[Origin, ...]]:
    """Find where characters of a derived edition come from."""
    found: dict[str, list[Origin]] = {char: [] for char in chars}
    for item in traced:
        if not any(char in target for _, target in item.pairs for char in chars):
            continue
        seen: dict[str, int] = {}
        for source, target in item.pairs:
            for char in dict.fromkeys(target):
                if char in found:
                    found[char].append(Origin(item.run.place, source, seen.get(source, 0)))
            seen[source] = seen.get(source, 0) + 1
    return {char: tuple(places) for char, places in found.items()}
