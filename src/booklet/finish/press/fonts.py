"""Fonts for files older than PDF 1.6: bare CFF in place of whole OpenType files."""

from __future__ import annotations

import io

import pikepdf
from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Dictionary, Name

from booklet.finish.press.job import PressError


def unwrap_fonts(pdf: pikepdf.Pdf) -> None:
    """Take the CFF out of OpenType files, which PDF 1.4 does not know (ISO 32000-1, 9.9).

    Raises:
        PressError: A font cannot be read.
    """
    for found in pdf.objects:
        if not isinstance(found, Dictionary) or found.get("/Type") != Name.FontDescriptor:
            continue
        file = found.get("/FontFile3")
        if file is None or file.get("/Subtype") != Name.OpenType:
            continue
        try:
            table = TTFont(io.BytesIO(file.read_bytes())).reader["CFF "]
        except (TTLibError, KeyError) as error:
            msg = f"the font {str(found.FontName)[1:]} cannot be embedded in PDF 1.4"
            raise PressError(msg, "use standard: pdf/x-4", code="press-font") from error
        file.write(table)
        file.Subtype = Name.CIDFontType0C
