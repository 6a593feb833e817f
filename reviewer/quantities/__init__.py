"""The number grammar: every number of a text, with exact offsets, its value and what its form allows it to mean."""

from reviewer.quantities.scanner import scan

__all__ = ["scan"]
