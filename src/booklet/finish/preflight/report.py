"""Findings and the report: what is wrong, where, how much it weighs, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from booklet.errors import Severity, clean
from booklet.finish.preflight.limits import Limits
from booklet.finish.preflight.registry import BY_ID, CHECKS
from booklet.model.measures import MM

MOST_OF_ONE_CHECK = 50
"""Findings of one check that are listed; the others are counted."""

MOST_ON_ONE_PAGE = 5
"""Findings of one check on one page that are listed."""

MOST_WORDS = 3
"""Pieces of text that a finding names."""

LONGEST_WORDS = 20

SCHEMA = 1
"""Version of the JSON report."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page, in millimetres from the top left corner of the trim."""

    x: float
    y: float

    def as_dict(self) -> dict[str, float]:
        """Give the place as plain values."""
        return {"x_mm": round(self.x, 2), "y_mm": round(self.y, 2)}

    def __str__(self) -> str:
        return f"{self.x:.1f}, {self.y:.1f} mm"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be.

    Attributes:
        check: Id of the check, such as ``P16``.
        severity: How much it weighs.
        message: What is wrong, with the values found.
        remedy: What to do.
        page: The page, from 1; 0 for the file as a whole.
        object: What is concerned: a name, an object number; may be empty.
        spot: Where on the page, where that is known.
        count: How often the same was found on this page.
        words: Words that it is about, the first few of them; none where it is not about text.
    """

    check: str
    severity: Severity
    message: str
    remedy: str
    page: int = 0
    object: str = ""
    spot: Spot | None = None
    count: int = 1
    words: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the finding as plain values for ``--json``."""
        return {
            "id": self.check,
            "name": BY_ID[self.check].name,
            "severity": str(self.severity),
            "page": self.page or None,
            "object": self.object or None,
            "position": self.spot.as_dict() if self.spot else None,
            "message": self.message,
            "remedy": self.remedy,
            "count": self.count,
            "words": list(self.words),
        }


@dataclass(frozen=True, slots=True)
class NotRun:
    """A check that was not run.

    Attributes:
        check: Its id.
        reason: Why.
        remedy: How to have it run; empty where it is not asked of this job.
    """

    check: str
    reason: str
    remedy: str = ""

    @property
    def missed(self) -> bool:
        """Whether it should have been run: the file has not passed it."""
        return bool(self.remedy)


@dataclass(frozen=True, slots=True)
class PreflightReport:
    """What preflight found.

    Attributes:
        findings: By weight, page and check.
        pages: Pages of the file; 0 where it could not be opened.
        checks_run: Ids of the checks that saw all they had to see.
        not_run: The others, each with its reason.
        more: Findings that are counted and not listed, by check.
    """

    findings: tuple[Finding, ...]
    pages: int
    checks_run: tuple[str, ...]
    not_run: tuple[NotRun, ...]
    more: dict[str, int] = field(default_factory=dict)

    @property
    def fatal(self) -> bool:
        """Whether there is an error: the printer will send the file back."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def joined(self, findings: Iterable[Finding]) -> PreflightReport:
        """Add what the build found by check P35, and count that check as run."""
        return replace(
            self,
            findings=_in_order((*self.findings, *findings)),
            checks_run=tuple(sorted({*self.checks_run, "P35"})),
            not_run=tuple(one for one in self.not_run if one.check != "P35"),
        )

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain values; docs/preflight.md describes them."""
        return {
            "schema": SCHEMA,
            "ok": not self.fatal,
            "pages": self.pages,
            "findings": [finding.as_dict() for finding in self.findings],
            "not_listed": dict(self.more),
            "checks": [self._status(check.id) for check in CHECKS],
        }

    def _status(self, check: str) -> dict[str, Any]:
        worst = {finding.severity for finding in self.findings if finding.check == check}
        skipped = next((one for one in self.not_run if one.check == check), None)
        if worst:
            status = str(Severity.ERROR if Severity.ERROR in worst else Severity.WARNING)
        elif skipped is None:
            status = "passed"
        else:
            status = "not-run" if skipped.missed else "not-asked"
        return {
            "id": check,
            "name": BY_ID[check].name,
            "status": status,
            "reason": skipped.reason if skipped else None,
            "remedy": (skipped.remedy or None) if skipped else None,
        }


@dataclass(slots=True)
class Ledger:
    """Collects findings: the same fault on a page once, with how often it was met."""

    limits: Limits
    _found: dict[tuple[str, int, str, str], Finding] = field(default_factory=dict)
    _per_page: Counter[tuple[str, Severity, int]] = field(default_factory=Counter)
    _per_check: Counter[tuple[str, Severity]] = field(default_factory=Counter)
    _more: Counter[str] = field(default_factory=Counter)
    _not_run: dict[str, NotRun] = field(default_factory=dict)

    def add(  # noqa: PLR0913 - the parts of a finding
        self,
        check: str,
        message: str,
        page: int = 0,
        *,
        object: str = "",
        spot: Spot | None = None,
        severity: Severity | None = None,
        words: str = "",
    ) -> None:
        """Record a finding; ``severity`` overrules that of the check for this printer."""
        if self.limits.not_asked(check):
            return
        weight = severity or self.limits.severity(check)
        message, name = clean(message), clean(object)[:120]
        key = (check, page, message, name)
        if key in self._found:
            known = self._found[key]
            said = few_words((*known.words, words))
            self._found[key] = replace(known, count=known.count + 1, words=said)
        elif (
            self._per_check[check, weight] >= MOST_OF_ONE_CHECK
            or self._per_page[check, weight, page] >= MOST_ON_ONE_PAGE
        ):
            self._more[check] += 1
        else:
            self._per_check[check, weight] += 1
            self._per_page[check, weight, page] += 1
            remedy = BY_ID[check].remedy
            self._found[key] = Finding(
                check, weight, message, remedy, page, name, spot, words=few_words((words,))
            )

    def skip(self, check: str, reason: str, remedy: str = "") -> None:
        """Record that a check was not run; with a remedy, that it should have been."""
        self._not_run.setdefault(check, NotRun(check, reason, remedy))

    def report(self, pages: int) -> PreflightReport:
        """Close the ledger."""
        for check in CHECKS:
            if reason := self.limits.not_asked(check.id):
                self._not_run[check.id] = NotRun(check.id, reason)
        run = tuple(check.id for check in CHECKS if check.id not in self._not_run)
        not_run = tuple(self._not_run[key] for key in sorted(self._not_run))
        more = {key: self._more[key] for key in sorted(self._more)}
        return PreflightReport(_in_order(self._found.values()), pages, run, not_run, more)


def few_words(words: Iterable[str]) -> tuple[str, ...]:
    """Give the first few of some words, each once and not too long."""
    short = (clean(" ".join(text.split())) for text in words)
    named = dict.fromkeys(
        text if len(text) <= LONGEST_WORDS else f"{text[:LONGEST_WORDS]}…" for text in short if text
    )
    return tuple(named)[:MOST_WORDS]


def spot_of(x: float, y: float, trim: tuple[float, float, float, float]) -> Spot:
    """Measure a point, given in points, from the top left corner of the trim."""
    return Spot((x - trim[0]) / MM, (trim[3] - y) / MM)


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(
        sorted(
            findings,
            key=lambda one: (one.severity is not Severity.ERROR, one.page, one.check),
        )
    )
