"""The one way in which an import ends before its time."""

from __future__ import annotations

from booklet.errors import Diagnostic, InputError, Place, Severity

NOTHING = "nothing was imported"


def refusal(place: Place, code: str, message: str, hint: str = "") -> InputError:
    """Make the error of an import that cannot go on."""
    return InputError(NOTHING, (Diagnostic(place, Severity.ERROR, code, message, hint),))
