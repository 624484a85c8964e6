"""What the project is made of: every package locked by hashes, with a licence, in one bill."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Command

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def bill() -> dict[str, object]:
    script = [sys.executable, str(ROOT / "scripts/sbom.py")]
    runs = [subprocess.run(script, capture_output=True, check=True).stdout for _ in range(2)]
    assert runs[0] == runs[1]
    whole: dict[str, object] = json.loads(runs[0])
    return whole


def test_the_bill_has_every_package_of_the_lock(bill: dict[str, object]) -> None:
    lock = (ROOT / "requirements/runtime.txt").read_text("utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", lock, re.MULTILINE))
    components = bill["components"]
    assert isinstance(components, list)
    assert {one["name"]: one["version"] for one in components} == locked
    assert len(components) > 40
    for one in components:
        digests = [item for item in one["properties"] if item["name"] == "lock:sha256"]
        assert digests, one["name"]
        assert all(re.fullmatch("[0-9a-f]{64}", item["value"]) for item in digests)
        assert one.get("licenses") or one["properties"][0]["name"] == "lock:marker"


def test_the_bill_says_who_needs_whom(bill: dict[str, object]) -> None:
    parts = bill["dependencies"]
    assert isinstance(parts, list)
    needs = {part["ref"].partition("@")[0]: part["dependsOn"] for part in parts}
    names = {ref.partition("@")[0] for ref in needs["pkg:pypi/booklet-press"]}
    assert {"pkg:pypi/weasyprint", "pkg:pypi/jinja2"} <= names
    fonttools = [ref for ref in needs["pkg:pypi/weasyprint"] if "fonttools" in ref]
    assert len(fonttools) == 1
    known = {part["ref"] for part in parts}
    assert all(ref in known for others in needs.values() for ref in others)


def test_doctor_lists_licences(booklet_: Command) -> None:
    result = booklet_("doctor", "--licences")
    assert result.status == 0
    rows = [line.split("\t") for line in result.lines]
    assert all(len(row) == 3 and all(row) for row in rows)
    names = {name.lower().replace("_", "-"): licence for name, _, licence in rows}
    assert names["booklet-press"] == "AGPL-3.0-or-later"
    assert {"weasyprint", "brotli", "pydantic-core", "lxml"} <= set(names)
    assert "not stated" not in names.values()
    assert "pytest" not in names


def test_every_lock_has_hashes() -> None:
    for name in ("runtime.txt", "dev.txt", "lock.txt"):
        lock = (ROOT / "requirements" / name).read_text("utf-8")
        pinned = re.split(r"^(?=[a-z0-9-]+(?:\[[^\]]*\])?==)", lock, flags=re.MULTILINE)[1:]
        assert pinned
        assert all("--hash=sha256:" in part for part in pinned), name
