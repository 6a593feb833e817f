"""The reading by a language model: it answers in ids of numbers and sentences, and never writes a number."""

from reviewer.extraction.model.narrative import Narrative, narrate
from reviewer.extraction.model.reading import ModelReading, Progress, planned, read_with_model

__all__ = ["ModelReading", "Narrative", "Progress", "narrate", "planned", "read_with_model"]
