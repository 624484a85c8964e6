"""Every name of WeasyPrint 70 that composition touches: all there is to mend for a new version.

No other module of the package imports the base. What is called is bound here by name, what is
replaced is replaced by `replace` and given back by `restore`; a test holds the sources of all of
it against what composition was written for.
"""

from __future__ import annotations

import sys
from typing import Any

import weasyprint
from cssselect2 import tree as element_tree
from weasyprint import CSS, css, document, draw, pdf
from weasyprint import layout as page_layout
from weasyprint.css import ComputedStyle, StyleFor, computed_values
from weasyprint.css import properties as css_properties
from weasyprint.css.functions import check_math
from weasyprint.css.targets import anchor_name_from_token
from weasyprint.css.tokens import InvalidValues, get_length
from weasyprint.css.validation import expanders
from weasyprint.css.validation import properties as validators
from weasyprint.draw import text as draw_text_module
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes, build
from weasyprint.html import UA_STYLESHEET
from weasyprint.layout import background as backgrounds
from weasyprint.layout import block as block_layout
from weasyprint.layout import inline as inline_layout
from weasyprint.layout import leader, percent, preferred
from weasyprint.layout import page as page_making
from weasyprint.layout.absolute import absolute_layout
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.layout.percent import (
    percentage,
    resolve_percentages,
    resolve_radii_percentages,
)
from weasyprint.logger import LOGGER
from weasyprint.matrix import Matrix
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.pdf import stream as pdf_stream
from weasyprint.pdf import tags
from weasyprint.pdf.fonts import Font
from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, harfbuzz, pango
from weasyprint.text.fonts import get_hb_object_data as face_data
from weasyprint.text.fonts import get_pango_font_hb_face as font_face
from weasyprint.text.fonts import get_pango_font_key as font_key

__all__ = [
    "CSS",
    "FROM_UNITS",
    "LOGGER",
    "TO_UNITS",
    "UA_STYLESHEET",
    "VERSION",
    "ComputedStyle",
    "Font",
    "InvalidValues",
    "LayoutContext",
    "Matrix",
    "PdfFont",
    "StyleFor",
    "absolute_layout",
    "adjust_line_height",
    "anchor_name_from_token",
    "backgrounds",
    "block_container_layout",
    "block_content_width",
    "block_layout",
    "boxes",
    "build",
    "check_math",
    "computed_values",
    "css",
    "css_properties",
    "document",
    "draw",
    "draw_first_line",
    "draw_text_module",
    "element_tree",
    "everywhere",
    "expanders",
    "face_data",
    "face_index",
    "face_size",
    "family_attribute",
    "ffi",
    "first_letter_to_box",
    "font_face",
    "font_key",
    "formatting_contexts",
    "get_color",
    "get_length",
    "include",
    "inline_layout",
    "is_replaced",
    "layout_box_backgrounds",
    "layout_set_text",
    "leader",
    "line_break",
    "make_all_pages",
    "marker_to_box",
    "no_fonts",
    "out_of_flow_layout",
    "page_layout",
    "page_making",
    "pango",
    "pdf",
    "pdf_fonts",
    "pdf_stream",
    "percent",
    "percentage",
    "preferred",
    "replace",
    "resolve_percentages",
    "resolve_radii_percentages",
    "restore",
    "split_text_box",
    "strut",
    "tags",
    "validators",
    "version_problem",
]  # fmt: skip

VERSION = "70.0"

face_index = harfbuzz.hb_face_get_index
adjust_line_height = inline_layout._adjust_line_height
out_of_flow_layout = inline_layout._out_of_flow_layout
make_all_pages = page_layout.make_all_pages
block_container_layout = block_layout.block_container_layout
block_content_width = preferred._block_content_width
first_letter_to_box = inline_layout.first_letter_to_box
marker_to_box = build.marker_to_box
split_text_box = inline_layout.split_text_box
strut = line_break.strut
LayoutContext = page_layout.LayoutContext
PdfFont = pdf_stream.Font
draw_first_line = draw_text_module.draw_first_line
layout_set_text = line_break.Layout.set_text

ffi.cdef("PangoAttribute * pango_attr_family_new (const char *family);")
ffi.cdef("PangoFontDescription * pango_font_description_from_string (const char *str);")
family_attribute = pango.pango_attr_family_new

_replaced: list[tuple[Any, Any, Any]] = []
_included: list[tuple[set[str], str]] = []


def no_fonts(*_: Any) -> Any:
    """Write no fonts into a file, in the place of the base's function that does."""
    return pdf.pydyf.Dictionary()


def face_size(face: Any) -> int:
    """Give the bytes of the file that a face of HarfBuzz is in."""
    blob = harfbuzz.hb_face_reference_blob(face)
    size = int(harfbuzz.hb_blob_get_length(blob))
    harfbuzz.hb_blob_destroy(blob)
    return size


def version_problem() -> str:
    """Say why the installed base cannot be taught; '' if it can."""
    if weasyprint.__version__ == VERSION:
        return ""
    return f"composition is written for WeasyPrint {VERSION}, not {weasyprint.__version__}"


def formatting_contexts(context: Any) -> list[Any]:
    """Give the boxes around what is laid out now that lay out their blocks on their own.

    Returns:
        From the outside to the inside; None stands for the page.
    """
    return context._excluded_shapes_root_boxes  # type: ignore[no-any-return]


def replace(owner: Any, name: Any, new: Any) -> None:
    """Put a function of ours, or an entry of a table, in the place of one of the base.

    Args:
        owner: A module or a class, or a dictionary.
        name: The attribute or the key.
        new: What stands there from now on.
    """
    if isinstance(owner, dict):
        _replaced.append((owner, name, owner.get(name)))
        owner[name] = new
    else:
        _replaced.append((owner, name, getattr(owner, name)))
        setattr(owner, name, new)


def everywhere(name: str, function: Any) -> list[Any]:
    """List the modules of the base's layout that know a function by a name."""
    modules = [one for key, one in sys.modules.items() if key.startswith("weasyprint.layout")]
    return [one for one in modules if getattr(one, name, None) is function]


def include(owner: set[str], name: str) -> None:
    """Add a name to a set of the base."""
    if name not in owner:
        owner.add(name)
        _included.append((owner, name))


def restore() -> None:
    """Give the base everything back that was replaced, the last first."""
    while _included:
        names, name = _included.pop()
        names.discard(name)
    while _replaced:
        owner, name, old = _replaced.pop()
        if not isinstance(owner, dict):
            setattr(owner, name, old)
        elif old is None:
            owner.pop(name, None)
        else:
            owner[name] = old


def is_replaced() -> bool:
    """Tell whether anything of the base is replaced now."""
    return bool(_replaced)
