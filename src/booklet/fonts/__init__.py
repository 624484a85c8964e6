"""The font shelf: which families a build may use, and which characters they cover.

Nothing here depends silently on what a system happens to have. A shelf holds the drop-in fonts
and those files of the system that `fonts/manifest.yaml` names; a typesetter that loads
`fontconfig_folder` sees these and no others.
"""

from booklet.fonts.check import check_shelf
from booklet.fonts.coverage import Coverage
from booklet.fonts.face import FONT_SUFFIXES, BrokenFontError, Face
from booklet.fonts.fontconfig import fontconfig_folder, fonts_state, isolated
from booklet.fonts.install import install_file
from booklet.fonts.manifest import Manifest, load_manifest, package_command
from booklet.fonts.shelf import Family, Shelf, open_shelf, user_font_folder

__all__ = [
    "FONT_SUFFIXES",
    "BrokenFontError",
    "Coverage",
    "Face",
    "Family",
    "Manifest",
    "Shelf",
    "check_shelf",
    "fontconfig_folder",
    "fonts_state",
    "install_file",
    "isolated",
    "load_manifest",
    "open_shelf",
    "package_command",
    "user_font_folder",
]
