"""Draw the pictures of the README from the built publications: python scripts/pictures.py."""

from pathlib import Path

import pypdfium2
from PIL import Image

PAPER, GAP = (214, 212, 208), 24


def spreads(pdf: Path, pairs: list[tuple[int, ...]], height: int) -> Image.Image:
    """Draw facing pages in a row; page indexes are 0-based."""
    document = pypdfium2.PdfDocument(pdf)
    pictures = []
    for pair in pairs:
        pages = [document[index] for index in pair]
        drawn = [page.render(scale=height / page.get_height()).to_pil() for page in pages]
        spread = Image.new("RGB", (sum(page.width for page in drawn), height), "white")
        left = 0
        for page in drawn:
            spread.paste(page, (left, 0))
            left += page.width
        pictures.append(spread)
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) + 1)
    sheet = Image.new("RGB", (width, height + 2 * GAP), PAPER)
    left = GAP
    for picture in pictures:
        sheet.paste(picture, (left, GAP))
        left += picture.width + GAP
    return sheet


def main() -> None:
    """Draw every picture into docs/images."""
    target = Path("docs/images")
    first = Path("build/wangluo-qiangguo/wangluo-qiangguo.pdf")
    jobs = {"cover-and-spread.png": (first, [(0,), (9, 10), (15, 16)], 420)}
    cover = first.with_name(first.stem + "-cover.pdf")
    if cover.exists():
        jobs["cover-sheet.png"] = (cover, [(0,)], 460)
    guide = Path("build/zuo-yi-ben-xiaoce/zuo-yi-ben-xiaoce.pdf")
    if guide.exists():
        jobs["guide.png"] = (guide, [(0,), (15, 16), (21, 22)], 420)
    office = guide.with_name(guide.stem + "-office.pdf")
    if office.exists():
        innermost = len(pypdfium2.PdfDocument(office)) - 1
        jobs["office.png"] = (office, [(0,), (6,), (innermost,)], 300)
    for name, (pdf, pairs, height) in jobs.items():
        picture = spreads(pdf, pairs, height)
        picture.quantize(128, dither=Image.Dither.NONE).save(target / name, optimize=True)


if __name__ == "__main__":
    main()
