"""What a page needs in order to be drawn: an allow-list of keys for every kind of object.

Whatever is not listed here is not carried from a stranger's file to a sheet: attachments, scripts,
metadata of pictures, references to other files, links back to pages and to the structure tree.
Clauses are those of ISO 32000-1.
"""

from __future__ import annotations

from typing import Any, Literal

Kind = Literal[
    "plain", "anything", "resources", "form", "image", "xobject", "group", "state", "soft-mask",
    "colour", "process", "hints", "pattern", "function", "font", "encoding", "glyphs", "descriptor",
    "system", "cmap", "parameters", "intent", "profile",
]  # fmt: skip
"""A kind of object: its keys are below. ``plain`` is a number, name, string or array of them."""

_STREAM: dict[str, Kind] = {"/Filter": "plain", "/DecodeParms": "parameters"}

_FUNCTION: dict[str, Kind] = {
    "/FunctionType": "plain", "/Domain": "plain", "/Range": "plain", "/Size": "plain",
    "/BitsPerSample": "plain", "/Order": "plain", "/Encode": "plain", "/Decode": "plain",
    "/C0": "plain", "/C1": "plain", "/N": "plain", "/Bounds": "plain", "/Functions": "function",
}  # fmt: skip

KEYS: dict[Kind, dict[str, Kind]] = {
    "plain": {},
    # 7.8.3; property lists are dealt with apart, for layers hang on them.
    "resources": {
        "/ExtGState": "anything", "/ColorSpace": "anything", "/Pattern": "anything",
        "/Shading": "anything", "/XObject": "anything", "/Font": "anything",
        "/Properties": "plain",
    },
    # 8.10
    "form": _STREAM | {
        "/Type": "plain", "/Subtype": "plain", "/FormType": "plain", "/BBox": "plain",
        "/Matrix": "plain", "/Resources": "resources", "/Group": "group",
    },
    # 8.9.5
    "image": _STREAM | {
        "/Type": "plain", "/Subtype": "plain", "/Width": "plain", "/Height": "plain",
        "/ColorSpace": "colour", "/BitsPerComponent": "plain", "/Intent": "plain",
        "/ImageMask": "plain", "/Mask": "image", "/Decode": "plain", "/Interpolate": "plain",
        "/SMask": "image", "/SMaskInData": "plain", "/Matte": "plain",
    },
    # 11.6.6
    "group": {
        "/Type": "plain", "/S": "plain", "/CS": "colour", "/I": "plain", "/K": "plain",
    },
    # 8.4.5; halftones belong to a device, not to a page.
    "state": {
        "/Type": "plain", "/LW": "plain", "/LC": "plain", "/LJ": "plain", "/ML": "plain",
        "/D": "plain", "/RI": "plain", "/OP": "plain", "/op": "plain", "/OPM": "plain",
        "/Font": "font", "/BG": "function", "/BG2": "function", "/UCR": "function",
        "/UCR2": "function", "/TR": "function", "/TR2": "function", "/FL": "plain", "/SM": "plain",
        "/SA": "plain", "/BM": "plain", "/SMask": "soft-mask", "/CA": "plain", "/ca": "plain",
        "/AIS": "plain", "/TK": "plain", "/UseBlackPtComp": "plain",
    },
    "soft-mask": {
        "/Type": "plain", "/S": "plain", "/G": "xobject", "/BC": "plain", "/TR": "function",
    },
    # 8.6: the dictionaries and streams in the array of a colour space.
    "colour": _STREAM | _FUNCTION | {
        "/Alternate": "colour", "/WhitePoint": "plain", "/BlackPoint": "plain", "/Gamma": "plain",
        "/Matrix": "plain", "/Subtype": "plain", "/Colorants": "anything", "/Process": "process",
        "/MixingHints": "hints",
    },
    "process": {"/ColorSpace": "colour", "/Components": "plain"},
    "hints": {"/Solidities": "anything", "/PrintingOrder": "plain", "/DotGain": "anything"},
    # 8.7: tiling patterns, shading patterns and shadings.
    "pattern": _STREAM | _FUNCTION | {
        "/Type": "plain", "/PatternType": "plain", "/PaintType": "plain", "/TilingType": "plain",
        "/BBox": "plain", "/XStep": "plain", "/YStep": "plain", "/Resources": "resources",
        "/Matrix": "plain", "/Shading": "pattern", "/ExtGState": "state", "/ShadingType": "plain",
        "/ColorSpace": "colour", "/Background": "plain", "/AntiAlias": "plain",
        "/Coords": "plain", "/Extend": "plain", "/Function": "function",
        "/BitsPerCoordinate": "plain", "/BitsPerComponent": "plain", "/BitsPerFlag": "plain",
        "/VerticesPerRow": "plain",
    },
    # 7.10
    "function": _STREAM | _FUNCTION,
    # 9.5 to 9.8
    "font": {
        "/Type": "plain", "/Subtype": "plain", "/Name": "plain", "/BaseFont": "plain",
        "/FirstChar": "plain", "/LastChar": "plain", "/Widths": "plain",
        "/FontDescriptor": "descriptor", "/Encoding": "encoding", "/ToUnicode": "cmap",
        "/FontBBox": "plain", "/FontMatrix": "plain", "/CharProcs": "anything",
        "/Resources": "resources", "/DescendantFonts": "font", "/CIDSystemInfo": "system",
        "/DW": "plain", "/W": "plain", "/DW2": "plain", "/W2": "plain", "/CIDToGIDMap": "cmap",
    },
    "encoding": _STREAM | {
        "/Type": "plain", "/BaseEncoding": "plain", "/Differences": "plain", "/CMapName": "plain",
        "/CIDSystemInfo": "system", "/WMode": "plain", "/UseCMap": "cmap",
    },
    "glyphs": _STREAM,
    "descriptor": {
        "/Type": "plain", "/FontName": "plain", "/FontFamily": "plain", "/FontStretch": "plain",
        "/FontWeight": "plain", "/Flags": "plain", "/FontBBox": "plain", "/ItalicAngle": "plain",
        "/Ascent": "plain", "/Descent": "plain", "/Leading": "plain", "/CapHeight": "plain",
        "/XHeight": "plain", "/StemV": "plain", "/StemH": "plain", "/AvgWidth": "plain",
        "/MaxWidth": "plain", "/MissingWidth": "plain", "/CharSet": "plain", "/Style": "system",
        "/Lang": "plain", "/CIDSet": "cmap", "/FontFile": "profile", "/FontFile2": "profile",
        "/FontFile3": "profile",
    },
    "system": {
        "/Registry": "plain", "/Ordering": "plain", "/Supplement": "plain", "/Panose": "plain",
    },
    "cmap": _STREAM | {
        "/Type": "plain", "/CMapName": "plain", "/CIDSystemInfo": "system", "/WMode": "plain",
        "/UseCMap": "cmap",
    },
    # 7.4: parameters of filters; the globals of JBIG2 are a stream.
    "parameters": _STREAM | {
        "/Predictor": "plain", "/Colors": "plain", "/BitsPerComponent": "plain",
        "/Columns": "plain", "/EarlyChange": "plain", "/K": "plain", "/EndOfLine": "plain",
        "/EncodedByteAlign": "plain", "/Rows": "plain", "/EndOfBlock": "plain",
        "/BlackIs1": "plain", "/DamagedRowsBeforeError": "plain", "/JBIG2Globals": "parameters",
        "/ColorTransform": "plain",
    },
    # 14.11.5
    "intent": {
        "/Type": "plain", "/S": "plain", "/OutputCondition": "plain",
        "/OutputConditionIdentifier": "plain", "/RegistryName": "plain", "/Info": "plain",
        "/DestOutputProfile": "profile",
    },
    # Font programs and ICC profiles.
    "profile": _STREAM | {
        "/Type": "plain", "/Subtype": "plain", "/Length1": "plain", "/Length2": "plain",
        "/Length3": "plain", "/N": "plain", "/Alternate": "colour", "/Range": "plain",
    },
}  # fmt: skip
"""The keys that objects of a kind keep, and the kind of what stands under each."""

NAMED: dict[str, Kind] = {
    "/ExtGState": "state", "/ColorSpace": "colour", "/Pattern": "pattern", "/Shading": "pattern",
    "/XObject": "xobject", "/Font": "font", "/Colorants": "colour", "/Solidities": "plain",
    "/DotGain": "function", "/CharProcs": "glyphs",
}  # fmt: skip
"""Dictionaries whose keys are free names, and the kind of what stands under all of them."""

XOBJECTS: dict[str, Kind] = {"/Form": "form", "/Image": "image"}
"""Kinds of external objects; a third, PostScript for printers long gone, is left behind."""


def word(value: Any) -> str:
    """Give a name or a string as text; what is in no encoding that we know is nothing."""
    try:
        return str(value)
    except UnicodeDecodeError:
        return ""
