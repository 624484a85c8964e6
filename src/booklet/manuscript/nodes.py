"""What several stages ask of the parser's nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from booklet.errors import Place
from booklet.manuscript import html
from booklet.manuscript.rules import ATTRIBUTES, parse_attributes
from booklet.manuscript.source import Source

Node = SyntaxTreeNode


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything within it in source order, but for definitions of notes."""
    yield node
    for child in node.children:
        if child.type != "footnote_reference":
            yield from walk(child)


def definitions(node: Node) -> Iterator[Node]:
    """Yield every definition of a note within a node."""
    for child in node.children:
        if child.type == "footnote_reference":
            yield child
        yield from definitions(child)


def inline_of(node: Node) -> tuple[Node, ...]:
    """Give the inline nodes of a paragraph, heading or cell."""
    inlines = [child for child in node.children if child.type == "inline"]
    # Emphasis leaves empty texts behind it.
    return tuple(
        child
        for inline in inlines
        for child in inline.children
        if child.type != "text" or child.content
    )


def leaf_words(node: Node) -> str:
    """Give the words of an inline node as they will be read, readings of ruby included."""
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "ruby":
            return node.content + node.info
        case "softbreak":
            return " " if node.meta.get("space") else ""
        case "hardbreak":
            return "\n"
        case "html_inline":
            return html.words_of(node.content)
        case "image" | "note_call":
            return ""
        case _:
            return "".join(leaf_words(child) for child in node.children)


def line_words(node: Node) -> str:
    """Give the words of a paragraph or heading."""
    return "".join(leaf_words(child) for child in inline_of(node))


def given_ids(node: Node) -> Iterator[str]:
    """Yield every id that the author gives within a node."""
    for inner in (inner for top in (node, *definitions(node)) for inner in walk(top)):
        if inner.is_root:
            continue
        if "id" in inner.attrs:
            yield str(inner.attrs["id"])
        if inner.type == "container_box" and (match := ATTRIBUTES.search(inner.info)):
            attributes = parse_attributes(match[1])
            if "id" in attributes:
                yield attributes["id"]


def start_of(node: Node, source: Source) -> Place:
    """Give the place of a block's first character that is not blank."""
    inline = next((child for child in node.children if child.type == "inline"), None)
    starts = inline.meta.get("starts") if inline is not None else None
    if starts and node.type != "heading":
        return source.place(*starts[0])
    return source.start_of(node.map[0]) if node.map else source.place(0)


@dataclass(frozen=True, slots=True)
class BoxParams:
    """What stands after ``:::``: names, attributes, and words that head the box."""

    names: tuple[str, ...]
    attributes: dict[str, str]
    title: str


def box_params(info: str) -> BoxParams:
    """Read ``note``, ``note 标题``, ``{.letter #id}`` or ``letter {.old}``."""
    text = info.strip().rstrip(":").strip()
    match = ATTRIBUTES.search(text)
    attributes = parse_attributes(match[1]) if match else {}
    words = (ATTRIBUTES.sub("", text, count=1) if match else text).split(maxsplit=1)
    name = words[0] if words else ""
    return BoxParams((name,) if name else (), attributes, words[1].strip() if words[1:] else "")
