"""``booklet preview``."""

from __future__ import annotations

import json
import tempfile
import webbrowser
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from booklet.cli.build import Publication
from booklet.cli.output import say, tell
from booklet.cli.work import LimitOption, lifted

if TYPE_CHECKING:
    from booklet.preview.server import Address

Port = Annotated[int, typer.Option("--port", "-p", help="Port of this machine; 0: a free one.")]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Open no browser.")]
ThemeName = Annotated[
    Optional[str],  # noqa: UP045 - typer reads the annotation
    typer.Option("--theme", help="Try another theme; nothing is saved before you say so."),
]
Reader = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads the annotation
    typer.Option("--reader", help="Folder of foliate-js, which shows the e-book."),
]
Json = Annotated[bool, typer.Option("--json", help="Print address and token as JSON; open none.")]

REDIRECT = """<!DOCTYPE html><meta charset="utf-8"><title>booklet</title>
<meta http-equiv="refresh" content="0; url={url}">
"""


def preview(  # noqa: PLR0913 - one parameter for each option
    publication: Publication = Path(),
    port: Port = 0,
    theme: ThemeName = None,
    reader: Reader = None,
    *,
    no_open: NoOpen = False,
    as_json: Json = False,
    limit: LimitOption = None,
) -> None:
    """Show a publication in the browser, and lay it out anew as files are saved."""
    from booklet.preview.server import serve

    with ExitStack() as ending:

        def announce(address: Address) -> None:
            if as_json:
                told = {"url": address.url, "port": address.port, "token": address.token}
                typer.echo(json.dumps(told))
                return
            tell(address.url)
            say("the preview runs until you press Ctrl-C")
            if not no_open:
                webbrowser.open(ending.enter_context(_Door(address)).as_uri())

        ending.enter_context(lifted(limit))
        serve(publication, announce, port=port, theme=theme, reader=reader)


class _Door:
    """A page that leads to the preview: the key stands in a file of ours, not in a command line.

    Anybody on a machine may read the command lines of all.
    """

    def __init__(self, address: Address) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="booklet-preview-")
        self.page = Path(self.folder.name, "preview.html")
        self.page.write_text(REDIRECT.format(url=address.url), encoding="utf-8")
        self.page.chmod(0o600)

    def __enter__(self) -> Path:
        return self.page

    def __exit__(self, *_: object) -> None:
        self.folder.cleanup()
