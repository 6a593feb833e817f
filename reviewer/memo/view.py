"""What the memo shows, chapter by chapter: selecting, ordering and counting findings, no other arithmetic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from reviewer.memo import overview
from reviewer.memo.conclusion import conclusion, foremost, judged
from reviewer.memo.markup import Safe, table
from reviewer.memo.places import Places
from reviewer.memo.texts import Texts
from reviewer.schema import Claim, Finding, Indicator, Outcome, Reason, Review, SectionStatus, Severity
from reviewer.settings import Language

__all__ = ["Problem", "View"]

_OFFLINE = "offline"
_JUDGEMENT = {"JDG"}
_CONCERNS = "raise_concerns"
"""The prompt that asks for them."""
_INDICATORS = {"IND"}
_FORM = {"STR", "TXT"}
# Up to this many undecided relations stand in one table; more are grouped by reason.
_UNGROUPED = 8


@dataclass(frozen=True)
class Problem:
    """A finding under the number it has throughout the memo."""

    number: int
    finding: Finding


class View:
    """Everything the template asks for; text of the report leaves it unescaped, laid-out pieces as `Safe`."""

    def __init__(self, review: Review, lang: Language) -> None:
        self.review = review
        self.t = Texts(lang)
        self.places = Places(review, self.t)
        # A family without a chapter of its own is data: no finding is left out.
        elsewhere = _JUDGEMENT | _INDICATORS | _FORM
        chapters = [
            _by_severity(f for f in review.findings if f.code[:3] not in elsewhere),
            *(
                _by_severity(f for f in review.findings if f.code[:3] in own)
                for own in (_JUDGEMENT, _INDICATORS, _FORM)
            ),
        ]
        numbers = count(1)
        self.data_problems, self.judgement_problems, self.indicator_problems, self.form_problems = (
            [Problem(next(numbers), finding) for finding in chapter] for chapter in chapters
        )
        everything = chain(self.data_problems, self.judgement_problems, self.indicator_problems, self.form_problems)
        self._ranked = sorted(everything, key=lambda problem: _gravity(problem.finding))
        self.offline = review.usage.backend == _OFFLINE
        self.other_language = bool(review.findings) and lang != review.provenance.settings.lang
        self.judged = judged(review)

    # Head

    @property
    def heading(self) -> Safe:
        return overview.heading(self.review, self.t)

    @property
    def narrative(self) -> Safe:
        """The sentences a model wrote over the findings, marked as such."""
        return self.t("head.narrative", text=self.t("form.sentence_gap").join(self.review.narrative))

    @property
    def portraits(self) -> list[list[Safe]]:
        return [overview.portrait(document, self.places, self.t) for document in self.review.documents]

    @property
    def recognised(self) -> list[Safe]:
        return overview.recognised(self.review, self.places, self.t)

    @property
    def ratings(self) -> list[Safe]:
        found = overview.self_rating(self.review, self.places, self.t)
        return [self.t("overview.rating", what=r.what, value=r.text, place=r.place) for r in found]

    @property
    def key_amounts(self) -> Safe | None:
        return self._table("key_amounts", overview.key_amounts(self.review, self.places, self.t))

    @property
    def conclusion(self) -> list[Safe]:
        found = self._foremost("conclusion.foremost_item")
        return conclusion(self.review, found, form_reported=bool(self.form_problems), t=self.t)

    @property
    def headline(self) -> Safe:
        """The first sentence of the conclusion, for places where findings have no numbers."""
        return foremost(self.review, self._foremost("conclusion.headline_item"), self.t)

    def _foremost(self, item: str) -> list[Safe]:
        grave = [p for p in self._ranked if p.finding.severity is not Severity.NOTE]
        return [self.t(item, number=p.number, title=p.finding.title, place=self.place_of(p.finding)) for p in grave[:2]]

    def place_of(self, finding: Finding) -> Safe:
        """Where the finding's first quote stands."""
        if not finding.evidence:
            return self.t("place.unknown")
        return self.places.where(finding.evidence[0].span)

    # Chapter 3

    def _claims(self, outcome: Outcome) -> list[Claim]:
        return [c for c in self.review.claims if c.verdict is not None and c.verdict.outcome is outcome]

    @property
    def verified(self) -> Safe | None:
        return self._table("verified", [self._claim_row(c) for c in self._claims(Outcome.VERIFIED)])

    @property
    def unexplained(self) -> Safe | None:
        """Contradicted claims that no finding speaks of: none is left out of the memo."""
        told = {claim for finding in self.review.findings for claim in finding.claims}
        rest = [c for c in self._claims(Outcome.CONTRADICTED) if c.id not in told]
        return self._table("verified", [self._claim_row(c) for c in rest])

    @property
    def undetermined(self) -> list[tuple[Safe | None, Safe]]:
        """Tables with the heading above each; a single table has none."""
        unknown = [c for c in self.review.claims if c.verdict is None or c.verdict.outcome is Outcome.UNDETERMINED]
        if len(unknown) <= _UNGROUPED:
            whole = self._table("undetermined", [self._claim_row(c) for c in unknown])
            return [] if whole is None else [(None, whole)]
        groups: dict[Safe, list[Claim]] = {}
        for claim in unknown:
            groups.setdefault(self._note(claim), []).append(claim)
        return [
            (
                self.t("data.group", reason=reason, count=len(claims)),
                table(self._head("undetermined_group"), [self._claim_row(c)[:4] for c in claims]),
            )
            for reason, claims in groups.items()
        ]

    def _claim_row(self, claim: Claim) -> tuple[object, ...]:
        kind = self.t(f"claim.{claim.kind}")
        return claim.id, kind, self.places.formula(claim), self.places.claim_where(claim), self._note(claim)

    def _note(self, claim: Claim) -> Safe:
        if claim.verdict is None:
            return self.t("reason.not_judged")
        if claim.concept == "admitted" and claim.verdict.outcome is Outcome.CONTRADICTED:
            return self.t("reason.admitted")
        if claim.verdict.outcome is Outcome.VERIFIED and claim.verdict.reason is Reason.EXACT:
            return self.t("form.blank")
        return self.t(f"reason.{claim.verdict.reason}")

    # Chapter 4

    @property
    def indicator_count(self) -> Safe:
        found = self.review.indicators
        return self.t(
            "indicator.counts",
            found=len(found),
            measured=sum(1 for i in found if i.target is not None and i.actual is not None),
            faulty=sum(1 for i in found if i.issues),
        )

    @property
    def faulty_indicators(self) -> Safe | None:
        return self._table("indicators", [self._indicator_row(i) for i in self.review.indicators if i.issues])

    def _indicator_row(self, indicator: Indicator) -> tuple[object, ...]:
        issues = self.t.join(self.t(f"issue.{issue}") for issue in indicator.issues)
        blank = self.t("form.blank")
        where = self.places.where(indicator.span)
        return (
            indicator.id,
            indicator.text,
            indicator.level or blank,
            issues,
            indicator.suggestion or blank,
            where,
        )

    # Chapter 6

    @property
    def questions(self) -> list[Safe]:
        """Each question once, those of errors first, with the numbers of the findings that ask it."""
        asked: dict[str, list[Problem]] = {}
        for problem in self._ranked:
            if problem.finding.question:
                asked.setdefault(problem.finding.question, []).append(problem)
        return [
            self.t(
                "question.item",
                question=question,
                problems=self.t.join(self.t("form.problem", number=p.number) for p in problems),
            )
            for question, problems in asked.items()
        ]

    # Annexes

    @property
    def ledger(self) -> Safe | None:
        rows = [
            (
                figure.id,
                figure.measure
                if figure.subject is None
                else self.t("annex.of_subject", subject=figure.subject, measure=figure.measure),
                self.places.shown(figure.quantity),
                self.t(f"role.{figure.role}"),
                overview.period_word(figure.period, self.t),
                self.places.where(self.places.quantity(figure.quantity).span),
                self.sources(figure.by),
            )
            for figure in self.review.figures
        ]
        return self._table("ledger", rows)

    @property
    def unlabelled(self) -> Safe | None:
        numbers = [self.places.quantity(quantity) for quantity in self.review.coverage.unlabelled_ids]
        return self._table("unlabelled", [(q.id, self.places.shown(q.id), self.places.where(q.span)) for q in numbers])

    @property
    def unread_sections(self) -> Safe | None:
        rows = [
            (
                section.title or self.t("annex.untitled"),
                self.t(f"status.{section.status}"),
                section.reason or self.t("form.blank"),
                self.places.where(section.span),
            )
            for section in self.review.sections
            if section.status is not SectionStatus.OK
        ]
        return self._table("sections", rows)

    @property
    def judgement_gap(self) -> bool:
        """Whether a model was asked what only a reader sees, and did not answer."""
        return any(gap.startswith(_CONCERNS) for gap in self.review.coverage.gaps)

    @property
    def gaps(self) -> list[Safe]:
        """What was asked about the whole report and not answered, with the reason."""
        split = [gap.partition(": ") for gap in self.review.coverage.gaps]
        return [self.t("annex.gap", what=self._word("gap", what), reason=reason) for what, _, reason in split]

    def _word(self, group: str, name: str) -> str:
        """A name as the memo words it, or as it stands where it has no word for it."""
        return self.t(f"{group}.{name}") if name in self.t.names(group) else name

    @property
    def disagreements(self) -> Safe | None:
        rows = [
            (
                self.places.shown(d.subject),
                self.t(f"field.{d.field}"),
                self._reading(d.field, d.kept),
                self._reading(d.field, d.other),
                self.sources(d.by),
                self.places.where(self.places.quantity(d.subject).span),
            )
            for d in self.review.disagreements
        ]
        return self._table("disagreements", rows)

    def _reading(self, field: str, value: str) -> object:
        """One of two readings in the memo's words."""
        if field == "role":
            return self.t(f"role.{value}")
        return overview.period_word(value, self.t) if field == "period" else value

    def tally(self, group: str, counts: Mapping[str, int]) -> Safe:
        """The counts in words: verified: 3; undetermined: 2."""
        names = [name for name in self.t.names(group) if name in counts]
        if not names:
            return self.t("form.nothing")
        return self.t.join(self.t("form.tally", what=self.t(f"{group}.{name}"), count=counts[name]) for name in names)

    @property
    def rejected(self) -> Safe | None:
        """What a model offered and was refused, by the reason's name."""
        counts = self.review.rejected
        if not counts:
            return None
        return self.t.join(
            self.t("form.tally", what=self._word("rejected", name), count=counts[name]) for name in sorted(counts)
        )

    @property
    def price(self) -> Safe:
        """What the model cost."""
        price = self.review.usage.price
        return self.t("provenance.unpriced") if price is None else self.t("provenance.price", price=price)

    def sources(self, by: Iterable[str]) -> Safe:
        """Who read it: the rules, or a model by its name."""
        return self.t.join(self._word("source", name) for name in by)

    # Tables

    def _head(self, name: str) -> list[str]:
        return self.t(f"table.{name}").split("|")

    def _table(self, name: str, rows: Sequence[Sequence[object]]) -> Safe | None:
        """None where there is nothing to list; the template then says so in words."""
        return table(self._head(name), rows) if rows else None


def _gravity(finding: Finding) -> int:
    return list(Severity).index(finding.severity)


def _by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then warnings, notes; the review's order within each."""
    return sorted(findings, key=_gravity)
