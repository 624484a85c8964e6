"""Draw pictures of docs/typography.md: python scripts/typography.py.

Each shows the same text twice: as WeasyPrint sets it alone on the left, composed on the right.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from booklet.compose import install, uninstall
from booklet.fonts import fontconfig_folder, isolated, open_shelf

SCALE, EDGE, RULE = 2.6, 16, (150, 150, 150)
"""Pixels a point, pixels around a half, colour of the rule between the halves."""


@dataclass(frozen=True)
class Job:
    """A picture: the text, its style, the measure in characters, and the page that is shown."""

    body: str
    css: str
    ems: int
    page: int = 0


JOBS = {
    "typography-emphasis.png": Job(
        "<p>他强调，<span class=dots>没有网络安全就没有国家安全，没有信息化就没有现代化</span>。"
        "建设<b class=dots>网络强国</b>，要有自己的技术。",
        ".dots{text-emphasis:filled dot}",
        14,
    ),
    "typography-shapes.png": Job(
        "<p>"
        + "　".join(
            f'<span style="text-emphasis:{look}">{name}</span>'
            for look, name in (
                ("dot", "实点"), ("open dot", "空点"), ("circle", "实圆"),
                ("open circle", "空圆"), ("double-circle", "双圆"), ("triangle", "三角"),
                ("open triangle", "三角"), ("sesame", "芝麻"), ("open sesame", "芝麻"),
                ("'※'", "字符"),
            )
        )
        + "</p>",
        "p{text-align:left}",
        15,
    ),
    "typography-names.png": Job(
        "<p><u>司马迁</u>作<u class=work>史记</u>，<u>班固</u>作<u class=work>汉书</u>；"
        "<u>孔子</u><u>孟子</u>并称，<u class=work>史记</u><u class=work>汉书</u>并行。",
        "u{text-decoration:underline;text-decoration-inset:auto}"
        ".work{text-decoration:underline wavy}",
        13,
    ),
    "typography-hanging.png": Job(
        "<p>他说：“这是第一句话，<br>这是最后一句话。”",
        "p{text-align:right;hanging-punctuation:last;border-right:.4pt solid #999}",
        12,
    ),
    "typography-grid.png": Job(
        "<p>水涨的时候，船不开。大家在岸上等着，谁也不催<sup>1</sup>，一直等到<b>天黑</b>。"
        "<h3>渡口的规矩</h3><p>先让挑担子的过，再让<span class=large>孩子</span>过。"
        "<figure><div></div>河边的桥</figure><p>桥修好以后，渡船还留着。谁愿意坐，就坐。",
        "@page{size:204pt 255pt;background:url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org"
        "/2000/svg' width='204pt' height='21pt'%3E%3Cpath d='M0 20.93h272' stroke='%23888' "
        "stroke-width='.4'/%3E%3C/svg%3E\") 0 0 repeat-y}"
        "html{line-snap:baseline}h3{margin:9pt 0 5pt;font-size:15pt;line-height:24pt;"
        "line-snap:none;block-step:21pt}figure{margin:5pt 0;font-size:9pt;text-align:center;"
        "line-height:14pt;line-snap:none;block-step:21pt}figure div{height:38pt;background:#ddd}"
        ".large{font-size:18pt}",
        15,
    ),
    "typography-notes.png": Job(
        "<p>水涨的时候，船不开<i>渡口志卷二。</i>。大家在岸上等着。"
        "<p>谁也不催<i>船家另有说法。</i>，一直等到天黑<i>"
        "天黑以后不开船，是这里的老规矩。水急，滩多，看不清石头。有一年冬天破过一次例，"
        "船到江心熄了灯，一船的人都不敢出声。从那以后，再急的事也要等到天亮。</i>。"
        "桥修好以后，渡船还留着。谁愿意坐，就坐。",
        "@counter-style circled{system:fixed;symbols:'①' '②' '③' '④' '⑤'}"
        "@page{size:204pt 178pt;counter-reset:footnote;"
        "@footnote{border-top:.4pt solid #666;padding-top:4pt;margin-top:6pt}}"
        "i{float:footnote;footnote-policy:line;font:9pt/15pt 'Noto Serif CJK SC';"
        "text-align:justify}"
        "i::footnote-call{content:counter(footnote,circled);font-size:8pt;line-height:0}"
        "i::footnote-marker{content:counter(footnote,circled) ' '}",
        15,
        1,
    ),
    "typography-letter.png": Job(
        "<p>渡口在下游三里的地方。桥修好以后，渡船还留着，谁愿意坐，就坐。水涨的时候，船不开。",
        "p::first-letter{float:left;font-size:40pt;line-height:42pt;padding-right:4pt}",
        14,
    ),
    "typography-addresses.png": Job(
        "<p>渡口的来历请看https://zh.wikipedia.org/wiki/%E6%B8%A1%E5%8F%A3这一条，也可以写信到"
        "editor@example.org问我们。",
        "html{overflow-wrap:break-word}",
        17,
    ),
}  # fmt: skip


def fonts() -> FontConfiguration:
    """Give a font configuration that knows one family."""
    family = open_shelf([]).family("Noto Serif CJK SC")
    if family is None:
        message = "the pictures need Noto Serif CJK SC"
        raise SystemExit(message)
    with isolated(fontconfig_folder([family])):
        return FontConfiguration()


def draw(job: Job, configuration: FontConfiguration) -> Image.Image:
    """Set a text and cut it out of its page."""
    style = (
        f"@page{{size:{job.ems * 12 + 24}pt 300pt;margin:12pt}}"
        "html{font:12pt/21pt 'Noto Serif CJK SC'}body,p{margin:0}p{text-align:justify}"
    )
    html = f"<html lang=zh-CN><style>{style}{job.css}</style><body>{job.body}"
    data = HTML(string=html).write_pdf(font_config=configuration)
    page = pypdfium2.PdfDocument(io.BytesIO(data))[job.page]
    picture = page.render(scale=SCALE).to_pil().convert("L")
    box = ImageChops.invert(picture).getbbox()
    foot = box[3] if box else 1
    return picture.crop((0, int(12 * SCALE), picture.width, foot + EDGE // 2))


def main() -> None:
    """Draw every picture into docs/images."""
    configuration = fonts()
    uninstall()
    plain = {name: draw(job, configuration) for name, job in JOBS.items()}
    install()
    for name, job in JOBS.items():
        left, right = plain[name], draw(job, configuration)
        height = max(left.height, right.height)
        sheet = Image.new("RGB", (left.width + right.width, height + EDGE), "white")
        sheet.paste(left, (0, EDGE // 2))
        sheet.paste(right, (left.width, EDGE // 2))
        pen = ImageDraw.Draw(sheet)
        pen.line([(left.width, 4), (left.width, height + EDGE - 4)], fill=RULE, width=2)
        small = sheet.quantize(32, dither=Image.Dither.NONE)
        small.save(Path("docs/images") / name, optimize=True)


if __name__ == "__main__":
    main()
