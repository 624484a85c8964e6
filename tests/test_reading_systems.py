"""The e-book in two real reading systems: pages turn, links lead there and back, settings work.

Screenshots of the last run are kept in build/reading-systems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import Browser
from tests.everything import write_everything
from tests.reading_systems import Reader, System, chromium, fonts_of_page, opened, served
from tests.test_epub_checklist import Book

from booklet.build import Report, build

SYSTEMS: tuple[System, ...] = ("foliate", "epubjs")
DEVICES = {"phone": (390, 844), "e-ink": (1072, 1448), "tablet": (1024, 1366)}
_CLICK = """
const [a] = reader.documents().flatMap(doc => [...doc.querySelectorAll(given)]);
if (!a) throw new Error('there is no ' + given);
a.click(); return a.textContent
"""
_COLOURS = """
const doc = reader.documents()[0];
const css = one => doc.defaultView.getComputedStyle(one);
const [text, number, head, second] =
  ['p.numbered', '.number', 'header', 'p + p'].map(at => doc.querySelector(at));
return { text: css(text).color, number: css(number).color, tint: css(head).backgroundColor,
         size: parseFloat(css(text).fontSize), indent: parseFloat(css(second).textIndent),
         small: parseFloat(css(doc.querySelector('figcaption')).fontSize),
         leading: parseFloat(css(text).lineHeight), family: css(text).fontFamily }
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened_browser:
        yield opened_browser


def epub(folder: Path, **header: object) -> bytes:
    report = build(write_everything(folder / "book", **header), folder / "out", ["ebook"])
    assert report.diagnostics == ()
    return report.outputs[0].path.read_bytes()


@pytest.fixture(scope="module")
def book(everything_report: Report) -> Book:
    return Book(everything_report.outputs[0].path.read_bytes())


@pytest.fixture(scope="module")
def address(book: Book) -> Iterator[str]:
    with served(book.data) as where:
        yield where


@pytest.fixture(scope="module", params=SYSTEMS)
def reader(
    request: pytest.FixtureRequest, browser: Browser, address: str
) -> Iterator[tuple[System, Reader]]:
    with opened(browser, address, request.param) as one:
        yield request.param, one
        assert one.errors == []


def href_of(system: System, href: str) -> str:
    """Name a place as the system does: foliate-js from the root of the archive."""
    return f"EPUB/{href}" if system == "foliate" else href


def behind(book: Book, href: str) -> str:
    """Give the words that follow a place in the file, as an XML parser reads them."""
    name, fragment = urldefrag(href)
    body = book.trees[name].find("{*}body")
    (target,) = body.xpath(".//*[@id=$id]", id=fragment)
    return "".join("".join(target.xpath("following::text()")).split())


def test_the_system_reads_what_the_book_says(reader: tuple[System, Reader], book: Book) -> None:
    system, one = reader
    facts = one.ask("return reader.facts()")
    assert [label for label, _ in facts["toc"]] == [
        "书名页", "编者按", "桥头", "话桥", "桥尾", "按时间索引", "按场合索引", "版权页",
    ]  # fmt: skip
    assert facts["landmarks"][0] == "cover"
    assert "bodymatter" in facts["landmarks"]
    assert len(facts["pages"]) == len(book.all("//h:nav[@e:type='page-list']//h:a"))
    if system == "foliate":
        assert facts["metadata"]["title"] == "石桥小集"
        assert facts["metadata"]["belongsTo"]["series"]["name"] == "小集丛书"
        assert [person["name"] for person in facts["metadata"]["author"]] == [
            "陈砚",
            "Jane Bridge",
        ]


def test_pages_turn_from_the_cover_to_the_last_word(reader: tuple[System, Reader]) -> None:
    system, one = reader
    one.go(href_of(system, "text/cover.xhtml"))
    one.shoot(f"{system}-cover")
    read = ""
    screens = set()
    for _ in range(40):
        words = one.words
        screens.add(words)
        read += words
        if "篇幅" in words:
            break
        before = one.ask("return JSON.stringify(reader.where())")
        one.ask("await reader.turn()")
        one.wait("return JSON.stringify(reader.where()) !== given", before)
    assert len(screens) > 10
    # In order: title page, preface, contents, three chapters, indexes, imprint page.
    signs = ("石桥出版社", "编者按", "目录", "第一段从退两格", "小小标题", "修桥先修心",
             "最后一章", "按时间索引", "按场合索引", "版权页")  # fmt: skip
    at = 0
    for sign in signs:
        at = read.find(sign, at)
        assert at >= 0, f"{sign} did not come in its turn"


def test_a_note_is_followed_and_comes_back(reader: tuple[System, Reader]) -> None:
    system, one = reader
    one.go(href_of(system, "text/section-01.xhtml"))
    assert "第一段从退两格" in one.words
    assert one.ask(_CLICK, "#call-n2") == "②"
    one.wait("return reader.where().words.includes('石匠姓陈')")
    one.shoot(f"{system}-note")
    assert "第一段从退两格" not in one.words
    assert one.ask(_CLICK, "#note-n2 a.note-mark") == "②"
    one.wait("return reader.where().words.includes('看水知道桥要多高')")


def test_the_contents_lead_to_each_chapter(reader: tuple[System, Reader]) -> None:
    system, one = reader
    for label, href in one.ask("return reader.facts().toc")[1:]:
        one.go(href)
        assert label in one.words, href
    one.go(href_of(system, "nav.xhtml"))
    one.shoot(f"{system}-contents")
    assert one.ask(_CLICK, "a[href='text/section-02.xhtml']") == "话桥"
    one.wait("return reader.where().words.includes('把桥修好')")


def test_each_printed_page_is_found(reader: tuple[System, Reader], book: Book) -> None:
    system, one = reader
    found = 0
    for link in book.all("//h:nav[@e:type='page-list']//h:a"):
        href = str(link.get("href"))
        one.go(href_of(system, href))
        ten = behind(book, href)[:10]
        assert ten in one.words, f"page {link.text}"
        if system == "foliate" and "#page-9" in href:
            assert one.ask("return reader.where().page") != ""
            one.shoot("foliate-page-9")
        found += 1
    assert found > 5


@pytest.mark.parametrize("system", SYSTEMS)
def test_night_and_a_larger_font_keep_working(
    browser: Browser, address: str, system: System
) -> None:
    with opened(browser, address, system) as one:
        one.go(href_of(system, "text/section-02.xhtml"))
        day = one.ask(_COLOURS)
        assert (day["text"], day["number"]) == ("rgb(0, 0, 0)", "rgb(179, 20, 28)")
        assert day["family"] == "serif"
        assert day["indent"] == 2 * day["size"]
        one.page.emulate_media(color_scheme="dark")
        night = one.ask("reader.style(given);" + _COLOURS, NIGHT)
        # Nothing of ours holds the text to black, and the accent is light enough.
        assert night["text"] == "rgb(221, 221, 221)"
        assert night["family"] == "sans-serif"
        red, green, blue = (int(part) for part in re.findall(r"\d+", night["number"]))
        assert (red > 220, green > 90, blue > 90) == (True, True, True)
        assert night["tint"] != day["tint"]
        assert re.fullmatch(r"rgba\(.*, 0\.\d+\)", night["tint"])
        assert night["size"] == 1.5 * day["size"]
        assert night["small"] == pytest.approx(1.5 * day["small"])
        assert night["indent"] == 2 * night["size"]
        assert night["leading"] == pytest.approx(2 * night["size"])
        one.shoot(f"{system}-night")


NIGHT = """
html { font-size: 150%; background: #121212; color: #ddd }
body { font-family: sans-serif; line-height: 2 }
"""


@pytest.mark.parametrize("device", DEVICES)
def test_nothing_is_wider_than_its_screen(browser: Browser, address: str, device: str) -> None:
    """At twice the size of type, too, no table, picture or word reaches beyond the column."""
    with opened(browser, address, "epubjs", DEVICES[device]) as one:
        for href in ("text/title-page.xhtml", "nav.xhtml", "text/section-01.xhtml",
                     "text/section-02.xhtml", "text/index-dates.xhtml"):  # fmt: skip
            one.go(href)
            for size in (100, 200):
                wide = one.ask(_WIDE, f"html {{ font-size: {size}% }}")
                assert wide == [], (href, size)
            if "section-01" in href:
                one.shoot(f"epubjs-{device}-large")


_WIDE = """
reader.style(given);
const doc = reader.documents()[0];
await new Promise(requestAnimationFrame);
const style = doc.defaultView.getComputedStyle(doc.body);
const column = parseFloat(style.columnWidth) || doc.defaultView.innerWidth;
return [...doc.body.querySelectorAll('*')].filter(one =>
  one.getClientRects().length && [...one.getClientRects()].some(box => box.width > column + 1))
  .map(one => one.outerHTML.slice(0, 80))
"""


# ---- fonts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fonts", ["all", "rare"])
def test_each_glyph_comes_from_a_font_of_the_book(
    browser: Browser, tmp_path: Path, fonts: str
) -> None:
    made = Book(epub(tmp_path, ebook={"pages": "none", "fonts": fonts}))
    with served(made.data) as where:
        page = browser.new_page()
        ours = others = 0
        for name in made.spine:
            page.goto(f"{where}/book/EPUB/{name}")
            for (family, carried, tag), count in fonts_of_page(page).items():
                if carried:
                    assert family.startswith("Booklet "), family
                    ours += count
                else:
                    assert fonts == "rare", (name, tag, family, count)
                    others += count
        state = page.evaluate("[...document.fonts].map(font => font.status)")
        page.close()
    assert set(state) <= {"loaded", "unloaded"}
    if fonts == "rare":
        assert ours == 3  # 㑇、𠮷、𪚲
        assert others > 1000
    else:
        assert ours > 1400
