"""Preflight: hold a finished file, ours or anybody's, against what a printer asks for."""

from booklet.finish.preflight.limits import Barcode, Limits, Order, limits_of
from booklet.finish.preflight.registry import BY_ID, CHECKS, Check
from booklet.finish.preflight.report import Finding, NotRun, PreflightReport, Spot, few_words
from booklet.finish.preflight.run import Means, preflight
from booklet.finish.preflight.tools import Tools, find_tools

__all__ = [
    "BY_ID",
    "CHECKS",
    "Barcode",
    "Check",
    "Finding",
    "Limits",
    "Means",
    "NotRun",
    "Order",
    "PreflightReport",
    "Spot",
    "Tools",
    "few_words",
    "find_tools",
    "limits_of",
    "preflight",
]
