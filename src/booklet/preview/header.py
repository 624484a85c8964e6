"""The header of the publication as the tuning panel changes it: tried first, then saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from booklet.errors import Findings
from booklet.manuscript.files import FileError, Folder
from booklet.manuscript.locate import MARKDOWN, find_publication, split_header
from booklet.manuscript.source import Source
from booklet.manuscript.yamlpos import Tree, read_yaml
from booklet.output.put import put
from booklet.preview.controls import complete
from booklet.preview.header_text import HeaderError, Keys, Scalar, set_in_file


@dataclass(frozen=True, slots=True)
class HeaderFile:
    """The file that holds the header: ``booklet.yaml``, or a lone Markdown file.

    Attributes:
        folder: The publication's folder.
        name: The file's name in it.
    """

    folder: Folder
    name: str

    @classmethod
    def of(cls, source: Path) -> HeaderFile:
        """Find it.

        Raises:
            InputError: There is no publication.
        """
        return cls(*find_publication(source))

    @property
    def markdown(self) -> bool:
        """Whether it is a manuscript as well."""
        return Path(self.name).suffix.lower() in MARKDOWN

    def changed(self, changes: Mapping[Keys, Scalar], known: Iterable[Mapping[str, Any]]) -> str:
        """Give its text with some keys set, as it would be saved.

        Raises:
            HeaderError: It cannot be read, or not be written to.
        """
        text = self._text()
        tree = self._tree(text)
        value = tree.value if tree is not None and isinstance(tree.value, dict) else {}
        return set_in_file(text, complete(changes, value, known), markdown=self.markdown)

    def save(self, changes: Mapping[Keys, Scalar], known: Iterable[Mapping[str, Any]]) -> None:
        """Write some keys, and nothing else, into the file as it is now.

        Raises:
            HeaderError: It cannot be read, or not be written to.
        """
        text = self.changed(changes, known)
        try:
            path = self.folder.resolve(self.name)
            mode = path.stat().st_mode
            put(path, text.encode("utf-8"))
            path.chmod(mode & 0o7777)
        except (FileError, OSError) as error:
            raise HeaderError(str(error)) from error

    def faults(self, text: str, findings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """Find the keys that findings are about.

        Args:
            text: The file as it was tried.
            findings: As plain data.

        Returns:
            Messages by dotted keys.
        """
        tree = self._tree(text)
        if tree is None:
            return {}
        spots = {}
        for places in (tree.keys, tree.values):
            for path, place in places.items():
                spots[place.file, place.line, place.column] = ".".join(map(str, path))
        faults: dict[str, str] = {}
        for item in findings:
            key = spots.get((item["file"], item["line"], item["column"]))
            if key and item["severity"] == "error":
                faults.setdefault(key, str(item["message"]))
        return faults

    def _text(self) -> str:
        try:
            return self.folder.bytes_of(self.name).decode("utf-8")
        except (FileError, UnicodeDecodeError) as error:
            raise HeaderError(str(error)) from error

    def _tree(self, text: str) -> Tree | None:
        plain = text.replace("\r\n", "\n").removeprefix("\ufeff")
        head: Source | None = Source(self.folder.shown(self.name), plain)
        if self.markdown:
            assert head is not None
            head, _ = split_header(head, Findings())
        return None if head is None else read_yaml(head, Findings())
