"""What the numbers mean: figures, claims with their verdicts, indicators, concerns."""

from decimal import Decimal
from enum import StrEnum

from reviewer.schema.base import Model
from reviewer.schema.source import Span


class Role(StrEnum):
    """What part a figure plays in a budget-performance report."""

    BUDGET = "budget"
    """预算数, without saying whether initial or adjusted"""
    BUDGET_INITIAL = "budget_initial"
    """年初预算数"""
    BUDGET_ADJUSTED = "budget_adjusted"
    """全年预算数、调整预算数"""
    RECEIVED = "received"
    """到位资金"""
    ACTUAL = "actual"
    """执行数、实际支出、决算支出; also what was really achieved"""
    INCOME = "income"
    BALANCE = "balance"
    """结转结余"""
    TARGET = "target"
    """指标值、目标值"""
    SCORE = "score"
    FULL_MARK = "full_mark"
    """满分、分值、权重"""
    LOST_MARK = "lost_mark"
    """失分、扣分"""
    RATE = "rate"
    SHARE = "share"
    CHANGE = "change"
    COUNT = "count"
    HEADCOUNT = "headcount"
    ESTABLISHMENT = "establishment"
    """核定编制数"""
    ASSET = "asset"
    DURATION = "duration"
    THRESHOLD = "threshold"
    """A limit in a printed rule or scale"""
    AMOUNT = "amount"
    """An amount of money whose part the words do not tell"""


class Figure(Model):
    """What one number means; at most one per quantity and reading."""

    id: str
    quantity: str
    measure: str
    """What is measured, in the report's own words: 工资福利支出, 重点信访事项办结率."""
    concept: str | None
    """The field's name for it, from the lexicon, when it has one: basic_expenditure, execution_rate."""
    role: Role
    subject: str | None
    """Whose: a project, an indicator; null for the reporting unit as a whole."""
    period: str | None
    """A year ("2023"), or "cumulative"."""
    section: str
    cued: bool = False
    """Whether words beside the number or its column's head name the role, rather than the context suggesting it."""
    by: tuple[str, ...]


class ClaimKind(StrEnum):
    """The relations a report states between its numbers."""

    SUM = "sum"
    RATIO = "ratio"
    SHARE = "share"
    CHANGE = "change"
    DIFFERENCE = "difference"
    RESTATEMENT = "restatement"
    SCORE_TOTAL = "score_total"
    SCORE_CAP = "score_cap"
    SCORE_RULE = "score_rule"
    GRADE = "grade"
    TARGET_MET = "target_met"
    COUNT_OF_LIST = "count_of_list"
    BALANCE = "balance"
    BOUND = "bound"


class OperandRole(StrEnum):
    """The place of an operand in its claim."""

    PART = "part"
    WHOLE = "whole"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    CURRENT = "current"
    BASE = "base"
    MINUEND = "minuend"
    SUBTRAHEND = "subtrahend"
    ACTUAL = "actual"
    TARGET = "target"
    CAP = "cap"
    ITEM = "item"


class Operand(Model):
    """One number a claim rests on: a quantity of the report, a value of the policy, or the length of a printed list."""

    role: OperandRole
    quantity: str | None = None
    value: Decimal | None = None
    """Only where no quantity prints it: a policy value, in the dimension of the result, or a list's length."""
    source: str | None = None
    """Where `value` comes from: the policy and its key, or "list"."""


class OperandSet(Model):
    """Other operands of the same subject and period; `label` names them in the field's terms."""

    label: str
    operands: tuple[Operand, ...]
    permitted: bool
    """Whether the words allow this reading as it stands. False: a mistake such reports are seen to make."""


class Closure(StrEnum):
    """How strongly a text claims that the parts it lists are all of the whole."""

    COMPLETE = "complete"
    """by definition (基本支出 and 项目支出), or because a total line closes the list"""
    LISTED = "listed"
    """the words present the list as the whole's parts (包括, 按经济分类为)"""
    OPEN = "open"
    """其中: there may be more"""


class Outcome(StrEnum):
    """What the arithmetic says of a claim."""

    VERIFIED = "verified"
    UNDETERMINED = "undetermined"
    CONTRADICTED = "contradicted"


class Reason(StrEnum):
    """Why a verdict is what it is."""

    EXACT = "exact"
    """computed from the printed operands and rounded as printed, it is the printed value"""
    WITHIN_ROUNDING = "within_rounding"
    """not the same digits, but the rounding of the operands explains the difference"""
    COARSE = "coarse"
    """the operands are printed too coarsely to tell"""
    OPERAND_MISSING = "operand_missing"
    """the report does not print, or does not name, what the figure is computed from"""
    OPEN_LIST = "open_list"
    """the parts fall short of the whole, and the text does not claim that they are all of it"""
    NOT_EXACT = "not_exact"
    """an operand is a range, a bound or an approximation"""
    AMBIGUOUS = "ambiguous"
    """the words permit more than one reading"""
    UNEXPLAINED = "unexplained"
    """two figures differ, and the report gives no reason"""
    ZERO_DENOMINATOR = "zero_denominator"
    MISMATCH = "mismatch"
    """no rounding of the printed numbers makes it true"""


class ExcuseKind(StrEnum):
    """What, in this report, would explain a contradiction."""

    TRUNCATED = "truncated"
    """cut off instead of rounded"""
    OTHER_OPERANDS = "other_operands"
    """another operand of the same subject and period gives the printed value"""
    UNIT_SLIP = "unit_slip"
    """off by exactly 10^4 or 10^8"""
    DIGIT_SLIP = "digit_slip"
    """two neighbouring digits swapped, or one digit off"""
    SIGN = "sign"
    """the size is right, the direction is not"""


class Excuse(Model):
    """One rung of the ladder a contradiction climbs."""

    kind: ExcuseKind
    formula: str
    """The calculation under this explanation, in printed numbers."""
    label: str | None = None
    """For other operands: what they are, in the field's terms. For a slip: the quantity id it concerns."""


class Bounds(Model):
    """A closed interval in the result's printed unit."""

    low: Decimal
    high: Decimal


class Verdict(Model):
    """The outcome of recomputing one claim."""

    outcome: Outcome
    reason: Reason
    stated: Bounds | None = None
    computed: Bounds | None = None
    value: Decimal | None = None
    """The computed value in the result's unit: rounded as the stated one is printed, or all digits of an exact sum."""
    formula: str | None = None
    """In the printed numbers: "620.50 + 179.50 = 800.00"."""
    excuse: Excuse | None = None


class Claim(Model):
    """A relation the text states between numbers it prints."""

    id: str
    kind: ClaimKind
    operands: tuple[Operand, ...]
    result: str | None
    """The quantity claimed to follow from the operands."""
    stated_text: str | None = None
    """What is claimed in words where no number states it: 优秀, 下降."""
    stated_span: Span | None = None
    cue: Span | None = None
    """The words that make it a claim: 其中, 合计, 执行率, 占…的."""
    concept: str | None = None
    """For a ratio: which of the field's rates it is."""
    closure: Closure = Closure.COMPLETE
    """For sums: how strongly the text claims the parts to be all of the whole. For ratios: open when the sentence adds
    to the base without printing the new one, listed when it prints amounts that do not make a pair. For restatements:
    listed when the names are only alike, so that one slip alone contradicts; open when unequal values say nothing."""
    requires: str | None = None
    """Id of a claim that must be verified for this one to be decided: scores are added up only when the full marks
    printed beside them make up the whole."""
    tied: bool = True
    """Whether the text itself ties these operands together (one sentence, one list, one row); false when they were
    found elsewhere in the report by measure, subject and period. An untied contradiction is never an error."""
    alternatives: tuple[OperandSet, ...] = ()
    disputed: bool = False
    """Whether another reading computes the same result from other numbers, and there it holds: then a contradiction is
    a warning at most."""
    section: str
    by: tuple[str, ...]
    verdict: Verdict | None = None


class IndicatorIssue(StrEnum):
    """What keeps an indicator from being measurable."""

    NO_NUMBER = "no_number"
    ADJECTIVE_ONLY = "adjective_only"
    NO_UNIT = "no_unit"
    NO_TARGET = "no_target"
    NO_ACTUAL = "no_actual"
    NO_BASE = "no_base"
    NO_TIME = "no_time"
    NO_SOURCE = "no_source"
    """a satisfaction figure without sample or method"""
    TASK_NOT_RESULT = "task_not_result"
    DUPLICATED = "duplicated"
    NO_WEIGHT = "no_weight"
    WRONG_CLASS = "wrong_class"


class Indicator(Model):
    """A performance indicator the report sets or reports on."""

    id: str
    text: str
    """Its name in the report's words."""
    span: Span
    level: str | None
    """Its class: 数量, 质量, 时效, 成本, 经济效益, 社会效益, 生态效益, 可持续影响, 满意度."""
    target: str | None
    actual: str | None
    weight: str | None
    score: str | None
    """Quantity ids."""
    issues: tuple[IndicatorIssue, ...] = ()
    suggestion: str | None = None
    section: str
    by: tuple[str, ...]


class ConcernKind(StrEnum):
    """What only a reader of the whole text sees."""

    CONTRADICTION = "contradiction"
    """two statements that cannot both be true"""
    NO_EVIDENCE = "no_evidence"
    """a conclusion for which the report shows nothing"""
    GOAL_WITHOUT_INDICATOR = "goal_without_indicator"
    """a goal that no indicator and no result takes up"""
    NO_CAUSE = "no_cause"
    """a shortfall, a deviation or lost marks without a reason"""
    PROBLEM_WITHOUT_MEASURE = "problem_without_measure"
    MEASURE_WITHOUT_PROBLEM = "measure_without_problem"
    INDICATOR_MISSES_GOAL = "indicator_misses_goal"
    """an indicator that does not measure what it stands for"""
    OTHER = "other"


class Concern(Model):
    """A doubt no rule can compute, in words, resting on sentences. Raised by a model only; never an error."""

    id: str
    kind: ConcernKind
    text: str
    sentences: tuple[str, ...]
    question: str | None = None
    by: tuple[str, ...]


class Disagreement(Model):
    """Two readings of one thing, and the one that was kept."""

    subject: str
    """Id of the quantity or claim."""
    field: str
    kept: str
    other: str
    by: tuple[str, ...]


class Reading(Model):
    """What one reader, or the merger of two, made of the report."""

    figures: tuple[Figure, ...] = ()
    claims: tuple[Claim, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    concerns: tuple[Concern, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
