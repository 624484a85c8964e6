"""Chinese line composition for WeasyPrint: justification, punctuation squeeze, line breaking.

The package knows nothing of booklets. `install` teaches WeasyPrint a paragraph composer that is
switched on by the standard CSS properties; `uninstall` takes it away again; `strained_lines` tells
which lines of a rendered document had to be stretched too far.
"""

from booklet.compose.base import install, uninstall
from booklet.compose.strain import Strain, strained_lines

__all__ = ["Strain", "install", "strained_lines", "uninstall"]
