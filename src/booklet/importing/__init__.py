"""Other formats to a publication: Markdown, HTML, Word, EPUB, folders with SUMMARY.md.

Every format becomes HTML, HTML becomes the model's own tree, and the tree is written as a
manuscript, whose words are then held against those of the source.
"""

from booklet.importing.run import Imported, import_file

__all__ = ["Imported", "import_file"]
