"""A small review written by hand, for tests that need one without the rooms that would make it."""

from collections.abc import Iterable
from decimal import Decimal

from reviewer.schema import (
    SCHEMA_VERSION,
    Bounds,
    Claim,
    ClaimKind,
    Coverage,
    Dimension,
    Document,
    DocumentKind,
    Evidence,
    Figure,
    Finding,
    Indicator,
    IndicatorIssue,
    LineRun,
    Operand,
    OperandRole,
    Outcome,
    PolicyUsed,
    Provenance,
    Quantity,
    QuantityKind,
    Reason,
    Review,
    Role,
    Section,
    Severity,
    Span,
    Usage,
    Verdict,
)
from reviewer.settings import Settings

LINES = (
    "砺阳县档案馆2023年度部门整体支出绩效自评报告",
    "全年支出874.36万元，其中：基本支出627.61万元，项目支出264.75万元。",
    "全年收入912.40万元，结余38.04万元。",
    "自评总分98.5分，等级为优。",
    "群众查档便利程度持续改善。",
)
TEXT = "\n".join(LINES)
DOCUMENT = Document(
    id="d1",
    path="reports/liyang.md",
    sha256="ab" * 32,
    format="markdown",
    encoding="utf-8",
    title=LINES[0],
    unit="砺阳县档案馆",
    year=2023,
    kind=DocumentKind.DEPARTMENT_OVERALL,
    pages=None,
    characters=len(TEXT),
    text=TEXT,
    blocks=(),
    tables=(),
    lines=tuple(LineRun(start=TEXT.index(line), line=number, column=0) for number, line in enumerate(LINES, start=1)),
    omitted=(),
)


def at(words: str) -> Span:
    start = TEXT.index(words)
    return DOCUMENT.span(start, start + len(words))


def number(identity: str, words: str, unit: str, dimension: Dimension) -> Quantity:
    value = Decimal(words.removesuffix(unit))
    return Quantity(
        id=identity,
        text=words,
        value=value,
        low=value,
        high=value,
        unit=unit,
        dimension=dimension,
        kind=QuantityKind.QUANTITY,
        span=at(words),
    )


def figure(identity: str, quantity: str, measure: str, role: Role, concept: str | None = None) -> Figure:
    return Figure(
        id=identity,
        quantity=quantity,
        measure=measure,
        concept=concept,
        role=role,
        subject=None,
        period="2023",
        section="s1",
        by=("offline",),
    )


def claim(
    identity: str,
    kind: ClaimKind,
    operands: Iterable[tuple[OperandRole, str]],
    result: str | None,
    verdict: Verdict | None,
) -> Claim:
    return Claim(
        id=identity,
        kind=kind,
        operands=tuple(Operand(role=role, quantity=quantity) for role, quantity in operands),
        result=result,
        section="s1",
        by=("offline",),
        verdict=verdict,
    )


SUM = claim(
    "c1",
    ClaimKind.SUM,
    [(OperandRole.PART, "q2"), (OperandRole.PART, "q3")],
    "q1",
    Verdict(
        outcome=Outcome.CONTRADICTED,
        reason=Reason.MISMATCH,
        stated=Bounds(low=Decimal("874.36"), high=Decimal("874.36")),
        value=Decimal("892.36"),
        formula="627.61 + 264.75 = 892.36",
    ),
)
BALANCE = claim(
    "c2",
    ClaimKind.BALANCE,
    [(OperandRole.MINUEND, "q4"), (OperandRole.SUBTRAHEND, "q1")],
    "q5",
    Verdict(outcome=Outcome.VERIFIED, reason=Reason.WITHIN_ROUNDING, formula="912.40 − 874.36 = 38.04"),
)
GRADE = claim(
    "c3",
    ClaimKind.GRADE,
    [(OperandRole.ITEM, "q6")],
    None,
    Verdict(outcome=Outcome.UNDETERMINED, reason=Reason.OPERAND_MISSING),
).model_copy(update={"concept": "total_score", "stated_text": "优", "stated_span": at("优")})

SUM_FINDING = Finding(
    code="SUM001",
    severity=Severity.ERROR,
    title="分项之和与总数不符",
    message="基本支出与项目支出相加，不等于全年支出。",
    evidence=(Evidence(text=LINES[1], span=at(LINES[1])),),
    claims=("c1",),
    calculation="627.61 + 264.75 = 892.36 ≠ 874.36",
    diagnosis="可能有一个分项写错。",
    question="请核对支出各项并更正。",
    basis="财预〔2020〕10号",
    by=("offline",),
    fingerprint="f1",
)
IND_FINDING = Finding(
    code="IND002",
    severity=Severity.WARNING,
    title="指标只有定性用语",
    message="“持续改善”无法衡量。",
    evidence=(Evidence(text=LINES[4], span=at(LINES[4])),),
    indicators=("i1",),
    question="请补充目标值和实际值。",
    by=("offline",),
    fingerprint="f2",
)


def make_review(**changes: object) -> Review:
    review = Review(
        schema_version=SCHEMA_VERSION,
        documents=(DOCUMENT,),
        sections=(
            Section(
                id="s1",
                number=None,
                title="收支",
                level=1,
                parent=None,
                body=0,
                span=DOCUMENT.span(0, len(TEXT)),
            ),
        ),
        sentences=(),
        quantities=(
            number("q1", "874.36万元", "万元", Dimension.MONEY),
            number("q2", "627.61万元", "万元", Dimension.MONEY),
            number("q3", "264.75万元", "万元", Dimension.MONEY),
            number("q4", "912.40万元", "万元", Dimension.MONEY),
            number("q5", "38.04万元", "万元", Dimension.MONEY),
            number("q6", "98.5分", "分", Dimension.SCORE),
        ),
        figures=(
            figure("f1", "q1", "全年支出", Role.ACTUAL, "expenditure_total"),
            figure("f2", "q2", "基本支出", Role.ACTUAL, "basic_expenditure"),
            figure("f3", "q3", "项目支出", Role.ACTUAL, "project_expenditure"),
            figure("f4", "q4", "全年收入", Role.INCOME, "income_total"),
            figure("f5", "q6", "自评总分", Role.SCORE),
        ),
        claims=(SUM, BALANCE, GRADE),
        indicators=(
            Indicator(
                id="i1",
                text="群众查档便利程度",
                span=at("群众查档便利程度"),
                level="社会效益",
                target=None,
                actual=None,
                weight=None,
                score=None,
                issues=(IndicatorIssue.ADJECTIVE_ONLY,),
                section="s1",
                by=("offline",),
            ),
        ),
        concerns=(),
        findings=(IND_FINDING, SUM_FINDING),
        disagreements=(),
        rejected={},
        coverage=Coverage(
            quantities=6,
            labelled=5,
            typed_other=1,
            unlabelled=1,
            unlabelled_ids=("q5",),
            claims={"verified": 1, "undetermined": 1, "contradicted": 1},
            sections={"ok": 1},
        ),
        usage=Usage(backend="offline"),
        provenance=Provenance(
            tool="reviewer",
            version="0.1.0",
            rules="aaaa",
            lexicon="bbbb",
            prompts={},
            policy=PolicyUsed(name="generic", title="通用口径", basis="财预〔2020〕10号", sha256="cccc"),
            settings=Settings(),
        ),
    )
    return review.model_copy(update=changes)


def nothing_found(**claims: int) -> Review:
    coverage = make_review().coverage.model_copy(update={"claims": claims})
    kept = (BALANCE,) if claims.get("verified") else ()
    return make_review(findings=(), claims=kept, indicators=(), coverage=coverage)
