"""The evaluation harness: how well and how fast the reviewer works. Not part of the wheel."""
