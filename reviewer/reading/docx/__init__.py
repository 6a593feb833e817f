"""Word documents (.docx, .docm): what is printed, with the paragraph and column where it is stored.

The parts are read as XML. python-docx gives no access to numbering, text boxes, notes, tracked changes or fields, and
unpacks without bounds; what is left of it for a reader is naming elements.
"""

from typing import TYPE_CHECKING

from reviewer.errors import InputError
from reviewer.reading.docx.numbering import Numbering
from reviewer.reading.docx.story import Notes, Story
from reviewer.reading.docx.styles import Styles
from reviewer.reading.docx.xml import TRACKED, W, find
from reviewer.reading.layout import Layout, Writer
from reviewer.reading.packed import Package, Relation
from reviewer.schema.source import Notice

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["lay_out"]

_USUAL_BODY = "word/document.xml"
_NOTES = {"footnotes": f"{W}footnote", "endnotes": f"{W}endnote"}
_LINKS = frozenset({"hyperlink"})
_LONGEST_DETAIL = 200


def lay_out(raw: bytes, document_id: str, shown: str) -> Layout:
    """The report in a Word file; `shown` is its path, for messages.

    Raises DamagedFile, ProtectedFile and OversizedFile.
    """
    package = Package(raw, shown)
    try:
        return _laid_out(package, document_id, shown)
    except InputError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise package.damaged("its parts contradict each other") from error


def _laid_out(package: Package, document_id: str, shown: str) -> Layout:
    main = next((r.target for r in package.relations("").values() if r.kind == "officeDocument"), _USUAL_BODY)
    relations = list(package.relations(main).values())
    document = package.xml(main)
    body = find(document, "body")
    if body is None:
        raise package.damaged(f"{main} has no body")
    styles = Styles(_part(package, relations, "styles"))
    numbering = Numbering(_part(package, relations, "numbering"), styles)
    notes: Notes = {}
    for kind, name in _NOTES.items():
        if (root := _part(package, relations, kind)) is not None:
            notes |= {(kind, note.get(f"{W}id", "")): note for note in root.iterfind(name)}
    writer = Writer(document_id)
    story = Story(writer, styles, numbering, notes, shown)
    story.write(body)
    notices = _notices(package, relations, body, story)
    for relation in relations:
        if relation.kind in ("header", "footer") and not relation.external and relation.target in package:
            story.omit(package.xml(relation.target), "header" if relation.kind == "header" else "footer")
    return writer.layout("docx", None, notices=notices)


def _part(package: Package, relations: list[Relation], kind: str) -> "_Element | None":
    """The part of this kind; a damaged one is damage, a missing one is none."""
    found = next((r.target for r in relations if r.kind == kind and not r.external and r.target in package), None)
    return None if found is None else package.xml(found)


def _notices(package: Package, relations: list[Relation], body: "_Element", story: Story) -> tuple[Notice, ...]:
    """What the file holds besides the text that was read."""
    comments = _part(package, relations, "comments")
    elsewhere = [relation.target for relation in relations if relation.external and relation.kind not in _LINKS]
    elsewhere += ["altChunk" for _ in body.iter(f"{W}altChunk")]
    comments_told = 0 if comments is None else len(comments.findall(f"{W}comment"))
    macros = sum(name.lower().endswith("vbaproject.bin") for name in package.names)
    tally = story.tally
    notices = (
        Notice(kind="tracked_changes", count=sum(1 for _ in body.iter(*TRACKED))),
        Notice(kind="comments", count=comments_told),
        Notice(kind="hidden_text", count=tally.hidden),
        Notice(kind="external_ignored", count=len(elsewhere), detail="、".join(elsewhere)[:_LONGEST_DETAIL]),
        Notice(kind="macros_ignored", count=macros),
        Notice(kind="pictures_ignored", count=tally.pictures),
        Notice(kind="unmapped_characters", count=tally.unmapped),
    )
    return tuple(notice for notice in notices if notice.count)
