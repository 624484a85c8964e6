"""Read a tagged PDF back: the text of each page, in the order of its structure tree.

What stands outside the tree (folios, running heads) is an artifact and is left out, as a screen
reader leaves it out (ISO 14289-1, 7.1). Text placed off the page does not count as printed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_CHAR_BLOCK = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGE_BLOCK = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f\s]*>|\[[^\]]*\])")

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
SLACK = 2.0
"""Points that a glyph's origin may lie outside the page: a hanging mark does."""


def read_pdf_text(data: bytes) -> tuple[str, ...]:
    """Give the tagged text of each page, in structure order.

    Raises:
        pikepdf.PdfError: The file is damaged.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = [_PageReader(page).read() for page in pdf.pages]
        index = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        order: list[list[int]] = [[] for _ in pages]
        tree = pdf.Root.get("/StructTreeRoot")
        if tree is not None:
            for page_number, mcid in _marks(tree.get("/K"), None, index):
                order[page_number].append(mcid)
        return tuple(
            "".join(texts.get(mcid, "") for mcid in mcids)
            for texts, mcids in zip(pages, order, strict=True)
        )


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
class _PageReader:
    """Collects the text of one page by marked-content id."""

    page: pikepdf.Page
    texts: dict[int, str] = field(default_factory=dict)
    fonts: dict[str, _Decoder] = field(default_factory=dict)
    marks: list[int | None] = field(default_factory=list)

    def read(self) -> dict[int, str]:
        box = [float(value) for value in self.page.mediabox]
        self.box = (box[0] - SLACK, box[1] - SLACK, box[2] + SLACK, box[3] + SLACK)
        self._content(self.page, self.page.resources, IDENTITY)
        return self.texts

    def _content(self, stream: Any, resources: Any, matrix: Matrix) -> None:
        state = _State(matrix)
        for instruction in pikepdf.parse_content_stream(stream):
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
                    state.font = self._font(resources, str(operands[0]))
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

    def _font(self, resources: Any, name: str) -> _Decoder:
        font = resources["/Font"][name]
        key = str(font.objgen) + name
        if key not in self.fonts:
            self.fonts[key] = _decoder(font)
        return self.fonts[key]

    def _show(self, state: _State, parts: list[Any]) -> None:
        mcid = next((mark for mark in reversed(self.marks) if mark is not None), None)
        if mcid is None or state.font is None:
            return
        where = _multiply(state.text, state.ctm)
        left, bottom, right, top = self.box
        if not (left <= where[4] <= right and bottom <= where[5] <= top):
            return
        text = "".join(
            state.font.decode(bytes(part)) for part in parts if isinstance(part, pikepdf.String)
        )
        self.texts[mcid] = self.texts.get(mcid, "") + text


@dataclass
class _State:
    """The graphics state, as far as text needs it."""

    ctm: Matrix
    text: Matrix = IDENTITY
    font: _Decoder | None = None
    saved: list[tuple[Matrix, _Decoder | None]] = field(default_factory=list)

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
class _Decoder:
    """Codes of a font to characters, by its ToUnicode map (ISO 32000-1, 9.10.3)."""

    width: int
    table: dict[int, str]

    def decode(self, codes: bytes) -> str:
        size = self.width
        return "".join(
            self.table.get(int.from_bytes(codes[at : at + size], "big"), "\ufffd")
            for at in range(0, len(codes), size)
        )


def _decoder(font: Any) -> _Decoder:
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
    return _Decoder(width, table)


def _add_range(table: dict[int, str], first: int, last: int, target: bytes) -> None:
    texts = [bytes.fromhex(code.decode("ascii")) for code in _HEX.findall(target)]
    for offset in range(min(last - first, 0xFFFF) + 1):
        if target.startswith(b"["):
            if offset < len(texts):
                table[first + offset] = texts[offset].decode("utf-16-be", "replace")
        else:
            start = texts[0].decode("utf-16-be", "replace")
            table[first + offset] = start[:-1] + chr(ord(start[-1]) + offset)
