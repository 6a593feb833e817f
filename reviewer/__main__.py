"""`python -m reviewer` is the command `reviewer`."""

from reviewer.cli import main

main()
