"""Chinese line composition for WeasyPrint: justification, punctuation squeeze, line breaking.

The package knows nothing of booklets. `install` teaches WeasyPrint a paragraph composer that is
switched on by the standard CSS properties; `uninstall` takes it away again.
"""

from booklet.compose.base import install, uninstall

__all__ = ["install", "uninstall"]
