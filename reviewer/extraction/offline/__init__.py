"""The offline reading: numbers get their meaning from the words around them, by rules of the field."""

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.indicators import extract_indicators
from reviewer.extraction.offline.labels import label_all, with_roles_of_wholes
from reviewer.extraction.offline.mentions import paragraphs
from reviewer.extraction.offline.rates import extract_rates
from reviewer.extraction.offline.scores import ScoreSheet, extract_scores
from reviewer.extraction.offline.sums import extract_sums
from reviewer.extraction.offline.tables import extract_tables
from reviewer.policies import Policy
from reviewer.schema import Reading, Source

__all__ = ["extract"]


def extract(source: Source, policy: Policy) -> Reading:
    """Figures, claims and indicators of the report; deterministic, and nothing leaves the machine."""
    builder = Builder(source)
    sheet = ScoreSheet()
    for paragraph in paragraphs(source):
        labels = label_all(source, paragraph)
        lists = extract_sums(builder, paragraph, labels)
        labels = with_roles_of_wholes(labels, lists.whole_of)
        for found in labels.values():
            builder.labelled(found)
        extract_rates(builder, paragraph, labels, lists)
        extract_indicators(builder, paragraph)
        sheet.add(paragraph, labels)
    extract_tables(builder)
    extract_scores(builder, sheet, policy)
    return builder.reading()
