"""Anybody's file: damaged, encrypted or hostile, it gets findings in bounded time and memory."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from tests.preflight_files import draw, form, good, packed, saved, spot

from booklet import limits
from booklet.errors import Severity
from booklet.finish.preflight import Means, Order, PreflightReport, limits_of, preflight
from booklet.finish.preflight.faces import Face
from booklet.finish.preflight.scanning import Scanner
from booklet.finish.preflight.spaces import CMYK, GRAY, function_outputs, read_space
from booklet.finish.preflight.wording import read_letters
from booklet.model.press import PRESETS

LIMITS = limits_of(PRESETS["offset-cn"])
SECONDS = 30.0
"""Of processor time, on a machine that is slow and busy."""


def run(data: bytes, order: Order | None = None) -> PreflightReport:
    return preflight(data, LIMITS, order, Means(draw=False))


def messages(report: PreflightReport, check: str = "P01") -> str:
    return "\n".join(one.message for one in report.findings if one.check == check)


# ---- files that do not open ----------------------------------------------------------------------


def locked() -> bytes:
    lock = pikepdf.Encryption(owner="o", user="u", R=3, aes=False, metadata=False)
    return saved(good(), encryption=lock, deterministic_id=False)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cannot be opened"),
        (b"\x89PNG\r\n\x1a\n not a PDF", "cannot be opened"),
        (b"%PDF-1.7\n" + b"[" * 100_000, "cannot be opened"),
        (locked(), "with a password only"),
        (saved(pikepdf.new()), "no pages"),
    ],
    ids=["empty", "picture", "deep", "password", "no pages"],
)
def test_a_file_that_does_not_open_is_an_error_and_nothing_else_is_claimed(
    data: bytes, words: str
) -> None:
    report = run(data)
    assert words in messages(report)
    assert [one.check for one in report.findings] == ["P01"]
    assert report.fatal
    assert report.pages == 0
    assert report.checks_run == ("P01",)


def test_a_truncated_file_is_told() -> None:
    data = saved(good())
    report = run(data[: len(data) * 2 // 3])
    assert report.fatal
    assert "P01" in {one.check for one in report.findings}


# ---- content that never ends ---------------------------------------------------------------------


def nested(pdf: pikepdf.Pdf) -> None:
    """Draw a thousand forms inside one another."""
    inner = form(pdf, b"q Q")
    for _ in range(1000):
        inner = form(pdf, b"/In Do", Resources=Dictionary(XObject=Dictionary(In=inner)))
    draw(pdf, "/New Do", XObject={"New": inner})


def doubled(pdf: pikepdf.Pdf) -> None:
    """Draw thirty forms, each of which draws the next one twice, at two places."""
    inner = form(pdf, b"0 0 0 1 k 0 0 9 9 re f")
    for _ in range(30):
        words = b"/In Do 1 0 0 1 1 1 cm /In Do"
        inner = form(pdf, words, Resources=Dictionary(XObject=Dictionary(In=inner)))
    draw(pdf, "/New Do", XObject={"New": inner})


def own(pdf: pikepdf.Pdf) -> None:
    """Draw a form that draws itself."""
    inner = form(pdf, b"/In Do")
    inner.Resources = Dictionary(XObject=Dictionary(In=inner))
    draw(pdf, "/New Do", XObject={"New": inner})


def own_pattern(pdf: pikepdf.Pdf) -> None:
    """Fill the cell of a pattern with the pattern."""
    words = b"/Pattern cs /In scn 0 0 9 9 re f"
    cell = pdf.make_indirect(
        packed(pdf, words, PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 9, 9])
    )
    cell.Resources = Dictionary(Pattern=Dictionary(In=cell))
    draw(pdf, "/Pattern cs /New scn 60 60 50 50 re f", Pattern={"New": cell})


def flood(pdf: pikepdf.Pdf) -> None:
    """Write as many operators as fit."""
    words = b"q " * (limits.value("pdf-checked") // 2 - 10)
    pdf.pages[0].obj.Contents = pdf.make_indirect(packed(pdf, words))


def bomb(pdf: pikepdf.Pdf) -> None:
    """Write a stream that unpacks to half a gibibyte."""
    packer = zlib.compressobj(9)
    block = b"0 0 m " * (1 << 18)
    data = b"".join([packer.compress(block) for _ in range(340)]) + packer.flush()
    stream = packed(pdf, b"")
    stream.write(data, filter=Name.FlateDecode)
    pdf.pages[0].obj.Contents = pdf.make_indirect(stream)


def many_parts(pdf: pikepdf.Pdf) -> None:
    """Name one large stream a hundred times."""
    part = pdf.make_indirect(packed(pdf, b"0 0 m " * (1 << 20)))
    pdf.pages[0].obj.Contents = Array([part] * 100)


def brackets(pdf: pikepdf.Pdf) -> None:
    """Open arrays and strings that are never closed."""
    words = b"[" * 500_000 + b"(" * 500_000
    pdf.pages[0].obj.Contents = pdf.make_indirect(packed(pdf, words))


def operands(pdf: pikepdf.Pdf) -> None:
    """Write numbers without an operator."""
    pdf.pages[0].obj.Contents = pdf.make_indirect(packed(pdf, b"1 2.5 -.7 " * 300_000))


def infinite(pdf: pikepdf.Pdf) -> None:
    """Use numbers beyond all paper."""
    huge = "9" * 400
    draw(pdf, f"{huge} 0 0 {huge} 0 0 cm 0 0 0 1 k 0 0 {huge} 9 re f BT /F {huge} Tf <0002> Tj ET")


def same_form(pdf: pikepdf.Pdf) -> None:
    """Draw one form a hundred thousand times at one place."""
    inner = form(pdf, b"0 0 0 1 k 0 0 9 9 re f " * 500)
    draw(pdf, "/New Do " * 100_000, XObject={"New": inner})


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (nested, "limit pdf-forms: 32"),
        (doubled, ""),
        (own, "draws itself"),
        (own_pattern, "draws itself"),
        (brackets, "no PDF operator"),
        (operands, ""),
        (infinite, ""),
        (same_form, ""),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_hostile_content_ends(spoil: Callable[[pikepdf.Pdf], None], words: str) -> None:
    pdf = good()
    spoil(pdf)
    data = saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    before = time.process_time()
    report = run(data)
    assert time.process_time() - before < SECONDS
    assert words in messages(report)
    assert report.pages == 4


MEASURED = """
import resource, sys
from booklet.finish.preflight import Means, limits_of, preflight
from booklet.model.press import PRESETS
limits = limits_of(PRESETS["offset-cn"])
report = preflight(sys.stdin.buffer.read(), limits, None, Means(draw=False))
used = resource.getrusage(resource.RUSAGE_SELF)
try:  # what the system counts for a child begins with what its parent held
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    peak = used.ru_maxrss
print(int(used.ru_utime + used.ru_stime), peak // 1024)
print(*(one.message for one in report.findings if one.check == "P01"))
"""


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (flood, "limit pdf-page-operators: 2,000,000"),
        (bomb, "limit pdf-checked: 33,554,432"),
        (many_parts, "limit pdf-checked: 33,554,432"),
    ],
    ids=["flood", "bomb", "many parts"],
)
def test_what_unpacks_to_much_costs_little(
    spoil: Callable[[pikepdf.Pdf], None], words: str
) -> None:
    pdf = good()
    spoil(pdf)
    data = saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    command = [sys.executable, "-c", MEASURED]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    costs, message = done.stdout.decode().split("\n", 1)
    seconds, megabytes = map(int, costs.split())
    assert seconds < SECONDS
    assert megabytes < 250
    assert words in message


# ---- objects that are not what they should be ----------------------------------------------------


WRONG: tuple[Any, ...] = (
    None, True, 7, -1, 3.5, Name.Wrong, b"text", Array(), Array([1, Name.A, b"x"]), Dictionary(),
    Array([1e30, -1e30, 1e30, 1e30]), Array([Dictionary()] * 4),
)  # fmt: skip


def places(pdf: pikepdf.Pdf) -> list[tuple[Any, str]]:
    """List the keys that preflight reads."""
    page = pdf.pages[0].obj
    font = page.Resources.Font.F
    inner = font.DescendantFonts[0]
    found: list[tuple[Any, str]] = [
        *((page, key) for key in ("/MediaBox", "/TrimBox", "/BleedBox", "/ArtBox", "/CropBox")),
        *((page, key) for key in ("/Rotate", "/UserUnit", "/Annots", "/Group", "/Resources")),
        *((page, key) for key in ("/Contents", "/AA")),
        *((page.Resources, key) for key in ("/Font", "/XObject", "/Shading", "/ExtGState")),
        *((page.Resources.Shading.Sh, key) for key in ("/ColorSpace", "/Function")),
        *((page.Resources.Shading.Sh.Function, key) for key in ("/C0", "/C1", "/FunctionType")),
        *((page.Resources.XObject.Im, key) for key in ("/Width", "/Height", "/ColorSpace")),
        *((page.Resources.XObject.Im, key) for key in ("/BitsPerComponent", "/SMask", "/Subtype")),
        *((page.Resources.ExtGState.Over, key) for key in ("/op", "/OPM", "/SMask", "/BM", "/TR")),
        *((page.Resources.ExtGState.Over, key) for key in ("/ca", "/Font", "/LW", "/HT")),
        *((font, key) for key in ("/Subtype", "/Encoding", "/DescendantFonts", "/BaseFont")),
        *((inner, key) for key in ("/W", "/DW", "/FontDescriptor", "/CIDToGIDMap")),
        *((pdf.Root, key) for key in ("/OutputIntents", "/Metadata", "/Names", "/OCProperties")),
        *((pdf.Root, key) for key in ("/Version", "/OpenAction", "/AcroForm")),
        *((pdf.Root.OutputIntents[0], key) for key in ("/OutputConditionIdentifier", "/S")),
        (pdf.Root.OutputIntents[0], "/DestOutputProfile"),
        *((pdf.docinfo, key) for key in ("/Trapped", "/Title")),
    ]
    return found


@pytest.mark.parametrize("number", range(len(places(good()))))
def test_a_wrong_object_anywhere_is_survived(number: int) -> None:
    for wrong in WRONG:
        pdf = good(pages=1)
        holder, key = places(pdf)[number]
        if wrong is None:
            if key in holder:
                del holder[key]
        else:
            holder[key] = wrong
        report = run(saved(pdf))
        assert report.pages in (0, 1)
        assert set(report.checks_run) <= {f"P{n:02}" for n in range(1, 39)}


def test_boxes_beyond_all_paper_are_told() -> None:
    pdf = good(pages=1)
    pdf.pages[0].obj.MediaBox = pikepdf.Object.parse(b"[0 0 1" + b"0" * 30 + b".5 300]")
    assert "P11" in {one.check for one in run(saved(pdf)).findings}


def test_a_page_tree_that_bites_its_tail_is_told() -> None:
    data = saved(good())
    kids = data.index(b"/Kids [")
    number = data[kids + 8 : data.index(b" ", kids + 8)]
    tree = data.index(b"/Pages ") + len(b"/Pages ")
    pages = data[tree : data.index(b" ", tree)]
    looped = data[: kids + 8] + pages.rjust(len(number)) + data[kids + 8 + len(number) :]
    report = run(looped)
    assert report.fatal


def test_more_pages_than_wanted_are_told() -> None:
    report = preflight(saved(good()), LIMITS, None, Means(max_pages=2, draw=False))
    (finding,) = report.findings
    assert (finding.check, finding.severity) == ("P01", Severity.WARNING)
    assert finding.message == "it has 4 pages, and only 2 were looked at"
    assert report.pages == 4


@given(st.binary(max_size=400))
def test_any_bytes_are_content(data: bytes) -> None:
    pdf = good(pages=1)
    pdf.pages[0].obj.Contents = pdf.make_indirect(packed(pdf, data))
    report = run(saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none))
    assert report.pages == 1


WORDS = [
    "q", "Q", "BT", "ET", "cm", "1 0 0 1 5 5 cm", "/F 10 Tf", "<0002> Tj", "[<0002> 5] TJ",
    "/Im Do", "/Sh sh", "/Over gs", "/None gs", "0 0 9 9 re", "f", "f*", "S", "W", "n", "B*",
    "1 0 0 rg", "/All cs", "1 scn", "/Pattern cs", "/None scn", "9", "(a(b)c\\)\\7)", "<<", ">>",
    "[", "]", "BI /W 1 /H 1 ID x EI", "'", '"', "T*", "Td", "m", "l", "c", "h", "w",
    "/X", "BDC", "EMC",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_operators_in_any_order_are_survived(words: list[str]) -> None:
    pdf = good(pages=1)
    draw(pdf, " ".join(words))
    assert run(saved(pdf)).pages == 1


# ---- the reader of content streams ---------------------------------------------------------------


def scan(data: bytes) -> list[tuple[str, list[Any]]]:
    return list(Scanner(data))


@pytest.mark.parametrize(
    ("data", "steps"),
    [
        (b"1 0 0 rg\n/F1 10 Tf", [("rg", [1.0, 0.0, 0.0]), ("Tf", ["/F1", 10.0])]),
        (b"0 0 m%comment\n1 2 l", [("m", [0.0, 0.0]), ("l", [1.0, 2.0])]),
        (b"[<0002>-5(a)]TJ", [("TJ", [[b"\0\2", -5.0, b"a"]])]),
        (b"[<0002>0<00 03>] TJ", [("TJ", [[b"\0\2", 0.0, b"\0\3"]])]),
        (rb"(a\(b\)(c)\101\n\
d) Tj", [("Tj", [b"a(b)(c)A\nd"])]),
        (b"/Span <</MCID 0/A[1 2]>> BDC EMC", [
            ("BDC", ["/Span", {"/MCID": 0.0, "/A": [1.0, 2.0]}]), ("EMC", [])]),
        (b"/A#20B gs", [("gs", ["/A B"])]),
        (b"<48656C6C6F7> '", [("'", [b"Hellop"])]),
        (b"BI /W 2/H 2/CS/G ID \x00EI\x00\x01 EI Q", [
            ("BI", [{"/W": 2.0, "/H": 2.0, "/CS": "/G"}]), ("Q", [])]),
        (b"1 --2 .5. m", [("m", [1.0, 0.0, 0.0])]),
        (b"true null false gs", [("gs", [True, None, False])]),
        (b"q/Im Do Q", [("q", []), ("Do", ["/Im"]), ("Q", [])]),
    ],
)  # fmt: skip
def test_content_is_read_operator_by_operator(
    data: bytes, steps: list[tuple[str, list[Any]]]
) -> None:
    assert scan(data) == steps


def test_the_reader_agrees_with_a_library() -> None:
    pdf = good(pages=1)
    draw(pdf, "q 2 0 0 2 60 60 cm /Im Do Q BT (a\\)b) Tj [(x) -3 <0041>] TJ ET")
    theirs = [
        (str(step.operator), [_plain(one) for one in step.operands])
        for step in pikepdf.parse_content_stream(pdf.pages[0])
    ]
    assert scan(pdf.pages[0].obj.Contents.read_bytes()) == theirs


def _plain(value: Any) -> Any:
    if isinstance(value, Array):
        return [_plain(one) for one in value]
    if isinstance(value, Name):
        return str(value)
    return bytes(value) if isinstance(value, pikepdf.String) else float(value)


# ---- colour spaces and functions -----------------------------------------------------------------


def test_colours_are_told_in_inks() -> None:
    assert GRAY.inks((0.25,)) is not None
    assert str(GRAY.inks((0.25,))) == "K 75%"
    assert str(CMYK.inks((0.0, 0.9, 0.8, 0.0))) == "M 90% Y 80%"
    assert str(read_space(spot("Gold")).inks((0.5,))) == "Gold 50%"
    assert str(read_space(spot("Black")).inks((1.0,))) == "K 100%"
    indexed = read_space(Array([Name.Indexed, Name.DeviceRGB, 1, b"\0" * 6]))
    assert (indexed.components, indexed.carried.family) == (1, "DeviceRGB")
    assert read_space(Name.DeviceRGB).inks((0.2, 0.2, 0.2)) is None
    assert str(read_space(Name.DeviceRGB).inks((1.0, 1.0, 1.0))) == "no ink"


def test_spaces_inside_one_another_end() -> None:
    space: Any = Name.DeviceGray
    for _ in range(50):
        space = Array([Name.Indexed, space, 1, b"\0\0"])
    assert read_space(space).carried.kind == "unknown"


def test_functions_say_how_many_numbers_they_give() -> None:
    two = Dictionary(FunctionType=2, C0=[0, 0], C1=[1, 1], N=1)
    assert function_outputs(two) == 2
    assert function_outputs(Dictionary(FunctionType=2, N=1)) == 1
    assert function_outputs(Dictionary(FunctionType=3, Functions=[two, two])) == 2
    assert function_outputs(Array([Dictionary(FunctionType=2, N=1)] * 4)) == 4
    assert function_outputs(Dictionary(FunctionType=0, Range=[0, 1] * 3)) == 3
    assert function_outputs(Dictionary(FunctionType=2, C0=[0], C1=[1, 1], N=1)) is None


def test_vertical_text_runs_down() -> None:
    face = Face("Squares", True, False, False, True, True, True, {}, 1000.0)
    assert face.advance((1, 2, 3)) == -3.0


@pytest.mark.parametrize(
    ("cmap", "codes", "words"),
    [
        (b"beginbfchar <0001> <4E00> <0002> <4E8C> endbfchar", (1, 2, 3), "一二"),
        (b"beginbfrange <0001> <0003> <4E00> endbfrange", (1, 3), "一丂"),
        (b"beginbfrange <01> <02> [<4E00> <D84CDFB4>] endbfrange", (1, 2), "一𣎴"),
        (b"beginbfchar <0001> <4E0> <0002 endbfchar", (1, 2), "\ufffd"),
        (b"beginbfrange <0001> <ffff> <ffff> endbfrange", (1,), "\uffff"),
        (b"beginbfrange <0001> <0002> [<4E00>", (1, 2), ""),
        (b"beginbfrange <0001> <ffff> <4E00> " * 5_000, (1,), "一"),
        (b"beginbfchar <0001> <4E00> endbfchar" * 10_000, (1,), ""),
    ],
)
def test_what_text_says_is_read_from_any_map(
    cmap: bytes, codes: tuple[int, ...], words: str
) -> None:
    with pikepdf.new() as pdf:
        letters = read_letters(Dictionary(ToUnicode=pdf.make_stream(cmap)))
    face = Face("Squares", True, False, False, True, True, False, {}, 1000.0, letters)
    assert face.words(codes) == words


def test_saved_files_are_what_was_meant() -> None:
    with pikepdf.open(io.BytesIO(saved(good()))) as pdf:
        assert len(pdf.pages) == 4
        assert pdf.check_pdf_syntax() == []
