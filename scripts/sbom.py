"""Write a software bill of materials: CycloneDX 1.6 from the lock of what booklet needs to run.

``python scripts/sbom.py > dist/booklet.cdx.json``, in the environment of the project: the lock
gives names, versions, hashes and who needs whom; the installed packages give the licences. The same
lock gives the same bytes.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import uuid
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from booklet import __version__
from booklet.cli.licences import OWN, licence_of, normal

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "runtime.txt"

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)\s*(?:;\s*([^\\]*))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^\s+#\s+(?:via\s*)?([A-Za-z0-9._-]+)?(?:\s|$)")


@dataclass(slots=True)
class Locked:
    """A package of the lock."""

    name: str
    version: str
    marker: str
    hashes: list[str] = field(default_factory=list)
    needed_by: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """The package URL."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read_lock(text: str) -> list[Locked]:
    """Read a lock with hashes and ``# via`` comments."""
    found: list[Locked] = []
    for line in text.splitlines():
        if pinned := _PINNED.match(line):
            found.append(Locked(normal(pinned[1]), pinned[2], (pinned[3] or "").strip()))
        elif found and (digest := _HASH.search(line)):
            found[-1].hashes.append(digest[1])
        elif found and (via := _VIA.match(line)) and via[1]:
            found[-1].needed_by.append(normal(via[1]))
    return found


def bill(packages: list[Locked]) -> dict[str, Any]:
    """Make the bill."""
    own = f"pkg:pypi/{OWN}@{__version__}"
    references = {one.name: one.reference for one in packages} | {OWN: own}
    needs: dict[str, list[str]] = {reference: [] for reference in references.values()}
    for one in packages:
        for name in one.needed_by:
            # What the lock asks for itself, such as the build group, belongs to us.
            needs[references.get(name, own)].append(one.reference)
    body: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": own, "name": OWN, "version": __version__,
                "purl": own, "licenses": [{"expression": "AGPL-3.0-or-later"}],
            },
        },
        "components": [_component(one) for one in packages],
        "dependencies": [
            {"ref": reference, "dependsOn": sorted(set(others))}
            for reference, others in sorted(needs.items())
        ],
    }  # fmt: skip
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
    } | body


def _component(one: Locked) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library", "bom-ref": one.reference, "name": one.name, "version": one.version,
        "purl": one.reference,
    }  # fmt: skip
    with contextlib.suppress(metadata.PackageNotFoundError):  # for another system
        component["licenses"] = [_licence(metadata.distribution(one.name))]
    # A package has several files, each with a hash of its own; `hashes` would mean one file.
    properties = [{"name": "lock:sha256", "value": digest} for digest in one.hashes]
    if one.marker:
        properties.insert(0, {"name": "lock:marker", "value": one.marker})
    return component | {"properties": properties}


def _licence(distribution: metadata.Distribution) -> dict[str, Any]:
    if "License-Expression" in distribution.metadata:
        return {"expression": licence_of(distribution)}
    return {"license": {"name": licence_of(distribution)}}


def main() -> None:
    """Print the bill."""
    text = json.dumps(bill(read_lock(LOCK.read_text("utf-8"))), ensure_ascii=False, indent=1)
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
