"""What a file says of itself: output intent, XMP, Info; and what it must not carry.

ISO 15930-7 (PDF/X-4), ISO 15930-4 (PDF/X-1a:2003); a preset may want a file that says nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from booklet.finish.press.job import PressJob
from booklet.finish.press.profile import read_profile

REGISTRY = "http://www.color.org"
"""The registry of characterised printing conditions."""

CREATOR = "booklet"
_KEPT = frozenset({"/Type", "/Pages", "/Lang"})
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:MetadataDate>{date}</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:{instance}</xmpMM:InstanceID>
<xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
{conformance}</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def describe(pdf: pikepdf.Pdf, job: PressJob, source: bytes) -> None:
    """Take out what belongs to screens, and say what the file is.

    Args:
        pdf: Whose pages are ready.
        job: Says what to conform to.
        source: What it was made of; names the document without a clock or a die.
    """
    for key in list(pdf.Root.keys()):
        if key not in _KEPT:
            del pdf.Root[key]
    producer = str(pdf.docinfo.get("/Producer", ""))
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    if job.press.metadata:
        _say(pdf, job, source, producer)
    if job.press.standard != "none":
        pdf.Root.OutputIntents = Array([pdf.make_indirect(_intent(pdf, job))])


def _say(pdf: pikepdf.Pdf, job: PressJob, source: bytes, producer: str) -> None:
    made = job.made.astimezone(UTC).replace(microsecond=0)
    date = String(_pdf_date(made))
    info = pdf.docinfo
    info.Title = String(job.title)
    info.Creator, info.Producer = String(CREATOR), String(producer)
    info.CreationDate = info.ModDate = date
    info.Trapped = Name("/False")
    conformance = ""
    if job.press.standard == "pdf/x-4":
        conformance = "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>\n"
    elif job.press.standard == "pdf/x-1a:2003":
        # The second key is of the parts of 2001; readers of theirs look for it all the same.
        info.GTS_PDFXVersion = info.GTS_PDFXConformance = String("PDF/X-1a:2003")
    digest = hashlib.sha256(source).digest()
    whole = hashlib.sha256(digest + repr((job.press, job.title, made)).encode()).digest()
    xmp = _XMP.format(
        title=escape(job.title),
        creator=CREATOR,
        producer=escape(producer),
        date=made.strftime("%Y-%m-%dT%H:%M:%SZ"),
        document=uuid.UUID(bytes=digest[:16], version=5),
        instance=uuid.UUID(bytes=whole[:16], version=5),
        conformance=conformance,
    )
    metadata = pdf.make_stream(xmp.encode("utf-8"))
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = metadata


def _intent(pdf: pikepdf.Pdf, job: PressJob) -> Dictionary:
    profile = pdf.make_stream(job.profile)
    profile.N = 4
    condition = job.press.condition
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(condition),
        OutputCondition=String(condition),
        RegistryName=String(REGISTRY),
        Info=String(read_profile(job.profile).description or condition),
        DestOutputProfile=profile,
    )


def _pdf_date(moment: datetime) -> str:
    """Write a date as PDF does (ISO 32000-1, 7.9.4)."""
    return moment.strftime("D:%Y%m%d%H%M%S") + "Z"
