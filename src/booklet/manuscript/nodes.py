"""What several stages ask of the parser's nodes."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.tree import SyntaxTreeNode

from booklet.manuscript import html
from booklet.manuscript.rules import ATTRIBUTES, parse_attributes

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
