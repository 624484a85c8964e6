"""The measures of the header as numbers."""

from __future__ import annotations

from booklet.model.header import LayoutSpec
from booklet.model.measures import MM, TypeArea, parse_length, parse_trim, parse_type_size
from booklet.model.publication import Layout


def read_layout(spec: LayoutSpec) -> Layout:
    """Turn the measures of the header, already checked, into numbers."""
    area = spec.type_area
    return Layout(
        trim=parse_trim(spec.trim) if spec.trim is not None else None,
        type_area=None
        if area is None
        else TypeArea(
            parse_type_size(area.size),
            area.characters,
            area.lines,
            parse_length(area.pitch) if area.pitch is not None else None,
        ),
        gutter_mm=parse_length(spec.gutter) / MM if spec.gutter is not None else None,
        head_mm=parse_length(spec.head) / MM if spec.head is not None else None,
    )
