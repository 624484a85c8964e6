"""The built-in families: names, roles, licences, packages and file names.

The facts stand in `fonts/manifest.yaml`, where a designer looks for them.
"""

from __future__ import annotations

import platform
import shutil
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from booklet.errors import ToolError
from booklet.fonts.cache import remember_text

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Role = Literal["song", "hei", "kai", "fangsong", "mono", "pinyin"]


class _Model(BaseModel):
    """A value: frozen, compared by content, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Style(_Model):
    """One CSS weight of a project, and the checksum of the first file that holds it."""

    weight: int = Field(ge=1, le=1000)
    sha256: Sha256 | None = None


class BuiltIn(_Model):
    """One family as a style sheet names it."""

    id: Slug
    name: Text
    tag: str = ""
    brew: Slug | None = None


class Project(_Model):
    """Families that come from the same files.

    Attributes:
        optional: Without it, the next family of a stack stands in.
    """

    project: Text
    upstream: Text
    role: Role
    licence: Text
    licence_text: Text
    apt: tuple[Slug, ...]
    optional: bool = False
    families: tuple[BuiltIn, ...] = Field(min_length=1)
    files: tuple[Text, ...] = Field(min_length=1)
    styles: dict[Text, Style] = Field(min_length=1)

    def checksums(self) -> dict[str, str | None]:
        """Map every file name of the project to its known checksum, if any."""
        first = self.files[0]
        return {
            pattern.format(style=name, tag=family.tag): style.sha256 if pattern == first else None
            for pattern in self.files
            for family in self.families
            for name, style in self.styles.items()
        }


class Manifest(_Model):
    """All built-in families."""

    sources: tuple[Project, ...] = Field(min_length=1)

    def find(self, family: str) -> tuple[Project, BuiltIn] | None:
        """Look a family up by its name or its id."""
        for project in self.sources:
            for built_in in project.families:
                if family.casefold() in (built_in.id, built_in.name.casefold()):
                    return project, built_in
        return None

    def checksums(self) -> dict[str, str | None]:
        """Map every file name to its known checksum, if any."""
        return {
            name: checksum
            for project in self.sources
            for name, checksum in project.checksums().items()
        }


def shared_font_folder() -> Path:
    """Find `fonts/`: inside the installed package, else at the top of the repository."""
    here = Path(__file__)
    packaged = here.parents[1] / "_fonts"
    return packaged if packaged.is_dir() else here.parents[3] / "fonts"


@cache
def load_manifest(path: Path | None = None) -> Manifest:
    """Read a manifest, by default that of this installation.

    Raises:
        ToolError: The file is missing or wrong, which is a fault of the installation.
    """
    path = path or shared_font_folder() / "manifest.yaml"
    try:
        text = path.read_text("utf-8")
        values = remember_text(text, "yaml", lambda: YAML(typ="safe", pure=True).load(text))
        return Manifest.model_validate(values)
    except (OSError, YAMLError, ValidationError) as error:
        message = f"the font manifest {path} cannot be used: {error}"
        raise ToolError(message) from error


def package_command(family: str) -> list[str] | None:
    """Give the command that brings a built-in family to this system.

    Args:
        family: Name or id of the family.

    Returns:
        Words of a command, to be run by an administrator where it is apt-get; None if the family
        is not built in or no package manager that has it is found.
    """
    if (found := load_manifest().find(family)) is None:
        return None
    project, built_in = found
    if platform.system() == "Darwin":
        if built_in.brew and shutil.which("brew"):
            return ["brew", "install", "--cask", built_in.brew]
    elif project.apt and shutil.which("apt-get"):
        return ["apt-get", "install", *project.apt]
    return None
