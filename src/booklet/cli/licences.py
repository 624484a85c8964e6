"""``booklet doctor --licences``: what is installed with booklet, and on whose terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import metadata

OWN = "booklet-press"

_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?[^;]*(?:;(.*))?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")


def dependencies() -> Iterator[metadata.Distribution]:
    """Yield what booklet needs to run, as it is installed, by name; its own extras are left out."""
    found: dict[str, metadata.Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(OWN, "")]  # a package, and one of its extras
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system; doctor itself tells what a build misses
        waiting += _needed(found[name].requires or (), extra)
    for name in sorted(found):
        yield found[name]


def _needed(requirements: Iterable[str], extra: str) -> Iterator[tuple[str, str]]:
    """Yield what a package needs, alone or for an extra."""
    for requirement in requirements:
        match = _REQUIREMENT.match(requirement)
        for_extra = _EXTRA.search(requirement)
        if match and (for_extra[1] if for_extra else "") == extra:
            yield normal(match[1]), ""
            for name in (match[2] or "").split(","):
                yield normal(match[1]), name.strip()


def normal(name: str) -> str:
    """Write a name as all writings of it are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(distribution: metadata.Distribution) -> str:
    """Give the licence as the package states it: an expression, a class, or its first line."""
    about = distribution.metadata
    if "License-Expression" in about:
        return about["License-Expression"]
    classes = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    stated = about["License"].strip().split("\n")[0] if "License" in about else ""
    return "; ".join(classes) or stated[:80] or "not stated"


def licence_lines() -> Iterator[str]:
    """Give a line for each package: name, version, licence."""
    for one in dependencies():
        yield f"{one.metadata['Name']}\t{one.version}\t{licence_of(one)}"
