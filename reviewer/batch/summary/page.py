"""index.html: one page that holds everything it needs and asks nothing of any network."""

import heapq
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any, BinaryIO
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from reviewer.batch.records import FindingLine, Result, Status
from reviewer.batch.summary.facts import RunFacts
from reviewer.batch.summary.tally import BINS, Tally
from reviewer.batch.summary.texts import Texts
from reviewer.batch.summary.view import View
from reviewer.memo.markup import one_line
from reviewer.schema.result import Severity
from reviewer.schema.source import DocumentKind
from reviewer.settings import Language

__all__ = ["Limits", "Page"]

_SEVERITIES = tuple(Severity)
_HARMFUL = re.compile("[<>&\u2028\u2029]")
"""What could end a script element or a line of a script."""


@dataclass(frozen=True)
class Limits:
    """What a page holds, so that a browser still opens it at once."""

    reports: int = 20_000
    """Reports, those with most findings."""
    failed: int = 500
    """Failed reports told of at the head."""
    findings: int = 40
    """Findings in brief per report."""
    details: int = 24_000_000
    """Characters of findings in brief, those of the gravest reports first."""


class Page:
    """Keeps a short row per report, as text ready to be written, and writes the page."""

    def __init__(self, lang: Language, limits: Limits | None = None) -> None:
        self._t, self._limits = Texts(lang), limits or Limits()
        self._heap: list[tuple[tuple[int, ...], int, str, str]] = []
        """(gravity, minus the place among all results, row, findings), the least grave on top."""
        self._failed: list[Result] = []
        self._seen = 0
        self._years: set[int | None] = set()
        self._kinds: set[DocumentKind] = set()

    def add(self, result: Result) -> None:
        """Keep the report's row, unless there are too many graver ones."""
        self._years.add(result.year)
        self._kinds.add(result.kind)
        if result.status is Status.FAILED and len(self._failed) < self._limits.failed:
            self._failed.append(result)
        gravity = (result.errors, result.warnings, result.notes)
        brief = [_brief(finding) for finding in result.findings[: self._limits.findings]]
        entry = (gravity, -self._seen, _json(_plain(self._row(result))), _json(_plain(brief)))
        self._seen += 1
        if len(self._heap) < self._limits.reports:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heappushpop(self._heap, entry)

    def _row(self, result: Result) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": result.id,
            "unit": result.unit,
            "files": result.paths,
            "title": result.title,
            "year": result.year,
            "kind": result.kind,
            "status": result.status,
            "headline": result.headline,
            "differs": result.differs,
            "differences": list(self._t.differences(result)),
            "unread": result.unread,
            "price": None if result.spent is None else result.spent.price,
            "seconds": round(result.seconds, 1),
            "memo": _address(result.memo),
            "review": _address(result.review),
            "rules": _by_rule(result),
        }
        if result.failure is not None:
            reason = self._t(f"failure.{result.failure.kind}")
            return row | {"failure": [reason, result.failure.message, result.failure.hint]}
        counted = ("errors", "warnings", "notes", "quantities", "labelled", "verified", "contradicted", "undetermined")
        return row | {name: getattr(result, name) for name in counted}

    def save(self, file: BinaryIO, tally: Tally, run: RunFacts) -> None:
        """Write the page as UTF-8."""
        view = View(self._t, tally, run, self._years, self._kinds)
        kept = len(self._heap)
        head = {
            "words": {name: self._t.group(name) for name in ("severity", "kind", "status", "table", "chart", "form")},
            "lang": self._t.lang,
            "bins": [view.bin(place) for place in range(len(BINS))],
            "ends": [last for _, last in BINS],
            "rules": _plain({code: count.titled(code, self._t.lang) for code, count in tally.rules.items()}),
            "left": tally.reports - kept,
            "totals": _totals(tally),
        }
        environment = _environment()
        style, script = (Markup(environment.get_template(f"page.{kind}.j2").render()) for kind in ("css", "js"))
        environment.get_template("page.html.j2").stream(
            t=self._t,
            view=view,
            tally=tally,
            run=run,
            style=style,
            script=script,
            policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
            "base-uri 'none'; form-action 'none'",
            data=Markup(_json(head)),
            rows=self._rows(),
            kept=kept,
            failed=self._failed,
        ).dump(file, encoding="utf-8")

    def _rows(self) -> Iterator[Markup]:
        """Rows in the order of the results; findings in brief as far as there is room for them."""
        room, roomy = self._limits.details, set[int]()
        for _, place, _, findings in sorted(self._heap, reverse=True):
            room -= len(findings)
            if room < 0:
                break
            roomy.add(place)
        for _, place, row, findings in sorted(self._heap, key=lambda entry: -entry[1]):
            yield Markup(f"[{row},{findings if place in roomy else 'null'}]")


def _environment() -> Environment:
    home = files("reviewer.batch.summary")
    environment = Environment(
        autoescape=True,
        finalize=_shown,
        loader=FunctionLoader(lambda name: home.joinpath(name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["grouped"] = "{:,}".format
    return environment


def _shown(value: object) -> object:
    """A text of a report on one line and without controls; what is markup on purpose stays as it is."""
    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _json(value: object) -> str:
    """JSON that a script element of a page can hold, whatever its texts are."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _plain(value: object) -> object:
    """The value with every text on one line and without controls."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value


def _hash(text: str) -> str:
    """The source of a content security policy that allows this very text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _address(path: str | None) -> str | None:
    """A path relative to the page as an address; it can only lead to a file below."""
    return None if path is None else "./" + quote(path)


def _brief(finding: FindingLine) -> list[object]:
    severity = _SEVERITIES.index(finding.severity)
    return [finding.code, severity, finding.message, finding.calculation or "", list(finding.places)]


def _by_rule(result: Result) -> list[list[object]]:
    """[code, errors, warnings, notes] of each rule."""
    counts: dict[str, list[int]] = {}
    for finding in result.findings:
        counts.setdefault(finding.code, [0] * len(_SEVERITIES))[_SEVERITIES.index(finding.severity)] += 1
    return [[code, *found] for code, found in counts.items()]


def _totals(tally: Tally) -> dict[str, object]:
    """What the charts show while nothing is filtered."""
    return {
        "rules": {
            code: [count.reports, *(count.by_severity[severity] for severity in _SEVERITIES)]
            for code, count in tally.rules.items()
        },
        "bins": tally.bins,
        "relations": [tally.sums[name] for name in ("verified", "contradicted", "undetermined")],
    }
