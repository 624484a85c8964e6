"""The font shelf, with tiny fonts made here and, where they are installed, the built-in ones."""

import io
import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from hypothesis import given
from hypothesis import strategies as st

from booklet.errors import Diagnostic, InputError, Severity, ToolError
from booklet.fonts import (
    Coverage,
    Family,
    Shelf,
    cache,
    check_shelf,
    fontconfig_folder,
    install_file,
    isolated,
    load_manifest,
    open_shelf,
    package_command,
    user_font_folder,
)

OFL = "This Font Software is licensed under the SIL Open Font License, Version 1.1."


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the caches and fonts of whoever runs the tests out of them."""
    monkeypatch.setattr("booklet.fonts.cache.user_cache_dir", lambda *_, **__: tmp_path / "cache")
    monkeypatch.setattr("booklet.fonts.shelf.user_data_dir", lambda *_, **__: tmp_path / "data")
    monkeypatch.setattr("booklet.fonts.shelf.shared_font_folder", lambda: tmp_path / "shared")


def build(
    family: str,
    characters: str = "AB中",
    *,
    weight: int = 400,
    licence: str = OFL,
    embedding: int = 0,
) -> FontBuilder:
    """Make a font in which every character is a square, as wide as its weight tells."""
    names = [".notdef", *(f"glyph{number}" for number in range(len(characters)))]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(zip(map(ord, characters), names[1:], strict=True)))
    builder.setupGlyf({name: square(weight) for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": f"W{weight}"})
    if licence:
        builder.font["name"].setName(licence, 13, 3, 1, 0x409)
    builder.setupOS2(usWeightClass=weight, fsType=embedding, sTypoAscender=880)
    builder.setupPost()
    return builder


def square(size: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, size), (size, size), (size, 0)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def make(
    path: Path,
    family: str = "Tiny",
    characters: str = "AB中",
    *,
    weight: int = 400,
    licence: str = OFL,
    embedding: int = 0,
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    font = build(family, characters, weight=weight, licence=licence, embedding=embedding).font
    if path.suffix.startswith(".woff"):
        font.flavor = path.suffix[1:]
    font.save(path)
    return path


def collect(path: Path, *builders: FontBuilder) -> Path:
    collection = TTCollection()
    collection.fonts = [builder.font for builder in builders]
    path.parent.mkdir(parents=True, exist_ok=True)
    collection.save(path)
    return path


def make_variable(path: Path, axis: str = "wght") -> Path:
    builder = build("Changing")
    builder.setupFvar([(axis, 100, 100, 900, "Axis")], [])
    wider = TupleVariation({axis: (0, 1, 1)}, [(0, 0), (0, 0), (400, 0), (400, 0), *[(0, 0)] * 4])
    builder.setupGvar({name: [wider] for name in builder.font.getGlyphOrder()})
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.font.save(path)
    return path


def shelf_of(folder: Path) -> Shelf:
    return open_shelf([folder], system=())


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{item.severity} {item.code}" for item in diagnostics]


# The manifest


def test_manifest_names_what_a_theme_may_ask_for() -> None:
    names = {family.name for source in load_manifest().sources for family in source.families}
    assert {"Noto Serif CJK SC", "Noto Sans CJK HK", "LXGW WenKai", "LXGW WenKai Mono"} <= names


def test_manifest_ids_and_names_are_unique() -> None:
    families = [family for source in load_manifest().sources for family in source.families]
    assert len({family.id for family in families}) == len(families)
    assert len({family.name for family in families}) == len(families)


@pytest.mark.parametrize("text", ["sources: []", "sources: [", "sources: 1\nextra: 2", None])
def test_broken_manifest_is_a_fault_of_the_installation(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "manifest.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ToolError, match=r"manifest\.yaml"):
        load_manifest(path)


@pytest.mark.parametrize(
    ("system", "family", "command"),
    [
        ("Linux", "LXGW WenKai", ["apt-get", "install", "fonts-lxgw-wenkai"]),
        ("Darwin", "lxgw-wenkai", ["brew", "install", "--cask", "font-lxgw-wenkai"]),
        ("Darwin", "Noto Serif CJK SC", None),
        ("Linux", "Nobody's Font", None),
    ],
)
def test_package_command_fits_the_system(
    monkeypatch: pytest.MonkeyPatch, system: str, family: str, command: list[str] | None
) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    assert package_command(family) == command


# Coverage


@given(st.sets(st.integers(0, 400)), st.sets(st.integers(0, 400)))
def test_coverage_is_a_set_of_code_points(first: set[int], second: set[int]) -> None:
    one, other = Coverage.of(first), Coverage.of(second)
    assert one.points == first
    assert (one | other).points == first | second
    assert (one & other).points == first & second
    ends = [end for run in one.ranges for end in run]
    assert all(b - a > 1 for a, b in zip(ends[1::2], ends[2::2], strict=False))


@given(st.sets(st.integers(0x21, 0x7E)), st.text(st.characters(codec="ascii", min_codepoint=0x21)))
def test_missing_lists_each_character_once(points: set[int], text: str) -> None:
    points -= {0x7F}
    expected = [char for char in dict.fromkeys(text) if ord(char) not in points]
    assert list(Coverage.of(points).missing(text)) == expected


def test_missing_ignores_what_needs_no_glyph() -> None:
    text = "中\u00ad\u200b\u200d\u2060\ufeff\ufe00\U000e0100 \n\t文中文"
    assert Coverage.of([ord("中")]).missing(text) == ("文",)


def test_family_covers_what_all_its_weights_cover(tmp_path: Path) -> None:
    make(tmp_path / "f/a.ttf", characters="AB中")
    make(tmp_path / "f/b.ttf", characters="B中文", weight=700)
    make(tmp_path / "f/c.ttf", "Other", characters="C")
    shelf = shelf_of(tmp_path / "f")
    assert shelf.coverage(["Tiny"]).points == set(map(ord, "B中"))
    assert shelf.coverage(["tiny", "Other", "Absent"]).points == set(map(ord, "B中C"))


def test_coverage_reads_the_right_font_of_a_collection(tmp_path: Path) -> None:
    collect(tmp_path / "f/c.ttc", build("One", "AB"), build("Two", "文字"))
    assert shelf_of(tmp_path / "f").coverage(["Two"]).missing("A文") == ("A",)


@pytest.mark.parametrize("damage", [b"", b"[[1]]", b'"\xff', None])
def test_damaged_or_unwritable_cache_is_no_error(tmp_path: Path, damage: bytes | None) -> None:
    make(tmp_path / "f/a.ttf")
    if damage is None:
        (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    assert shelf_of(tmp_path / "f").coverage(["Tiny"]).missing("AC") == ("C",)
    for stored in (tmp_path / "cache").rglob("*.json"):
        stored.write_bytes(damage or b"")
    assert shelf_of(tmp_path / "f").coverage(["Tiny"]).missing("AC") == ("C",)


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    path = make(tmp_path / "f/a.ttf", characters="A")
    assert shelf_of(tmp_path / "f").coverage(["Tiny"]).missing("AB") == ("B",)
    make(path, characters="B")
    os.utime(path, ns=(1, 1))
    assert shelf_of(tmp_path / "f").coverage(["Tiny"]).missing("AB") == ("A",)


# The shelf


@pytest.mark.parametrize("suffix", [".ttf", ".otf", ".woff", ".woff2"])
def test_drop_in_tells_what_it_is(tmp_path: Path, suffix: str) -> None:
    path = make(tmp_path / f"f/sub/font{suffix}", weight=600)
    (family,) = shelf_of(tmp_path / "f").families
    (face,) = family.faces
    assert (family.name, family.origin, family.licence) == ("Tiny", "drop-in", OFL)
    assert (face.path, face.weight, face.heaviest, face.italic) == (path, 600, 600, False)


def test_family_answers_to_its_chinese_name(tmp_path: Path) -> None:
    builder = build("Tiny")
    builder.font["name"].setName("小宋", 1, 3, 1, 0x804)
    (tmp_path / "f").mkdir()
    builder.font.save(tmp_path / "f/a.ttf")
    family = shelf_of(tmp_path / "f").family("小宋")
    assert family is not None
    assert family.name == "Tiny"


def test_first_folder_with_a_face_wins(tmp_path: Path) -> None:
    first = make(tmp_path / "one/a.ttf")
    make(tmp_path / "two/a.ttf")
    bold = make(user_font_folder() / "b.ttf", weight=700)
    shelf = open_shelf([tmp_path / "one", tmp_path / "two"], system=())
    assert [face.path for face in shelf.families[0].faces] == [first, bold]


def test_system_gives_only_what_the_manifest_names(tmp_path: Path) -> None:
    make(tmp_path / "s/NotoSerifCJK-Regular.ttc", "Stranger")
    kai = make(tmp_path / "s/deep/LXGWWenKai-Regular.ttf", "LXGW WenKai")
    make(tmp_path / "s/Tiny.ttf")
    (family,) = open_shelf(system=[tmp_path / "s"]).families
    assert (family.name, family.role, family.licence) == ("LXGW WenKai", "kai", "OFL-1.1")
    assert [face.path for face in family.faces] == [kai]


def test_slices_of_a_web_font_are_told_and_the_first_stays(tmp_path: Path) -> None:
    make(tmp_path / "a.ttf", characters="AB")
    make(tmp_path / "b.ttf", characters="CD")
    make(tmp_path / "bold.ttf", characters="CD", weight=700)
    shelf = open_shelf([tmp_path], system=[])
    (found,) = shelf.diagnostics
    assert (found.code, found.severity) == ("font-twice", Severity.WARNING)
    assert Path(found.place.file).name == "b.ttf"
    assert "Tiny 400 is in a.ttf already" in found.message
    family = shelf.family("Tiny")
    assert family is not None
    assert [face.path.name for face in family.faces] == ["a.ttf", "bold.ttf"]


def test_variable_font_is_one_face_of_many_weights(tmp_path: Path) -> None:
    make_variable(tmp_path / "f/a.ttf")
    (family,) = shelf_of(tmp_path / "f").families
    assert [(face.weight, face.heaviest) for face in family.faces] == [(100, 900)]


def test_variable_font_with_an_unknown_axis_is_refused(tmp_path: Path) -> None:
    make_variable(tmp_path / "f/a.ttf", "BEND")
    assert codes(shelf_of(tmp_path / "f").diagnostics) == ["error font-variable"]


def spoil_text(path: Path) -> None:
    path.write_text("no font", encoding="utf-8")


def spoil_end(path: Path) -> None:
    path.write_bytes(make(path).read_bytes()[:-200])


def spoil_outlines(path: Path) -> None:
    font = build("Tiny").font
    del font["glyf"], font["loca"]
    font.save(path)


def spoil_link(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize("spoil", [spoil_text, spoil_end, spoil_outlines, spoil_link])
def test_file_that_is_no_font_is_named(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    path = tmp_path / "f/a.ttf"
    path.parent.mkdir()
    spoil(path)
    shelf = shelf_of(path.parent)
    assert codes(shelf.diagnostics) == ["error font-broken"]
    assert shelf.diagnostics[0].place.file == str(path)
    assert not shelf.families


def test_link_out_of_a_drop_in_folder_is_not_followed(tmp_path: Path) -> None:
    outside = make(tmp_path / "outside/a.ttf")
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "a.ttf").symlink_to(outside)
    (folder / "all").symlink_to(outside.parent)
    shelf = shelf_of(folder)
    assert codes(shelf.diagnostics) == ["error font-outside"]
    assert not shelf.families


def test_shelf_opens_fast_when_nothing_changed() -> None:
    open_shelf()
    start = time.process_time()
    open_shelf()
    assert time.process_time() - start < 0.1


# Install and check


def test_install_copies_a_font_and_tells_its_licence(tmp_path: Path) -> None:
    path = make(tmp_path / "a.ttf")
    target = tmp_path / "new/fonts"
    for _ in range(2):  # the same file again is no fault
        (family,) = install_file(path, target)
        assert (family.name, family.licence) == ("Tiny", OFL)
    assert [file.name for file in target.iterdir()] == ["a.ttf"]
    assert family.faces[0].path == target / "a.ttf"


def test_install_refuses_what_is_no_font(tmp_path: Path) -> None:
    spoil_text(tmp_path / "a.ttf")
    make(tmp_path / "b.ttf").rename(tmp_path / "b.txt")
    for name in ("a.ttf", "b.txt", "absent.otf"):
        with pytest.raises(InputError) as caught:
            install_file(tmp_path / name, tmp_path / "fonts")
        assert codes(caught.value.diagnostics) == ["error font-broken"]
    assert not (tmp_path / "fonts").exists()


def test_install_never_overwrites_another_font(tmp_path: Path) -> None:
    there = make(tmp_path / "fonts/a.ttf").read_bytes()
    with pytest.raises(InputError) as caught:
        install_file(make(tmp_path / "a.ttf", "Other"), tmp_path / "fonts")
    assert codes(caught.value.diagnostics) == ["error font-exists"]
    assert (tmp_path / "fonts/a.ttf").read_bytes() == there


@pytest.mark.parametrize(
    ("licence", "embedding", "expected"),
    [
        (OFL, 0, []),
        ("", 0, ["warning font-licence"]),
        (OFL, 0x2, ["error font-embedding"]),
        (OFL, 0x100, ["error font-embedding"]),
        (OFL, 0x200, ["error font-embedding"]),
        (OFL, 0x4, []),  # preview and print is all that a PDF needs
    ],
)
def test_check_reads_the_rights(
    tmp_path: Path, licence: str, embedding: int, expected: list[str]
) -> None:
    make(tmp_path / "f/a.ttf", licence=licence, embedding=embedding)
    assert codes(check_shelf(shelf_of(tmp_path / "f"), ["Tiny"])) == expected


def test_check_ignores_fonts_that_nobody_asked_for(tmp_path: Path) -> None:
    make(tmp_path / "f/a.ttf", licence="", embedding=2)
    assert not check_shelf(shelf_of(tmp_path / "f"), [])


def test_missing_family_comes_with_the_command_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    found = check_shelf(shelf_of(tmp_path), ["LXGW WenKai", "Nobody's Font"])
    assert codes(found) == ["error font-missing"] * 2
    assert found[0].hint.startswith("apt-get install fonts-lxgw-wenkai; or ")


def test_other_version_of_a_built_in_font_is_only_noted(tmp_path: Path) -> None:
    make(tmp_path / "s/LXGWWenKai-Regular.ttf", "LXGW WenKai", licence="")
    shelf = open_shelf(system=[tmp_path / "s"])
    assert codes(check_shelf(shelf, ["LXGW WenKai"])) == ["note font-checksum"]


def test_check_passes_on_what_was_wrong_on_the_shelf(tmp_path: Path) -> None:
    spoil_text(tmp_path / "a.ttf")
    found = check_shelf(shelf_of(tmp_path), [])
    assert codes(found) == ["error font-broken"]
    assert found[0].severity is Severity.ERROR


# The typesetter


def print_page(families: tuple[Family, ...], style: str, body: str, folder: Path) -> bytes:
    return print_with(fontconfig_folder(families, folder), style, body)


def print_with(configuration: Path, style: str, body: str) -> bytes:
    with isolated(configuration):
        from weasyprint import CSS, HTML  # looks for fonts as soon as it is imported
        from weasyprint.text.fonts import FontConfiguration

        fonts = FontConfiguration()
    sheet = CSS(string=style, font_config=fonts)
    page = HTML(string=f"<html lang=zh-Hans>{body}")
    return bytes(page.write_pdf(stylesheets=[sheet], font_config=fonts))


def printed(pdf: bytes) -> list[str]:
    """List the fonts of a PDF without their subset tags."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = [item for item in document.objects if isinstance(item, pikepdf.Dictionary)]
        return sorted({str(f.BaseFont).partition("+")[2] for f in fonts if "/BaseFont" in f})


@pytest.mark.parametrize("suffix", [".ttf", ".woff", ".woff2"])
def test_nothing_falls_back_on_the_system(tmp_path: Path, suffix: str) -> None:
    make(tmp_path / f"f/a{suffix}")
    body = "<p>A中 ☺ Latin 漢 <b>B</b><i>B</i><code>A</code>"
    pdf = print_page(
        shelf_of(tmp_path / "f").families, "p{font-family:'DejaVu Sans',serif}", body, tmp_path
    )
    assert printed(pdf) == ["Tiny"]


def test_nothing_is_set_without_a_font() -> None:
    with pytest.raises(InputError, match="no font"):
        fontconfig_folder([])


def test_environment_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for before in (None, "fonts.conf"):
        monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
        if before:
            monkeypatch.setenv("FONTCONFIG_FILE", before)
        with isolated(tmp_path / "mine.conf"):
            assert os.environ["FONTCONFIG_FILE"] == str(tmp_path / "mine.conf")
        assert os.environ.get("FONTCONFIG_FILE") == before


def test_generic_names_come_down_to_the_first_family(tmp_path: Path) -> None:
    make(tmp_path / "f/a.ttf", "Aardvark")
    make(tmp_path / "f/b.ttf", "Zebra")
    families = shelf_of(tmp_path / "f").families
    body = "<p style='font-family:serif'>A中"
    assert printed(print_page(families, "", body, tmp_path)) == ["Aardvark"]
    assert printed(print_page(families[::-1], "", body, tmp_path)) == ["Zebra"]


def test_rules_loaded_earlier_are_forgotten(tmp_path: Path) -> None:
    make(tmp_path / "f/a.ttf", "Tiny")
    make(tmp_path / "f/b.ttf", "Other")
    ours = fontconfig_folder(shelf_of(tmp_path / "f").families, tmp_path)
    theirs = tmp_path / "system.conf"
    rule = """<match><test name="family"><string>Tiny</string></test><edit name="family"
        mode="assign" binding="strong"><string>Other</string></edit></match></fontconfig>"""
    text = ours.read_text(encoding="utf-8").replace("</fontconfig>", rule)
    theirs.write_text(text, encoding="utf-8")
    for configuration, expected in ((theirs, "Other"), (ours, "Tiny")):
        pdf = print_with(configuration, "p{font-family:Tiny}", "<p>A")
        assert printed(pdf) == [expected]


def test_rest_of_a_collection_stays_out(tmp_path: Path) -> None:
    collect(tmp_path / "f/c.ttc", build("One", "AB"), build("Two", "文字"))
    one = shelf_of(tmp_path / "f").family("One")
    assert one is not None
    assert printed(print_page((one,), "p{font-family:One,Two}", "<p>A文", tmp_path)) == ["One"]


def test_drop_in_replaces_one_face_of_a_collection(tmp_path: Path) -> None:
    make(tmp_path / "one/a.ttf", "Two", "文")
    collect(tmp_path / "two/c.ttc", build("One", "AB"), build("Two", "字文"))
    families = open_shelf([tmp_path / "one", tmp_path / "two"], system=()).families
    pdf = print_page(families, "p{font-family:Two}", "<p>文", tmp_path)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (font,) = (
            TTFont(io.BytesIO(item.read_bytes()))
            for item in document.objects
            if isinstance(item, pikepdf.Stream) and item.read_bytes()[:4] == b"\0\1\0\0"
        )
    assert font["maxp"].numGlyphs == 2  # .notdef and 文; in the collection 文 is the third glyph


def test_variable_font_prints_its_weights(tmp_path: Path) -> None:
    make_variable(tmp_path / "f/a.ttf")
    body = "<p>A<b>A</b>"
    pdf = print_page(shelf_of(tmp_path / "f").families, "p{font-family:Changing}", body, tmp_path)
    assert printed(pdf) == ["Changing", "Changing-Bold"]


def test_pdf_does_not_tell_where_a_font_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    make(tmp_path / "here/a.ttf")
    make(tmp_path / "there/deep/other name.ttf")
    one, other = (
        print_page(shelf_of(tmp_path / place).families, "p{font:9pt Tiny}", "<p>AB", tmp_path / at)
        for place, at in (("here", "x"), ("there", "y y"))
    )
    assert one == other


def test_configuration_is_made_once_for_the_same_fonts(tmp_path: Path) -> None:
    make(tmp_path / "f/a.ttf")
    first = fontconfig_folder(shelf_of(tmp_path / "f").families)
    written = first.stat()
    assert fontconfig_folder(shelf_of(tmp_path / "f").families) == first
    assert first.stat() == written
    make(tmp_path / "f/b.ttf", weight=700)
    assert fontconfig_folder(shelf_of(tmp_path / "f").families) != first


@pytest.mark.parametrize("epoch", ["0", "1700000000", None])
def test_fontconfig_reads_the_fonts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str | None
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    make(tmp_path / "f/a.ttf")
    configuration = fontconfig_folder(shelf_of(tmp_path / "f").families)
    written = []
    for _ in range(2):
        print_with(configuration, "p{font-family:Tiny}", "<p>A")
        (stored,) = (configuration.parent / "cache").glob("*.cache-*")
        written.append((stored.stat().st_ino, stored.stat().st_mtime_ns))
    assert written[0] == written[1]


def test_configuration_lives_without_a_writable_cache(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    make(tmp_path / "f/a.ttf")
    assert fontconfig_folder(shelf_of(tmp_path / "f").families).is_file()


def test_fonts_are_copied_where_links_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "f/a.ttf")
    monkeypatch.setattr(Path, "symlink_to", lambda *_: (_ for _ in ()).throw(OSError))
    configuration = fontconfig_folder(shelf_of(tmp_path / "f").families)
    (copy,) = (configuration.parent / "fonts").iterdir()
    assert not copy.is_symlink()
    assert copy.read_bytes() == path.read_bytes()


def test_built_in_families_print_all_their_weights(tmp_path: Path) -> None:
    shelf = open_shelf()
    song, kai = shelf.family("Noto Serif CJK SC"), shelf.family("霞鹜文楷")
    if song is None or kai is None:
        pytest.skip("the built-in families are not installed")
    style = "p{font-family:'Noto Serif CJK SC'} .kai{font-family:霞鹜文楷} i{font-weight:300}"
    body = "<p>网络强国 ☺ Abc<b>粗</b><p class=kai>楷体<b>粗</b><i>细</i>"
    assert not shelf.coverage(["Noto Serif CJK SC"]).missing("网络强国，“引”——Abc〇")
    assert shelf.coverage(["Noto Serif CJK SC"]).missing("网☺😀") == ("☺", "😀")
    assert printed(print_page((song, kai), style, body, tmp_path)) == [
        "LXGW-WenKai",
        "LXGW-WenKai-Bold",
        "LXGW-WenKai-Light",
        "Noto-Serif-CJK-SC",
        "Noto-Serif-CJK-SC-Bold",
    ]


def test_plain_values_of_a_text_are_read_once() -> None:
    made = []

    def make() -> Any:
        made.append(1)
        return {"甲": [1, 2.5, None, True, "乙"], "空": {}}

    cache._met.clear()
    first = cache.remember_text("甲: …", "test", make)
    cache._met.clear()
    assert cache.remember_text("甲: …", "test", make) == first
    assert made == [1]
    cache.remember_text("甲: ……", "test", make)
    cache.remember_text("甲: …", "other", make)
    assert made == [1, 1, 1]


def test_a_damaged_value_of_a_text_is_read_again(tmp_path: Path) -> None:
    def make() -> Any:
        return {"甲": 1}

    for _ in range(2):
        cache._met.clear()
        assert cache.remember_text("甲", "test", make) == {"甲": 1}
        for stored in (tmp_path / "cache").rglob("*.json"):
            stored.write_text(stored.read_text("utf-8").replace(": 1", ": 2"), "utf-8")


@pytest.mark.parametrize(
    "value",
    [{1: "a"}, {"a": date(2020, 1, 1)}, {"a": float("nan")}, ["\ud800"], {"\udc00": 1}, ("a",)],
)
def test_values_that_json_changes_are_read_each_time(value: object) -> None:
    made = []

    def make() -> Any:
        made.append(1)
        return value

    for _ in range(2):
        cache._met.clear()
        assert cache.remember_text(repr(value), "test", make) is value
    assert made == [1, 1]


def test_what_reading_a_text_raises_is_passed_on() -> None:
    def make() -> Any:
        raise ValueError("line 1")

    for _ in range(2):
        with pytest.raises(ValueError, match="line 1"):
            cache.remember_text("甲", "test", make)
