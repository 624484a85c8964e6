"""A theme of one's own, to begin with: it builds at once, and looks as its parent does."""

from __future__ import annotations

from booklet.theme.theme import Theme

_THEME = """\
# A theme that extends {parent}: all that is not said here is as {parent} has it.
# docs/themes.md lists every key; `booklet theme show {name}` tells what the theme has.
name: {name}
label: {{zh: {name}, en: {name}}}
description: {{zh: 以{parent}为本的主题, en: A theme after {parent}}}
extends: {parent}

# A token or option is changed by its value alone. Take away a # to begin.
tokens:
{tokens}
options:
{options}
# The page, where a publication asks for none of its own, as {parent} has it; say all or nothing.
{page}"""

_PRINT = """\
/* Rules for pages, behind those of {parent}. */

/* .section h2 {{ letter-spacing: .1em }} */
"""

_EPUB = """\
/* Rules for the e-book, behind those of {parent}. */

/* h1 {{ text-align: center; }} */
"""


def fresh_theme(name: str, parent: Theme) -> dict[str, str]:
    """Write the files of a new theme.

    Args:
        name: Of the theme; a word of ASCII letters, digits and hyphens.
        parent: The theme that it extends.

    Returns:
        Text by file name.
    """
    tokens = "".join(
        f"  # {token}: {_quoted(spec.default)}   # {spec.label.zh} {spec.label.en}\n"
        for token, spec in parent.token_specs.items()
    )
    options = "".join(
        f"  # {option}: {_quoted(spec.default)}   # {', '.join(spec.values)}\n"
        for option, spec in parent.option_specs.items()
    )
    words = {"name": name, "parent": parent.name}
    return {
        "theme.yaml": _THEME.format(**words, tokens=tokens, options=options, page=_page(parent)),
        "print-extra.css": _PRINT.format(**words),
        "epub-extra.css": _EPUB.format(**words),
    }


def _page(parent: Theme) -> str:
    """Write the page of a theme as comments."""
    page = parent.page
    lines = ["layout:", f"  trim: {page.trim}", f"  size: {page.size}", f"  pitch: {page.pitch:g}"]
    lines += [f"  gutter-share: {page.gutter_share:g}", f"  head-share: {page.head_share:g}"]
    lines += [f"  hang: {page.hang}"]
    if page.presets:
        lines.append("  presets:")
    for trim, area in page.presets.items():
        counts = f"characters: {area.characters}, lines: {area.lines}"
        lines.append(f"    {trim}: {{{counts}, gutter: {area.gutter}, head: {area.head}}}")
    return "".join(f"# {line}\n" for line in lines)


def _quoted(value: str) -> str:
    plain = value.replace("-", "").isalnum() and value not in {"on", "off", "none", "null"}
    return value if plain else f'"{value}"'
