"""XML names and the few steps that package document, navigation and NCX share."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from booklet.errors import ToolError, clean

XHTML = "http://www.w3.org/1999/xhtml"
OPS = "http://www.idpf.org/2007/ops"
OPF = "http://www.idpf.org/2007/opf"
DC = "http://purl.org/dc/elements/1.1/"
NCX = "http://www.daisy.org/z3986/2005/ncx/"
SVG = "http://www.w3.org/2000/svg"
MATHML = "http://www.w3.org/1998/Math/MathML"
XLINK = "http://www.w3.org/1999/xlink"

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
EPUB_TYPE = f"{{{OPS}}}type"
_NONE: Mapping[str, str] = {}


def root(name: str, prefixes: Mapping[str | None, str]) -> etree._Element:
    """Open a document whose root is ``name`` in the namespace of the empty prefix."""
    return etree.Element(f"{{{prefixes[None]}}}{name}", nsmap=dict(prefixes))


def add(
    parent: etree._Element, name: str, text: str = "", attributes: Mapping[str, str] = _NONE
) -> etree._Element:
    """Append an element, in the namespace of its parent unless ``name`` is ``{uri}name``.

    Raises:
        ToolError: The words hold a character that XML 1.0 forbids.
    """
    namespace = etree.QName(parent).namespace
    child = etree.SubElement(parent, name if name.startswith("{") else f"{{{namespace}}}{name}")
    try:
        for key, value in attributes.items():
            child.set(key, value)
        child.text = text or None
    except ValueError as error:
        words = clean(" ".join((text, *attributes.values())))
        msg = f"a control character stands in the metadata or contents: {words}"
        raise ToolError(msg) from error
    return child


def serialise(tree: etree._Element, doctype: str | None = None) -> bytes:
    """Write a document of ours, indented.

    Never for text of the manuscript: there a line break between two inlines would be a space.
    """
    etree.indent(tree, space=" ")
    data: bytes = etree.tostring(tree, xml_declaration=True, encoding="utf-8", doctype=doctype)
    return data + b"\n"
