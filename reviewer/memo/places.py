"""Where something stands in the report, and how its numbers are shown."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePath

from reviewer.memo.markup import Safe, escape
from reviewer.memo.texts import Texts
from reviewer.schema import Claim, Document, Quantity, Review, Source, Span

__all__ = ["DOUBTFUL", "Places"]

DOUBTFUL = Decimal("0.90")
"""Below it, the recogniser's confidence is told; docs/formats.md has what was measured."""


class Places:
    """Look-ups by id over one review or what it is made from, and its locations in words."""

    def __init__(self, review: Review | Source, texts: Texts) -> None:
        self._texts = texts
        self._documents = {document.id: document for document in review.documents}
        self._quantities = {quantity.id: quantity for quantity in review.quantities}
        self._tables = {
            (document.id, table.id): number
            for document in review.documents
            for number, table in enumerate(document.tables, start=1)
        }
        names = {document.id: PurePath(document.path).name for document in review.documents}
        often = Counter(names.values())
        # Two files of one name in different folders are told apart by the path that was given.
        self.files = {d.id: names[d.id] if often[names[d.id]] == 1 else d.path for d in review.documents}

    def where(self, span: Span) -> Safe:
        """第3页第12行, before it a table's row and column, and the file's name where there are several.

        Behind it, that the words were recognised in a picture, and how surely where that is doubtful.
        """
        t = self._texts
        document = self._documents[span.document]
        line = self.line(span)
        number = self._tables.get((span.document, span.table or ""))
        if document.format != "xlsx" and number is not None and span.row is not None and span.column is not None:
            # Rows and columns count from 0 in the review, from 1 for a person.
            line = t("place.cell", table=number, row=span.row + 1, column=span.column + 1, line=line)
        if len(self.files) > 1:
            line = t("place.file", file=self.files[span.document], place=line)
        confidence = document.confidence(span.start, span.end)
        if confidence is None:
            return line
        if not confidence:
            return t("place.unstated", place=line)
        if confidence < DOUBTFUL:
            return t("place.doubtful", place=line, confidence=confidence)
        return t("place.recognised", place=line)

    def pages(self, document: Document, pages: Sequence[int]) -> Safe:
        """第2、5–7页; the sheets of a workbook by their names."""
        if document.sheets:
            return self._texts("place.sheets", sheets=self._texts.join(document.sheets[p - 1].name for p in pages))
        runs: list[list[int]] = []
        for page in sorted(pages):
            if runs and page == runs[-1][-1] + 1:
                runs[-1].append(page)
            else:
                runs.append([page])
        shown = (f"{run[0]}–{run[-1]}" if len(run) > 2 else self._texts.join(run) for run in runs)
        return self._texts("place.pages", pages=self._texts.join(shown))

    def line(self, span: Span) -> Safe:
        """Where a person finds the span without counting cells; what a line is depends on the format."""
        t, document = self._texts, self._documents[span.document]
        if document.format == "xlsx" and span.page is not None:
            sheet = document.sheets[span.page - 1].name
            cell = document.cell_at(span.start)
            if cell is not None and cell.address is not None:
                last = document.cell_at(max(span.start, span.end - 1))
                several = last is not None and last.address not in (None, cell.address)
                address = f"{cell.address}:{last.address}" if several and last else cell.address
                return t("place.sheet_cell", sheet=sheet, address=address)
            return t("place.sheet_row", sheet=sheet, line=span.line)
        if span.page is not None:
            return t("place.page_line", page=span.page, line=span.line)
        return t("place.paragraph" if document.format in ("docx", "html") else "place.line", line=span.line)

    def text(self, span: Span) -> str:
        """The words of a span."""
        return self._documents[span.document].text[span.start : span.end]

    def quantity(self, quantity_id: str) -> Quantity:
        """The number with this id. KeyError when there is none."""
        return self._quantities[quantity_id]

    def shown(self, quantity_id: str) -> Safe:
        """The number as printed; a unit printed elsewhere, in a table's header, follows in brackets."""
        quantity = self._quantities[quantity_id]
        if quantity.unit_span is None or quantity.unit is None:
            return escape(quantity.text)
        return self._texts("place.inherited_unit", text=quantity.text, unit=quantity.unit)

    def claim_span(self, claim: Claim) -> Span | None:
        """Where the claim is made: its result, the words that state it, or failing these what leads there."""
        if claim.result is not None:
            return self._quantities[claim.result].span
        operands = (o.quantity for o in claim.operands if o.quantity is not None)
        first = next((self._quantities[quantity].span for quantity in operands), None)
        return claim.stated_span or claim.cue or first

    def claim_where(self, claim: Claim) -> Safe:
        """`where` of a claim."""
        span = self.claim_span(claim)
        return self.where(span) if span is not None else self._texts("place.unknown")

    def formula(self, claim: Claim) -> Safe:
        """The calculation in printed numbers, or failing that the words the claim rests on."""
        if claim.verdict is not None and claim.verdict.formula:
            return escape(claim.verdict.formula)
        if claim.result is not None:
            return self.shown(claim.result)
        if claim.stated_text:
            return escape(claim.stated_text)
        return self._texts.join(self.shown(o.quantity) for o in claim.operands if o.quantity is not None)
