"""The door as the renderer asks for it."""

from __future__ import annotations

from weasyprint.urls import URLFetcher, URLFetcherResponse

from booklet.output.fetch import Door
from booklet.output.srgb import in_srgb


class DoorFetcher(URLFetcher):  # type: ignore[misc]
    """The door, as WeasyPrint asks for it. No handler of the base is ever called."""

    def __init__(self, door: Door) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)
        self.door = door

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Serve a URL through the door."""
        data, kind = self.door.open(url)
        data = in_srgb(data, kind)
        return URLFetcherResponse(url, data, {"Content-Type": kind})
