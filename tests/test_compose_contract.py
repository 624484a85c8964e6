"""What composition takes for granted in WeasyPrint: when this fails, mend `booklet.compose`."""

from __future__ import annotations

import hashlib
import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import weasyprint
from weasyprint import css, draw, html, images, layout, matrix, pdf
from weasyprint.css import computed_values, properties, targets, tokens
from weasyprint.css.validation import expanders
from weasyprint.css.validation import properties as validators
from weasyprint.draw import color
from weasyprint.draw import text as draw_text
from weasyprint.formatting_structure import boxes, build
from weasyprint.layout import (
    absolute,
    background,
    block,
    column,
    inline,
    leader,
    page,
    percent,
    preferred,
)
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.pdf import stream, tags
from weasyprint.text import ffi, fonts, line_break

import booklet.compose
from booklet.compose import base, install, uninstall

SOURCES: dict[str, tuple[Callable[..., Any], str]] = {
    "inline.iter_line_boxes": (inline.iter_line_boxes, "04aec48abfcad809"),
    "inline.get_next_linebox": (inline.get_next_linebox, "67af458c2545e74f"),
    "inline.skip_first_whitespace": (inline.skip_first_whitespace, "deb2f1a5e2a6c035"),
    "inline.remove_last_whitespace": (inline.remove_last_whitespace, "53f0c79c9fbbda50"),
    "inline.first_letter_to_box": (inline.first_letter_to_box, "9f3d58c31344c13b"),
    "inline.atomic_box": (inline.atomic_box, "928f0e7eed566627"),
    "inline.split_inline_level": (inline.split_inline_level, "d98c008c8fc00582"),
    "inline.split_inline_box": (inline.split_inline_box, "3a0cb7ca7e34c7ef"),
    "inline.split_text_box": (inline.split_text_box, "8c564329599ef23f"),
    "inline.text_align": (inline.text_align, "e953d41b87ccfc30"),
    "inline.justify_line": (inline.justify_line, "f83b21ff8793ba6b"),
    "inline._out_of_flow_layout": (inline._out_of_flow_layout, "6bbd74324daf555d"),
    "inline._adjust_line_height": (inline._adjust_line_height, "822443b08f53654f"),
    "preferred.inline_min_content_width": (preferred.inline_min_content_width, "15cde37816a624cf"),
    "preferred.inline_max_content_width": (preferred.inline_max_content_width, "6860df1a22c6d6a7"),
    "preferred.adjust": (preferred.adjust, "20ef5faa8188ca2c"),
    "absolute.absolute_layout": (absolute.absolute_layout, "303de9ffbec7fba8"),
    "percent.resolve_percentages": (percent.resolve_percentages, "71673078096fcf87"),
    "line_break.create_layout": (line_break.create_layout, "6587192cc0ab3ffa"),
    "line_break.line_size": (line_break.line_size, "03fa04fd51fc69aa"),
    "line_break.strut": (line_break.strut, "b57885b70dd08efe"),
    "line_break.get_log_attrs": (line_break.get_log_attrs, "65c1a1c4fa75ee95"),
    "line_break.Layout": (line_break.Layout, "681b737d1ba5e004"),
    "draw_text.draw_text": (draw_text.draw_text, "ebaf96239c6ca363"),
    "draw_text.draw_first_line": (draw_text.draw_first_line, "1bb8eae6d88e71b1"),
    "draw_text.draw_text_decoration": (draw_text.draw_text_decoration, "2ddf203897c2f259"),
    "draw.draw_inline_level": (draw.draw_inline_level, "068162a401d00efd"),
    "color.get_color": (color.get_color, "8196bf0c7ddc3e54"),
    "page.make_all_pages": (page.make_all_pages, "b5e4034894841caa"),
    "page.remake_page": (page.remake_page, "1ff09b2dffa17839"),
    "page.make_page": (page.make_page, "656f183328e8b1b5"),
    "layout.layout_document": (layout.layout_document, "a5cbf437e99caf72"),
    "layout.LayoutContext": (layout.LayoutContext, "211f859ff4e2d663"),
    "block._linebox_layout": (block._linebox_layout, "e07bbe000974787e"),
    "block._break_line": (block._break_line, "2b92255d94ab45f7"),
    "block.block_level_layout": (block.block_level_layout, "c1301dde9284e245"),
    "block._in_flow_layout": (block._in_flow_layout, "c2537262836dd981"),
    "block.block_container_layout": (block.block_container_layout, "65842ca53a8391eb"),
    "block.block_box_layout": (block.block_box_layout, "a6279066e3d9ff7d"),
    "block.collapse_margin": (block.collapse_margin, "c91ad56f81717b09"),
    "block.avoid_collisions": (block.avoid_collisions, "5fc7793c573af328"),
    "column.columns_layout": (column.columns_layout, "7a05cce3272fc581"),
    "build.wrap_table": (build.wrap_table, "553a9b0e8a111fe0"),
    "build.content_to_boxes": (build.content_to_boxes, "a4b18a5a0b5083d6"),
    "build.create_anonymous_boxes": (build.create_anonymous_boxes, "f1e76cc779a89855"),
    "build.inline_in_block": (build.inline_in_block, "849ed9746b630850"),
    "targets.anchor_name_from_token": (targets.anchor_name_from_token, "c690ab4e5d0e7687"),
    "build.marker_to_box": (build.marker_to_box, "b471a3133517591e"),
    "preferred._block_content_width": (preferred._block_content_width, "00aae475025d0193"),
    "leader.leader_index": (leader.leader_index, "933aaa813a2bed4c"),
    "leader.handle_leader": (leader.handle_leader, "e4bf5941eb946d0b"),
    "stream.Stream.add_font": (stream.Stream.add_font, "e4226e1117477217"),
    "pdf_fonts.Font": (pdf_fonts.Font, "1888854798bf8726"),
    "fonts.get_pango_font_key": (fonts.get_pango_font_key, "74cbeff1fac3860c"),
    "computed_values.border_image_width": (computed_values.border_image_width, "09bbbf97793fa3be"),
    "computed_values.length_pixels_only": (computed_values.length_pixels_only, "dbdd536392865af4"),
    "layout.make_margin_boxes": (page.make_margin_boxes, "4a2d2e301eb3bc47"),
    "layout.initialize_page_maker": (layout.initialize_page_maker, "5bb3c878d722af53"),
    "layout.LayoutContext.get_string_or_element_for": (
        layout.LayoutContext.get_string_or_element_for,
        "f40ec28ae3470c6e",
    ),
    "pdf.generate_pdf": (pdf.generate_pdf, "626343ef25c396e8"),
    "pdf_fonts.build_fonts_dictionary": (pdf_fonts.build_fonts_dictionary, "fc551bef35d0d6c3"),
    "tags.add_tags": (tags.add_tags, "f0e74575b0bafaf3"),
    "percent.percentage": (percent.percentage, "ebe404ccd9da50bf"),
    "css.text_decoration": (css.text_decoration, "4fa9ec3b45ef2fc6"),
    "computed_values.color": (computed_values.color, "1a924b43adba88d3"),
    "computed_values.length": (computed_values.length, "b1f26d66dbdf10bc"),
    "tokens.get_length": (tokens.get_length, "4b310caec8de878c"),
    "expanders.generic_expander": (expanders.generic_expander, "3e2a0b8bdd429751"),
    "fonts.get_hb_object_data": (fonts.get_hb_object_data, "03040a623df04c2b"),
    "fonts.get_pango_font_hb_face": (fonts.get_pango_font_hb_face, "a6ef5e59ed1375f2"),
    "boxes.ParentBox._reset_spacing": (boxes.ParentBox._reset_spacing, "3967c7266e5237a9"),
    "boxes.TextBox.copy_with_text": (boxes.TextBox.copy_with_text, "e8ea28f3b7812142"),
    "boxes.ParentBox.copy_with_children": (boxes.ParentBox.copy_with_children, "6b906f6c9326ab5d"),
    "boxes.InlineLevelBox.remove_decoration": (
        boxes.InlineLevelBox.remove_decoration,
        "baac75df4b545ea9",
    ),
    "validators.validate_non_shorthand": (validators.validate_non_shorthand, "95476ff5a1235522"),
    "validators.other_colors": (validators.other_colors, "7a20cf02a5626410"),
    "validators.word_break": (validators.word_break, "0db3608d941b0e77"),
    "inline.inline_box_verticality": (inline.inline_box_verticality, "5c7109868242013b"),
    "inline.translate_subtree": (inline.translate_subtree, "0168696021699ba6"),
    "build.make_box": (build.make_box, "197b63dcf2afeaa6"),
    "build._inner_block_in_inline": (build._inner_block_in_inline, "5e9cce4e513921b0"),
    "tags._get_pdf_tag": (tags._get_pdf_tag, "882707358f7c4392"),
    "tags._build_box_tree": (tags._build_box_tree, "f716251a83e7096e"),
    "boxes.Box.process_whitespace": (boxes.Box.process_whitespace, "5383756795104b38"),
    "boxes.TextBox.process_whitespace": (boxes.TextBox.process_whitespace, "76bdbeb747c0ae63"),
    "boxes.Box.is_in_normal_flow": (boxes.Box.is_in_normal_flow, "5f49d6ab23da7e51"),
    "boxes.ParentBox.deepcopy": (boxes.ParentBox.deepcopy, "c6335cf2fcc16f31"),
    "boxes.Box.anonymous_from": (boxes.Box.anonymous_from, "a0319cc2252da088"),
    "boxes.ParentBox.content_text": (boxes.ParentBox.content_text.fget, "78254497ed9d7753"),
    "validators.display": (validators.display, "bddce6df9fbdbb6c"),
    "css.StyleFor": (css.StyleFor, "dac5a13261681453"),
    "css.ComputedStyle": (css.ComputedStyle, "4ff0512c0af12674"),
    "css.InitialStyle": (css.InitialStyle, "a552b6e6072b9801"),
    "css.find_style_attributes": (css.find_style_attributes, "c5b4eb4d3c008b07"),
    "css.declaration_precedence": (css.declaration_precedence, "510a33df7059e753"),
    "page.set_page_type_computed_styles": (page.set_page_type_computed_styles, "4e68b396b35c4a06"),
    "page._standardize_page_based_counters": (
        page._standardize_page_based_counters,
        "6c3791760c3fbe13",
    ),
    "page.page_width_or_height": (page.page_width_or_height, "6a1bb0cd879c4b5c"),
    "block.block_level_page_break": (block.block_level_page_break, "4c36f807aa76498f"),
    "block.block_level_page_name": (block.block_level_page_name, "5ee94a04549b477a"),
    "layout.layout_backgrounds": (layout.layout_backgrounds, "5d7d4d589e3d8a33"),
    "background.layout_box_backgrounds": (background.layout_box_backgrounds, "617a870678c82755"),
    "percent.resolve_radii_percentages": (percent.resolve_radii_percentages, "4980b3798c671710"),
    "percent.adjust_box_sizing": (percent.adjust_box_sizing, "88f3351db0280d16"),
    "absolute.AbsolutePlaceholder": (absolute.AbsolutePlaceholder, "336e26c56311f105"),
    "matrix.Matrix": (matrix.Matrix, "312bf3b1eee91a0a"),
    "weasyprint.HTML": (weasyprint.HTML, "77bbd748d3b2537d"),
    "images.get_image_from_uri": (images.get_image_from_uri, "07bdb0c0e3fd5b83"),
    "cssselect2.Matcher": (type(html.UA_STYLESHEET.matcher), "a651e3a3f14e94a1"),
}


def digest(function: Callable[..., Any]) -> str:
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", SOURCES)
def test_the_base_is_as_it_was(name: str) -> None:
    function, known = SOURCES[name]
    assert digest(function) == known, (
        f"{name} of WeasyPrint has changed: compare it with what booklet.compose expects "
        f"of it, then write its digest {digest(function)} here"
    )


def test_one_module_knows_the_base() -> None:
    folder = Path(booklet.compose.__file__).parent
    knowing = [path.name for path in folder.glob("*.py") if "weasyprint" in path.read_text()]
    assert knowing == ["weasy.py"]


def test_pango_is_laid_out_as_it_was() -> None:
    """Glyphs are read as five numbers of 32 bits, line breaks as the lowest bit of one."""
    known = ffi.ffi
    assert known.sizeof("PangoGlyphInfo") == 20
    assert known.offsetof("PangoGlyphInfo", "glyph") == 0
    assert known.offsetof("PangoGlyphInfo", "geometry") == 4
    assert [known.offsetof("PangoGlyphGeometry", name) for name in ("width", "x_offset")] == [0, 4]
    assert known.sizeof("PangoLogAttr") == 4


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with pytest.raises(RuntimeError, match=r"70\.0, not 71\.0"):
        install()


def test_uninstall_leaves_no_trace() -> None:
    uninstall()
    before = (
        draw.draw_inline_level, draw.draw_text, draw_text.draw_text_decoration,
        dict(expanders.EXPANDERS), dict(computed_values.COMPUTER_FUNCTIONS),
        inline.get_next_linebox, block.block_level_layout, block._in_flow_layout,
        block.avoid_collisions, set(properties.TABLE_WRAPPER_BOX_PROPERTIES),
        dict(build.BOX_TYPE_FROM_DISPLAY), tags._get_pdf_tag,
        tags._build_box_tree, block.columns_layout, boxes.ParentBox.content_text,
        set(html.UA_STYLESHEET.matcher.lower_local_name_selectors),
    )  # fmt: skip
    known = (
        inline.split_inline_box, inline.justify_line, preferred.inline_min_content_width,
        preferred.inline_max_content_width, set(properties.KNOWN_PROPERTIES),
        set(properties.INHERITED), list(properties.INITIAL_VALUES), dict(validators.PROPERTIES),
    )  # fmt: skip
    install()
    install()
    assert inline.split_inline_box is base.split_inline_box
    uninstall()
    assert known == (
        inline.split_inline_box, inline.justify_line, preferred.inline_min_content_width,
        preferred.inline_max_content_width, set(properties.KNOWN_PROPERTIES),
        set(properties.INHERITED), list(properties.INITIAL_VALUES), dict(validators.PROPERTIES),
    )  # fmt: skip
    assert before == (
        draw.draw_inline_level, draw.draw_text, draw_text.draw_text_decoration,
        dict(expanders.EXPANDERS), dict(computed_values.COMPUTER_FUNCTIONS),
        inline.get_next_linebox, block.block_level_layout, block._in_flow_layout,
        block.avoid_collisions, set(properties.TABLE_WRAPPER_BOX_PROPERTIES),
        dict(build.BOX_TYPE_FROM_DISPLAY), tags._get_pdf_tag,
        tags._build_box_tree, block.columns_layout, boxes.ParentBox.content_text,
        set(html.UA_STYLESHEET.matcher.lower_local_name_selectors),
    )  # fmt: skip


SCRIPT = """
import hashlib, sys
from weasyprint import HTML
html = HTML(string="<html lang=zh-CN><p style='width:99px'>（一）、<b>二</b> or x" * 9)
if sys.argv[1] == "used":
    from booklet.compose import install, uninstall
    install()
    html.write_pdf()
    uninstall()
data = html.write_pdf(pdf_identifier=b"x")
sys.stdout.write(hashlib.sha256(data).hexdigest())
"""


def test_output_after_uninstall_is_the_base_s_own() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, how], check=True, capture_output=True, text=True
        ).stdout
        for how in ("never", "used")
    }
    assert len(digests) == 1
