"""The worker: a command's work in a child process, within limits."""

from booklet.worker.child import (
    Allowance,
    allowance,
    confine,
    forget_environment,
    restrict_time,
    size_of,
)
from booklet.worker.run import (
    OFF,
    current_stage,
    end_at_once,
    enter,
    exhausted,
    limit_error,
    note,
)

__all__ = [
    "OFF",
    "Allowance",
    "allowance",
    "confine",
    "current_stage",
    "end_at_once",
    "enter",
    "exhausted",
    "forget_environment",
    "limit_error",
    "note",
    "restrict_time",
    "size_of",
]
