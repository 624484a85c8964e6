"""The commands, gathered; and the edge where an error becomes words and an exit code."""

from __future__ import annotations

import contextlib
import errno
import gc
import logging
import os
import sys
from collections.abc import Iterator
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from booklet import __version__, worker
from booklet.cli import (
    batch,
    build,
    check,
    fonts,
    import_,
    impose,
    preflight,
    preview,
    publication,
    theme,
    theme_check,
    theme_gallery,
    tools,
)
from booklet.cli.output import say, say_diagnostics
from booklet.errors import BookletError, ExitCode, clean

STOPPED = 130
"""Exit status after an interrupt from the keyboard, as shells have it: 128 + SIGINT."""


_UsageError: Any = typer.BadParameter.__base__


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    """Take out of typer's own messages what would move a cursor: they repeat names of files."""
    try:
        yield
    except _UsageError as error:
        error.message = clean(error.message)
        raise


class _Edge(TyperGroup):
    """Meets the two ends of a run that are no fault, before typer makes one of them."""

    def make_context(self, *arguments: Any, **more: Any) -> Any:
        """Read the words before the command."""
        with _plainly():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            with _plainly():
                return super().invoke(ctx)
        except BrokenPipeError:
            # The reader of our output has gone, as `| head` does.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(int(ExitCode.OK))
        except KeyboardInterrupt:
            say("stopped; the previous outputs are untouched")
            sys.exit(STOPPED)


app = typer.Typer(
    name="booklet",
    cls=_Edge,
    help="Typeset PDF and EPUB publications from one Chinese manuscript.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("new")(publication.new)
app.command("build")(build.build)
app.command("batch")(batch.batch)
app.command("check")(check.check)
app.command("import")(import_.import_)
app.command("impose")(impose.impose)
app.command("preflight")(preflight.preflight)
app.command("preview")(preview.preview)
app.command("schema")(publication.schema)
app.command("doctor")(tools.doctor)
app.command("clean")(tools.clean_outputs)
theme.app.command("check")(theme_check.check)
theme.app.command("gallery")(theme_gallery.gallery)
app.add_typer(theme.app, name="theme")
app.add_typer(fonts.app, name="fonts")


def _version(*, show: bool) -> None:
    if show:
        typer.echo(f"booklet {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Typeset PDF and EPUB publications from one Chinese manuscript."""


def _say_error(error: BookletError) -> NoReturn:
    say_diagnostics(error.diagnostics)
    say(f"error: {error}")
    sys.exit(int(error.exit_code))


def main() -> None:
    """Run the command line; no traceback ever reaches the user."""
    # What libraries log would reach the terminal as it is; what matters of it becomes a finding.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.captureWarnings(True)
    # A build makes millions of objects that live to its end: to look through them again and again
    # costs a tenth of its time, and finds next to nothing.
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        app()
    except BookletError as error:
        _say_error(error)
    except (MemoryError, RecursionError) as error:
        if os.environ.get("BOOKLET_TRACEBACK"):
            raise
        _say_error(worker.exhausted(error))
    except Exception as error:
        if os.environ.get("BOOKLET_TRACEBACK"):
            raise
        if isinstance(error, OSError) and error.errno == errno.EFBIG:
            _say_error(worker.exhausted(error))
        if isinstance(error, OSError) and error.filename is not None:
            say(f"error: {error.filename}: {error.strerror}")
            sys.exit(int(ExitCode.TOOL))
        say(f"error: a fault of booklet itself: {type(error).__name__}: {error}")
        say("  hint: run again with BOOKLET_TRACEBACK=1 and report what it prints")
        sys.exit(int(ExitCode.TOOL))
    finally:
        gc.set_threshold(*usual)
