"""Asking a model about a whole report: parts at once, halves where an answer would be too long, nothing in silence."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from reviewer.extraction.model import answers, asks
from reviewer.extraction.model.asks import Asked
from reviewer.extraction.model.grounding import Grounding
from reviewer.extraction.model.masking import Masker
from reviewer.extraction.model.parts import CHARACTERS, Part, characters_in, split_parts
from reviewer.extraction.model.relations import Proposals
from reviewer.extraction.model.tagging import Shown
from reviewer.llm.asking import Ask, Asker, Reply, Spent, Status
from reviewer.llm.prompts import load
from reviewer.schema import Claim, Figure, Reading, SectionStatus, Source

A = TypeVar("A", bound=answers.Answer)
R = TypeVar("R")
_log = logging.getLogger("reviewer.model")
_WHOLE = 9000
"""Characters of the report that are read at once for concerns."""
_ANY = 10**9
_LEAST_TABLE = 20
"""Rows of a table of figures that are not asked about in halves any more."""
_AT_A_TIME = 4
"""Questions of one kind that are written in one turn of the event loop: the first are on their way while the others are
still being written."""
_GRAVITY = (
    SectionStatus.OK,
    SectionStatus.SKIPPED,
    SectionStatus.TRUNCATED,
    SectionStatus.REFUSED,
    SectionStatus.FAILED,
)

Progress = Callable[[int, int], object]
"""Called with (questions answered, questions known so far)."""


@dataclass(frozen=True, slots=True)
class ModelReading:
    """What a model made of a report, and how asking it went."""

    reading: Reading
    """Claims have no ids and no verdicts yet; figures, indicators and concerns no ids."""
    statuses: dict[str, tuple[SectionStatus, str | None]]
    """By section: how its reading ended, and why if not well. Sections no question was about are not in it."""
    rejected: dict[str, int]
    """What was offered and refused, by reason."""
    spent: Spent
    prompts: dict[str, str]
    """Prompts sent: name → version and hash."""
    masked: int
    """How many different things were hidden from the model."""
    gaps: tuple[str, ...]
    """Questions about the whole report that got no answer, with the reason."""


@dataclass(slots=True)
class _Session:
    """One report's questions under way."""

    source: Source
    asker: Asker
    progress: Progress | None
    epoch: int
    spent: Spent = field(default_factory=Spent)
    statuses: dict[str, tuple[SectionStatus, str | None]] = field(default_factory=dict)
    gaps: dict[str, list[str]] = field(default_factory=dict)
    """Why questions about the whole report were not answered, and the sections that cost; none: all of them."""
    sent: set[str] = field(default_factory=set)
    asked: int = 0
    answered: int = 0

    def failed(self, section: str) -> bool:
        """Whether what the model was to say of a section is missing, or some of it."""
        return self.statuses.get(section, (SectionStatus.OK, None))[0] is not SectionStatus.OK

    async def put(self, asked: Asked[A]) -> Reply[A]:
        """One question, counted."""
        self.asked += 1
        self.sent.add(asked.ask.task)
        reply = await self.asker.ask(asked.ask)
        self.answered += 1
        self.spent += reply.spent
        if self.progress is not None:
            self.progress(self.answered, self.asked)
        return reply

    def note(self, sections: Sequence[str], status: SectionStatus, reason: str | None) -> None:
        """Keep the worst that happened to each section; of equally bad things the same one, whichever came first."""
        for section in sections:
            worst = self.statuses.get(section, (SectionStatus.OK, None))
            self.statuses[section] = max(
                worst, (status, reason), key=lambda told: (_GRAVITY.index(told[0]), told[1] is not None, told[1] or "")
            )


def _told(source: Source, reason: str, sections: Sequence[str]) -> str:
    """A gap in words: with the sections it leaves open, unless these are all there are."""
    asked = {sentence.section for sentence in source.sentences}
    titles = dict.fromkeys("".join(source.section(section).title.split()) for section in sections)
    named = "、".join(title for title in titles if title)
    return reason if not named or asked <= set(sections) else f"{reason} ({named})"


def _signature(name: str) -> str:
    """How what a model says is signed; a model may be called anything, but not what the rules are called."""
    return f"model:{name}" if name in ("offline", "model") else name


@asynccontextmanager
async def _stopped_after(*tasks: asyncio.Task[Any]) -> AsyncIterator[None]:
    """Whatever ends the block ends the tasks: after a failure none of them asks anything more."""
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _all(*waiting: Coroutine[Any, Any, R]) -> list[R]:
    """The results of all, in their order."""
    tasks = [asyncio.create_task(one) for one in waiting]
    async with _stopped_after(*tasks):
        return list(await asyncio.gather(*tasks))


async def read_with_model(
    source: Source,
    offline: Awaitable[Reading],
    asker: Asker,
    *,
    progress: Progress | None = None,
    epoch: int = 0,
    context_tokens: int | None = None,
) -> ModelReading:
    """Everything a model says of the report, grounded. Never raises for what a model does; ReviewerError for set-up.

    `offline` is the reading by rules, which may still be under way: it is waited for once the first answers are in.
    `context_tokens`, where it is known, makes questions short enough to leave room for the answers.
    """
    masker, by = Masker.of(source), (_signature(asker.name),)
    session = _Session(source, asker, progress, epoch)
    parts = split_parts(source, characters_in(context_tokens, CHARACTERS))
    measured = [part for part in parts if _has_numbers(source, part)]
    named = asyncio.create_task(_of_parts(session, measured, partial(_label, masker)))
    criticised = asyncio.create_task(_of_parts(session, parts, partial(_critique, masker)))
    wholes = split_parts(source, characters_in(context_tokens, _WHOLE), _ANY)
    doubted = asyncio.create_task(_of_parts(session, wholes, partial(_doubt, masker), whole=True))
    async with _stopped_after(named, criticised, doubted):
        labels, critiques, doubts = await asyncio.gather(named, criticised, doubted)
    known = {figure.quantity: figure for figure in (await offline).figures}
    grounding = Grounding(source, masker, by, known)
    figures: dict[str, Figure] = {}
    proposals = Proposals(source, by, grounding.rejected, figures)
    claims: list[Claim] = []
    for label, shown in labels:
        figures |= {figure.quantity: figure for figure in grounding.figures(label.figures, shown)}
        claims += proposals.claims(label.relations, shown.quantities, tied=True)
        _log_unmarked(label.unmarked, shown)
    # Numbers of parts the model failed on are in the table as the rules read them.
    table = {**{name: own for name, own in known.items() if session.failed(own.section)}, **figures}
    # A model that has named no figure has nothing to say of how they belong together.
    for linked, shown in await _linked(session, masker, _in_order(source, table.values() if figures else ())):
        claims += proposals.same([group.quantities for group in linked.same], shown.quantities)
        claims += proposals.claims(linked.relations, shown.quantities, tied=False)
    reading = Reading(
        figures=tuple(figures.values()),
        claims=tuple(claims),
        indicators=tuple(i for answer, shown in critiques for i in grounding.indicators(answer.indicators, shown)),
        concerns=tuple(c for answer, shown in doubts for c in grounding.concerns(answer.concerns, shown)),
    )
    return ModelReading(
        reading=reading,
        statuses=session.statuses,
        rejected={name: count for name, count in sorted(grounding.rejected.items()) if count},
        spent=session.spent,
        prompts={name: load(name).stamp for name in sorted(session.sent)},
        masked=masker.count,
        gaps=tuple(_told(source, *gap) for gap in session.gaps.items()),
    )


def planned(source: Source, offline: Reading) -> tuple[Ask[Any], ...]:
    """The questions a reading begins with; the table of figures is the offline reading's."""
    masker, parts = Masker.of(source), split_parts(source)
    asked: list[Ask[Any]] = [_label(masker, source, part, 0).ask for part in parts if _has_numbers(source, part)]
    asked += [_critique(masker, source, part, 0).ask for part in parts]
    asked += [_doubt(masker, source, part, 0).ask for part in split_parts(source, _WHOLE, _ANY)]
    if len(offline.figures) > 1:
        asked.append(asks.link_figures(source, offline.figures, masker).ask)
    return tuple(asked)


def _label(masker: Masker, source: Source, part: Part, epoch: int) -> Asked[answers.LabelAnswer]:
    return asks.label_figures(source, part, masker, epoch)


def _critique(masker: Masker, source: Source, part: Part, epoch: int) -> Asked[answers.CritiqueAnswer]:
    return asks.critique_indicators(source, part, masker, epoch)


def _doubt(masker: Masker, source: Source, part: Part, epoch: int) -> Asked[answers.ConcernsAnswer]:
    return asks.raise_concerns(source, part.sentences, masker, epoch)


def _has_numbers(source: Source, part: Part) -> bool:
    return any(source.within(s.span.document, s.span.start, s.span.end) for s in part.sentences)


async def _of_parts(
    session: _Session,
    parts: Sequence[Part],
    build: Callable[[Source, Part, int], Asked[A]],
    *,
    whole: bool = False,
) -> list[tuple[A, Shown]]:
    """The answers to one question about each part, in the order of the text."""
    found = await _all(*(_of_part(session, part, build, whole, turn // _AT_A_TIME) for turn, part in enumerate(parts)))
    return [answer for answers_of_part in found for answer in answers_of_part]


async def _of_part(
    session: _Session, part: Part, build: Callable[[Source, Part, int], Asked[A]], whole: bool, turn: int = 0
) -> list[tuple[A, Shown]]:
    """The answers about a part: one, or those about its halves where one would be too long or was declined."""
    for _ in range(turn):
        await asyncio.sleep(0)
    asked = build(session.source, part, session.epoch)
    reply = await session.put(asked)
    if reply.status is Status.OK and reply.answer is not None:
        session.note(part.sections, SectionStatus.OK, reply.reason)
        return [(reply.answer, asked.shown)]
    several = len(part.sections) > 1
    halves = part.halves() if reply.status is Status.TRUNCATED or (reply.status is Status.REFUSED and several) else None
    if halves is not None:
        found = await _all(*(_of_part(session, half, build, whole) for half in halves))
        return [*found[0], *found[1]]
    reason = f"{asked.ask.task}: {reply.reason or reply.status}"
    if whole:
        session.gaps.setdefault(reason, []).extend(part.sections)
    else:
        session.note(part.sections, SectionStatus(reply.status.value), reason)
    return []


async def _linked(
    session: _Session, masker: Masker, figures: Sequence[Figure]
) -> list[tuple[answers.LinkAnswer, Shown]]:
    """What belongs together over the whole report; where one answer would be too long, over each half of the table."""
    asked = asks.link_figures(session.source, figures, masker, session.epoch)
    if len(asked.shown.quantities) < 2:
        return []
    reply = await session.put(asked)
    if reply.answer is not None:
        return [(reply.answer, asked.shown)]
    session.gaps.setdefault(f"{asked.ask.task}: {reply.reason or reply.status}", [])
    if reply.status is not Status.TRUNCATED or len(figures) < _LEAST_TABLE:
        return []
    middle = len(figures) // 2
    halves = await _all(*(_linked(session, masker, half) for half in (figures[:middle], figures[middle:])))
    return [*halves[0], *halves[1]]


def _in_order(source: Source, figures: Iterable[Figure]) -> list[Figure]:
    """Figures in the order of the text."""
    known = {figure.quantity: figure for figure in figures}
    return [known[quantity.id] for quantity in source.quantities if quantity.id in known]


def _log_unmarked(names: Sequence[str], shown: Shown) -> None:
    """Numbers the scanner may have missed are for us to look into; nothing is made of them."""
    for name in names:
        if name in shown.sentences:
            _log.info("a model sees a number without an id in sentence %s", shown.sentences[name].id)


__all__ = ["ModelReading", "Progress", "planned", "read_with_model"]
