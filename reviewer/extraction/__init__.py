"""Giving numbers their meaning: figures, claims, indicators."""

from reviewer.extraction.offline import extract as read_offline

__all__ = ["read_offline"]
