"""Writes a document's text and keeps, for every character, where in the file it came from."""

from collections.abc import Iterable

from reviewer.schema.source import LineRun, Omission, OmissionReason

Place = tuple[int, int, int | None]
"""Line, column and page in the file."""


class Builder:
    """Text, line runs and omissions, as they grow."""

    def __init__(self) -> None:
        self._chars: list[str] = []
        self._runs: list[LineRun] = []
        self._omitted: list[tuple[int, int, int, str, OmissionReason]] = []

    def __len__(self) -> int:
        return len(self._chars)

    def copy(self, chars: str, line: int, column: int, page: int | None) -> None:
        """Append a stretch of a file line as it stands."""
        if not chars:
            return
        at = len(self._chars)
        if not self._runs or not _goes_on(self._runs[-1], at, line, column, page):
            self._runs.append(LineRun(start=at, line=line, column=column, page=page))
        self._chars.extend(chars)

    def insert(self, char: str) -> None:
        """Append a character that is not in the file."""
        self._chars.append(char)

    def near(self, line: int, column: int, page: int | None) -> None:
        """What is inserted next, at the start of a paragraph or cell, is told by this place in the file."""
        self._runs.append(LineRun(start=len(self._chars), line=line, column=column, page=page))

    def omit(self, chars: str, line: int, column: int, reason: OmissionReason, page: int | None = None) -> None:
        """Note a stretch of a file line that is left out on purpose."""
        if not chars.strip():
            return
        at = (page or 0, line, column)
        if self._omitted:
            *before_at, before, why = self._omitted[-1]
            if (*at, reason) == (before_at[0], before_at[1], before_at[2] + len(before), why):
                self._omitted[-1] = (*self._omitted[-1][:3], before + chars, reason)
                return
        self._omitted.append((*at, chars, reason))

    def text(self) -> str:
        """All that was written."""
        return "".join(self._chars)

    def runs(self) -> tuple[LineRun, ...]:
        """In order of the text."""
        return tuple(self._runs)

    def omitted(self) -> tuple[Omission, ...]:
        """In order of the file."""
        return tuple(
            Omission(text=chars, line=line, column=column, reason=reason, page=page or None)
            for page, line, column, chars, reason in sorted(self._omitted)
        )


def write_filtered(builder: Builder, chars: str, places: Iterable[Place | None], dropped: frozenset[int]) -> None:
    """Append `chars`, each from its place (None: inserted), leaving out those at the indexes `dropped`.

    What is inserted before the first stands at the place of the first.
    """
    places = list(places)
    if places and places[0] is None and (first := next((place for place in places if place), None)) is not None:
        builder.near(*first)
    for index, (char, place) in enumerate(zip(chars, places, strict=True)):
        if place is None:
            builder.insert(char)
        elif index in dropped:
            builder.omit(char, place[0], place[1], "markup", place[2])
        else:
            builder.copy(char, *place)


def _goes_on(run: LineRun, at: int, line: int, column: int, page: int | None) -> bool:
    return run.line == line and run.page == page and run.column + at - run.start == column
