"""Strangers' PDFs: active, damaged, locked, huge. Nothing active passes, and nothing stops us."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String
from tests.numbered import Make, numbered, saved, words

from booklet import limits
from booklet.errors import BookletError, Diagnostic, Findings, InputError, Place
from booklet.finish.imposition import Imposed, Ticket, impose
from booklet.finish.imposition.grammar import KEYS, NAMED


def opened(count: int = 4, **make: Any) -> Pdf:
    return pikepdf.open(io.BytesIO(numbered(count, Make(**make))))


def imposed(source: Pdf | bytes) -> tuple[Imposed, list[Diagnostic]]:
    findings = Findings()
    data = source if isinstance(source, bytes) else saved(source)
    return impose([data], Ticket(), Place("a.pdf"), findings), list(findings)


def refused(source: Pdf | bytes) -> Diagnostic:
    """Give the one reason why a file is refused."""
    with pytest.raises(InputError) as caught:
        imposed(source)
    (found,) = caught.value.diagnostics
    return found


def dictionaries(data: bytes) -> Iterator[Any]:
    """Yield every dictionary of a file, within others too."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        stack: list[Any] = [pdf.trailer, *pdf.objects]
        while stack:
            item = stack.pop()
            parts: list[Any] = []
            if isinstance(item, pikepdf.Array):
                parts = list(item)
            elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
                yield item
                parts = [value for _, value in item.items()]
            stack += [part for part in parts if not getattr(part, "is_indirect", True)]


def keys(data: bytes) -> set[str]:
    """Collect the keys of every dictionary of a file."""
    return set().union(*(set(item.keys()) for item in dictionaries(data)))


def script(pdf: Pdf, text: str = "app.alert(1)") -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(text))


# ---- active files ------------------------------------------------------------------------------


def active() -> Pdf:
    """A file with everything in it that is no drawing."""
    pdf = opened()
    secret = pdf.make_stream(b"SECRET attachment", Type=Name.EmbeddedFile)
    attachment = pdf.make_indirect(
        Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=secret))
    )
    root = pdf.Root
    root.OpenAction = script(pdf)
    root.AA = Dictionary(WC=script(pdf))
    root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), script(pdf)])),
        EmbeddedFiles=Dictionary(Names=Array([String("a"), attachment])),
    )
    root.AF = Array([attachment])
    root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"SECRET xfa"))
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("一", 0))
    launch = Dictionary(S=Name.Launch, F=String("calc.exe"), Next=script(pdf))
    look = pdf.make_stream(
        b"q Q SECRET appearance", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9])
    )
    page: Any = pdf.pages[0].obj
    page.AA = Dictionary(O=script(pdf))
    page.PieceInfo = Dictionary(App=Dictionary(Private=pdf.make_stream(b"SECRET private")))
    page.Metadata = pdf.make_stream(b"SECRET metadata")
    page.Annots = Array(
        pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=kind, Rect=Array([0, 0, 9, 9]), A=launch,
                       AP=Dictionary(N=look))
        )
        for kind in (Name.Link, Name.Widget, Name.Stamp, Name.Screen, Name.FileAttachment)
    )  # fmt: skip
    root.AcroForm.Fields.append(page.Annots[1])
    image = pdf.make_stream(
        b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray, AF=Array([attachment]), StructParent=3,
        Metadata=pdf.make_stream(b"SECRET picture metadata"),
    )  # fmt: skip
    postscript = pdf.make_stream(b"SECRET postscript", Type=Name.XObject, Subtype=Name.PS)
    elsewhere = pdf.make_stream(
        b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]),
        Ref=Dictionary(F=String("other.pdf"), Page=0),
    )  # fmt: skip
    page.Resources.XObject = Dictionary(Im=image, PS=postscript, Fo=elsewhere)
    content = page.Contents.read_bytes() + b" q 9 0 0 9 0 0 cm /Im Do Q /PS Do /Fo Do"
    page.Contents = pdf.make_stream(content)
    return pdf


def test_nothing_active_passes_and_all_of_it_is_listed() -> None:
    made, findings = imposed(active())
    assert made.facts["left_out"] == {
        "attachments": 4, "form fields": 1, "forms": 1, "launch actions": 5, "links": 1, "media": 1,
        "notes and stamps": 1, "outline": 1, "PostScript for printers": 1,
        "references to other files": 1, "scripts": 9,
    }  # fmt: skip
    assert [(item.code, str(item.severity)) for item in findings] == [
        ("annotation-left-out", "warning"), ("pdf-left-out", "note"),
    ]  # fmt: skip
    assert "form fields (1), notes and stamps (1)" in findings[0].message
    assert "scripts (9)" in findings[1].message
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages", "/ViewerPreferences"}
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                assert b"SECRET" not in item.read_bytes()
    assert [sorted(int(word.text) for word in page) for page in words(made.data)] == [
        [1, 4], [2, 3],
    ]  # fmt: skip


def test_what_is_written_within_something_else_is_listed() -> None:
    pdf = opened()
    launch = Dictionary(S=Name.Launch, F=String("calc.exe"))
    after = Dictionary(S=Name.URI, URI=String("x"), Next=Array([launch, script(pdf)]))
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=after)]
    )
    with pdf.open_outline() as outline:
        for _ in range(3):
            outline.root.append(OutlineItem("一", action=Dictionary(S=Name.ImportData)))
    pdf.Root.Outlines.Last.Next = pdf.Root.Outlines.First  # a circle
    made, _ = imposed(pdf)
    assert made.facts["left_out"] == {
        "form actions": 3, "launch actions": 1, "links": 1, "outline": 1, "scripts": 1,
    }  # fmt: skip


def test_every_key_of_a_sheet_is_one_that_draws() -> None:
    made, _ = imposed(active())
    document = {
        "/Type", "/Pages", "/ViewerPreferences", "/Kids", "/Count", "/Parent", "/MediaBox",
        "/TrimBox", "/BleedBox", "/Contents", "/PrintScaling", "/Duplex", "/Producer",
        # The trailer and its cross-reference stream.
        "/Root", "/Info", "/ID", "/Size", "/Index", "/W", "/Length", "/First", "/N",
    }  # fmt: skip
    drawing = {key for keys in KEYS.values() for key in keys}
    names = {"/F", "/Im", "/PS", "/Fo", "/P1", "/P2", "/P3", "/P4"}
    assert keys(made.data) <= document | drawing | names | set(NAMED)


# ---- layers ------------------------------------------------------------------------------------


def layered(*, base: Any = None, on: bool = False, off: bool = False, belongs: Any = None) -> Pdf:
    """A file whose first page has a layer: text between marks, and a form."""
    pdf = opened()
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("draft")))
    default = Dictionary(ON=Array([group] * on), OFF=Array([group] * off))
    if base is not None:
        default.BaseState = base
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=default)
    member = group if belongs is None else belongs(group)
    page: Any = pdf.pages[0].obj
    page.Resources.Properties = Dictionary(L=member)
    form = pdf.make_stream(
        b"BT /F 9 Tf 30 300 Td (222) Tj ET", Type=Name.XObject, Subtype=Name.Form,
        BBox=Array([0, 0, 500, 500]), OC=member, Resources=page.Resources,
    )  # fmt: skip
    page.Resources.XObject = Dictionary(X=form)
    page.Contents = pdf.make_stream(
        page.Contents.read_bytes()
        + b" /OC /L BDC q 0 0 1 rg 0 0 9 9 re f BT /F 9 Tf 30 30 Td (111) Tj ET Q EMC /X Do "
        + b"BT /F 9 Tf 30 60 Td (333) Tj ET"
    )
    return pdf


def texts(data: bytes) -> set[str]:
    return {word.text for page in words(data) for word in page}


def all_off(group: Any) -> Dictionary:
    return Dictionary(Type=Name.OCMD, OCGs=group, P=Name.AllOff)


def not_on(group: Any) -> Dictionary:
    return Dictionary(Type=Name.OCMD, VE=Array([Name.Not, group]))


@pytest.mark.parametrize(
    ("default", "shown"),
    [
        ({}, True), ({"off": True}, False), ({"base": Name.OFF}, False),
        ({"base": Name.OFF, "on": True}, True), ({"off": True, "belongs": all_off}, True),
        ({"off": True, "belongs": not_on}, True), ({"on": True, "belongs": not_on}, False),
    ],
    ids=["on", "off", "base off", "base off, on", "if all are off", "if not on", "if not off"],
)  # fmt: skip
def test_a_layer_prints_or_is_gone(default: dict[str, Any], shown: bool) -> None:
    made, _ = imposed(layered(**default))
    assert {"1", "333"} <= texts(made.data)
    assert {"111", "222"} & texts(made.data) == ({"111", "222"} if shown else set())
    assert not keys(made.data) & {"/OCProperties", "/OC", "/OCGs"}


def test_hidden_layers_are_told_and_their_words_are_in_no_stream() -> None:
    made, findings = imposed(layered(off=True))
    assert made.facts["left_out"] == {"hidden layers": 1}
    assert [item.code for item in findings] == ["pdf-left-out"]
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                assert b"111" not in item.read_bytes()


def test_content_too_long_to_be_searched_for_layers_is_refused() -> None:
    with limits.using(lifted={"pdf-layered": 1600}):
        assert refused(layered(off=True)).code == "pdf-limit"
        imposed(layered())  # where nothing is hidden, nothing is searched


def test_a_hidden_layer_within_a_glyph_is_taken_out() -> None:
    for own in (True, False):
        pdf = layered(off=True)
        page: Any = pdf.pages[0].obj
        drawn = b"9 0 d0 /OC /L BDC 0 0 7 7 re f EMC 1 1 3 3 re f"
        glyph = pdf.make_stream(drawn)
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 9, 9], FirstChar=65, LastChar=65,
            FontMatrix=[1, 0, 0, 1, 0, 0], Widths=[9], CharProcs=Dictionary(a=glyph),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([65, Name.a])),
        )  # fmt: skip
        if own:
            font.Resources = Dictionary(Properties=page.Resources.Properties)
        page.Resources.Font.G = pdf.make_indirect(font)
        made, _ = imposed(pdf)
        with pikepdf.open(io.BytesIO(made.data)) as sheets:
            found = [
                item.read_bytes() for item in sheets.objects
                if isinstance(item, pikepdf.Stream) and b"9 0 d0" in item.read_bytes()
            ]  # fmt: skip
        assert found
        assert all(b"0 0 7 7 re" not in one or b"\nn" in one for one in found), found
        assert all(b"1 1 3 3 re" in one for one in found)


def test_layers_that_cannot_all_be_looked_at_are_refused() -> None:
    with limits.using(lifted={"pdf-layers": 3}):
        imposed(layered(off=True))
        many = layered(off=True)
        groups: Any = many.Root.OCProperties.OCGs
        for number in range(3):
            groups.append(many.make_indirect(Dictionary(Type=Name.OCG, Name=String(f"{number}"))))
        assert "limit pdf-layers: 3" in refused(many).message

    def deep(group: Any) -> Dictionary:
        expression = Array([Name.And, group])
        for _ in range(40):
            expression = Array([Name.And, expression])
        return Dictionary(Type=Name.OCMD, VE=expression)

    assert "nested" in refused(layered(off=True, belongs=deep)).message


# ---- forms -------------------------------------------------------------------------------------


def test_a_form_that_draws_itself_is_emptied_and_one_that_only_could_is_kept() -> None:
    pdf = opened()
    resources: Any = pdf.pages[0].obj.Resources
    resources = pdf.make_indirect(resources)
    forms = [
        pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 500, 500]),
                        Resources=resources)
        for content in (b"/B Do", b"/A Do", b"BT /F 9 Tf 30 30 Td (777) Tj ET")
    ]  # fmt: skip
    resources.XObject = Dictionary(A=forms[0], B=forms[1], C=forms[2])
    page: Any = pdf.pages[0].obj
    page.Resources = resources
    page.Contents = pdf.make_stream(b"/A Do /C Do")
    made, _ = imposed(pdf)
    assert made.facts["left_out"] == {"forms that draw themselves": 1}
    assert "777" in texts(made.data)


def test_a_form_without_resources_takes_those_of_its_page() -> None:
    pdf = opened()
    form = pdf.make_stream(
        b"BT /F 9 Tf 30 30 Td (777) Tj ET", Type=Name.XObject, Subtype=Name.Form,
        BBox=Array([0, 0, 500, 500]),
    )  # fmt: skip
    page: Any = pdf.pages[0].obj
    page.Resources.XObject = Dictionary(A=form)
    page.Contents = pdf.make_stream(b"/A Do")
    made, _ = imposed(pdf)
    assert "777" in texts(made.data)


def test_content_in_pieces_and_no_content_and_inherited_resources() -> None:
    pdf = opened()
    one, two, three, _ = (page.obj for page in pdf.pages)
    content = one.Contents.read_bytes()
    middle = content.index(b" ") + 1
    one.Contents = Array([pdf.make_stream(content[:middle]), pdf.make_stream(content[middle:])])
    del two.Contents
    pdf.Root.Pages.Resources = three.Resources
    del three.Resources
    made, _ = imposed(pdf)
    assert texts(made.data) == {"1", "3", "4"}


# ---- what is refused ---------------------------------------------------------------------------


def looped() -> bytes:
    """A file whose page tree goes round in a circle."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        body + b"xref\n0 3\n0000000000 65535 f \n" + table
        + b"trailer << /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(body)
    )  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"no PDF at all", numbered(4)[:200], looped(), saved(pikepdf.new())],
    ids=["empty", "header only", "text", "cut off", "page tree in a circle", "no page"],
)
def test_damaged_files_are_refused(data: bytes) -> None:
    assert refused(data).code == "pdf-damaged"


def test_a_file_that_can_be_repaired_is_used_and_told() -> None:
    data = numbered(4).replace(b"startxref", b"startxxxx")
    made, findings = imposed(data)
    assert [item.code for item in findings] == ["pdf-repaired"]
    assert texts(made.data) == {"1", "2", "3", "4"}


def test_a_stream_that_unpacks_without_end_is_refused() -> None:
    pdf = opened()
    packed = zlib.compress(bytes(65 << 20), 9)
    pdf.pages[0].obj.Contents = pdf.make_stream(packed, Filter=Name.FlateDecode)
    found = refused(pdf)
    assert (found.code, found.message[:22]) == ("pdf-damaged", "page 1 cannot be read:")
    assert pikepdf.settings.get_qpdf_limits()["flate_max_memory"] == 0  # as it was before


def test_pages_that_together_unpack_too_far_are_refused() -> None:
    with limits.using(lifted={"pdf-content": 300}):
        assert refused(numbered(12)).code == "pdf-limit"


def test_resources_that_nest_without_end_are_refused() -> None:
    pdf = opened()
    inner: Any = Dictionary()
    for _ in range(60):
        form = pdf.make_stream(
            b"/X Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]),
            Resources=inner,
        )  # fmt: skip
        inner = Dictionary(XObject=Dictionary(X=form))
    pdf.pages[0].obj.Resources = inner
    found = refused(pdf)
    assert found.code == "pdf-limit"
    assert "nested" in found.message


def test_too_many_pages_or_objects_are_refused() -> None:
    with limits.using(lifted={"pdf-pages": 3}):
        assert refused(numbered(4)).code == "pdf-limit"
    with limits.using(lifted={"pdf-pages": 4, "pdf-objects": 10}):
        assert refused(numbered(4)).code == "pdf-limit"


def locked(*, user: str = "", printing: bool = True) -> bytes:
    target = io.BytesIO()
    permissions = pikepdf.Permissions(print_lowres=printing, print_highres=printing, extract=False)
    lock = pikepdf.Encryption(owner="owner", user=user, allow=permissions)
    opened().save(target, encryption=lock)
    return target.getvalue()


def test_locked_files_are_refused_or_told() -> None:
    found = refused(locked(user="secret"))
    assert (found.code, "password" in found.message) == ("pdf-encrypted", True)
    found = refused(locked(printing=False))
    assert (found.code, "forbids printing" in found.message) == ("pdf-encrypted", True)
    made, findings = imposed(locked())
    assert [item.code for item in findings] == ["pdf-owner"]
    assert texts(made.data) == {"1", "2", "3", "4"}
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert not pdf.is_encrypted


@pytest.mark.parametrize(
    "changes",
    [
        {"MediaBox": Array([0, 0, 10**12, 10])}, {"MediaBox": Array([0, 0, 1, 1])},
        {"UserUnit": Name.A},
        {"MediaBox": Array([5, 5, 5, 5])}, {"Rotate": 45}, {"Rotate": Name.A},
        {"TrimBox": Array([900, 900, 990, 990])}, {"UserUnit": 10**5},
    ],
    ids=str,
)  # fmt: skip
def test_pages_of_no_possible_size_are_refused_by_number(changes: dict[str, Any]) -> None:
    pdf = opened()
    for key, value in changes.items():
        pdf.pages[2].obj[f"/{key}"] = value
    found = refused(pdf)
    assert found.code == "page-box"
    assert found.message.startswith("page 3 ")


@pytest.mark.parametrize("box", [Array([0, 0, 10]), String("box")], ids=str)
def test_a_page_without_a_size_is_repaired_to_one_that_does_not_fit(box: Any) -> None:
    pdf = opened()
    pdf.pages[2].obj.MediaBox = box
    with pytest.raises(InputError) as caught:
        imposed(pdf)
    assert [item.code for item in caught.value.diagnostics] == ["pdf-repaired", "page-sizes"]


def test_boxes_may_come_in_any_order_and_beyond_the_media_box() -> None:
    pdf = opened()
    for page in pdf.pages:
        left, bottom, right, top = page.obj.MediaBox
        page.obj.MediaBox = Array([right, top, left, bottom])
        page.obj.CropBox = Array([-100, -100, 9000, 9000])
    made, findings = imposed(pdf)
    assert findings == []
    assert made.facts["page"] == {"width": 148.0, "height": 210.0}


SAMPLE = numbered(2, Make(bleed=3))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(max_size=6)), max_size=8))
def test_a_file_with_any_damage_gives_sheets_or_findings(damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(SAMPLE)
    for place, replacement in damage:
        data[place : place + len(replacement)] = replacement
    try:
        made, _ = imposed(bytes(data))
    except BookletError:
        return  # refused with a finding; any other exception fails this test
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert len(pdf.pages) == made.facts["sides"]
