"""A page made to harm gets one line and a hint."""

import random

import pytest

from reviewer.errors import OversizedFile, ReviewerError
from reviewer.reading.html import lay_out

PAGE = "<html><body><div class=TRS_Editor><p>支出<b>100</b>万元。</p><table><tr><th>项目<th>金额<tr><td>合计<td>1</table><ol><li>甲</ol></div></body></html>"
SLIPS = [
    "<table>",
    "</table>",
    "<td rowspan=99999 colspan=99999>",
    "</td>",
    "<tr>",
    "</div>",
    "<ol start=-5><li>",
    "<thead>",
]
SLIPS += [
    "<svg>",
    "<!--",
    "<pre>",
    "<p hidden>",
    "&#0;",
    "&#xD800;",
    "&#1114112;",
    "<frameset>",
    "<caption>",
    "</body>",
    "<sup>",
]


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "支出1",
        "<p>" + "支" * 2_100_000,
        "<p>支出1</p>" * 60_000 + "<b></b>" * 60_000,
        "<table>" + "<tr><td rowspan=9999 colspan=1000>1<td>2</tr>" * 500,
        "<table>" + "<tr><td>1<td>2</tr>" * 31_000,
    ],
    ids=["deep", "long", "tags", "spans", "rows"],
)
def test_more_than_any_report_is_refused(page: str) -> None:
    with pytest.raises(OversizedFile) as caught:
        lay_out(page, "d1", "page.html")
    assert "\n" not in caught.value.message


def test_what_a_person_can_still_read_is_read() -> None:
    assert lay_out("<div>" * 1000 + "支出1", "d1", "p").text == "支出1"
    nested = lay_out("<table><tr><td>1<td>" * 100 + "支出2", "d1", "p").text
    assert nested.count("1") == 100 and nested.count("支出2") == 1
    assert lay_out("&a; &#9999999; <p>支出3", "d1", "p").text.endswith("支出3")


def test_entities_of_a_page_s_own_are_no_words() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "支出支出"><!ENTITY b "&a;&a;&a;">]><html><body><p>1&b;</p></body></html>'
    assert len(lay_out(bomb, "d1", "p").text) < 100


def test_no_slip_ends_in_anything_but_a_message() -> None:
    chance = random.Random(2024)
    for _ in range(150):
        page = list(PAGE)
        for _ in range(chance.randrange(1, 25)):
            at = chance.randrange(len(page))
            if chance.random() < 0.5:
                page[at : at + chance.randrange(8)] = []
            else:
                page[at:at] = chance.choice(SLIPS)
            page = page or ["1"]
        try:
            lay_out("".join(page), "d1", "page.html")
        except ReviewerError as error:
            assert "\n" not in error.message
