"""The door of the preview: who may ask, and what it never gives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.preview_facts import Preview, running, write_sample

from booklet.preview.guard import Event, Guard, Receive, Scope, Send
from booklet.preview.watching import Concern

HOME = "http://127.0.0.1:8000"


async def _welcome(_: Scope, __: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"welcome"})


def status(path: str = "/state", method: str = "GET", query: str = "", **headers: str) -> int:
    """Ask a guarded application whose token is key."""
    told: list[Event] = []

    async def send(event: Event) -> None:
        told.append(event)

    async def receive() -> Event:
        return {"type": "http.request"}

    given = {"host": "127.0.0.1:8000", "x_booklet_token": "key", **headers}
    scope = {
        "type": "http", "method": method, "path": path, "query_string": query.encode(),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items() if v],
    }  # fmt: skip
    asyncio.run(Guard(_welcome, 8000, "key")(scope, receive, send))
    number: int = told[0]["status"]
    assert "default-src 'none'" in str(told[0]["headers"])
    assert "nosniff" in str(told[0]["headers"])
    return number


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_our_own_page_and_a_program_with_the_key_may_ask(method: str) -> None:
    assert status(method=method) == 200
    assert status(method=method, origin=HOME, sec_fetch_site="same-origin") == 200
    assert status(method=method, host="localhost:8000", origin="http://localhost:8000") == 200


@pytest.mark.parametrize(
    "host", ["", "evil.example", "127.0.0.1", "127.0.0.1:8001", "127.0.0.1:8000.evil.example"]
)
def test_a_server_of_another_name_is_not_this_one(host: str) -> None:
    assert status(host=host) == 421


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("http://evil.example", ""), ("null", ""), ("http://127.0.0.1:8001", ""),
        ("https://127.0.0.1:8000", ""), ("", "cross-site"), ("", "same-site"),
        ("http://localhost:8000", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/state", "/static/main.js", "/epub/key/a", "/foliate/view.js"])
def test_a_page_of_another_site_may_ask_nothing(origin: str, site: str, path: str) -> None:
    assert status(path, origin=origin, sec_fetch_site=site) == 403
    assert status(path, "POST", origin=origin, sec_fetch_site=site) == 403


def test_without_the_key_there_is_nothing() -> None:
    assert status(x_booklet_token="") == 403
    assert status(x_booklet_token="kez") == 403
    assert status(query="token=key", x_booklet_token="") == 403  # only the page itself asks so
    assert status("/", query="token=key", x_booklet_token="") == 200
    assert status("/", "POST", query="token=key", x_booklet_token="") == 403
    assert status("/", query="token=", x_booklet_token="") == 403
    assert status("/") == 200


def test_a_link_may_lead_to_the_page_but_not_into_a_frame() -> None:
    asked = {"sec_fetch_site": "cross-site", "query": "token=key", "x_booklet_token": ""}
    assert status("/", sec_fetch_mode="navigate", **asked) == 200
    assert status("/", sec_fetch_mode="no-cors", **asked) == 403


@given(st.text(st.sampled_from("./ab%"), max_size=12))
def test_no_name_that_begins_with_a_dot_is_served(path: str) -> None:
    hidden = any(part.startswith(".") for part in f"/{path}".split("/"))
    assert (status(f"/static/{path}") == 404) == hidden or not path


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    reader = tmp_path_factory.mktemp("reader") / "foliate"
    reader.mkdir()
    (reader / "view.js").write_text("export {}", encoding="utf-8")
    (reader / "notes.txt").write_text("PASSWORD=秘密", encoding="utf-8")
    (reader.parent / "out.js").write_text("PASSWORD=秘密", encoding="utf-8")
    (reader / "link.js").symlink_to(reader.parent / "out.js")
    folder = write_sample(tmp_path_factory.mktemp("guard") / "book")
    with running(folder, "--reader", str(reader)) as started:
        yield started


@pytest.mark.parametrize(
    "path",
    [
        "/booklet.yaml", "/manuscript.md", "/.env", "/static/.env", "/static/../../.env",
        "/static/..%2f..%2fsecret.txt", "/static/%2e%2e/secret.txt", "/static/%2fetc%2fpasswd",
        "//etc/passwd", "/foliate/notes.txt", "/foliate/../out.js", "/foliate/..%2fout.js",
        "/foliate/link.js", "/foliate//etc/hostname.js", "/foliate/%00.js", "/epub//mimetype",
        "/epub/x/mimetype", "/epub/x/../../secret.txt", "/page/9999", "/page/-1",
        "/page/0?scale=nan", "/page/0?scale=1e9", "/passages/9999", "/static/server.py",
        "/static/", "/find?file=x&line=x", "/ebook.epub",
    ],
)  # fmt: skip
def test_no_file_but_those_of_the_build_is_given(preview: Preview, path: str) -> None:
    answer = preview.request(path)
    words = answer[2].decode("utf-8", "replace")
    assert answer[0] in {400, 404} or (answer[0], words) in {(200, "[]")}
    assert "秘密" not in words
    assert "root:" not in words


def test_a_wrong_host_or_origin_is_refused_by_the_running_server(preview: Preview) -> None:
    assert preview.request("/state")[0] == 200
    assert preview.request("/state", host=f"evil.example:{preview.port}")[0] == 421
    assert preview.request("/state", origin="http://evil.example")[0] == 403
    assert preview.request("/state", x_booklet_token="x" * 32)[0] == 403
    assert preview.request("/?token=x", x_booklet_token=None)[0] == 403
    assert preview.request("/foliate/view.js")[2] == b"export {}"


@pytest.mark.parametrize("path", ["/tune", "/save", "/reset", "/ebook"])
def test_an_action_is_a_post_of_json_from_our_page(preview: Preview, path: str) -> None:
    assert preview.request(path)[0] == 405
    refused = {"content_type": "text/plain", "x_booklet_token": preview.token}
    assert preview.request(path, method="POST", body={}, **refused)[0] == 400
    assert preview.request(path, method="POST", body={}, x_booklet_token=None)[0] == 403
    large = preview.request(path, method="POST", body={"x": "a" * 100_000})
    assert large[0] == 400


@pytest.mark.parametrize(
    "changes",
    [
        {}, [["a"]], [[["title"], "别的书名"]], [[["manuscript"], "../secret.txt"]],
        [[["tokens", "accent"], None]], [[["tokens", "accent"], "a\nb: c"]],
        [[["tokens", "accent"], "x" * 400]], [[["__proto__"], 1]], [[[], 1]], "x", None,
    ],
)  # fmt: skip
def test_only_what_has_a_control_can_be_tuned(preview: Preview, changes: object) -> None:
    preview.wait(lambda state: state["book"] is not None)
    before = (preview.folder / "booklet.yaml").read_bytes()
    if changes != []:
        assert preview.request("/tune", method="POST", body=changes or "{")[0] == 400
    assert preview.state()["changed"] == {}
    assert (preview.folder / "booklet.yaml").read_bytes() == before


def test_the_server_listens_on_the_loopback_alone(preview: Preview) -> None:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not Path(table).exists():
            pytest.skip("only Linux lists its sockets so")
        lines = [line.split() for line in Path(table).read_text("ascii").splitlines()[1:]]
        mine = [line[1] for line in lines if line[3] == "0A" and _port(line[1]) == preview.port]
        assert mine in ([], [f"0100007F:{preview.port:04X}"])


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def test_no_folder_is_watched_through_a_link_that_leads_out(tmp_path: Path) -> None:
    book, outside = tmp_path / "book", tmp_path / "outside"
    for folder in (book / "images" / "own", outside / "deep"):
        folder.mkdir(parents=True)
    (book / "again").symlink_to("images")
    assert Concern(book).folders() == ({book}, set())
    (book / "images" / "all").symlink_to(outside)
    images = {book / "images", book / "images" / "own"}
    assert Concern(book).folders() == (set(), {book, *images})
    assert Concern(book, lone=True).folders() == (set(), {book, *images})
    (book / "fonts").symlink_to("/")
    assert Concern(book, lone=True).folders()[0] == set()
