"""Every rule keeps its word: what it must report, what it must not, what it says more mildly, what it still misses.

The examples are in `tests/rules/<CODE>.toml`. A finding that should not be there costs a reviewer a letter to a unit
that did nothing wrong; one that is missing costs the review its purpose.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from reviewer import checks
from reviewer.lexicon import load
from reviewer.review import review
from reviewer.schema import Claim, ExcuseKind, Finding, Outcome, Review, Severity
from reviewer.settings import Language, Settings
from tests.model_kit import told
from tests.rule_examples import Example, Examples, Kind, answered

FOLDER = Path(__file__).parent / "rules"
MODULES = sorted(Path(checks.__file__).parent.glob("*.py"))
CODES = [rule.code for rule in checks.rules()]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LABELS: dict[Language, tuple[str, ...]] = {
    "en": ("Finds", "Why", "Example", "Basis", "Known misses"),
    "zh": ("查什么", "为什么", "示例", "依据", "已知遗漏"),
}
GROUPS = {"diagnosis", "basis", "roles", "words"}
"""Tables of the catalogue that belong to no single rule."""
LEAST = {"flagged": 3, "passing": 4, "excused": 1, "known_miss": 1}
NUMBER = re.compile(r"\d+(?:\.\d+)?")

FILES = {path.stem: Examples.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in FOLDER.glob("*.toml")}


def each(*kinds: Kind) -> pytest.MarkDecorator:
    """One test for every example of these kinds, named by rule, kind and reason."""
    return pytest.mark.parametrize(
        ("code", "example"),
        [
            pytest.param(code, example, id=f"{code}-{kind}-{example.why}")
            for code, examples in sorted(FILES.items())
            for kind in kinds
            for example in examples.of(kind)
        ],
    )


Run = Callable[..., Review]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Reviews a text as a file of its own, exactly as a user would."""

    def run(example: Example, lang: Language = "zh") -> Review:
        paths = []
        for number, text in enumerate((example.text, *example.others)):
            ending = "md" if re.search(r"^\|", text, re.MULTILINE) else "txt"
            paths.append(tmp_path / f"report{number or ''}.{ending}")
            paths[-1].write_text(text, encoding="utf-8")
        if example.has_model:
            return told(partial(answered, example), paths[0], lang=lang)
        return review(paths, Settings(lang=lang))

    return run


def findings(found: Review, code: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.code == code]


def claims(found: Review, finding: Finding) -> list[Claim]:
    return [claim for claim in found.claims if claim.id in finding.claims]


def described(found: Review) -> list[str]:
    """What a failing test shows."""
    return [f"{f.code} {f.severity}: {f.message} [{f.calculation}]" for f in found.findings]


def numbers_at_hand(found: Review, finding: Finding) -> set[Decimal]:
    """Numbers a finding's calculation may use: printed, recomputed by its verdicts, or the policy's."""
    used = claims(found, finding)
    printed = {quantity.value for quantity in found.quantities}
    computed = {claim.verdict.value for claim in used if claim.verdict}
    policy = {operand.value for claim in used for operand in claim.operands if operand.source}
    return {value for value in printed | computed | policy if value is not None}


def assert_reported(found: Review, code: str, example: Example) -> None:
    fired = findings(found, code)
    assert len(fired) == 1, described(found)
    (finding,) = fired
    assert finding.severity is example.severity, described(found)
    if example.calculation is not None:
        assert finding.calculation == example.calculation
    if example.excuse is not None:
        excuses = [claim.verdict.excuse for claim in claims(found, finding) if claim.verdict]
        assert [excuse.kind for excuse in excuses if excuse] == [example.excuse]
        assert finding.diagnosis


def assert_silence_has_its_reason(found: Review, example: Example) -> None:
    if example.verified is not None:
        verdicts = [claim.verdict for claim in found.claims if claim.verdict]
        verified = [verdict.formula for verdict in verdicts if verdict.outcome is Outcome.VERIFIED]
        assert example.verified in verified
    if example.noted is not None:
        assert example.noted in [indicator.text for indicator in found.indicators]
    if example.rejected is not None:
        assert found.rejected == example.rejected


@each("flagged")
def test_a_defect_is_reported(code: str, example: Example, run: Run) -> None:
    found = run(example)
    assert_reported(found, code, example)
    # One planted defect, one error: a second would be a false alarm. Milder findings may follow from the defect.
    others = [f for f in found.findings if f.code != code and f.severity is Severity.ERROR]
    assert not others, described(found)


@each("flagged", "excused")
def test_a_reader_finds_the_evidence_word_for_word(code: str, example: Example, run: Run) -> None:
    found = run(example)
    texts = {document.id: document.text for document in found.documents}
    for finding in findings(found, code):
        assert finding.evidence
        for evidence in finding.evidence:
            assert evidence.text.strip()
            assert texts[evidence.span.document][evidence.span.start : evidence.span.end] == evidence.text


@each("flagged", "excused")
def test_a_calculation_uses_no_number_from_elsewhere(code: str, example: Example, run: Run) -> None:
    """What stands before the first relation sign is printed in the report; what stands behind it may be computed."""
    found = run(example)
    for finding in findings(found, code):
        operands = re.split("[=≈≠<>≤≥]", finding.calculation or "")[0]
        shown = {abs(Decimal(number)) for number in NUMBER.findall(operands)}
        assert shown <= {abs(number) for number in numbers_at_hand(found, finding)}, finding.calculation


@each("flagged")
def test_the_language_changes_words_only(code: str, example: Example, run: Run) -> None:
    def kept(lang: Language) -> list[tuple[str, Severity, str | None, str]]:
        return [(f.code, f.severity, f.calculation, f.fingerprint) for f in run(example, lang).findings]

    assert kept("zh") == kept("en")


@each("passing")
def test_what_only_looks_like_a_defect_stays_unreported(code: str, example: Example, run: Run) -> None:
    found = run(example)
    assert not findings(found, code), described(found)
    assert not [f for f in found.findings if f.severity is Severity.ERROR], described(found)
    assert_silence_has_its_reason(found, example)


@each("excused")
def test_an_explanation_in_the_report_softens_the_finding(code: str, example: Example, run: Run) -> None:
    found = run(example)
    if example.severity is not None:
        assert example.severity is not Severity.ERROR
        assert_reported(found, code, example)
    else:
        assert not findings(found, code), described(found)
        assert example.verified or example.noted, "a silent excuse must say what shows that it was read"
        assert_silence_has_its_reason(found, example)


@each("known_miss")
def test_a_known_miss_is_still_missed(code: str, example: Example, run: Run) -> None:
    """Fails when the rule has learnt to report it: then the example moves to `flagged`."""
    found = run(example)
    assert not findings(found, code), "reported now: move this example to [[flagged]]"


@each("known_alarm")
def test_a_known_false_alarm_is_still_raised(code: str, example: Example, run: Run) -> None:
    """Fails when the rule has learnt to be silent: then the example moves to `passing`."""
    found = run(example)
    assert findings(found, code), "silent now: move this example to [[passing]]"


# The rules themselves


def test_every_rule_has_its_file_and_every_file_its_rule() -> None:
    assert sorted(FILES) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_rule_shows_all_four_kinds_of_examples(code: str) -> None:
    examples = FILES[code]
    least = dict(LEAST, excused=0) if examples.no_excuse else LEAST
    counts: dict[Kind, int] = {kind: len(examples.of(kind)) for kind in get_args(Kind)}
    assert all(counts[kind] >= number for kind, number in least.items()), counts  # type: ignore[index]
    assert all(example.severity for example in examples.flagged)
    assert bool(examples.excused) != bool(examples.no_excuse)


@pytest.mark.parametrize("code", [code for code in CODES if code.startswith("JDG")])
def test_what_only_a_model_sees_is_shown_with_its_answer(code: str) -> None:
    """Silence is no example where nobody was asked."""
    examples = FILES[code]
    assert all(example.concerns for example in (*examples.flagged, *examples.excused))
    assert all(example.has_model for example in examples.passing)
    assert sum(example.rejected is not None for example in examples.passing) >= 2


@pytest.mark.parametrize("code", CODES)
def test_no_two_examples_of_a_rule_are_told_apart_by_number_only(code: str) -> None:
    reasons = [example.why for kind in get_args(Kind) for example in FILES[code].of(kind)]
    assert len(reasons) == len(set(reasons))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_a_reader_can_look_up_every_part_of_a_rule(code: str, lang: Language) -> None:
    rule = checks.rule(code)
    assert rule.doc.startswith(f"{code} ")
    assert rule.titles[lang]
    for label in LABELS[lang]:
        assert rule.parts.get(label), f"{code} says nothing under {label}"
        assert rule.parts[label] in rule.text(lang)
    chinese = re.search(r"[\u4e00-\u9fff]", rule.titles[lang]) is not None
    assert chinese is (lang == "zh")


def catalogue(lang: Language) -> dict[str, dict[str, str]]:
    return {group: dict(entries) for group, entries in load(f"findings.{lang}").items()}


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def keys_used(module: Path) -> Iterator[tuple[str, str]]:
    """(rule code, message key) of every draft a module writes."""
    for function in ast.walk(ast.parse(module.read_text("utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        codes = [
            argument.value
            for decorator in function.decorator_list
            if isinstance(decorator, ast.Call)
            for argument in decorator.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        drafts = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("Draft", "drafted")]
        keywords = [word for draft in drafts for word in draft.keywords if word.arg == "key"]
        for code in codes:
            yield code, "message"
            for keyword in keywords:
                value = keyword.value
                branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                for branch in branches:
                    assert isinstance(branch, ast.Constant), f"{code}: a message key must be written out"
                    yield code, str(branch.value)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_finding_is_without_words(lang: Language) -> None:
    messages = catalogue(lang)
    used = {pair for module in MODULES for pair in keys_used(module)}
    assert {code for code, _ in used} == set(CODES) == set(messages) - GROUPS
    for code, key in used:
        assert messages[code].get(key), f"{code}.{key} has no words in findings.{lang}.toml"
        assert messages[code].get(f"{key}_question") or messages[code].get("question"), f"{code}: nothing to ask"
    restated = {f"{kind}_restated" for kind in (ExcuseKind.UNIT_SLIP, ExcuseKind.DIGIT_SLIP)}
    assert set(messages["diagnosis"]) == {*ExcuseKind, *restated}
    roles = {
        role
        for rate in load("rates")["rate"]
        for role in (*rate["numerator"], *rate["denominators"], *rate.get("mistaken", ()))
    }
    assert roles <= set(messages["roles"])


def test_both_languages_say_the_same() -> None:
    zh, en = catalogue("zh"), catalogue("en")
    assert {code: set(entries) for code, entries in zh.items()} == {code: set(entries) for code, entries in en.items()}
    for code, entries in zh.items():
        for key, message in entries.items():
            assert placeholders(message) == placeholders(en[code][key]), f"{code}.{key}"


ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
COMPUTING = {"sum", "round", "divmod", "pow", "abs"}
ROOMS = {"reviewer.intervals", "reviewer.judging", "fractions", "math", "statistics"}


def is_no_number(node: ast.expr) -> bool:
    """Whether an operand is text or a list as written; joining those is no arithmetic."""
    if isinstance(node, ast.JoinedStr | ast.List | ast.ListComp | ast.Tuple):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_computed(node: ast.AST) -> bool:
    """Whether it is a negation or a call that adds, rounds or divides."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in COMPUTING
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def arithmetic(code: str) -> list[str]:
    """What a source text computes, and the modules it would compute with."""
    found: list[str] = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ARITHMETIC):
            if not (isinstance(node.op, ast.Add) and (is_no_number(node.left) or is_no_number(node.right))):
                found.append(ast.unparse(node))
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ARITHMETIC):
            if not is_no_number(node.value):
                found.append(ast.unparse(node))
        elif is_computed(node):
            found.append(ast.unparse(node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            full = [f"{node.module}.{name}" for name in names] if isinstance(node, ast.ImportFrom) else names
            modules = {*full, *([node.module] if isinstance(node, ast.ImportFrom) and node.module else [])}
            found += sorted(modules & ROOMS)
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_rules_compute_nothing(module: Path) -> None:
    """A number worked out in a rule would reach the memo without the rounding that judging answers for."""
    assert not arithmetic(module.read_text("utf-8"))


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("total = first - second", True),
        ("total += part", True),
        ("total = sum(parts)", True),
        ("from reviewer.intervals import total", True),
        ("from reviewer import intervals", True),
        ("import reviewer.intervals", True),
        ("words = '共' + name", False),
        ("lines += [name]", False),
        ("text: str | None = f'{name}'", False),
        ("from reviewer.schema import Claim", False),
    ],
)
def test_arithmetic_in_a_rule_would_be_noticed(code: str, caught: bool) -> None:
    assert bool(arithmetic(code)) is caught
