"""Rates that are defined: 执行率, 完成预算的…%, 控制率; what is divided by what is told by roles."""

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.counted import average, counted_rate
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.extraction.offline.roles import TOTAL
from reviewer.extraction.offline.scopes import FAR, labelled, of_result
from reviewer.extraction.offline.shares import distributed, share
from reviewer.extraction.offline.sums import Lists
from reviewer.lexicon.measures import Rate, concept_in, control_rate, plain, rate, rate_in, role_in
from reviewer.lexicon.reasons import explains_shortfall
from reviewer.policies import Policy
from reviewer.schema import ClaimKind, Closure, Dimension, Operand, OperandRole, OperandSet, Role

_BASE_ROLES = ("budget_initial", "budget_adjusted")
Pair = tuple[Label, Label]


def _role(label: Label) -> str:
    """The role of an amount, by its own words where its label has none: 列支36.74万元 is what was spent."""
    if label.role is not Role.AMOUNT:
        return label.role.value
    words = plain(label.mention.words)
    return next((role for role in ("actual", "income") if cue("rate", role).search(words)), label.role.value)


def _pairs(scope: list[Label], rate: Rate, bases: tuple[str, ...], of: str | None) -> list[Pair]:
    """(numerator, denominator) of one measure and subject, nearest numerator and preferred base first."""
    fitting = [
        label
        for label in scope
        if not label.listed
        and label.family not in ("income", "balance")
        and (of in (None, label.concept) or _speaks_of_no_other(label))
    ]
    return [
        (numerator, denominator)
        for numerator in fitting
        if _role(numerator) in rate.numerator
        for role in bases
        for denominator in fitting
        if _role(denominator) == role
        and _same_subject(numerator, denominator)
        and _same_measure(numerator, denominator)
        and (of is None or of in (numerator.concept, denominator.concept))
    ]


def _speaks_of_no_other(label: Label) -> bool:
    """Whether an amount's words name a role only, as in 「对应的调整预算数是3.6万元」."""
    return label.generic or (label.concept is None and label.explicit)


def _same_subject(one: Label, other: Label) -> bool:
    """One subject, or one that only one of two amounts told by their roles names."""
    untold = None in (one.subject, other.subject) and one.explicit and other.explicit
    return one.subject == other.subject or untold


def _same_measure(one: Label, other: Label) -> bool:
    """One concept, or amounts of which one is told by its role alone (设备采购预算50万元，执行48万元)."""
    if one.concept == other.concept or _speaks_of_no_other(one) or _speaks_of_no_other(other):
        return True
    nameless = None in (one.concept, other.concept)
    return nameless and (one.generic or other.generic or Role.AMOUNT in (one.role, other.role))


def _operands(pair: Pair) -> tuple[Operand, Operand]:
    numerator, denominator = (label.mention.quantity.id for label in pair)
    return (
        Operand(role=OperandRole.NUMERATOR, quantity=numerator),
        Operand(role=OperandRole.DENOMINATOR, quantity=denominator),
    )


def _adjusts(label: Label) -> bool:
    """Whether an amount was added to a budget or taken from it: 年中追加, 上年结转, 年中收回."""
    moved = label.role is Role.AMOUNT and cue("rate", "adjusts").search(label.mention.words)
    return label.role in (Role.CHANGE, Role.BALANCE) or bool(moved)


def _closure(scope: list[Label], pairs: list[Pair], rate: Rate) -> Closure:
    """How far the sentence settles what the rate is of.

    An amount it prints is never replaced by one from elsewhere; and where it adds to the base (年中追加, 上年结转)
    without printing the new one, no printed base need be the rate's.
    """
    if scope and not pairs:
        return Closure.LISTED
    added = any(_adjusts(label) and label.mention.quantity.value for label in scope)
    adjusted = any(label.role is Role.BUDGET_ADJUSTED and "调整" in label.mention.words for label in scope)
    return Closure.OPEN if added and not adjusted else Closure.COMPLETE


def _amounts(paragraph: Paragraph, labels: dict[str, Label], mention: Mention, back: int, *, past: bool) -> list[Label]:
    """The exact amounts before a rate, nearest first; in earlier sentences only those of its own period and subject."""
    own = labels[mention.quantity.id]
    mentions = [m for m in of_result(paragraph, mention, back, past=past) if m.quantity.dimension is Dimension.MONEY]
    return [
        label
        for label in labelled(labels, mentions)
        if label.mention.exact and (label.mention.sentence_start == mention.sentence_start or _may_be_of(own, label))
    ]


def _may_be_of(rate: Label, amount: Label) -> bool:
    """Whether an amount of an earlier sentence may be an operand: of one period and subject, and no part of another."""
    return (
        not _opens_a_list(amount)
        and (amount.period, amount.subject) == (rate.period, rate.subject)
        and rate.narrowed in (None, amount.concept)
    )


def _opens_a_list(label: Label) -> bool:
    """Whether an amount is the first part of something: 「调整后预算中有中央资金420万元、……」."""
    return cue("rate", "first_part").search(label.mention.words) is not None


def _scope(scope: list[Label], lists: Lists, of: str | None, total: bool) -> list[Label]:
    """Those of the amounts before a rate that may be its operands."""
    if of is not None:
        return scope
    # A list's parts do not compete with their wholes, nor with anything when the rate is of the whole.
    scope = [label for label in scope if label.mention.quantity.id not in lists.whole_of]
    return [label for label in scope if label.concept == TOTAL or _speaks_of_no_other(label)] if total else scope


def _of_a_part(paragraph: Paragraph, labels: dict[str, Label], mention: Mention, rate: Rate) -> bool:
    """Whether the paragraph so far speaks of a part of the spending only, so that a bare rate is not the total's."""
    if any(
        label.concept == TOTAL
        for m in paragraph.mentions
        if m.start < mention.start and (label := labels.get(m.quantity.id))
    ):
        return False
    spoken = concept_in(plain(paragraph.words(paragraph.start, mention.start)))
    return (
        rate.of is None
        and spoken is not None
        and not spoken.generic
        and spoken.concept.family in ("expenditure", "procurement")
        and spoken.concept.key != TOTAL
    )


def _of_several(prefix: str, pairs: list[Pair], near: list[Label]) -> bool:
    """Whether a rate may be of a sum (综合执行率 of two units), or of 项目 where only some amounts are a project's."""
    numerators = {numerator.mention.start for numerator, _ in pairs}
    if len(numerators) > 1 and cue("rate", "summing").search(prefix):
        return True
    if any(cue("rate", "together").search(plain(label.mention.words)) for label in near):
        return True
    projects = ["项目" in label.mention.words for label in near]
    return "项目" in prefix and any(projects) and not all(projects)


def _mistaken(scope: list[Label], numerators: list[Label], rate: Rate) -> list[OperandSet]:
    """Wrong bases that the sentence prints: what was received where the budget is due."""
    return [
        OperandSet(
            label=f"{_role(numerators[0])}/{_role(label)}", operands=_operands((numerators[0], label)), permitted=False
        )
        for label in scope
        if numerators and label is not numerators[0] and _role(label) in rate.mistaken
    ]


def _named_base(paragraph: Paragraph, mention: Mention, term: str) -> tuple[str | None, list[Mention]]:
    """The role of the base that the words before or the bracket behind the rate name, and what the bracket prints."""
    behind = cue("base", "behind").match(paragraph.text[mention.end - paragraph.start :])
    told = [role_in(words) for words in (term, behind.group(1) if behind else "")]
    named = next((role for role in told if role in _BASE_ROLES), None)
    inside = [
        m for m in paragraph.mentions if behind and mention.end <= m.start < mention.end + behind.end() and m.exact
    ]
    return named, inside


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
    named, inside = _named_base(paragraph, mention, term)
    bases = (named,) if named else rate.denominators
    printed = labelled(labels, inside)
    prefix = plain(mention.words).removesuffix(term).split(term or "\0")[0]
    total = cue("rate", "total").search(prefix) is not None
    near = [*printed, *_amounts(paragraph, labels, mention, 0, past=named is not None)]
    scope: list[Label] = []
    pairs: list[Pair] = []
    for back in range(FAR + 1):
        amounts = _amounts(paragraph, labels, mention, back, past=named is not None)
        scope = [*printed, *_scope(amounts, lists, of, total)]
        # The two amounts right before a rate are its own, whatever list they are part of.
        next_to = [] if total or back else _pairs(amounts[:2], rate, bases, of)
        pairs = list(dict.fromkeys([*next_to, *_pairs(scope, rate, bases, of)]))
        if pairs:
            break
    numerators = _scope([label for label in near if _role(label) in rate.numerator], lists, of, total)
    numerators = [label for label in numerators if of in (None, label.concept)]
    others = [pair for pair in pairs[1:] if pair[0] is pairs[0][0]]
    lone = [Operand(role=OperandRole.NUMERATOR, quantity=numerators[0].mention.quantity.id)] if numerators else []
    partial = own.narrowed is not None or _of_a_part(paragraph, labels, mention, rate)
    closure = _closure(scope if pairs else near, pairs, rate)
    if numerators and not pairs and not any(_role(label) in rate.denominators for label in near):
        closure = Closure.OPEN
    if pairs and _of_several(prefix, pairs, near):
        closure = Closure.OPEN
    builder.claim(
        ClaimKind.RATIO,
        _operands(pairs[0]) if pairs else lone,
        mention.quantity,
        cue=builder.span(paragraph.document, mention.words_start, mention.start),
        concept=rate.key,
        tied=bool(pairs) and back < FAR,
        alternatives=(
            *(
                OperandSet(label=f"{_role(n)}/{_role(d)}", operands=_operands((n, d)), permitted=True)
                for n, d in others
            ),
            *_mistaken(near, [pairs[0][0]] if pairs else numerators, rate),
        ),
        closure=closure if pairs or not partial else Closure.LISTED,
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


def _of_spending(paragraph: Paragraph, labels: dict[str, Label], mention: Mention, term: str) -> bool:
    """Whether 「占预算的…%」 speaks of what was spent: a balance or an adjustment may be a share of the budget too."""
    if not cue("rate", "as_share").match(term):
        return True
    amounts = labelled(labels, of_result(paragraph, mention, past=True))
    return not amounts or not _adjusts(amounts[0])


def _zero(builder: Builder, paragraph: Paragraph, mention: Mention) -> None:
    """「均照年初预算列支，控制率为0」: a rate of what was spent that says nothing was, though money was."""
    if mention.quantity.value != 0 or mention.quantity.dimension not in (Dimension.NONE, Dimension.PERCENT):
        return
    sentence = paragraph.words(mention.sentence_start, mention.start) + paragraph.rest_of_sentence(mention)
    if cue("rate", "spent").search(plain(mention.words)) and not cue("rate", "nothing_spent").search(sentence):
        span = builder.span(paragraph.document, mention.words_start, mention.start)
        builder.claim(ClaimKind.BOUND, (), mention.quantity, cue=span, concept="zero_rate")


def _undefined(
    builder: Builder, paragraph: Paragraph, labels: dict[str, Label], lists: Lists, mention: Mention
) -> bool:
    """A rate whose name does not say of what: a bare 控制率, 「整体支出98.2%」; whether it was one."""
    words = plain(mention.words)
    if cue("rate", "control").search(words):
        amounts = labelled(labels, of_result(paragraph, mention))
        own = concept_in(words.split("控制率")[0]) or None
        concept = own.concept.key if own else next((label.concept for label in amounts if label.concept), None)
        bare = control_rate(concept)
        if bare is None and amounts and concept in (None, TOTAL):
            bare = rate("execution_rate") if cue("rate", "controlled").search(paragraph.text) else None
        if bare is not None:
            _ratio(builder, paragraph, labels, lists, mention, bare, "控制率")
        return bare is not None
    total = concept_in(plain(mention.measure))
    if labels[mention.quantity.id].role is Role.RATE and total and total.concept.key == TOTAL:
        # Taken for the execution rate.
        _ratio(builder, paragraph, labels, lists, mention, rate("execution_rate"), "")
        return True
    return False


def extract_rates(
    builder: Builder, paragraph: Paragraph, labels: dict[str, Label], lists: Lists, policy: Policy
) -> None:
    """Note every ratio and share whose definition or words tell what it is computed from."""
    for mention in paragraph.mentions:
        average(builder, paragraph, labels, mention)
        _zero(builder, paragraph, mention)
        if mention.quantity.dimension is not Dimension.PERCENT or not mention.exact:
            continue
        label = labels.get(mention.quantity.id)
        if distributed(builder, paragraph, lists, mention):
            continue
        if label is None or label.listed or label.role not in (Role.RATE, Role.SHARE):
            continue
        if (found := rate_in(plain(mention.words))) is not None and _of_spending(paragraph, labels, mention, found[1]):
            _ratio(builder, paragraph, labels, lists, mention, *found)
            if label.concept == "execution_rate":
                _low_execution(builder, paragraph, mention, policy)
        elif not (
            _undefined(builder, paragraph, labels, lists, mention) or share(builder, paragraph, labels, lists, mention)
        ):
            counted_rate(builder, paragraph, labels, mention)
