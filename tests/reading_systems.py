"""Two real reading systems, foliate-js and epub.js, in a headless Chromium.

The packages of Node come with the set-up for tests. Where they or Chromium are missing a test says
so: it fails where ``CI=true``, since there the set-up has run, and is skipped elsewhere.
"""

from __future__ import annotations

import http.server
import io
import mimetypes
import os
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from booklet.check.ace import find_chromium, node_modules

System = Literal["foliate", "epubjs"]

SHOTS = Path(__file__).parents[1] / "build" / "reading-systems"
"""Screenshots of the last run."""

_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip

_FOLIATE = """<!doctype html><meta charset="utf-8"><title>foliate-js</title>
<style>html, body { margin: 0; height: 100% }
foliate-view { display: block; width: 100vw; height: 100vh }</style>
<script type="module">
import '/node/foliate-js/view.js'
const view = document.createElement('foliate-view')
document.body.append(view)
await view.open('/book.epub')
view.renderer.setAttribute('max-column-count', '1')
await view.init({})
const goTo = async target => {
  const there = new Promise(done => view.addEventListener('relocate', done, { once: true }))
  await view.goTo(target)
  await Promise.race([there, new Promise(done => setTimeout(done, 1000))])
}
globalThis.reader = {
  goTo,
  turn: () => view.next(),
  back: async () => view.history.back(),
  style: css => view.renderer.setStyles(css),
  documents: () => view.renderer.getContents().map(item => item.doc),
  where: () => ({
    words: view.lastLocation?.range?.toString() ?? '',
    section: view.lastLocation?.tocItem?.label?.trim() ?? '',
    page: view.lastLocation?.pageItem?.label ?? '',
    fraction: view.lastLocation?.fraction ?? 0,
  }),
  facts: () => ({
    toc: view.book.toc.map(item => [item.label.trim(), item.href]),
    pages: (view.book.pageList ?? []).map(item => [item.label, item.href]),
    landmarks: (view.book.landmarks ?? []).map(item => item.type[0]),
    metadata: JSON.parse(JSON.stringify(view.book.metadata)),
  }),
}
</script>"""

_EPUBJS = """<!doctype html><meta charset="utf-8"><title>epub.js</title>
<style>html, body, #view { margin: 0; width: 100%; height: 100% }</style>
<div id="view"></div>
<script src="/node/jszip/dist/jszip.min.js"></script>
<script src="/node/epubjs/dist/epub.min.js"></script>
<script type="module">
const book = ePub('/book.epub')
const shown = book.renderTo('view', { width: innerWidth, height: innerHeight, spread: 'none' })
await shown.display()
const navigation = await book.loaded.navigation
const pages = book.pageList  // loaded.pageList is resolved before it is read
const metadata = await book.loaded.metadata
// A range of what is seen: from the first to the last place of the page.
const words = () => {
  const here = shown.currentLocation()
  if (!here?.start) return ''
  const [start, end] = [shown.getRange(here.start.cfi), shown.getRange(here.end.cfi)]
  if (!start) return ''
  if (end) start.setEnd(end.endContainer, end.endOffset)
  return start.toString()
}
globalThis.reader = {
  goTo: target => shown.display(target),
  turn: () => shown.next(),
  back: () => history.back(),
  style: css => { for (const item of shown.getContents()) item.addStylesheetCss(css, 'user') },
  documents: () => shown.getContents().map(item => item.document),
  where: () => ({ words: words(), section: shown.currentLocation()?.start?.href ?? '',
                  page: '', fraction: shown.currentLocation()?.start?.displayed?.page ?? 0 }),
  facts: () => ({
    toc: navigation.toc.map(item => [item.label.trim(), item.href]),
    pages: (pages?.pageList ?? []).map(item => [String(item.page), item.href]),
    landmarks: navigation.landmarks.map(item => item.type),
    metadata,
  }),
}
</script>"""


class _Shelf(http.server.BaseHTTPRequestHandler):
    """Serves a book as a file and as a folder, the reading systems, and nothing else."""

    def __init__(self, book: bytes, *rest: Any) -> None:
        self.book = book
        super().__init__(*rest)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        data, kind = self._find(path)
        self.send_response(200 if data is not None else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(data or b"")

    def _find(self, path: str) -> tuple[bytes | None, str]:
        pages = {"/foliate": _FOLIATE, "/epubjs": _EPUBJS}
        if path in pages:
            return pages[path].encode(), "text/html"
        if path == "/book.epub":
            return self.book, "application/epub+zip"
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        if path.startswith("/node/") and ".." not in path:
            file = node_modules() / path.removeprefix("/node/")
            kind = "text/javascript" if path.endswith(".js") else kind
            return (file.read_bytes() if file.is_file() else None), kind
        if path.startswith("/book/"):
            kind = "application/xhtml+xml" if path.endswith(".xhtml") else kind
            with zipfile.ZipFile(io.BytesIO(self.book)) as archive:
                name = path.removeprefix("/book/")
                return (archive.read(name) if name in archive.namelist() else None), kind
        return None, kind

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(book: bytes) -> Iterator[str]:
    """Serve a book on a port of this machine; give the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Shelf, book))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def needed(*packages: str) -> str:
    """Give the path of Chromium; a test without it, or without a package, is told as missing."""
    chromium = find_chromium()
    missing = [] if chromium else ["Chromium"]
    missing += [name for name in packages if not (node_modules() / name).is_dir()]
    if missing or chromium is None:
        reason = f"not installed: {', '.join(missing)}; scripts/setup.sh --test brings it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return chromium


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser without window and network of its own."""
    path = needed()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Reader:
    """A book that is open in a reading system.

    Attributes:
        page: The browser's page.
        errors: What the page complained of.
    """

    page: Page
    errors: list[str]

    def ask(self, script: str, argument: object = None) -> Any:
        """Run a script with ``reader`` and ``given``, once two frames have been drawn."""
        return self.page.evaluate(
            "async given => { const frame = () => new Promise(requestAnimationFrame);"
            f"const said = await (async () => {{ {script} }})();"
            "await frame(); await frame(); return said }",
            argument,
        )

    def go(self, target: str | int) -> None:
        """Go to a place of the book."""
        self.ask("await reader.goTo(given)", target)

    @property
    def words(self) -> str:
        """Visible words of the screen, white space left out."""
        return "".join(str(self.ask("return reader.where().words")).split())

    def wait(self, script: str, argument: object = None) -> None:
        """Wait until a script gives something true."""
        self.page.wait_for_function(
            f"given => {{ {script} }}", arg=argument, timeout=10_000, polling=50
        )

    def shoot(self, name: str) -> None:
        """Keep a screenshot."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(SHOTS / f"{name}.png"))


@contextmanager
def opened(
    browser: Browser, address: str, system: System, size: tuple[int, int] = (390, 844)
) -> Iterator[Reader]:
    """Open the book that is served at an address in a reading system."""
    needed(*(("foliate-js",) if system == "foliate" else ("epubjs", "jszip")))
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        page.goto(f"{address}/{system}")
        page.wait_for_function("globalThis.reader", timeout=20_000)
        yield Reader(page, errors)
    finally:
        page.close()


def fonts_of_page(page: Page) -> Counter[tuple[str, bool, str]]:
    """Count the glyphs of a page by family, whether it was embedded, and element name.

    The browser tells which face drew each of them (DevTools, "CSS.getPlatformFontsForNode").
    """
    page.evaluate("document.fonts.ready.then(() => true)")
    client = page.context.new_cdp_session(page)
    client.send("DOM.enable")
    client.send("CSS.enable")
    found: Counter[tuple[str, bool, str]] = Counter()
    root = client.send("DOM.getDocument", {"depth": -1})["root"]
    waiting = [root]
    while waiting:
        node = waiting.pop()
        children = node.get("children", [])
        waiting += children
        if any(child["nodeType"] == 3 and child["nodeValue"].strip() for child in children):
            fonts = client.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})["fonts"]
            for font in fonts:
                key = font["familyName"], font["isCustomFont"], node["localName"]
                found[key] += int(font["glyphCount"])
    return found
