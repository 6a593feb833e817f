"""The reading by a language model: it answers in ids of numbers and sentences, and never writes a number."""
