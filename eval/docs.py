"""Writes docs/rules.md from the rules' own docstrings: ``python -m eval.docs``."""

from pathlib import Path

from reviewer.checks import rules

TARGET = Path(__file__).resolve().parent.parent / "docs" / "rules.md"


def rules_page() -> str:
    """All rules in both languages, by code."""
    parts = ["# Rules\n\nWritten from the rules' docstrings by `make docs`; `reviewer rules CODE` prints the same.\n"]
    for rule in rules():
        parts.append(f"\n## {rule.code} {rule.titles['zh']} · {rule.titles['en']}\n")
        parts += [f"\n- **{label}**: {text}" for label, text in rule.parts.items()]
        parts.append("\n")
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(rules_page(), encoding="utf-8")
