"""Imported once by the process that others are forked from: it loads the renderer."""

from __future__ import annotations

from booklet.batch.worker import warm_up

warm_up()
