"""Derived editions: from one model to another, before anything is typeset.

A derived edition has the same blocks, ids, notes and pictures; only words change, and a `Ledger`
says character by character what became of them.
"""

from booklet.derive.edition import Derived, derive
from booklet.derive.ledger import origins

__all__ = ["Derived", "derive", "origins"]
