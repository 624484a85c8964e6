"""Takes what the guide says of each diagnostic code over into the preview's page.

usage: python scripts/meanings.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "content/zuo-yi-ben-xiaoce/codes.md"
TARGET = ROOT / "src/booklet/preview/static/meanings.js"

_ROW = re.compile(r"\| (`[a-z-]+`(?:[，、]`[a-z-]+`)*) \| (.+?) \|")
_SEVERITY = re.compile(r"^[警注]。")


def meanings(guide: str) -> dict[str, str]:
    """Read the tables of the guide: code → what it means and what to do, in Chinese."""
    found = {}
    for line in guide.splitlines():
        if row := _ROW.fullmatch(line.strip()):
            text = _SEVERITY.sub("", row[2]).replace("`", "").replace("\\|", "|")
            found |= dict.fromkeys(re.findall(r"[a-z-]+", row[1]), text)
    return found


def script(guide: str) -> str:
    """Write the module that the page imports."""
    table = json.dumps(meanings(guide), ensure_ascii=False, indent=2)
    return (
        "// What each diagnostic code means, out of the appendix of the guide.\n"
        "// Written by scripts/meanings.py.\n\n"
        f"export const MEANINGS = {table}\n"
    )


if __name__ == "__main__":
    TARGET.write_text(script(GUIDE.read_text("utf-8")), "utf-8")
