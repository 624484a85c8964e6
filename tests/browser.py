"""A real browser for the tests: the system's Chromium, driven by Playwright."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from booklet.check.ace import find_chromium


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; where there is none, skip, but in CI fail."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium is installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        # No sandbox: a container has no rights to make one.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
