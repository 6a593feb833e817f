"""What may stand together in a list: numbers of one kind, family and side, at one level of brackets and separators."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, bracket_depth, cue, same_kind
from reviewer.extraction.offline.roles import TOTAL
from reviewer.lexicon.measures import concept_in, plain
from reviewer.schema import Bound, Dimension, Quantity, Role

TOTALS = ("expenditure_total", "income_total", "asset_total")
FULL_STOP = re.compile(r"[。！？!?]|(?<![\u4e00-\u9fff，,、])\n")
"""A line that ends within a phrase goes on in the next one."""
_ADDITIVE = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.SCORE)
_SHARES = (Role.SHARE, Role.RATE)
_MARKS = (Role.SCORE, Role.FULL_MARK, Role.LOST_MARK)
_PLANNED = (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)


@dataclass(slots=True)
class Lists:
    """The lists found in one paragraph: which quantity is whose part."""

    paragraph: Paragraph
    labels: dict[str, Label]
    earlier: Sequence[Label] = ()
    """The labels of the paragraphs before it, in the order of the text."""
    whole_of: dict[str, Quantity] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    """Quantities that are parts of some list, however loosely it is tied to its whole."""

    def label(self, mention: Mention) -> Label | None:
        return self.labels.get(mention.quantity.id)

    def family(self, mention: Mention) -> str | None:
        label = self.label(mention)
        words = cue("sum", "side").findall(mention.words)
        if cue("sum", "carried").search(mention.words):
            return None  # money of the year before may stand in any list of sources
        # 「由其他收入安排的支出」 is expenditure, whatever it is paid from.
        headed = bool(words) and mention.measure.endswith(words[-1])
        if label and label.family and not (headed and label.family in ("income", "expenditure")):
            return label.family
        return {"收入": "income", "支出": "expenditure"}[words[-1]] if words else None

    def concept(self, mention: Mention) -> str | None:
        return label.concept if (label := self.label(mention)) else None

    def side(self, mention: Mention) -> str | None:
        """planned or spent, where the number's own words say so."""
        label = self.label(mention)
        return self.side_of(label) if label else None

    @staticmethod
    def side_of(label: Label) -> str | None:
        """planned or spent, where the label rests on the number's own words."""
        if not (label.explicit or label.concept == TOTAL):
            return None
        return "planned" if label.role in _PLANNED else label.role.value

    def additive(self, mention: Mention) -> bool:
        """Whether the mention could be a part or a whole at all."""
        label = self.label(mention)
        return (
            mention.quantity.dimension in _ADDITIVE
            and mention.quantity.bound is not Bound.RANGE
            and (label is None or label.role is not Role.CHANGE)
        )

    def can_be_part(self, mention: Mention) -> bool:
        label = self.label(mention)
        if (label and (label.generic or label.role in _SHARES)) or mention.quantity.id in self.taken:
            return False
        # 「折旧后净值」 is what is left of an asset, and a part of all assets.
        # 「上年结转」 is one of the sources of a year's money.
        allowed = cue("sum", "net").search(mention.words) or cue("sum", "carried").search(mention.words)
        return self.additive(mention) and bool(allowed or not cue("sum", "not_part").search(_own(mention)))

    def concepts(self, mention: Mention) -> list[str | None]:
        """What the mention measures; several things where one number is said of each: 「A和B均为0万元」."""
        if not cue("sum", "each").search(mention.words) or mention.quantity.value:
            return [self.concept(mention)]
        names = re.split("[、和与及]", cue("sum", "each").split(mention.words)[0])
        return [named.concept.key if (named := concept_in(plain(name))) else None for name in names]


def _own(mention: Mention) -> str:
    """The words before a number without those that say what the number before it was for: 「14.74万元为招标节约，」."""
    words = mention.words.strip()
    return "" if re.match("[为系属是]", words) and words.endswith(("，", ",", "、")) else words


def rank_of(gap: str) -> int:
    """How strongly a separator separates: 、 less than ， less than ；."""
    return 3 if re.search("[；;]", gap) else 2 if re.search("[，,]", gap) else 1


def goes_on(lists: Lists, first: Mention, mention: Mention) -> bool:
    """Whether a number may belong to the list that `first` opened, by what it measures."""
    families = {lists.family(first), lists.family(mention)} - {None}
    sides = {lists.side(first), lists.side(mention)} - {None}
    one, other = lists.label(first), lists.label(mention)
    staff = (Role.HEADCOUNT, Role.ESTABLISHMENT)
    turned = one and other and one.role is not other.role and one.role in staff and other.role in staff
    return len(families) < 2 and len(sides) < 2 and not turned


def parts_from(lists: Lists, start: int) -> list[Mention]:
    """The parts listed from `start` on: same kind, family and side, at one level of brackets and separators."""
    behind = [mention for mention in lists.paragraph.mentions if mention.start >= start]
    if not behind or not cue("sum", "first").search(lists.paragraph.words(start, behind[0].start)):
        return []
    parts: list[Mention] = []
    rank = 0
    for mention in behind:
        gap = lists.paragraph.words(parts[-1].end if parts else start, mention.start)
        depth = bracket_depth(gap)
        if FULL_STOP.search(gap) or depth < 0:
            break
        if depth > 0 or not lists.can_be_part(mention):
            continue
        if not parts:
            parts.append(mention)
            continue
        here = rank_of(gap)
        if rank and here > rank:
            break
        if not same_kind(parts[0].quantity, mention.quantity) or (rank and here < rank):
            continue
        if lists.concept(mention) in TOTALS:
            break
        if not goes_on(lists, parts[0], mention):
            if rank == 3 or lists.side(mention):
                continue
            break
        rank = rank or here
        parts.append(mention)
    net = [part for part in parts if cue("sum", "net").search(part.words)]
    return net if len(net) > 1 else parts


def fitting(lists: Lists, whole: Mention, parts: list[Mention]) -> list[Mention]:
    """The parts that can belong to this whole; marks only under marks of the same role."""
    if whole.quantity.dimension is not Dimension.SCORE:
        return parts
    label = lists.label(whole)
    if label is None or label.role not in _MARKS:
        return []
    roles = {part.quantity.id: found.role if (found := lists.label(part)) else None for part in parts}
    return [part for part in parts if roles[part.quantity.id] in (label.role, Role.THRESHOLD)]
