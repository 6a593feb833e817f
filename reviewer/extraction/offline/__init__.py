"""The offline reading: numbers get their meaning from the words around them, by rules of the field."""

from reviewer.extraction.offline.announced import extract_announced
from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.card_claims import extract_cards
from reviewer.extraction.offline.card_counts import extract_card_counts
from reviewer.extraction.offline.card_targets import extract_card_targets
from reviewer.extraction.offline.changes import extract_changes
from reviewer.extraction.offline.counts import extract_counts, extract_reported
from reviewer.extraction.offline.distances import extract_distances
from reviewer.extraction.offline.goal_rows import extract_goal_rows
from reviewer.extraction.offline.goals_told import extract_goals_told
from reviewer.extraction.offline.graded import extract_graded
from reviewer.extraction.offline.impossible import extract_impossible
from reviewer.extraction.offline.indicator_sections import extract_indicator_sections
from reviewer.extraction.offline.indicators import extract_indicators
from reviewer.extraction.offline.labels import Label, label_all, with_roles_of_wholes
from reviewer.extraction.offline.lost_marks import lost_per_unit
from reviewer.extraction.offline.mark_windows import extract_mark_windows
from reviewer.extraction.offline.mentions import paragraphs
from reviewer.extraction.offline.nearby import extract_nearby
from reviewer.extraction.offline.rates import extract_rates
from reviewer.extraction.offline.score_roles import with_roles_of_scores
from reviewer.extraction.offline.score_rules import extract_score_rules
from reviewer.extraction.offline.score_sheet import ScoreSheet
from reviewer.extraction.offline.score_sums import sentences_add_up
from reviewer.extraction.offline.scores import extract_scores
from reviewer.extraction.offline.sums import extract_sums
from reviewer.extraction.offline.tables import extract_tables
from reviewer.extraction.offline.years import extract_years
from reviewer.policies import Policy
from reviewer.schema import Reading, Source

__all__ = ["extract"]


def extract(source: Source, policy: Policy) -> Reading:
    """Figures, claims and indicators of the report; deterministic, and nothing leaves the machine."""
    builder = Builder(source)
    sheets = {document.id: ScoreSheet() for document in source.documents}
    read = tuple(paragraphs(source))
    all_labels: dict[str, Label] = {}
    for paragraph in read:
        labels = label_all(source, paragraph)
        earlier = [found for found in all_labels.values() if found.mention.quantity.span.document == paragraph.document]
        lists = extract_sums(builder, paragraph, labels, earlier)
        labels = with_roles_of_scores(paragraph, with_roles_of_wholes(labels, lists.whole_of))
        all_labels |= labels
        for found in labels.values():
            builder.labelled(found)
        extract_rates(builder, paragraph, labels, lists, policy)
        extract_nearby(builder, paragraph)
        extract_changes(builder, paragraph, labels)
        extract_distances(builder, paragraph, labels)
        extract_counts(builder, paragraph, labels)
        extract_impossible(builder, paragraph, labels)
        extract_indicators(builder, paragraph)
        extract_years(builder, paragraph, labels)
        sheets[paragraph.document].add(paragraph, labels)
        sentences_add_up(builder, paragraph, labels)
    extract_tables(builder, sheets, policy)
    extract_announced(builder, read)
    extract_indicator_sections(builder, read)
    extract_reported(builder, read, all_labels)
    for sheet in sheets.values():
        extract_scores(builder, sheet, policy)
        extract_score_rules(builder, sheet, read, all_labels)
    extract_mark_windows(builder, read)
    decks = extract_cards(builder, read, all_labels, sheets, policy)
    extract_card_targets(builder, decks, read)
    extract_card_counts(builder, decks, read)
    lost_per_unit(builder, read)
    extract_goal_rows(builder, read)
    extract_goals_told(builder, read)
    extract_graded(builder, read, policy)
    return builder.reading()
