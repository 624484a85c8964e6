"""Checks of the file as a whole: P01 to P10 and P19, as far as its objects tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree
from pikepdf import Array, Dictionary, Name, Stream, String

from booklet.finish.preflight.limits import Limits, Order
from booklet.finish.preflight.report import Ledger
from booklet.finish.preflight.source import BROKEN, Source, name_of, part, reason_of
from booklet.limits import named, value

LARGEST_METADATA = 1 << 20

_IDENTIFIER = re.compile(r"[\x20-\x7e]{1,60}")
_ACTIONS = frozenset({"JavaScript", "Launch", "SubmitForm", "ImportData", "ResetForm", "Rendition"})
_HOLD_ACTIONS = ("/A", "/PA", "/Next", "/OpenAction", "/Annots", "/Fields", "/Kids")
"""Keys under which actions, or what has some, may be written out."""

_XMP = "http://ns.adobe.com/xap/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PDF = "http://ns.adobe.com/pdf/1.3/"
WANTED = {
    f"{{{_XMP}}}CreateDate": "xmp:CreateDate",
    f"{{{_XMP}}}ModifyDate": "xmp:ModifyDate",
    f"{{{_XMP}}}MetadataDate": "xmp:MetadataDate",
    f"{{{_XMP}mm/}}DocumentID": "xmpMM:DocumentID",
    f"{{{_XMP}mm/}}VersionID": "xmpMM:VersionID",
    f"{{{_XMP}mm/}}RenditionClass": "xmpMM:RenditionClass",
    f"{{{_PDF}}}Trapped": "pdf:Trapped",
    "{http://purl.org/dc/elements/1.1/}title": "dc:title",
}
"""What the metadata of PDF/X-4 hold."""

_VERSION = "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"


def check_file(source: Source, limits: Limits, order: Order, ledger: Ledger) -> None:
    """Check what belongs to no page."""
    root, trailer = source.pdf.Root, source.pdf.trailer
    looks: tuple[tuple[str, Callable[[], None]], ...] = (
        ("P01", lambda: _encryption(source, ledger)),
        ("P02", lambda: _version(source, limits, ledger)),
        ("P03", lambda: _file_id(trailer, ledger)),
        ("P04", lambda: _intent(root, order, ledger)),
        ("P05", lambda: _metadata(source, limits, ledger)),
        ("P06", lambda: _trapped(trailer, ledger)),
        ("P07", lambda: _active(root, limits, ledger)),
        ("P08", lambda: _layers(root, ledger)),
        ("P10", lambda: _count(source.count, limits, ledger)),
        ("P19", lambda: _sweep(source, ledger)),
    )
    for check, look in looks:
        if limits.not_asked(check):
            continue
        try:
            look()
        except BROKEN as error:
            ledger.add("P01", f"{check} could not be looked at: {reason_of(error)}")


def _encryption(source: Source, ledger: Ledger) -> None:
    if source.pdf.is_encrypted:
        ledger.add("P01", "it is encrypted, though it opens without a password")
    for page, what in source.damage:
        ledger.add("P01", what, page)


def _version(source: Source, limits: Limits, ledger: Ledger) -> None:
    stated = name_of(part(source.pdf.Root, "/Version"))
    version = max(source.pdf.pdf_version, stated, key=_number)
    if _number(version) > _number(limits.version):
        ledger.add("P02", f"it is PDF {version}, newer than {limits.version}")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _file_id(trailer: Any, ledger: Ledger) -> None:
    identifier = trailer.get("/ID")
    if not isinstance(identifier, Array) or len(identifier) != 2:
        ledger.add("P03", "the trailer has no /ID of two strings")


# ---- output intent -------------------------------------------------------------------------------


def _intent(root: Any, order: Order, ledger: Ledger) -> None:
    intents = part(root, "/OutputIntents")
    found = [
        one
        for one in (list(intents)[:16] if isinstance(intents, Array) else [])
        if isinstance(one, Dictionary) and one.get("/S") == "/GTS_PDFX"
    ]
    if len(found) != 1:
        ledger.add("P04", f"it has {len(found) or 'no'} output intents of PDF/X")
        return
    intent = found[0]
    identifier = intent.get("/OutputConditionIdentifier")
    name = str(identifier) if isinstance(identifier, String) else ""
    if not _IDENTIFIER.fullmatch(name) or not name.strip():
        ledger.add("P04", f"the condition identifier is {name!r:.80}: not 1 to 60 ASCII characters")
    elif order.condition and name != order.condition:
        ledger.add("P04", f"it is made for {name}, but {order.condition} is ordered")
    _profile(intent.get("/DestOutputProfile"), ledger)


def _profile(profile: Any, ledger: Ledger) -> None:
    if not isinstance(profile, Stream):
        ledger.add("P04", "the output intent embeds no ICC profile")
        return
    header = profile.read_bytes()[:128]
    kind, space = header[12:16].decode("latin-1"), header[16:20].decode("latin-1")
    if len(header) < 128 or header[36:40] != b"acsp":
        ledger.add("P04", "the profile of the output intent is no ICC profile")
    elif kind != "prtr":
        ledger.add("P04", f"the profile is of class {kind!r}, not 'prtr'")
    elif space != "CMYK" or profile.get("/N") != 4:
        ledger.add(
            "P04", f"the profile is for {space.strip()} with /N {profile.get('/N')}, not CMYK"
        )


# ---- metadata ------------------------------------------------------------------------------------


def _metadata(source: Source, limits: Limits, ledger: Ledger) -> None:
    stream, info = part(source.pdf.Root, "/Metadata"), part(source.pdf.trailer, "/Info")
    if not limits.press.metadata:
        if isinstance(stream, Stream) or part(info, "/Title") is not None:
            ledger.add("P05", "it has metadata, which this printer wants removed")
        return
    if limits.press.standard == "pdf/x-1a:2003":
        _keys_of_info(info, ledger)
        return
    if not isinstance(stream, Stream):
        ledger.add("P05", "it has no XMP metadata")
        return
    if stream.get("/Filter") is not None:
        ledger.add("P05", "the XMP metadata are compressed")
    properties = read_xmp(stream.read_bytes()[:LARGEST_METADATA])
    version = properties.get(_VERSION, "")
    if not version.startswith("PDF/X-4"):
        ledger.add("P05", f"GTS_PDFXVersion is {version or 'missing'}, not PDF/X-4")
    for key, name in WANTED.items():
        if not properties.get(key):
            ledger.add("P05", f"the XMP metadata lack {name}")


def _keys_of_info(info: Any, ledger: Ledger) -> None:
    """Check what PDF/X-1a keeps in the Info dictionary (ISO 15930-4)."""
    version = str(part(info, "/GTS_PDFXVersion") or "")
    if version != "PDF/X-1:2001" and not version.startswith("PDF/X-1a:"):
        ledger.add("P05", f"Info /GTS_PDFXVersion is {version or 'missing'}, not PDF/X-1a:2003")
    if not str(part(info, "/GTS_PDFXConformance") or "").startswith("PDF/X-1a:"):
        ledger.add("P05", "Info lacks /GTS_PDFXConformance")
    for key in ("/Title", "/CreationDate", "/ModDate"):
        if not str(part(info, key) or ""):
            ledger.add("P05", f"Info lacks {key}")


def read_xmp(data: bytes) -> dict[str, str]:
    """Read the simple properties of an XMP packet, by ``{namespace}name``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        tree = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    properties: dict[str, str] = {}
    if tree is None:
        return properties
    for node in tree.iter(f"{{{_RDF}}}Description"):
        properties.update((str(key), str(value)) for key, value in node.attrib.items())
        for child in node:
            if isinstance(child.tag, str):
                properties[child.tag] = "".join(child.itertext()).strip()
    return properties


def _trapped(trailer: Any, ledger: Ledger) -> None:
    trapped = part(part(trailer, "/Info"), "/Trapped")
    if not isinstance(trapped, Name) or trapped not in ("/True", "/False"):
        ledger.add("P06", f"Info /Trapped is {trapped if trapped is not None else 'missing'}")


# ---- what acts, what is hidden -------------------------------------------------------------------


def _active(root: Any, limits: Limits, ledger: Ledger) -> None:
    names = part(root, "/Names")
    for holder, key, what in (
        (root, "/OpenAction", "an action when it is opened"),
        (root, "/AA", "actions of the document"),
        (root, "/AcroForm", "form fields"),
        (root, "/AF", "associated files"),
        (names, "/JavaScript", "scripts"),
        (names, "/EmbeddedFiles", "attachments"),
        (root, "/Collection", "a portfolio"),
    ):
        if part(holder, key) is not None:
            ledger.add("P07", f"it has {what}", object=key)
    if not limits.press.metadata and part(root, "/Outlines") is not None:
        severity = limits.severity("P05")
        ledger.add("P07", "it has bookmarks, which this printer wants removed", severity=severity)


def _layers(root: Any, ledger: Ledger) -> None:
    layers = part(part(root, "/OCProperties"), "/OCGs")
    if isinstance(layers, Array) and len(layers):
        ledger.add("P08", f"it has {len(layers)} layers")


def _count(pages: int, limits: Limits, ledger: Ledger) -> None:
    multiple = limits.press.multiple
    if pages % multiple:
        ledger.add("P10", f"it has {pages} pages, no multiple of {multiple}")


def _sweep(source: Source, ledger: Ledger) -> None:
    """Look at every object once: how it is packed, and whether it acts."""
    objects, most = source.pdf.objects, value("pdf-checked-objects")
    for number in range(min(len(objects), most)):
        try:
            _object(objects[number], number, ledger)
        except BROKEN as error:
            ledger.add("P01", f"an object cannot be read: {reason_of(error)}", object=str(number))
    if len(objects) > most:
        shown = named("pdf-checked-objects")
        ledger.add("P01", f"not all of its {len(objects):,} objects were looked at ({shown})")


def _object(thing: Any, number: int, ledger: Ledger) -> None:
    for action in _actions(thing):
        ledger.add("P07", f"it has an action of type {action}", object=f"object {number}")
    if isinstance(thing, Stream):
        filters = thing.get("/Filter")
        names = list(filters) if isinstance(filters, Array) else [filters]
        if any(name in ("/LZWDecode", "/LZW") for name in names if name is not None):
            ledger.add("P19", "a stream is compressed by LZW", object=f"object {number}")


def _actions(thing: Any) -> Iterator[str]:
    """Name the actions of an object: itself, and those written within it."""
    stack, left = [thing], value("pdf-annotations")
    while stack and left:
        node, left = stack.pop(), left - 1
        if isinstance(node, Array):
            stack += [item for item in list(node)[:left] if _is_within(item)]
        elif isinstance(node, Dictionary):
            if (action := name_of(node.get("/S"))) in _ACTIONS:
                yield action
            held = [node.get(key) for key in _HOLD_ACTIONS]
            events = node.get("/AA")
            if isinstance(events, Dictionary) and _is_within(events):
                held += list(events.values())
            stack += [item for item in held if _is_within(item)]


def _is_within(thing: Any) -> bool:
    """Tell whether something has no number of its own: it is met nowhere else."""
    return isinstance(thing, Array | Dictionary) and thing.objgen == (0, 0)
