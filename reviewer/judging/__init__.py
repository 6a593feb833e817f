"""All arithmetic of the product: each claim is recomputed from the printed numbers, nothing else adds or divides."""

from reviewer.judging.claims import judge

__all__ = ["judge"]
