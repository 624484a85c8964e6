"""Every name of WeasyPrint 70 that composition touches: all there is to mend for a new version.

No other module of the package imports the base. What is called is bound here by name, what is
replaced is replaced by `replace` and given back by `restore`; a test holds the sources of all of
it against what composition was written for.
"""

from __future__ import annotations

from typing import Any

import weasyprint
from weasyprint.css import properties as css_properties
from weasyprint.css.functions import check_math
from weasyprint.css.validation import properties as validators
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline as inline_layout
from weasyprint.layout import preferred
from weasyprint.layout.absolute import absolute_layout
from weasyprint.layout.percent import resolve_percentages
from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, pango

__all__ = [
    "FROM_UNITS",
    "TO_UNITS",
    "VERSION",
    "absolute_layout",
    "adjust_line_height",
    "boxes",
    "check_math",
    "css_properties",
    "ffi",
    "include",
    "inline_layout",
    "is_replaced",
    "line_break",
    "out_of_flow_layout",
    "pango",
    "preferred",
    "replace",
    "resolve_percentages",
    "restore",
    "validators",
    "version_problem",
]  # fmt: skip

VERSION = "70.0"

adjust_line_height = inline_layout._adjust_line_height
out_of_flow_layout = inline_layout._out_of_flow_layout

_replaced: list[tuple[Any, str, Any]] = []
_included: list[tuple[set[str], str]] = []


def version_problem() -> str:
    """Say why the installed base cannot be taught; '' if it can."""
    if weasyprint.__version__ == VERSION:
        return ""
    return f"composition is written for WeasyPrint {VERSION}, not {weasyprint.__version__}"


def replace(owner: Any, name: str, new: Any) -> None:
    """Put a function of ours, or an entry of a table, in the place of one of the base.

    Args:
        owner: A module or a class, or a dictionary.
        name: The attribute or the key.
        new: What stands there from now on.
    """
    if isinstance(owner, dict):
        _replaced.append((owner, name, owner.get(name)))
        owner[name] = new
    else:
        _replaced.append((owner, name, getattr(owner, name)))
        setattr(owner, name, new)


def include(owner: set[str], name: str) -> None:
    """Add a name to a set of the base."""
    if name not in owner:
        owner.add(name)
        _included.append((owner, name))


def restore() -> None:
    """Give the base everything back that was replaced, the last first."""
    while _included:
        names, name = _included.pop()
        names.discard(name)
    while _replaced:
        owner, name, old = _replaced.pop()
        if not isinstance(owner, dict):
            setattr(owner, name, old)
        elif old is None:
            owner.pop(name, None)
        else:
            owner[name] = old


def is_replaced() -> bool:
    """Tell whether anything of the base is replaced now."""
    return bool(_replaced)
