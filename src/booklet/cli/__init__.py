"""The command line: parse, delegate, print, exit code. Nothing else prints."""

from booklet.cli.app import main

__all__ = ["main"]
