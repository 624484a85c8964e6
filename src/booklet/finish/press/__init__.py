"""Pages made ready for a press: inks, boxes, marks, and what the file says of itself."""

from booklet.finish.press.job import FontFile, PressError, PressFile, PressJob
from booklet.finish.press.prepare import prepare_press

__all__ = ["FontFile", "PressError", "PressFile", "PressJob", "prepare_press"]
