"""The command `reviewer`: flags in, exit code out, nothing else."""

from reviewer.cli.app import app
from reviewer.cli.main import main

__all__ = ["app", "main"]
