"""Ace by DAISY, the judge of accessibility, where Node, its package and Chromium are there."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from booklet import limits
from booklet.check.programs import free_memory
from booklet.check.report import Checker, Missing, Verdict
from booklet.errors import Diagnostic, Place, Severity

NAME = "Ace"
_GET = "scripts/setup.sh --test installs it; by hand: npm install -g @daisy/ace-cli, and a Chromium"
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_PACKAGE = Path("@daisy", "ace-cli")
_BIN = _PACKAGE / "bin" / "ace.js"
_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE localhost'",
)  # fmt: skip
"""No window, no network, no first-run pages; a container has no sandbox to offer."""

LONGEST_ELEMENT = 80
"""Characters of an element that a hint shows."""

_XMLNS = re.compile(r' xmlns(?::\w+)?="[^"]*"')

_GRAVE = {"critical": Severity.ERROR, "serious": Severity.ERROR}


def node_modules() -> Path:
    """Tell where the set-up puts packages of Node: beside the Python that runs."""
    return Path(sys.prefix, "share", "node", "node_modules")


def find_ace() -> tuple[str, ...] | None:
    """Give the command of Ace without its arguments; None where it is not installed."""
    node = shutil.which("node")
    file = node_modules() / _BIN
    if node and file.is_file():
        return node, str(file)
    command = shutil.which("ace")
    if command and node and Path(command).resolve().parent.parent.name.startswith("ace"):
        return (command,)  # there is an editor of the same name
    return None


def find_chromium() -> str | None:
    """Find a Chromium, or the Chrome that is made of it."""
    names = (*_CHROMIUMS, *_APPLICATIONS)
    return next((found for name in names if (found := shutil.which(name))), None)


def ace_version() -> str:
    """Give the version of the package that the set-up installs; '' where it is another."""
    file = node_modules() / _PACKAGE / "package.json"
    if not file.is_file():
        return ""
    return str(json.loads(file.read_text(encoding="utf-8")).get("version", ""))


def ace_missing() -> Missing | None:
    """Say what Ace lacks; None where it can be asked."""
    if find_ace() is None:
        return Missing(NAME, "Node or @daisy/ace-cli is not installed", _GET)
    if find_chromium() is None:
        return Missing(NAME, "no Chromium is installed", _GET)
    return None


def run_ace(books: Sequence[tuple[str, bytes]]) -> Verdict:
    """Let Ace judge books, one after another.

    Args:
        books: Name and bytes of each.
    """
    ace, chromium = find_ace(), find_chromium()
    if ace is None or chromium is None:
        return Verdict(None, missing=ace_missing())
    found: list[Diagnostic] = []
    version = ""
    for name, data in books:
        report = _run(ace, chromium, data)
        if isinstance(report, str):
            return Verdict(None, tuple(found), Missing(NAME, f"it failed: {report}", _GET))
        version = str(report["earl:assertedBy"]["doap:release"]["doap:revision"])
        found += _findings(name, report, _paths(data))
    return Verdict(Checker(NAME, version), tuple(found))


def _run(ace: Sequence[str], chromium: str, data: bytes) -> dict[str, Any] | str:
    """Judge one book; give the report, or the last words of a failure."""
    with tempfile.TemporaryDirectory() as folder:
        quiet = Path(folder, "chromium")
        options = " ".join(_QUIET)
        # Node gives it a group of its own, so that it would outlive a node that is ended.
        bound = "setpriv --pdeathsig KILL " if shutil.which("setpriv") else ""
        script = f'#!/bin/sh\nexec {bound}"{chromium}" {options} "$@"\n'
        quiet.write_text(script, encoding="utf-8")
        quiet.chmod(0o700)
        book = Path(folder, "book.epub")
        book.write_bytes(data)
        environment = os.environ | {
            "PUPPETEER_EXECUTABLE_PATH": str(quiet),
            "XDG_CONFIG_HOME": folder,
            "TMPDIR": folder,
        }
        out = Path(folder, "out")
        try:
            done = subprocess.run(
                [*ace, "-E", "-s", "-f", "-o", str(out), str(book)],
                env=environment, capture_output=True, text=True, errors="replace",
                timeout=limits.value("judge-time"),
                check=False, preexec_fn=free_memory,
            )  # fmt: skip
        except (subprocess.TimeoutExpired, OSError) as error:
            return type(error).__name__
        file = out / "report.json"
        if not file.is_file():
            return ((done.stderr or done.stdout).strip().splitlines() or ["without a word"])[-1]
        report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return report


def _paths(data: bytes) -> tuple[str, ...]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return tuple(archive.namelist())


def _findings(name: str, report: dict[str, Any], paths: Sequence[str]) -> Iterator[Diagnostic]:
    for document in report.get("assertions", ()):
        file = str(document["earl:testSubject"].get("url", "")).lstrip("/")
        # Some are told from the root of the archive, some from the package document.
        file = next((path for path in paths if f"/{path}".endswith(f"/{file}")), file)
        for one in document.get("assertions", ()):
            test = one["earl:test"]
            severity = _GRAVE.get(str(test.get("earl:impact")), Severity.WARNING)
            said = " ".join(str(one["earl:result"].get("dct:description", "")).split())
            message = f"{test['dct:title']}: {said or test.get('dct:description', '')}"
            place = Place(f"{name}/{file}" if file else name)
            yield Diagnostic(place, severity, "ace", message, _hint(one))


def _hint(one: dict[str, Any]) -> str:
    """Say what must be so, of which element, and where more can be read."""
    help_ = one["earl:test"].get("help", {})
    must = str(help_.get("dct:description") or one["earl:test"].get("dct:description", "")).strip()
    html = _XMLNS.sub("", " ".join(str(one["earl:result"].get("html", "")).split()))
    element = html if len(html) <= LONGEST_ELEMENT else f"{html[:LONGEST_ELEMENT]}…"
    url = str(help_.get("url", ""))
    about = url if "/docs/" in url else ""  # the front page of the knowledge base helps nobody
    parts = (must, element and f"change {element}", about and f"see {about}")
    return "; ".join(part for part in parts if part)
