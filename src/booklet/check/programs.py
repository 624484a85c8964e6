"""What the judges that are programs of their own are allowed."""

from __future__ import annotations

import contextlib
import resource


def free_memory() -> None:
    """Lift the limit on address space in a process that is about to become a judge.

    Java and browsers reserve many times what they use; a limit on that would end them at once.
    """
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
