"""Document-wide facts of the imposed file: what it says of itself, and its output intent.

Carried by allow-list. What was true of the single pages and is not of the sheets goes: the claims
of PDF/UA and PDF/A, the history of edits, thumbnails.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, Stream, String

from booklet.finish.imposition.carry import Carrier
from booklet.finish.imposition.grammar import word

INFO = (
    "/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/CreationDate", "/ModDate",
    "/Trapped", "/GTS_PDFXVersion", "/GTS_PDFXConformance",
)  # fmt: skip
PRODUCER = "booklet"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PDF = "http://ns.adobe.com/pdf/1.3/"
_MANAGEMENT = "http://ns.adobe.com/xap/1.0/mm/"
NAMESPACES = {
    "http://purl.org/dc/elements/1.1/": None,
    "http://ns.adobe.com/xap/1.0/": {
        "CreateDate", "ModifyDate", "MetadataDate", "CreatorTool", "Label",
    },
    "http://ns.adobe.com/xap/1.0/rights/": None,
    _PDF: {"Keywords", "PDFVersion", "Producer", "Trapped"},
    _MANAGEMENT: {"DocumentID", "VersionID", "RenditionClass", "InstanceID"},
    "http://www.npes.org/pdfx/ns/id/": None,
    "http://ns.adobe.com/pdfx/1.3/": None,
}  # fmt: skip
"""XMP schemas that are carried, with their properties; None carries all."""

_HEAD = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_TAIL = b'\n<?xpacket end="w"?>'

LARGEST_XMP = 1 << 20
INTENTS = 8


def carry_metadata(source: pikepdf.Pdf, target: pikepdf.Pdf, job: str) -> None:
    """Copy title, dates, conditions of print and the like to the sheets.

    Args:
        source: The file that was imposed.
        target: The sheets.
        job: What was done to it, in words; makes the identifier of the new file.
    """
    _carry_info(source, target)
    language = source.Root.get("/Lang")
    if isinstance(language, String):
        target.Root.Lang = String(word(language))
    _carry_intents(source, target)
    packet = _packet(source, job)
    if packet is not None:
        target.Root.Metadata = target.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)


def _carry_info(source: pikepdf.Pdf, target: pikepdf.Pdf) -> None:
    info = source.trailer.get("/Info")
    for key in INFO:
        value = info.get(key) if isinstance(info, Dictionary) else None
        if isinstance(value, (String, Name)):
            target.docinfo[key] = value
    target.docinfo["/Producer"] = String(PRODUCER)


def _carry_intents(source: pikepdf.Pdf, target: pikepdf.Pdf) -> None:
    intents = source.Root.get("/OutputIntents")
    if not isinstance(intents, Array):
        return
    carrier = Carrier(source)
    kept = Array()
    for intent in list(intents)[:INTENTS]:
        if isinstance(intent, Dictionary) and carrier.clean(intent, "intent"):
            whole = intent if intent.is_indirect else source.make_indirect(intent)
            kept.append(target.copy_foreign(whole))
    if len(kept):
        target.Root.OutputIntents = kept


def _packet(source: pikepdf.Pdf, job: str) -> bytes | None:
    """Copy the XMP packet, property by property, and give the file an identifier of its own."""
    stream = source.Root.get("/Metadata")
    if not isinstance(stream, Stream):
        return None
    data = stream.read_bytes()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data[:LARGEST_XMP].strip(b"\0 \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.getroottree().docinfo.doctype:
        return None
    identifier = _identifier(source, job)
    whole = etree.Element("{adobe:ns:meta/}xmpmeta", nsmap={"x": "adobe:ns:meta/"})
    rdf = etree.SubElement(whole, f"{{{_RDF}}}RDF", nsmap={"rdf": _RDF})
    for given in root.iter(f"{{{_RDF}}}Description"):
        if given.getparent() is None or given.getparent().tag == f"{{{_RDF}}}RDF":
            _describe(given, rdf, identifier)
    body: bytes = etree.tostring(whole, encoding="utf-8")
    return _HEAD + body + _TAIL


def _describe(given: Any, rdf: Any, identifier: str) -> None:
    kept = etree.SubElement(rdf, f"{{{_RDF}}}Description", nsmap=given.nsmap)
    kept.set(f"{{{_RDF}}}about", "")
    for name, value in given.attrib.items():
        if _wanted(name):
            kept.set(name, _renewed(name, value, identifier))
    for child in given:
        if isinstance(child.tag, str) and _wanted(child.tag):
            child.tail = None
            if not len(child):
                child.text = _renewed(child.tag, child.text or "", identifier)
            kept.append(child)
    if len(kept) + len(kept.attrib) == 1:
        rdf.remove(kept)
    etree.cleanup_namespaces(kept)


def _wanted(tag: str) -> bool:
    name = etree.QName(tag)
    if name.namespace not in NAMESPACES:
        return False
    properties = NAMESPACES[name.namespace]
    return properties is None or name.localname in properties


def _renewed(tag: str, value: str, identifier: str) -> str:
    """Replace what is not true of the sheets any more."""
    if tag == f"{{{_MANAGEMENT}}}InstanceID":
        return f"uuid:{identifier}"
    if tag == f"{{{_PDF}}}Producer":
        return PRODUCER
    return value


def _identifier(source: pikepdf.Pdf, job: str) -> str:
    """Derive an identifier from the file and the job, so that a rerun gives the same."""
    known: Any = source.trailer.get("/ID")
    words = known.unparse() if isinstance(known, Array) else b""
    return str(uuid.UUID(bytes=hashlib.sha256(words + job.encode()).digest()[:16], version=4))
