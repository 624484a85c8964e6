"""One report of a gate: what was judged, by whom, what was found, and who could not be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from booklet.errors import Diagnostic, Place, Severity, in_order


@dataclass(frozen=True, slots=True)
class Checker:
    """A judge that was asked: its name and version."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Missing:
    """A judge that could not be asked.

    Attributes:
        name: Its name.
        reason: What is not there, or how it failed.
        remedy: How to get it.
    """

    name: str
    reason: str
    remedy: str

    @property
    def diagnostic(self) -> Diagnostic:
        """The same as a finding: a warning, so that ``--strict`` forbids the release."""
        return Diagnostic(
            Place(self.name), Severity.WARNING, "checker-missing", self.reason, self.remedy
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one judge says of all files."""

    checker: Checker | None
    findings: tuple[Diagnostic, ...] = ()
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class GateReport:
    """What a gate found.

    Attributes:
        files: What was judged, as messages name it.
        checkers: Judges that were asked.
        missing: Judges that could not be asked.
        findings: By file and place, those of missing judges too.
    """

    files: tuple[str, ...]
    checkers: tuple[Checker, ...]
    missing: tuple[Missing, ...]
    findings: tuple[Diagnostic, ...]

    def forbids(self, *, strict: bool) -> bool:
        """Tell whether the release is forbidden: by an error, or in strict mode by a warning."""
        grave = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        return any(finding.severity in grave for finding in self.findings)

    def counts(self, name: str) -> Counter[Severity]:
        """Count what was found in one file, by severity."""
        return Counter(
            finding.severity
            for finding in self.findings
            if finding.place.file == name or finding.place.file.startswith(f"{name}/")
        )

    def as_dict(self) -> dict[str, object]:
        """Give files and judges as plain values for ``--json``."""
        return {
            "files": [
                {"name": name, **{f"{one}s": self.counts(name)[one] for one in Severity}}
                for name in self.files
            ],
            "checkers": [{"name": one.name, "version": one.version} for one in self.checkers],
            "missing": [
                {"name": one.name, "reason": one.reason, "remedy": one.remedy}
                for one in self.missing
            ],
        }


def gather(files: Sequence[str], verdicts: Sequence[Verdict]) -> GateReport:
    """Put the verdicts of all judges into one report."""
    missing = tuple(one.missing for one in verdicts if one.missing is not None)
    found = [finding for one in verdicts for finding in one.findings]
    return GateReport(
        tuple(files),
        tuple(one.checker for one in verdicts if one.checker is not None),
        missing,
        in_order([*found, *(one.diagnostic for one in missing)]),
    )
