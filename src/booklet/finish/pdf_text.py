"""Read a tagged PDF back: the text of each page, in the order of its structure tree.

What stands outside the tree (folios, running heads) is an artifact and is left out, as a screen
reader leaves it out (ISO 14289-1, 7.1). Text placed off the page does not count as printed.
"""

from __future__ import annotations

import io
import re
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pikepdf

_CHAR_BLOCK = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGE_BLOCK = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f\s]*>|\[[^\]]*\])")

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_OPERATORS = "BDC BMC EMC Tf Tj ' TJ Do q Q cm BT Tm Td TD"
"""All that the text of a page depends on."""

SLACK = 2.0
"""Points that a glyph's origin may lie outside the page: a hanging mark does."""


Codes = tuple[tuple[str, bytes], ...]
"""Text as it stands in a page: runs of the codes of a font, each with the font's name."""


def read_pdf_text(data: bytes) -> tuple[str, ...]:
    """Give the tagged text of each page, in structure order.

    Raises:
        pikepdf.PdfError: The file is damaged.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = FontsOfResources()
        return tuple(decoded(codes, fonts.decoders) for codes in read_codes(pdf, fonts))


def read_codes(pdf: pikepdf.Pdf, fonts: FontNames) -> tuple[Codes, ...]:
    """Give the codes of each page's tagged text, in structure order."""
    pages = [PageCodes(page, fonts).read() for page in pdf.pages]
    index = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    order: list[list[int]] = [[] for _ in pages]
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is not None:
        for page_number, mcid in _marks(tree.get("/K"), None, index):
            order[page_number].append(mcid)
    return tuple(
        _joined(run for mcid in mcids for run in runs.get(mcid, ()))
        for runs, mcids in zip(pages, order, strict=True)
    )


def _joined(runs: Iterable[tuple[str, bytes]]) -> Codes:
    """Join what follows one another in one font."""
    joined: list[tuple[str, bytes]] = []
    for font, codes in runs:
        if joined and joined[-1][0] == font:
            joined[-1] = font, joined[-1][1] + codes
        else:
            joined.append((font, codes))
    return tuple(joined)


def decoded(codes: Codes, decoders: Mapping[str, Decoder]) -> str:
    """Give the characters of codes; a font that nobody knows gives none that is known."""
    unknown = Decoder(2, {})
    return "".join(decoders.get(font, unknown).decode(run) for font, run in codes)


class FontNames(Protocol):
    """Names the fonts of pages."""

    def name(self, resources: Any, name: str) -> str:
        """Name a font that resources call by a name."""


@dataclass
class FontsOfResources:
    """Names fonts by their objects, and reads what their codes stand for."""

    decoders: dict[str, Decoder] = field(default_factory=dict)

    def name(self, resources: Any, name: str) -> str:
        """Name a font; see `FontNames`."""
        font = resources["/Font"][name]
        key = f"{font.objgen}{name}"
        if key not in self.decoders:
            self.decoders[key] = decoder_of(font)
        return key


def _marks(
    kid: Any,
    page: int | None,
    index: dict[tuple[int, int], int],
) -> Iterator[tuple[int, int]]:
    """Walk the structure tree without recursion, for a long book nests deep."""
    stack: list[tuple[Any, int | None]] = [(kid, page)]
    while stack:
        item, where = stack.pop()
        if item is None:
            continue
        if isinstance(item, int):
            if where is not None:
                yield where, item
        elif isinstance(item, pikepdf.Array):
            stack.extend((part, where) for part in reversed(list(item)))
        elif isinstance(item, pikepdf.Dictionary):
            own = item.get("/Pg")
            here = index.get(own.objgen, where) if own is not None else where
            if item.get("/Type") == "/MCR":
                stack.append((item.get("/MCID"), here))
            elif item.get("/Type") != "/OBJR":
                stack.append((item.get("/K"), here))


@dataclass
class PageCodes:
    """Collects the codes of one page's text by marked-content id."""

    page: pikepdf.Page
    fonts: FontNames
    runs: dict[int, list[tuple[str, bytes]]] = field(default_factory=dict)
    marks: list[int | None] = field(default_factory=list)

    def read(self) -> dict[int, list[tuple[str, bytes]]]:
        """Read the page."""
        box = [float(value) for value in self.page.mediabox]
        self.box = (box[0] - SLACK, box[1] - SLACK, box[2] + SLACK, box[3] + SLACK)
        self._content(self.page, self.page.resources, IDENTITY)
        return self.runs

    def _content(self, stream: Any, resources: Any, matrix: Matrix) -> None:
        state = _State(matrix)
        for instruction in pikepdf.parse_content_stream(stream, _OPERATORS):
            operands: Any = instruction.operands
            match str(instruction.operator):
                case "BDC":
                    self.marks.append(_mcid(operands))
                case "BMC":
                    self.marks.append(None)
                case "EMC":
                    if self.marks:
                        self.marks.pop()
                case "Tf":
                    state.font = self.fonts.name(resources, str(operands[0]))
                case "Tj" | "'":
                    self._show(state, [operands[0]])
                case "TJ":
                    self._show(state, list(operands[0]))
                case "Do":
                    self._form(resources, str(operands[0]), state.ctm)
                case name:
                    state.apply(name, operands)

    def _form(self, resources: Any, name: str, matrix: Matrix) -> None:
        form = resources.get("/XObject", {}).get(name)
        if form is None or form.get("/Subtype") != "/Form":
            return
        own = tuple(float(value) for value in form.get("/Matrix", IDENTITY))
        self._content(form, form.get("/Resources", resources), _multiply(own, matrix))  # type: ignore[arg-type]

    def _show(self, state: _State, parts: list[Any]) -> None:
        mcid = next((mark for mark in reversed(self.marks) if mark is not None), None)
        if mcid is None or state.font is None:
            return
        where = _multiply(state.text, state.ctm)
        left, bottom, right, top = self.box
        if not (left <= where[4] <= right and bottom <= where[5] <= top):
            return
        codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
        self.runs.setdefault(mcid, []).append((state.font, codes))


@dataclass
class _State:
    """The graphics state, as far as text needs it."""

    ctm: Matrix
    text: Matrix = IDENTITY
    font: str | None = None
    saved: list[tuple[Matrix, str | None]] = field(default_factory=list)

    def apply(self, operator: str, operands: Any) -> None:
        match operator:
            case "q":
                self.saved.append((self.ctm, self.font))
            case "Q":
                if self.saved:
                    self.ctm, self.font = self.saved.pop()
            case "cm":
                self.ctm = _multiply(_matrix(operands), self.ctm)
            case "BT":
                self.text = IDENTITY
            case "Tm":
                self.text = _matrix(operands)
            case "Td" | "TD":
                move = (1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1]))
                self.text = _multiply(move, self.text)
            case _:
                pass


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return a, b, c, d, e, f


def _multiply(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def _mcid(operands: Any) -> int | None:
    properties = operands[1] if len(operands) > 1 else None
    if isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties:
        return int(properties["/MCID"])
    return None


@dataclass(frozen=True)
class Decoder:
    """Codes of a font to characters, by its ToUnicode map (ISO 32000-1, 9.10.3)."""

    width: int
    table: dict[int, str]

    def decode(self, codes: bytes) -> str:
        """Give the characters; U+FFFD for a code that stands for nothing."""
        size, table = self.width, self.table
        if size == 1:
            return "".join(table.get(code, "\ufffd") for code in codes)
        numbers = array("H", codes if len(codes) % 2 == 0 else codes + b"\0")
        if sys.byteorder == "little":
            numbers.byteswap()
        return "".join([table.get(code, "\ufffd") for code in numbers])


def decoder_of(font: Any) -> Decoder:
    """Read what the codes of a font stand for."""
    width = 2 if font.get("/Subtype") == "/Type0" else 1
    cmap = font.get("/ToUnicode")
    table: dict[int, str] = {}
    if cmap is not None:
        source = cmap.read_bytes()
        for block in _CHAR_BLOCK.findall(source):
            codes = [bytes.fromhex(code.decode("ascii")) for code in _HEX.findall(block)]
            for code, text in zip(codes[::2], codes[1::2], strict=True):
                table[int.from_bytes(code, "big")] = text.decode("utf-16-be", "replace")
        for block in _RANGE_BLOCK.findall(source):
            for first, last, target in _RANGE.findall(block):
                _add_range(table, int(first, 16), int(last, 16), target)
    return Decoder(width, table)


def _add_range(table: dict[int, str], first: int, last: int, target: bytes) -> None:
    texts = [bytes.fromhex(code.decode("ascii")) for code in _HEX.findall(target)]
    for offset in range(min(last - first, 0xFFFF) + 1):
        if target.startswith(b"["):
            if offset < len(texts):
                table[first + offset] = texts[offset].decode("utf-16-be", "replace")
        else:
            start = texts[0].decode("utf-16-be", "replace")
            table[first + offset] = start[:-1] + chr(ord(start[-1]) + offset)
