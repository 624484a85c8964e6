"""Chinese line composition for WeasyPrint: justification, punctuation squeeze, line breaking.

The package knows nothing of booklets. `install` teaches WeasyPrint a paragraph composer that is
switched on by the standard CSS properties; `uninstall` takes it away again; `strained_lines` tells
which lines of a rendered document had to be stretched too far, `noted` which notes are called on
which page, and `line_grid` where the baselines of a page are.
"""

from booklet.compose.base import install, uninstall
from booklet.compose.cells import is_vertical, stands_beside
from booklet.compose.linegrid import LineGrid
from booklet.compose.notes import Called, noted
from booklet.compose.pages import Beginning, Edge, Laid, going_on, laid
from booklet.compose.snapping import line_grid
from booklet.compose.strain import Strain, strained_lines
from booklet.compose.typefaces import drawn_fonts, open_font

__all__ = [
    "Beginning",
    "Called",
    "Edge",
    "Laid",
    "LineGrid",
    "Strain",
    "drawn_fonts",
    "going_on",
    "install",
    "is_vertical",
    "laid",
    "line_grid",
    "noted",
    "open_font",
    "stands_beside",
    "strained_lines",
    "uninstall",
]
