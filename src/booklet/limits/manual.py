"""The manual of the limits, written from their table."""

from __future__ import annotations

from booklet.limits.table import TABLE

_HEAD = """\
# Limits

Manuscripts, themes, pictures, fonts and PDFs may come from strangers.
What could cost time or memory without bounds is measured before the heavy work begins.
It is refused with a place and the name of the limit.
Work then runs in a process of its own, the worker; the system ends it if a limit strikes after all.

A publication raises a limit in its header, up to the ceiling:

```yaml
limits: {word-length: 20000}
```

Only the command line goes beyond the ceiling, and only it sets the limits without one:

```text
booklet build my-book --limit worker-memory=12884901888
```

`BOOKLET_NO_WORKER=1` keeps the work in the process of the command, for debuggers.
The limits of the worker then do not hold.
On macOS the system does not limit the memory of a process; the other limits hold.
This page is written by `python -m booklet.limits`.

| limit | value | ceiling | unit | what it is for |
|---|---|---|---|---|
"""


def manual() -> str:
    """Write docs/limits.md."""
    rows = [
        f"| `{one.name}` | {one.value:,} | "
        f"{'–' if one.ceiling == one.value else f'{one.ceiling:,}'} | {one.unit} | {one.purpose} |"
        for one in TABLE
    ]
    return _HEAD + "\n".join(rows) + "\n"
