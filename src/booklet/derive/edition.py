"""A derived edition: the model, the header and the transcript of a publication, made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from booklet.derive.heading import convert_header
from booklet.derive.ledger import Ledger, Traced, converted
from booklet.derive.lines import Scripting
from booklet.derive.plan import make_plan
from booklet.derive.readings import Annotator
from booklet.derive.tree import Rewriter
from booklet.errors import Findings, Place
from booklet.model.publication import Publication
from booklet.model.transcript import Run

PlaceOf = Callable[..., Place]
"""Tell where the header has a key: ``place_of("derived", "tw", "script")``."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What a derived edition is made of.

    Attributes:
        publication: The model, its header and its variant.
        transcript: What the outputs have to say.
        traced: Where each character of the transcript comes from.
        readings: Every reading that was made, for the fonts have to have its letters.
    """

    publication: Publication
    transcript: tuple[Run, ...]
    traced: tuple[Traced, ...] = ()
    readings: frozenset[str] = field(default_factory=frozenset)


def derive(
    publication: Publication,
    transcript: tuple[Run, ...],
    name: str,
    place_of: PlaceOf,
    findings: Findings,
) -> Derived | None:
    """Make a derived edition of a publication.

    Args:
        publication: The publication as it was read.
        transcript: What its manuscript says.
        name: Name of the edition in its header.
        place_of: Where the header says something.
        findings: Collects ``derived-script``, ``derived-empty``, ``term-conflict``, ``term-idle``,
            ``reading-invalid``, ``reading-check`` and ``conversion-lost``.

    Returns:
        None where an error was found.
    """
    before = len(findings.items)
    plan = make_plan(publication.header, name, place_of, findings)
    if plan is None:
        return None
    ledger = Ledger()
    scripting = Scripting(plan.converter, ledger, findings)
    result = Rewriter(scripting.write, scripting.words).publication(publication)
    header = convert_header(publication.header, plan, scripting.words)
    traced = ledger.trace(transcript, findings)
    annotator = None
    if plan.reader is not None:
        annotator = Annotator(plan.reader, findings)
        result = Rewriter(annotator.write, lambda words: words).publication(result)
        annotator.tell_doubts()
    plan.tell_idle(place_of, findings)
    if any(item.severity == "error" for item in findings.items[before:]):
        return None
    slug = f"{publication.slug}.{name}"
    result = replace(result, header=header, variant=plan.variant, slug=slug)
    letters = annotator.letters if annotator else set()
    return Derived(result, converted(traced), traced, frozenset(letters))
