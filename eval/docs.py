"""Writes what is generated: docs/rules.md from the rules, the tables of fixtures/README.md from the labels,
prompts/prompts.lock from the prompts.

``python -m eval.docs`` (``make docs``).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from eval.labels import Fixture, load_all
from eval.resolving import Resolved
from eval.validating import encoding_of, text_of
from reviewer.checks import rules
from reviewer.llm.prompts import lock

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "rules.md"
CARD = ROOT / "fixtures" / "README.md"
LOCK = ROOT / "prompts" / "prompts.lock"
_TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- end -->)", re.DOTALL)


def rules_page() -> str:
    """All rules in both languages, by code."""
    parts = ["# Rules\n\nWritten from the rules' docstrings by `make docs`; `reviewer rules CODE` prints the same.\n"]
    for rule in rules():
        parts.append(f"\n## {rule.code} {rule.titles['zh']} · {rule.titles['en']}\n")
        parts += [f"\n- **{label}**: {text}" for label, text in rule.parts.items()]
        parts.append("\n")
    return "".join(parts)


def data_card(written: str) -> str:
    """The data card with its table made anew."""
    return _TABLE.sub("\n".join(_rows(load_all())) + "\n", written)


def _rows(fixtures: list[Fixture]) -> Iterator[str]:
    heads = ("report", "set", "kind, template", "layout", "characters", "figures", "claims", "findings", "indicators")
    yield f"| {' | '.join((*heads, 'traps'))} |"
    yield "|---" * (len(heads) + 1) + "|"
    order = ("counterpart", "clean", "defective", "frozen")
    for fixture in sorted(fixtures, key=lambda f: (order.index(f.labels.set), f.name)):
        labels = fixture.labels
        text = text_of(fixture.path)
        resolved = Resolved(labels, text)
        levels = "/".join(str(sum(f.severity == s for f in labels.findings)) for s in ("error", "warning", "note"))
        encoding = {"utf-8-sig": "UTF-8", "gb18030": "GB18030"}[encoding_of(fixture.path)]
        yield (
            f"| `{fixture.path.relative_to(CARD.parent).as_posix()}` | {labels.set} | {labels.kind}: {labels.template} "
            f"| {labels.layout}; {encoding} | {len(text):,} | {len(resolved.figures)} | {len(resolved.claims)} "
            f"| {levels} | {len(labels.indicators)} | {len(resolved.traps)} |"
        )


if __name__ == "__main__":
    TARGET.write_text(rules_page(), encoding="utf-8")
    CARD.write_text(data_card(CARD.read_text(encoding="utf-8")), encoding="utf-8")
    LOCK.write_text(lock(), encoding="utf-8")
