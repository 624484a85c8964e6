"""The only reader of a publication folder: YAML, Markdown and data, with places, to the model."""

from booklet.manuscript.header import header_schema
from booklet.manuscript.loaded import Loaded
from booklet.manuscript.reader import load_publication

__all__ = ["Loaded", "header_schema", "load_publication"]
