"""What the checks that watch the walk have in common."""

from __future__ import annotations

from booklet.errors import Severity
from booklet.finish.preflight.events import Setting, Watcher
from booklet.finish.preflight.geometry import Box
from booklet.finish.preflight.limits import Limits
from booklet.finish.preflight.report import Ledger, spot_of


class Reporter(Watcher):
    """A watcher that writes into the ledger."""

    def __init__(self, limits: Limits, ledger: Ledger) -> None:
        """Take the thresholds, and the ledger to write into."""
        self.limits, self.ledger = limits, ledger

    def report(  # noqa: PLR0913 - the parts of a finding
        self,
        check: str,
        message: str,
        setting: Setting,
        box: Box,
        what: str = "",
        *,
        severity: Severity | None = None,
        words: str = "",
    ) -> None:
        """Record a finding on what is painted here; ``what`` names it, ``words`` what it says."""
        cut = setting.page.boxes.cut
        # Only what lies on the page is near enough to be pointed at.
        spot = spot_of(max(box[0], cut[0]), min(box[3], cut[3]), cut) if setting.placed else None
        owner = f"{what} in {setting.owner}".strip() if setting.owner else what
        self.ledger.add(
            check, message, setting.page.number, object=owner, spot=spot, severity=severity,
            words=words,
        )  # fmt: skip
