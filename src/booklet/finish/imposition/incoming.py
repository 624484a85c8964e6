"""Open a PDF, our own or a stranger's, and make its pages ready to be placed on sheets.

Nothing in the file is trusted: what it unpacks to is limited, what is active stays behind, and
whatever is wrong becomes a finding.
"""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from booklet import limits
from booklet.errors import Findings, InputError, Place
from booklet.finish.imposition.activity import VISIBLE, has_press_intent, list_active
from booklet.finish.imposition.boxes import BoxError, PageBox, inherited, read_boxes
from booklet.finish.imposition.carry import Carrier
from booklet.finish.imposition.layers import CarryLimitError, read_layers


def _unpacking() -> dict[str, Any]:
    """Say how far streams may be unpacked."""
    most = limits.value("pdf-stream")
    return {
        "flate_max_memory": most, "run_length_max_memory": most, "png_max_memory": most,
        "tiff_max_memory": most, "dct_max_memory": 4 * most, "max_stream_filters": 4,
        "doc_max_warnings": 1000,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class IncomingPage:
    """A page that is ready to be placed: its boxes, and a form that draws it."""

    box: PageBox
    form: Stream


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file whose pages are ready to be placed.

    Attributes:
        pdf: The open file, cleaned in memory.
        left_out: What stays behind, with how often.
        press: Whether the file is meant for four inks.
    """

    pdf: pikepdf.Pdf
    pages: tuple[IncomingPage, ...]
    left_out: Counter[str]
    press: bool


@contextlib.contextmanager
def guarded(place: Place, findings: Findings) -> Iterator[None]:
    """Limit what streams may unpack to, and turn what stops the library into a finding.

    Raises:
        InputError: The file is damaged or beyond the limits.
    """
    previous: dict[str, Any] = pikepdf.settings.set_qpdf_limits(**_unpacking())
    try:
        yield
    except pikepdf.PasswordError:
        findings.error(
            place, "pdf-encrypted", "it opens with a password only",
            "take the password off: qpdf --password=… --decrypt IN.pdf OUT.pdf",
        )  # fmt: skip
        raise _refusal(findings) from None
    except CarryLimitError as error:
        findings.error(place, "pdf-limit", str(error), "print it to a new PDF")
        raise _refusal(findings) from None
    except (
        pikepdf.PikepdfError,
        pikepdf.PdfError,
        RecursionError,
        RuntimeError,
        ValueError,
    ) as error:
        findings.error(place, "pdf-damaged", f"it cannot be read: {_reason(error)}", "make it anew")
        raise _refusal(findings) from None
    finally:
        pikepdf.settings.set_qpdf_limits(**previous)


def read_incoming(source: bytes | BinaryIO, place: Place, findings: Findings) -> Incoming:
    """Open a file and make its pages ready; to be called within `guarded`.

    Raises:
        InputError: A page has no size, or there is no page, or there are too many.
        pikepdf.PikepdfError: The file is damaged or beyond the limits.
        CarryLimitError: It draws with too many objects.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    pdf = pikepdf.open(stream, suppress_warnings=True)
    _check_file(pdf, place, findings)
    left_out, layers = list_active(pdf), read_layers(pdf)
    if layers.names:
        left_out["hidden layers"] += len(layers.names)
    carrier = Carrier(pdf, layers)
    boxes = _boxes(pdf, place, findings)
    contents = _Contents(pdf, carrier)
    pages = []
    for number, (page, box) in enumerate(zip(pdf.pages, boxes, strict=True), 1):
        try:
            pages.append(IncomingPage(box, contents.form(page, box)))
        except pikepdf.PdfError as error:
            reason = _reason(error)
            findings.error(
                place, "pdf-damaged", f"page {number} cannot be read: {reason}", "make it anew"
            )
            raise _refusal(findings) from None
    carrier.finish()
    left_out.update(carrier.left_out)
    for problem in pdf.get_warnings()[:1]:
        findings.warning(
            place, "pdf-repaired", f"it is damaged and was repaired: {_reason(problem)}",
            "look at every page of the sheets",
        )  # fmt: skip
    return Incoming(pdf, tuple(pages), left_out, has_press_intent(pdf))


def tell_left_out(left_out: Mapping[str, int], place: Place, findings: Findings) -> None:
    """Tell what of a stranger's file is not on the sheets."""
    seen = {what: count for what, count in left_out.items() if what in VISIBLE}
    rest = {what: count for what, count in left_out.items() if what not in VISIBLE}
    if seen:
        findings.warning(
            place, "annotation-left-out", f"left out, though a screen shows them: {_counted(seen)}",
            "flatten the file first: print it to a new PDF",
        )  # fmt: skip
    if rest:
        findings.note(
            place, "pdf-left-out", f"left out, for paper cannot hold them: {_counted(rest)}"
        )


def _counted(things: dict[str, int]) -> str:
    return ", ".join(f"{what} ({count})" for what, count in sorted(things.items()))


def _reason(problem: object) -> str:
    """Leave out the place in the file, which only its maker could use."""
    return str(problem).rpartition(": ")[2] or type(problem).__name__


def _refusal(findings: Findings) -> InputError:
    return InputError("no sheets were made", findings)


def _check_file(pdf: pikepdf.Pdf, place: Place, findings: Findings) -> None:
    if pdf.is_encrypted:
        if not pdf.allow.print_lowres:
            findings.error(
                place, "pdf-encrypted", "its owner forbids printing",
                "ask the owner for a file that may be printed",
            )  # fmt: skip
            raise _refusal(findings)
        findings.warning(
            place, "pdf-owner", "its owner limits its use; the sheets have no lock",
            "make sure that you may print it",
        )  # fmt: skip
    count = len(pdf.pages)
    if not count:
        findings.error(place, "pdf-damaged", "it has no pages", "make it anew")
        raise _refusal(findings)
    if count > limits.value("pdf-pages"):
        words = f"it has {count:,} pages ({limits.named('pdf-pages')})"
        findings.error(place, "pdf-limit", words, f"divide it, or {limits.raised('pdf-pages')}")
        raise _refusal(findings)


def _boxes(pdf: pikepdf.Pdf, place: Place, findings: Findings) -> list[PageBox]:
    boxes = []
    for number, page in enumerate(pdf.pages, 1):
        try:
            boxes.append(read_boxes(page))
        except BoxError as error:
            findings.error(place, "page-box", f"page {number} cannot be placed: {error}")
    if len(boxes) < len(pdf.pages):
        raise _refusal(findings)
    return boxes


class _Contents:
    """Makes a form XObject of each page, and keeps count of what their content unpacks to."""

    def __init__(self, pdf: pikepdf.Pdf, carrier: Carrier) -> None:
        self._pdf, self._carrier = pdf, carrier
        self._sizes: dict[tuple[int, int], int] = {}
        self._total = 0

    def form(self, page: pikepdf.Page, box: PageBox) -> Stream:
        """Give a page as a form: its content, its clean resources, its blend space."""
        form = self._content(page.obj.get("/Contents"))
        form.Type, form.Subtype = Name.XObject, Name.Form
        form.BBox = Array([round(edge, 4) for edge in box.ink.corners])
        resources = inherited(page, "/Resources")
        if not isinstance(resources, Dictionary):
            resources = Dictionary()
        # An object of its own can be packed with others; a dictionary of a stream cannot.
        whole = resources if resources.is_indirect else self._pdf.make_indirect(resources)
        form.Resources = whole
        group = page.obj.get("/Group")
        if isinstance(group, Dictionary):
            form.Group = group
        self._carrier.clean(form, "form")
        return form

    def _content(self, value: Any) -> Stream:
        """Copy the content of a page; packed as it is where it is one sound stream."""
        parts = list(value) if isinstance(value, Array) else [value]
        streams: list[Any] = [part for part in parts if isinstance(part, Stream)]
        if len(streams) == 1 and self._size(streams[0]):
            stream = streams[0]
            kept = {key: stream[key] for key in ("/Filter", "/DecodeParms") if key in stream}
            return self._pdf.make_stream(stream.read_raw_bytes(), kept)
        # Streams may part anywhere between two words (ISO 32000-1, 7.8.2); an empty one, packed,
        # is taken for damage by Ghostscript.
        return self._pdf.make_stream(b"\n".join(map(self._unpack, streams)) or b"q Q")

    def _unpack(self, stream: Any) -> bytes:
        data: bytes = stream.read_bytes()
        self._total += len(data)
        if self._total > limits.value("pdf-content"):
            msg = f"its pages unpack to too much ({limits.named('pdf-content')})"
            raise CarryLimitError(msg)
        return data

    def _size(self, stream: Any) -> int:
        """Unpack a stream once, to see that it is sound."""
        key = stream.objgen
        if key not in self._sizes:
            self._sizes[key] = len(self._unpack(stream))
        return self._sizes[key]
