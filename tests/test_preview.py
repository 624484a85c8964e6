"""The live preview in a real browser: edits, faults, tuning, places, the e-book, and its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser import chromium
from tests.conftest import Command
from tests.preview_facts import HEADER, MANUSCRIPT, PATIENCE, Preview, running, write_sample

from booklet.check.ace import node_modules

SECTION = 7
"""Index of the page where the first section of the sample stands; the second stands two on."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    folder = write_sample(tmp_path_factory.mktemp("preview") / "book")
    (folder / "templates").mkdir()
    with running(folder) as started:
        yield started


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """Every address that a page asked for."""
    return []


@pytest.fixture
def page(browser: Browser, preview: Preview, asked: list[str]) -> Iterator[Page]:
    """The preview at the first section, with the files of the sample as they were."""
    restore(preview)
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN",
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    expect.set_options(timeout=PATIENCE * 1000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(preview.url)
    page.get_by_role("button", name=re.compile("第一辑")).click()
    expect(page.locator(f".leaf[data-page='{SECTION}']")).to_have_attribute(
        "data-number", str(preview.state()["number"])
    )
    yield page
    context.close()
    assert [fault for fault in faults if "401" not in fault] == []


def begun(before: int, state: dict[str, Any]) -> bool:
    return bool(state["busy"] or state["number"] > before)


def restore(preview: Preview) -> None:
    """Give the sample as it was, and wait for its pages."""
    state = preview.state()
    if state["changed"]:
        preview.request("/reset", method="POST", body={})
    for name, text in (("booklet.yaml", HEADER), ("manuscript.md", MANUSCRIPT)):
        if (preview.folder / name).read_text("utf-8") != text:
            before = preview.state()["number"]
            preview.write(name, text)
            preview.wait(partial(begun, before))
    preview.laid_out()


def digest(page: Page, preview: Preview, index: int = SECTION) -> str:
    """Wait for the newest picture of a page, and name it."""
    number = str(preview.laid_out()["number"])
    leaf = page.locator(f".leaf[data-page='{index}']:not([data-waits])")
    expect(leaf).to_have_attribute("data-number", number)
    return leaf.get_attribute("data-digest") or ""


def source_of(page: Page) -> str:
    return page.locator("#source code").inner_text()


def edited(preview: Preview, name: str, text: str) -> dict[str, Any]:
    """Save a file, and wait for the pages that it makes."""
    before = preview.state()["number"]
    preview.write(name, text)
    return preview.laid_out(before)


def test_a_saved_manuscript_becomes_a_new_page_at_the_same_place(
    page: Page, preview: Preview
) -> None:
    first, other = digest(page, preview), digest(page, preview, SECTION + 1)
    edited(preview, "manuscript.md", MANUSCRIPT.replace("胸次", "心上"))
    assert digest(page, preview) != first
    assert digest(page, preview, SECTION + 1) == other
    # A front piece before it moves it by pages, and the place goes along.
    state = edited(preview, "manuscript.md", f"> **【编前语】**编者的话。\n\n{MANUSCRIPT}")
    outline = {entry["title"]: entry["page"] for entry in state["book"]["outline"]}
    assert outline["第一辑"] > SECTION
    expect(page.locator(f".leaf[data-page='{outline['第一辑']}']")).to_be_visible()
    expect(page.locator("#contents button").nth(1)).to_contain_text("编前语")


def test_style_sheets_and_pictures_are_followed_and_gone_files_as_well(
    page: Page, preview: Preview
) -> None:
    plain = digest(page, preview)
    edited(preview, "templates/print-extra.css", ".excerpt p { color: #00f }")
    blue = digest(page, preview)
    before = preview.state()["number"]
    (preview.folder / "templates/print-extra.css").unlink()
    preview.laid_out(before)
    assert blue != plain == digest(page, preview)


def test_a_burst_of_saves_ends_with_the_last(page: Page, preview: Preview) -> None:
    before = preview.state()["number"]
    for turn in range(12):
        # As an editor that truncates and writes: half of a file may be seen, and is no matter.
        with (preview.folder / "manuscript.md").open("w", encoding="utf-8") as file:
            file.write("## 第一辑\n\n")
            file.flush()
            file.write(f"第{turn}稿。\n\n## 第二辑\n\n字。\n")
    state = preview.laid_out(before)
    assert state["number"] - before < 12
    assert preview.proved()["findings"] == []
    digest(page, preview)
    page.keyboard.press("s")
    page.keyboard.press("s")
    expect(page.locator("#source code")).to_have_text(re.compile(r"manuscript\.md:3$"))


def test_a_fault_is_told_over_the_last_good_pages_until_it_is_mended(
    page: Page, preview: Preview
) -> None:
    good = digest(page, preview)
    preview.write("booklet.yaml", HEADER.replace("theme: reader", "theme: readr"))
    expect(page.locator("#fault")).to_contain_text("readr")
    expect(page.locator("#status")).to_have_text("有误，所示为上一版")
    leaf = page.locator(f".leaf[data-page='{SECTION}']")
    assert leaf.get_attribute("data-digest") == good
    assert leaf.locator("img").evaluate("image => image.naturalWidth") > 100
    page.keyboard.press("f")
    finding = page.locator("#findings .error").first
    expect(finding).to_contain_text("booklet.yaml:5:")
    expect(finding).to_contain_text("did you mean reader?")
    expect(finding.locator("b")).to_have_text("错误 theme-unknown")
    expect(finding.locator("span")).to_have_text("没有这个主题")
    preview.write("booklet.yaml", HEADER)
    expect(page.locator("#fault")).to_be_hidden()
    assert digest(page, preview) == good


def test_a_control_moves_the_pages_and_saves_its_key_alone(page: Page, preview: Preview) -> None:
    red = digest(page, preview)
    before = (preview.folder / "booklet.yaml").read_text("utf-8")
    page.keyboard.press("t")
    accent = page.locator("[data-keys='tokens.accent']")
    for color in ("#113355", "#224466", "#1f4d53"):
        accent.evaluate(
            "(input, color) => { input.value = color; input.dispatchEvent(new Event('input')) }",
            color,
        )
    lines = page.locator("[data-keys='layout.type_area.lines']")
    lines.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#unsaved")).to_contain_text("2 项未保存")
    preview.wait(lambda state: state["changed"].get("tokens.accent") == "#1f4d53")
    assert digest(page, preview) != red
    assert (preview.folder / "booklet.yaml").read_text("utf-8") == before
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#unsaved")).to_have_text("")
    saved = (preview.folder / "booklet.yaml").read_text("utf-8")
    area = "  type_area:\n    lines: 21\n    size: 小四\n    characters: 25\n"
    assert saved == before.replace("'#b3141c'", "'#1f4d53'").replace(
        "tokens:\n", f"{area}tokens:\n"
    )
    assert preview.laid_out()["book"]["area"]["lines"] == 21


def test_what_is_not_saved_can_be_taken_back(page: Page, preview: Preview) -> None:
    page.keyboard.press("t")
    expect(page.locator("#tuning")).to_be_visible()
    red = digest(page, preview)
    page.locator("[data-keys='options.folio-place']").select_option("center")
    expect(page.locator("#unsaved")).to_contain_text("1 项未保存")
    preview.wait(lambda state: bool(state["changed"]))
    assert digest(page, preview) != red
    page.get_by_role("button", name="复原").click()
    expect(page.locator("#unsaved")).to_have_text("")
    assert digest(page, preview) == red
    assert (preview.folder / "booklet.yaml").read_text("utf-8") == HEADER


def test_a_value_that_cannot_be_is_told_at_its_control(page: Page, preview: Preview) -> None:
    page.keyboard.press("t")
    expect(page.locator("#tuning")).to_be_visible()
    good = digest(page, preview)
    row = page.locator(".control", has=page.locator("[data-keys='layout.type_area.characters']"))
    row.locator("input[type=text]").fill("90")
    expect(row.locator(".fault")).to_contain_text("leave a margin of")
    expect(page.get_by_role("button", name="保存")).to_be_disabled()
    assert preview.request("/save", method="POST", body={})[0] == 409
    leaf = page.locator(f".leaf[data-page='{SECTION}']")
    assert leaf.get_attribute("data-digest") == good
    row.locator("input[type=text]").fill("20")
    expect(row.locator(".fault")).to_be_hidden()
    preview.request("/reset", method="POST", body={})
    assert (preview.folder / "booklet.yaml").read_text("utf-8") == HEADER


def test_a_click_on_a_paragraph_leads_to_its_line(page: Page, preview: Preview) -> None:
    digest(page, preview)
    leaf = page.locator(f".leaf[data-page='{SECTION}']")
    box = leaf.bounding_box()
    assert box is not None
    _, _, data = preview.request(f"/passages/{SECTION}")
    assert b":3" in data
    page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.44)
    expect(page.locator("#source code")).to_have_text(f"{preview.folder}/manuscript.md:3")
    expect(leaf.locator(".passage")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#source button")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == source_of(page)
    page.keyboard.press("Escape")
    expect(page.locator("#source")).to_be_hidden()


def test_a_finding_leads_to_its_page(page: Page, preview: Preview) -> None:
    text = MANUSCRIPT.replace("胸次", "![图](images/none.png)")
    preview.write("manuscript.md", text)
    expect(page.locator("#fault")).to_contain_text("manuscript.md:3")
    page.keyboard.press("f")
    page.keyboard.press("End")
    page.locator("#findings .error button").first.click()
    expect(page.locator(f".leaf[data-page='{SECTION}']")).to_be_visible()
    assert re.search(r"manuscript\.md:3:\d+$", source_of(page))


def test_all_is_within_reach_of_the_keyboard(page: Page, preview: Preview) -> None:
    digest(page, preview)
    leaves = page.locator(".leaf")
    expect(leaves).to_have_count(2)
    page.keyboard.press("2")
    expect(leaves).to_have_count(1)
    width = leaves.evaluate("leaf => leaf.clientWidth")
    page.keyboard.press("+")
    assert leaves.evaluate("leaf => leaf.clientWidth") > width
    page.keyboard.press("0")
    page.keyboard.press("g")
    expect(page.locator(".baseline")).to_have_count(22)
    page.keyboard.press("x")
    assert leaves.evaluate("leaf => leaf.clientWidth / leaf.clientHeight") == pytest.approx(
        154 / 216, abs=0.01
    )
    page.keyboard.press("3")
    expect(leaves).to_have_count(len(preview.state()["book"]["pages"]))
    page.keyboard.press("Home")
    page.keyboard.press("1")
    expect(leaves).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(leaves).to_have_count(2)
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()


def test_the_e_book_is_read_beside_the_pages(page: Page, preview: Preview) -> None:
    page.keyboard.press("e")
    preview.wait(lambda state: bool(state["ebook"]["key"]))
    frame = page.frame_locator("#ebook-frame")
    if (node_modules() / "foliate-js").is_dir():
        expect(frame.locator("body")).to_have_attribute("data-ready", "1")
    else:
        expect(page.locator("#ebook-note")).to_contain_text("make setup-test")
        names = preview.state()["ebook"]["documents"]
        for _ in range(next(at for at, name in enumerate(names) if "section-02" in name)):
            page.locator("#ebook-on").click()
        expect(frame.locator("body")).to_contain_text("活水源流")
    key = preview.state()["ebook"]["key"]
    edited(preview, "manuscript.md", MANUSCRIPT.replace("胸次", "心上"))
    preview.wait(lambda state: state["ebook"]["key"] != key)
    page.keyboard.press("e")
    preview.wait(lambda state: not state["ebook"]["wanted"])


def test_no_request_has_left_the_machine(asked: list[str], preview: Preview) -> None:
    home = f"http://127.0.0.1:{preview.port}/"
    assert len(asked) > 50
    assert [url for url in asked if not url.startswith((home, f"blob:{home}", "data:"))] == []


def test_a_worker_that_dies_is_told_and_replaced(preview: Preview) -> None:
    restore(preview)
    number = preview.proved()["number"]
    workers = psutil.Process(preview.process.pid).children()  # a proof is a child of theirs
    assert len(workers) == 1
    preview.write("manuscript.md", MANUSCRIPT.replace("胸次", "心上"))
    preview.wait(lambda state: state["busy"])
    workers[0].kill()
    state = preview.wait(lambda state: state["error"] or state["proved"])
    if state["error"]:
        assert [one["code"] for one in state["findings"]] == ["preview-stopped"]
    edited(preview, "manuscript.md", MANUSCRIPT)
    assert preview.state()["number"] > number


def test_a_lone_markdown_file_keeps_what_is_tuned_in_its_header(tmp_path: Path) -> None:
    file = tmp_path / "札记.md"
    text = f"---\ntitle: 札记   # 书名\n---\n\n{MANUSCRIPT}"
    file.write_text(text, encoding="utf-8")
    with running(file, "--theme", "reader") as preview:
        preview.wait(lambda state: state["book"] is not None)
        change = [[["tokens", "accent"], "#1f4d53"]]
        assert preview.request("/tune", method="POST", body=change)[0] == 200
        assert preview.request("/save", method="POST", body={})[0] == 200
        head = '---\ntitle: 札记   # 书名\ntheme: reader\ntokens:\n  accent: "#1f4d53"\n---\n'
        assert file.read_text("utf-8") == f"{head}\n{MANUSCRIPT}"
        children = psutil.Process(preview.process.pid).children(recursive=True)
        assert preview.stop() == 130
        assert [child for child in children if child.is_running()] == []


def test_a_port_in_use_is_told(preview: Preview, booklet_: Command) -> None:
    result = booklet_("preview", preview.folder, "--port", preview.port)
    assert result.status == 2
    assert f"--port: error[preview-port]: port {preview.port} is in use" in result.err


def test_there_is_nothing_to_preview(booklet_: Command, tmp_path: Path) -> None:
    assert "publication-missing" in booklet_("preview", tmp_path, "--json").err
