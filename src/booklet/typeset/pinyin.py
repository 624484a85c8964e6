"""Style sheets for text over whose every character stands a reading."""

from __future__ import annotations

from booklet.typeset.geometry import PINYIN_CELL

PINYIN_SHEET = f"""
/* A cell a character, so that readings have room and characters stand below each other. */
.section, .front {{ letter-spacing: {PINYIN_CELL - 1:g}em }}
rt, .unspaced, .attribution, .footnote, .number, .marker, .ordinal, .spread-head, figcaption, pre,
code, nav {{ letter-spacing: 0 }}
.section h2, .front h2 {{ letter-spacing: .4em }}
.section .ordinal {{ margin-bottom: .6em }}   /* readings of the title stand between */
.contents li, .contents .back li {{ line-height: var(--pitch) }}   /* without readings */
rt {{ font-size: 50%; line-height: 1; white-space: nowrap }}
"""

REFLOW_SHEET = """
/* A reading over every character: room for it, across and between the lines. */
section p, section li, section h3 {
  letter-spacing: 0.35em;
  line-height: 2.4;
}
section h1, section h2 { letter-spacing: 0.35em; line-height: 2 }
rt { letter-spacing: 0; line-height: 1; white-space: nowrap }
.unspaced { letter-spacing: 0 }
section .attribution, section .footnote, section .footnote p, section figcaption, section pre,
section code, section.index p, section.index li, section.title-page h1, section.title-page p,
section.colophon p { letter-spacing: 0; line-height: 1.6 }
section .number, section .ordinal { letter-spacing: 0; line-height: 1.6 }
"""
