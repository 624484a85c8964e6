"""Measure what the press edition costs: python bench/press.py [--pages 8 146 729] [--rounds 3].

Generated Chinese pages are drawn once, and then made ready for the press and proved, each in a
process of its own. Told are processor seconds without the start of Python, the time of one page
against that of laying it out, and the peak of memory.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from compose import document

BLEED = "<style>@page{bleed:3mm}h2{color:#b3141c}</style>"


def draw(pages: int, folder: Path) -> tuple[float, int]:
    """Draw pages as the press edition takes them."""
    from weasyprint import HTML

    start = time.process_time()
    rendered = HTML(string=document(pages).replace("</html>", BLEED)).render()
    (folder / "plain.pdf").write_bytes(rendered.write_pdf())
    return time.process_time() - start, len(rendered.pages)


def convert(folder: Path) -> None:
    """Make the pages ready for the press."""
    from booklet.finish.press import FontFile, PressJob, prepare_press
    from booklet.fonts import open_shelf
    from booklet.model.press import DEFAULT_CONDITION, PRESETS
    from booklet.output.profiles import find_profile

    profile, family = find_profile(DEFAULT_CONDITION), open_shelf().family("Noto Serif CJK SC")
    assert profile is not None
    assert family is not None
    face = family.faces[0]
    fonts = (FontFile(face.path.read_bytes(), face.index),)
    made = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    job = PressJob(PRESETS["offset-cn"], "网络强国", made, profile.read_bytes(), fonts)
    data = (folder / "plain.pdf").read_bytes()
    start = time.process_time()
    file = prepare_press(data, job)
    _tell(time.process_time() - start)
    (folder / "press.pdf").write_bytes(file.data)


def prove(folder: Path) -> None:
    """Compare the words of the pages with those they were made of."""
    import pypdfium2

    from booklet.finish.press.text import compare_text

    press, plain = ((folder / name).read_bytes() for name in ("press.pdf", "plain.pdf"))
    count = len(pypdfium2.PdfDocument(plain))
    start = time.process_time()
    assert list(compare_text(press, plain, range(count))) == []
    _tell(time.process_time() - start)


def _tell(seconds: float) -> None:
    status = Path("/proc/self/status")  # elsewhere a process inherits the peak of its parent
    if status.exists():
        peak = int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1024
    else:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{seconds} {peak}\n")


def main() -> None:
    """Measure, or be one step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[8, 146, 729])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", choices=["convert", "prove"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        {"convert": convert, "prove": prove}[asked.one](asked.folder)
        return
    for pages in asked.pages:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            layout, count = draw(pages, folder)
            told = [f"{count} pages"]
            for step in ("convert", "prove"):
                command = [sys.executable, __file__, "--one", step, "--folder", name]
                rounds = [
                    subprocess.run(command, check=True, capture_output=True, text=True)
                    for _ in range(asked.rounds)
                ]
                figures = [tuple(map(float, done.stdout.split())) for done in rounds]
                seconds = statistics.median(figure[0] for figure in figures)
                peak = max(figure[1] for figure in figures)
                told.append(
                    f"{step} {seconds:.2f} s ({seconds / layout:.3f} of layout), {peak:.0f} MB"
                )
            before, after = ((folder / f"{n}.pdf").stat().st_size for n in ("plain", "press"))
            told.append(f"{before / 1e6:.2f} to {after / 1e6:.2f} MB")
            sys.stdout.write("; ".join(told) + "\n")


if __name__ == "__main__":
    main()
