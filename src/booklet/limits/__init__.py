"""One set of limits: what each is for, its value, and how far it may be raised.

Every check that stands before heavy work asks here. A publication may set a limit in its header up
to the ceiling; only the command line lifts the ceiling.
"""

from booklet.limits.current import (
    LimitError,
    ask,
    excessive,
    lifted,
    named,
    parse,
    raised,
    using,
    value,
)
from booklet.limits.table import BY_NAME, TABLE, Limit

__all__ = [
    "BY_NAME",
    "TABLE",
    "Limit",
    "LimitError",
    "ask",
    "excessive",
    "lifted",
    "named",
    "parse",
    "raised",
    "using",
    "value",
]
