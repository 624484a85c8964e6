"""Themes: search path, `extends`, options, tokens, fonts by role, and the Jinja sandbox."""

from booklet.theme.chain import find_theme, theme_names
from booklet.theme.environment import render
from booklet.theme.files import SearchPath, built_in_folder, built_in_themes
from booklet.theme.theme import Theme, open_theme

__all__ = [
    "SearchPath", "Theme", "built_in_folder", "built_in_themes", "find_theme", "open_theme",
    "render", "theme_names",
]  # fmt: skip
