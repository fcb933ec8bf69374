"""The words of general staffs and of agencies for taking, holding, entering, surrounding, fighting
for and leaving a town; and the same words where nobody takes or holds one."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

TOOK = "publisher asserts captured redmark Kestrelby"
HOLDS = "publisher asserts holds norland Kestrelby"
ENTERS = "publisher asserts advancing redmark Kestrelby"
RINGED = "publisher asserts encircled redmark Kestrelby"
FIGHT = "publisher asserts fighting - Kestrelby"
LEFT = "publisher asserts withdrew norland Kestrelby"

TOLD = {
    "mopped-up": ("Redmark fighters mopped up Kestrelby on Sunday.", TOOK),
    "consolidated": ("Redmark fighters have consolidated control over Kestrelby.", TOOK),
    "collapsed-to": ("Kestrelby has collapsed to the Redmark Front.", TOOK),
    "hung-flag": ("Redmark fighters hung a flag from a mast in Kestrelby.", TOOK),
    "unfurled": ("Redmark fighters unfurled their banner over Kestrelby.", TOOK),
    "town-holds-on": ("Kestrelby is holding on.", "publisher asserts holds - Kestrelby"),
    "blunted": ("Norlandic troops blunted a Redmark thrust towards Kestrelby.", HOLDS),
    "withstood": ("Norlandic troops weathered an onslaught on Kestrelby.", HOLDS),
    "break-through": (
        "Norlandic troops foiled an attempt by Redmark fighters to break through into Kestrelby.",
        HOLDS,
    ),
    "foothold": ("Redmark fighters established a foothold in Kestrelby.", ENTERS),
    "bridgehead": ("Redmark fighters secured a bridgehead in Kestrelby.", ENTERS),
    "success": ("Redmark fighters had tactical success in Kestrelby.", ENTERS),
    "improved": ("Redmark units improved their tactical position in Kestrelby.", ENTERS),
    "successful": ("Redmark fighters were partially successful in Kestrelby.", ENTERS),
    "seeped": ("Redmark fighters seeped into Kestrelby through a tunnel.", ENTERS),
    "knocking": ("Redmark fighters are knocking on the door of Kestrelby.", ENTERS),
    "within-a-mile": ("Redmark fighters are within a mile of Kestrelby.", ENTERS),
    "all-sides": ("Redmark fighters have blocked Kestrelby from all sides.", RINGED),
    "lifeline": ("Redmark fighters severed the last lifeline to Kestrelby.", RINGED),
    "has-under-blockade": ("The Redmark Front has Kestrelby under blockade.", RINGED),
    "contact-line": ("The line of contact runs through Kestrelby.", FIGHT),
    "grey-zone": ("Kestrelby is a grey zone.", FIGHT),
    "counterattacking": ("Norlandic troops are counterattacking in Kestrelby.", FIGHT),
    "battling-to-hold": ("Norlandic troops are battling to hold Kestrelby.", FIGHT),
    "mopping-up": ("Mopping-up operations are under way in Kestrelby.", FIGHT),
    "rocked": ("Fierce clashes rocked Kestrelby.", FIGHT),
    "fleeing": ("Norlandic soldiers are fleeing Kestrelby.", LEFT),
    "lost-foothold": ("Norlandic troops have lost their foothold in Kestrelby.", LEFT),
    "knocked-out": ("Norlandic units were knocked out of Kestrelby.", LEFT),
}


@pytest.mark.parametrize("case", TOLD.values(), ids=TOLD)
def test_told(case: tuple[str, str], read: Read) -> None:
    text, expected = case
    assert [short(claim) for claim in read(text)] == [expected]


def test_announced_departure(read: Read) -> None:
    claims = read("The Redmark Front announced that it would leave Kestrelby.")
    assert [short(claim) for claim in claims] == [
        "Redmark Front asserts withdrew redmark Kestrelby"
    ]


NOTHING = {
    "warplanes": "Norlandic warplanes attacked Kestrelby.",
    "fire-control": "The roads out of Kestrelby are under Redmark fire control.",
    "siege-broken": "Norlandic troops broke the siege of Kestrelby.",
    "helicopters": "Helicopters carried out an attack on Kestrelby.",
    "said-it-would": "The Redmark Front said it would leave Kestrelby.",
    "holds-parade": "Kestrelby holds a parade on Sunday.",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_nothing(text: str, read: Read) -> None:
    assert [short(claim) for claim in read(text)] == []
