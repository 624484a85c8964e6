"""Transparency made opaque looks the same; what cannot be made so is refused with its page."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops
from tests.press_pages import STYLE, encoded, photo, profile, stress_pdf
from weasyprint import HTML

from booklet.finish.press import PressFile, PressJob, prepare_press
from booklet.finish.press.survey import survey
from booklet.model.press import PRESETS

OPAQUE = replace(PRESETS["lulu"], transparency=False)
"""Light, so that the looks can be compared to the pixel."""


def drawn(body: str) -> bytes:
    style = STYLE + ".tint { background: #ffe0a0; padding: 8pt } .dot { width: 40pt; height: 20pt }"
    return bytes(HTML(string=f"<style>{style}</style><body>{body}").write_pdf())


def ready(data: bytes) -> PressFile:
    made = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    return prepare_press(data, PressJob(OPAQUE, "题", made, profile()))


def looks(data: bytes) -> Image.Image:
    image: Image.Image = pypdfium2.PdfDocument(data)[0].render(scale=1.5).to_pil()
    return image.convert("RGB")


def words(data: bytes) -> str:
    return str(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range())


def faded() -> str:
    alpha = photo("RGBA")
    alpha.putalpha(Image.linear_gradient("L").resize(alpha.size))
    return encoded(alpha, "PNG")


FAINT = {
    "type": "<p style='color:rgba(200,0,0,.4)'>words <b>and</b> more</p>",
    "box": "<div class=box style='background:rgba(0,0,200,.3);color:#000'>words</div>",
    "group": "<div class=box style='opacity:.5;background:#cfc;border:3pt solid #c00'>words</div>",
    "picture": f"<img src='{faded()}'>",
    "faint picture": f"<img style='opacity:.3' src='{encoded(photo(), 'PNG')}'>",
    "drawing": "<svg width=80 height=60>"
    "<circle cx=40 cy=30 r=25 fill='#08f' fill-opacity='.4'/></svg>",
    "nothing": "<p style='opacity:0'>unseen</p>",
}  # fmt: skip


@pytest.mark.parametrize("where", ["<p>before</p>{}", "<div class=tint>{}</div>"])
@pytest.mark.parametrize("what", FAINT)
def test_what_lies_on_paper_or_a_tint_looks_the_same_made_opaque(what: str, where: str) -> None:
    source = drawn(where.format(FAINT[what]))
    with pikepdf.open(io.BytesIO(source)) as pdf:
        assert any(survey(pdf).transparency)
    file = ready(source)
    assert file.diagnostics == ()
    with pikepdf.open(io.BytesIO(file.data)) as pdf:
        assert not any(survey(pdf).transparency)
    difference = ImageChops.difference(looks(source), looks(file.data))
    # Edges of shapes that share a group are softened twice.
    assert sum(difference.convert("L").histogram()[12:]) <= 40
    texts = [
        pypdfium2.PdfDocument(d)[0].get_textpage().get_text_range() for d in (source, file.data)
    ]
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (f"<div class=tint><p>words</p><div style='margin-top:-30pt'>{FAINT['box']}</div></div>",
         "an opacity of 0.3 over more than paper or one even tint"),
        ("<div class=dot style='background:linear-gradient(red,transparent)'></div>",
         "a soft mask"),
        ("<div style='opacity:.5'>a<div style='opacity:.5'>b</div></div>",
         "a transparent group within another"),
        ("<div class=dot style='opacity:.5;background:url("
         f"{encoded(photo(size=(20, 20)), 'PNG')})'></div>",
         "a pattern, gradient or spot colour of an opacity of 0.5"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_its_page(body: str, what: str) -> None:
    file = ready(drawn(f"<p>page one</p><section>{body}</section>"))
    (found,) = file.diagnostics
    assert found.code == "press-transparency"
    assert found.message.startswith(f"page 2: {what}")
    assert file.data == b""


def test_an_alpha_channel_that_hides_nothing_goes_everywhere() -> None:
    solid = photo("RGBA")
    file = prepare_press(
        drawn(f"<img src='{encoded(solid, 'PNG')}'>"),
        PressJob(PRESETS["offset-cn"], "题", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), profile()),
    )
    with pikepdf.open(io.BytesIO(file.data)) as pdf:
        assert survey(pdf).transparency == ((),)
        assert "/Group" not in pdf.pages[0].obj


def test_a_blend_mode_and_a_mask_are_refused_in_any_file() -> None:
    with pikepdf.open(io.BytesIO(stress_pdf(transparent=False))) as pdf:
        page = pdf.pages[-1].obj
        page.Resources.ExtGState = pikepdf.Dictionary(
            M=pikepdf.Dictionary(BM=pikepdf.Name.Multiply)
        )
        page.Contents = pdf.make_stream(b"/M gs 0 0 50 50 re f")
        file = io.BytesIO()
        pdf.save(file)
    (found,) = ready(file.getvalue()).diagnostics
    assert "the blend mode Multiply cannot be made opaque" in found.message
