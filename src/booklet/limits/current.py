"""The limits that hold now: those of the table, of the publication, of the command line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from booklet.limits.table import BY_NAME


@dataclass(frozen=True, slots=True)
class _Held:
    """What differs from the table; the command line wins over the publication."""

    asked: Mapping[str, int] = field(default_factory=dict)
    lifted: Mapping[str, int] = field(default_factory=dict)


_NONE = _Held()
_HELD: ContextVar[_Held] = ContextVar("limits", default=_NONE)


class LimitError(ValueError):
    """A limit has not this name, or may not have this value; ``str()`` is one sentence."""


def value(name: str) -> int:
    """Give the value of a limit, in its unit."""
    held = _HELD.get()
    if name in held.lifted:
        return held.lifted[name]
    return held.asked.get(name, BY_NAME[name].value)


def lifted() -> Mapping[str, int]:
    """Give what the command line has set, for a process that it does the work in."""
    return _HELD.get().lifted


def named(name: str) -> str:
    """Name a limit at the end of a message: ``limit marks: 30``."""
    return f"limit {name}: {value(name):,}"


def raised(name: str) -> str:
    """Tell in a hint how a limit is raised."""
    limit = BY_NAME[name]
    lift = f"--limit {name}=…"
    if limit.ceiling == limit.value:
        return lift
    return f"limits: {{{name}: …}} in booklet.yaml, to at most {limit.ceiling}; beyond that {lift}"


def ask(asked: Mapping[str, int]) -> None:
    """Hold what a publication asks for, until another one is read.

    Args:
        asked: From its header; a value over its ceiling counts as the ceiling.
    """
    _HELD.set(replace(_HELD.get(), asked=_fair(asked)))


def excessive(asked: Mapping[str, int]) -> Iterator[str]:
    """Name the limits for which a publication asks more than it may have."""
    for name, number in asked.items():
        if number > BY_NAME[name].ceiling and name not in _HELD.get().lifted:
            yield name


def _fair(asked: Mapping[str, int]) -> dict[str, int]:
    return {name: min(number, BY_NAME[name].ceiling) for name, number in asked.items()}


@contextlib.contextmanager
def using(
    asked: Mapping[str, int] | None = None, lifted: Mapping[str, int] | None = None
) -> Iterator[None]:
    """Hold other limits for a while.

    Args:
        asked: What a publication asks for; a value over its ceiling counts as the ceiling.
        lifted: What the command line says; it is bound to nothing.
    """
    held = _HELD.get()
    both = _Held({**held.asked, **_fair(asked or {})}, {**held.lifted, **(lifted or {})})
    token = _HELD.set(both)
    try:
        yield
    finally:
        _HELD.reset(token)


def parse(words: str) -> tuple[str, int]:
    """Read ``name=value`` as the command line has it.

    Raises:
        LimitError: There is no such limit, or the value is no number of its kind.
    """
    name, _, number = words.partition("=")
    if name not in BY_NAME:
        msg = f"there is no limit {name!r}; one of: {', '.join(BY_NAME)}"
        raise LimitError(msg)
    if not number.isascii() or not number.isdigit() or not 0 < int(number[:19]) < 1 << 62:
        msg = f"{name}: {number!r} is no number of {BY_NAME[name].unit}"
        raise LimitError(msg)
    return name, int(number)
