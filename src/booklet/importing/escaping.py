"""Characters that Markdown would take for its own, so written that they stay what they are."""

from __future__ import annotations

import re

_INLINE = re.compile(r"[\\`*_\[\]<{]|&(?=#|[A-Za-z])|!$")
_START = re.compile(
    r"#{1,6}(?:\s|$)|>|[-+](?:\s|$)|[-=:| ]+$|~{3}|\||:[-:]"
)  # fmt: skip
"""What opens a heading, quotation, list, fence or table, or underlines a heading."""
_NUMBER = re.compile(r"\d{1,9}(?=[.)](?:\s|$))")
_NOTE = re.compile(r"\[\^\w+\](?=:)")
_UNSAFE = re.compile(r"[<>\\&\s]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def inline(text: str, before: str = "") -> str:
    """Escape text within a line.

    Args:
        text: The text.
        before: The last character that was written before it; a bracket after ``]`` makes a link.
    """
    escaped = _INLINE.sub(r"\\\g<0>", text)
    return f"\\{escaped}" if before == "]" and escaped[:1] == "(" else escaped


def start(line: str) -> str:
    """Escape what would make a block of a line, at its beginning."""
    if line.startswith(":::"):  # even a fence that is escaped is taken for a slip
        end = len(line) - len(line.lstrip(":"))
        return f"[{line[:end]}]{{.verbatim}}{line[end:]}"
    if match := _NUMBER.match(line) or _NOTE.match(line):
        return f"{match[0]}\\{line[match.end() :]}"
    return f"\\{line}" if _START.match(line) else line


def cell(text: str) -> str:
    """Escape what would part a cell."""
    return text.replace("|", "\\|")


def title(text: str) -> str:
    """Escape a text between double quotation marks."""
    return re.sub(r'[\\"&]', r"\\\g<0>", text)


def destination(address: str) -> str:
    """Write where a link leads or a picture lies."""
    address = address.strip()
    if re.fullmatch(r"(?:[^\s()<>\\&`\[\]{}\"']|&(?!#?\w+;))+", address):
        return address
    return f"<{_UNSAFE.sub(_coded, address)}>"


def _coded(found: re.Match[str]) -> str:
    return "&amp;" if found[0] == "&" else f"%{ord(found[0]):02X}"


def heading(text: str) -> str:
    """Escape a closing run of ``#``."""
    text = text.strip()
    stripped = text.rstrip("#")
    return text if stripped == text else f"{stripped}\\{text[len(stripped) :]}"


def printable(text: str) -> tuple[str, int]:
    """Take out characters that no edition can print; give their number."""
    return _CONTROL.subn("", text)
