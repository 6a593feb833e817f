"""Ratios and shares a paragraph states: 执行率, 完成预算的…%, 占…的…%."""

import re

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, bracket_depth, cue
from reviewer.extraction.offline.roles import TOTAL
from reviewer.extraction.offline.sums import Lists
from reviewer.lexicon.measures import Rate, concept_in, control_rate, is_pool, plain, rate_in, role_in
from reviewer.lexicon.reasons import explains_shortfall
from reviewer.policies import Policy
from reviewer.schema import ClaimKind, Closure, Dimension, Operand, OperandRole, OperandSet, Quantity, Role

_NAMED_BASE = re.compile(r"占(.*?)(?:的(?:比重|比例)?|比重|比例)?(?:为|约|达到?)?$")
_BASE_ROLES = ("budget_initial", "budget_adjusted")


def _scope(paragraph: Paragraph, labels: dict[str, Label], mention: Mention) -> list[Label]:
    """Amounts of the same sentence before the rate, nearest first, up to the rate before it."""
    found: list[Label] = []
    for other in reversed(paragraph.mentions):
        if other.start >= mention.start:
            continue
        if other.sentence_start != mention.sentence_start:
            break
        label = labels.get(other.quantity.id)
        if label and label.role is Role.RATE:
            break
        if label and other.quantity.dimension is Dimension.MONEY:
            found.append(label)
    return found


def _pairs(scope: list[Label], rate: Rate, bases: tuple[str, ...], of: str | None) -> list[tuple[Label, Label]]:
    """(numerator, denominator) of one measure and subject, nearest numerator and preferred base first."""
    fitting = [
        label
        for label in scope
        if not label.listed and label.family not in ("income", "balance") and of in (None, label.concept)
    ]
    return [
        (numerator, denominator)
        for numerator in fitting
        if numerator.role in rate.numerator
        for role in bases
        for denominator in fitting
        if denominator.role == role
        and denominator.subject == numerator.subject
        and _same_measure(numerator, denominator)
    ]


def _same_measure(one: Label, other: Label) -> bool:
    """One concept, or two amounts the field has no name for (设备采购预算50万元，执行48万元)."""
    nameless = (one.generic and other.concept is None) or (other.generic and one.concept is None)
    return one.concept == other.concept or nameless


def _operands(pair: tuple[Label, Label]) -> tuple[Operand, Operand]:
    numerator, denominator = (label.mention.quantity.id for label in pair)
    return (
        Operand(role=OperandRole.NUMERATOR, quantity=numerator),
        Operand(role=OperandRole.DENOMINATOR, quantity=denominator),
    )


def _closure(scope: list[Label], pairs: list[tuple[Label, Label]]) -> Closure:
    """How far the sentence settles what the rate is of.

    An amount it prints is never replaced by one from elsewhere; and where it adds to the base (年中追加, 上年结转)
    without printing the new one, no printed base need be the rate's.
    """
    if scope and not pairs:
        return Closure.LISTED
    added = any(label.role in (Role.CHANGE, Role.BALANCE) for label in scope)
    adjusted = any(label.role is Role.BUDGET_ADJUSTED for label in scope)
    return Closure.OPEN if added and not adjusted else Closure.COMPLETE


def _ratio(
    builder: Builder,
    paragraph: Paragraph,
    labels: dict[str, Label],
    lists: Lists,
    mention: Mention,
    rate: Rate,
    term: str,
) -> None:
    own = labels[mention.quantity.id]
    of = rate.of or own.narrowed
    scope = _scope(paragraph, labels, mention)
    if of is None:
        # A list's parts do not compete with their wholes, nor with anything when the rate is of the whole.
        scope = [label for label in scope if label.mention.quantity.id not in lists.whole_of]
        if cue("rate", "total").search(plain(mention.words).removesuffix(term)):
            scope = [label for label in scope if label.concept == TOTAL]
    behind = cue("base", "behind").match(paragraph.text[mention.end - paragraph.start :])
    told = [role_in(words) for words in (term, behind.group(1) if behind else "")]
    named = next((role for role in told if role in _BASE_ROLES), None)
    if behind:
        inside = (m for m in paragraph.mentions if mention.end <= m.start < mention.end + behind.end())
        scope = [found for m in inside if (found := labels.get(m.quantity.id))] + scope
    pairs = _pairs(scope, rate, (named,) if named else rate.denominators, of)
    others = [pair for pair in pairs[1:] if pair[0] is pairs[0][0]]
    builder.claim(
        ClaimKind.RATIO,
        _operands(pairs[0]) if pairs else (),
        mention.quantity,
        cue=builder.span(paragraph.document, mention.words_start, mention.start),
        concept=rate.key,
        tied=bool(pairs),
        alternatives=tuple(
            OperandSet(label=f"{n.role}/{d.role}", operands=_operands((n, d)), permitted=True) for n, d in others
        ),
        closure=Closure.LISTED if own.narrowed and not pairs else _closure(scope, pairs),
    )


def _nameless(builder: Builder, paragraph: Paragraph, mention: Mention) -> None:
    """「整体支出98.2%」: a rate of spending that does not say of what; taken for the execution rate."""
    builder.claim(
        ClaimKind.RATIO,
        (),
        mention.quantity,
        cue=builder.span(paragraph.document, mention.words_start, mention.start),
        concept="execution_rate",
        tied=False,
    )


def _numerator(paragraph: Paragraph, labels: dict[str, Label], mention: Mention) -> Mention | None:
    """What a share is of: the number right before it, or the one its own words name."""
    named = plain(mention.words).split("占")[0].strip("的，、其中")
    for other in reversed(paragraph.mentions):
        if other.start >= mention.start:
            continue
        if other.sentence_start != mention.sentence_start:
            return None
        label = labels.get(other.quantity.id)
        if other.quantity.dimension not in (Dimension.MONEY, Dimension.COUNT) or (label and label.listed):
            continue
        if bracket_depth(paragraph.words(other.end, mention.start)) < 0:
            continue  # 「392人（其中护士186人），占……」 speaks of the 392
        if not named or _same_words(named, plain(other.measure)):
            return other
        return None
    return None


def _same_words(one: str, other: str) -> bool:
    return one == other or other.endswith(one)


def _base(paragraph: Paragraph, labels: dict[str, Label], numerator: Mention, words: str) -> Quantity | None:
    """The number of the paragraph that the words behind 占 name: nearest before the numerator."""
    named = concept_in(words)
    own = labels.get(numerator.quantity.id)
    for other in reversed(paragraph.mentions):
        label = labels.get(other.quantity.id)
        if other.start >= numerator.start or label is None or (own and own.period != label.period):
            continue
        if other.quantity.dimension is not numerator.quantity.dimension:
            continue
        if named and not named.generic and label.concept == named.concept.key and not is_pool(named.concept.key):
            return other.quantity
        if words and plain(other.measure).endswith(words):
            return other.quantity
    return None


def _share(
    builder: Builder,
    paragraph: Paragraph,
    labels: dict[str, Label],
    lists: Lists,
    mention: Mention,
    base: str,
) -> None:
    numerator = _numerator(paragraph, labels, mention)
    if numerator is None:
        return
    operands = [(OperandRole.NUMERATOR, numerator.quantity)]
    whole = _base(paragraph, labels, numerator, base) if base else lists.whole_of.get(numerator.quantity.id)
    if whole is not None:
        operands.append((OperandRole.DENOMINATOR, whole))
    named = concept_in(base)
    builder.claim(
        ClaimKind.SHARE,
        operands,
        mention.quantity,
        cue=builder.span(paragraph.document, mention.words_start, mention.start),
        concept=named.concept.key if named and not (named.generic and "项目" in base) else None,
        tied=whole is not None,
    )


def _low_execution(builder: Builder, paragraph: Paragraph, mention: Mention, policy: Policy) -> None:
    """An execution rate that the paragraph and the next one leave without a reason; the policy says when one is due."""
    document = builder.source.document(paragraph.document)
    after = next((block.end for block in document.blocks if block.start >= paragraph.end), paragraph.end)
    if explains_shortfall(document.text[paragraph.start : after]):
        return
    due = Operand(
        role=OperandRole.TARGET,
        value=policy.explain_execution_below,
        source=f"{policy.name}:explain_execution_below",
    )
    builder.claim(ClaimKind.BOUND, [due], mention.quantity, concept="low_execution")


def extract_rates(
    builder: Builder, paragraph: Paragraph, labels: dict[str, Label], lists: Lists, policy: Policy
) -> None:
    """Note every ratio and share whose definition or words tell what it is computed from."""
    for mention in paragraph.mentions:
        if mention.quantity.dimension is not Dimension.PERCENT or not mention.exact:
            continue
        words = plain(mention.words)
        label = labels.get(mention.quantity.id)
        if label is None or label.listed or label.role not in (Role.RATE, Role.SHARE):
            continue
        if (found := rate_in(words)) is not None:
            _ratio(builder, paragraph, labels, lists, mention, *found)
            if label.concept == "execution_rate":
                _low_execution(builder, paragraph, mention, policy)
        elif cue("rate", "control").search(words):
            scope = _scope(paragraph, labels, mention)
            if scope and (bare := control_rate(scope[0].concept)):
                _ratio(builder, paragraph, labels, lists, mention, bare, "控制率")
        elif label.role is Role.RATE and (total := concept_in(plain(mention.measure))) and total.concept.key == TOTAL:
            _nameless(builder, paragraph, mention)
        elif cue("share", "cue").search(words) and (named := _NAMED_BASE.search(words)):
            _share(builder, paragraph, labels, lists, mention, named.group(1))
