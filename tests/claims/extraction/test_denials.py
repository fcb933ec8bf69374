"""Denials in all their forms: the proposition that is said to be false, by whom, of which towns."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, marked, short

ARMY = "Armed Forces of Norland"
FRONT = "Redmark Front"
FRONT_TOOK = f"{FRONT} asserts captured redmark Kestrelby"
NOT_TAKEN = f"{ARMY} denies captured redmark Kestrelby"

# --- the verb of denying and its clause
CLAUSES: dict[str, tuple[str, list[str]]] = {
    "denied-that": ("The Norlandic army denied that Kestrelby had fallen.", [NOT_TAKEN]),
    "denied-bare": ("The Norlandic army denied Kestrelby had been captured.", [NOT_TAKEN]),
    "denied-day": (
        "The Norlandic army on Thursday denied that it had lost Kestrelby.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "denied-gerund": (
        "The Norlandic army denied having left Kestrelby.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "denied-losing": (
        "The Norlandic army denied losing Kestrelby to the rebels.",
        [NOT_TAKEN],
    ),
    "denied-noun": ("The Norlandic army denied the fall of Kestrelby.", [NOT_TAKEN]),
    "denied-loss": (
        "Norland's army denies loss of Kestrelby.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "denied-any": (
        "The Norlandic army denied any withdrawal from Kestrelby.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "denied-passive": (
        "That Kestrelby had fallen was denied by the Norlandic army.",
        [NOT_TAKEN],
    ),
    "denied-fronted": (
        "That Kestrelby had fallen, the Norlandic army denied outright on Thursday.",
        [NOT_TAKEN],
    ),
    "denied-flatly": (
        "The Norlandic army has flatly denied that the Redmark Front is in control of Kestrelby.",
        [f"{ARMY} denies holds redmark Kestrelby"],
    ),
    "denied-fighting": (
        "The Redmark Front denied that there was any fighting in Kestrelby.",
        [f"{FRONT} denies fighting - Kestrelby"],
    ),
    "denied-encircled": (
        "The Norlandic army denied that its troops in Kestrelby were surrounded.",
        [f"{ARMY} denies encircled redmark Kestrelby"],
    ),
    "denied-entered": (
        "The Norlandic army denied that rebels had entered Kestrelby.",
        [f"{ARMY} denies advancing redmark Kestrelby"],
    ),
    "denied-two": (
        "The Norlandic army denied that Kestrelby and Lowmere had fallen.",
        [NOT_TAKEN, f"{ARMY} denies captured redmark Lowmere"],
    ),
    "denied-either": (
        "The Norlandic army denied that either Kestrelby or Lowmere had fallen.",
        [NOT_TAKEN, f"{ARMY} denies captured redmark Lowmere"],
    ),
    "denied-two-verbs": (
        "The Norlandic army denied that Kestrelby had fallen and that it had left Lowmere.",
        [NOT_TAKEN, f"{ARMY} denies withdrew norland Lowmere"],
    ),
    "denied-nouns": (
        "The Norlandic army denied the capture of Kestrelby and the encirclement of Lowmere.",
        [NOT_TAKEN, f"{ARMY} denies encircled redmark Lowmere"],
    ),
    "disputed-that": (
        "The Norlandic army disputed that Kestrelby had been taken by the Redmark Front.",
        [NOT_TAKEN],
    ),
    "denied-then-said": (
        "The Norlandic army denied that Kestrelby had fallen and said its troops were holding "
        "the town.",
        [NOT_TAKEN, f"{ARMY} asserts holds norland Kestrelby"],
    ),
    "denied-saying": (
        "The Norlandic army denied that Kestrelby had fallen, saying fighting was still going on "
        "there.",
        [NOT_TAKEN, f"{ARMY} asserts fighting - Kestrelby"],
    ),
    "denied-headline": ("Norlandic army denies fall of Kestrelby", [NOT_TAKEN]),
    "denied-headline-two": (
        "Norlandic army denies fall of Kestrelby, speaks of attack repulsed",
        [NOT_TAKEN, f"{ARMY} asserts holds norland Kestrelby"],
    ),
    "denied-behind": (
        "Kestrelby has not fallen, the Norlandic army said.",
        [NOT_TAKEN],
    ),
    "refused-to-accept": (
        "The Norlandic army would not accept that Kestrelby was lost.",
        [],
    ),
}

# --- the claim that is rejected, in the same sentence
REPORTS: dict[str, tuple[str, list[str]]] = {
    "rejected-claim": (
        "The Norlandic army rejected the Redmark Front's claim that it had captured Kestrelby.",
        [FRONT_TOOK, NOT_TAKEN],
    ),
    "rejected-claims-nobody": (
        "The Norlandic army rejected claims that Kestrelby had fallen.",
        [NOT_TAKEN],
    ),
    "dismissed-reports": (
        "The Norlandic army dismissed reports of the fall of Kestrelby.",
        [NOT_TAKEN],
    ),
    "dismissed-as-false": (
        "The Norlandic army dismissed as false reports that Kestrelby had been captured.",
        [NOT_TAKEN],
    ),
    "dismissed-rumours": (
        "The Norlandic army dismissed rumours that its troops had withdrawn from Kestrelby as "
        "enemy propaganda.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "called-reports-false": (
        "The Norlandic army called reports that Kestrelby had been captured false.",
        [NOT_TAKEN],
    ),
    "described-as": (
        "The Norlandic army described claims that the rebels had taken Kestrelby as nonsense.",
        [NOT_TAKEN],
    ),
    "no-truth": (
        "There is no truth in reports that Kestrelby has fallen, the Norlandic army said.",
        [NOT_TAKEN],
    ),
    "no-truth-to": (
        "The Norlandic army said there was no truth to the claim that Kestrelby had been taken.",
        [NOT_TAKEN],
    ),
    "reports-are-false": (
        "Reports that Kestrelby has fallen are false, the Norlandic army said.",
        [NOT_TAKEN],
    ),
    "reports-untrue-said": (
        "The Norlandic army said reports of Kestrelby's capture were untrue.",
        [NOT_TAKEN],
    ),
    "not-true-that": (
        "It is not true that Kestrelby has fallen, the Norlandic army said.",
        [NOT_TAKEN],
    ),
    "untrue-that": (
        "The Norlandic army said it was untrue that its soldiers had abandoned Kestrelby.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "wrong-to-say": (
        "The Norlandic army countered that it was wrong to speak of the capture of Kestrelby.",
        [NOT_TAKEN],
    ),
    "no-question-of": (
        "There can be no talk of the fall of Kestrelby, the Norlandic army said.",
        [NOT_TAKEN],
    ),
    "rejected-statement": (
        "The Norlandic army rejected a statement by the Redmark Front that its fighters had taken "
        "Kestrelby.",
        [FRONT_TOOK, NOT_TAKEN],
    ),
    "refuted-by": (
        "The Redmark Front's claim of having captured Kestrelby was refuted by the Norlandic army.",
        [FRONT_TOOK, NOT_TAKEN],
    ),
    "denying-claim-of": (
        "Denying the Redmark Front's claim to have seized Kestrelby, the Norlandic army said its "
        "troops were still in control of the town.",
        [FRONT_TOOK, NOT_TAKEN, f"{ARMY} asserts holds norland Kestrelby"],
    ),
    "talk-of": (
        "The Norlandic army rejects talk of a retreat from Kestrelby.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "claims-of-two": (
        "The Norlandic army rejected claims that Kestrelby and Lowmere were in rebel hands.",
        [f"{ARMY} denies holds redmark Kestrelby", f"{ARMY} denies holds redmark Lowmere"],
    ),
    "accused-of-lying": (
        "The Norlandic army accused the Redmark Front of lying about the capture of Kestrelby.",
        [NOT_TAKEN],
    ),
    "contrary-to": (
        "Contrary to reports, Kestrelby has not been captured, the Norlandic army said.",
        [NOT_TAKEN],
    ),
    "hit-back": (
        "The Norlandic army hit back at claims that Kestrelby had fallen, calling them lies.",
        [NOT_TAKEN],
    ),
}

# --- negated statements
NEGATED: dict[str, tuple[str, list[str]]] = {
    "has-not-fallen": ('"Kestrelby has not fallen," Talven said.', [NOT_TAKEN]),
    "did-not": ("The Norlandic army said that the rebels did not take Kestrelby.", [NOT_TAKEN]),
    "had-not-lost": (
        "The Norlandic army said that it had not lost Kestrelby.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "never-left": (
        '"We never left Kestrelby," Talven said.',
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "not-retreated": (
        "Talven insisted that his men had not retreated from Kestrelby.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "neither-nor": (
        "Talven said that neither Kestrelby nor Lowmere had fallen.",
        [NOT_TAKEN, f"{ARMY} denies captured redmark Lowmere"],
    ),
    "does-not-control": (
        "The Redmark Front does not control Kestrelby, Talven said.",
        [f"{ARMY} denies holds redmark Kestrelby"],
    ),
    "no-retreat": (
        "No retreat from Kestrelby, Norlandic army says",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "no-withdrawal": (
        "Talven said there had been no withdrawal from Kestrelby.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "no-fighting": (
        "There is no fighting in Kestrelby, the Redmark Front said.",
        [f"{FRONT} denies fighting - Kestrelby"],
    ),
    "not-surrounded": (
        "Kestrelby is not surrounded, Talven said.",
        [f"{ARMY} denies encircled redmark Kestrelby"],
    ),
    "not-under-control": (
        "Talven said Kestrelby was not under rebel control.",
        [f"{ARMY} denies holds redmark Kestrelby"],
    ),
    "nowhere-near": (
        "Not one rebel has entered Kestrelby, Talven said.",
        [f"{ARMY} denies advancing redmark Kestrelby"],
    ),
    "no-longer-holds": (
        "The Redmark Front no longer holds Kestrelby, Talven said.",
        [f"{ARMY} denies holds redmark Kestrelby"],
    ),
    "changed-hands": (
        'The army said only: "Kestrelby has not changed hands."',
        [NOT_TAKEN],
    ),
    "publisher-own": (
        "Kestrelby has not fallen.",
        ["publisher denies captured redmark Kestrelby"],
    ),
    "failed-to": ("The rebels failed to take Kestrelby, Talven said.", []),
    "could-not": ("The rebels could not take Kestrelby, Talven said.", []),
    "not-liberated": (
        'The Norlandic army: Kestrelby "not liberated so far"',
        [f"{ARMY} denies captured norland Kestrelby"],
    ),
}

# --- answers to an earlier sentence
_BEFORE = "The Redmark Front said on Sunday that it had captured Kestrelby. "
_BOTH = "The Redmark Front said it had captured Kestrelby and Lowmere. "
BOTH = [FRONT_TOOK, f"{FRONT} asserts captured redmark Lowmere"]
NEITHER = [NOT_TAKEN, f"{ARMY} denies captured redmark Lowmere"]
ANSWERS: dict[str, tuple[str, list[str]]] = {
    key: (text, claims)
    for key, (text, claims) in {
        "denied-it": (_BEFORE + "The Norlandic army denied it.", [FRONT_TOOK, NOT_TAKEN]),
        "denied-this": (_BEFORE + "Norland's army denies this.", [FRONT_TOOK, NOT_TAKEN]),
        "denied-bare": (_BEFORE + "The Norlandic army has denied.", [FRONT_TOOK, NOT_TAKEN]),
        "denied-claim": (_BEFORE + "The Norlandic army rejected the claim.",
                         [FRONT_TOOK, NOT_TAKEN]),
        "passive": (_BEFORE + "The claim was rejected by the Norlandic army.",
                    [FRONT_TOOK, NOT_TAKEN]),
        "dismissed-as": (_BEFORE + "The Norlandic army dismissed this as propaganda.",
                         [FRONT_TOOK, NOT_TAKEN]),
        "called-untrue": (_BEFORE + "The Norlandic army, that same day, called this untrue.",
                          [FRONT_TOOK, NOT_TAKEN]),
        "called-a-lie": (_BEFORE + "The Norlandic army called it a lie.", [FRONT_TOOK, NOT_TAKEN]),
        "quote-not-true": (_BEFORE + '"That is not true," Talven said.', [FRONT_TOOK, NOT_TAKEN]),
        "quote-lies": (_BEFORE + '"Lies," said Talven.', [FRONT_TOOK, NOT_TAKEN]),
        "not-so": (_BEFORE + "Not so, retorted the Norlandic army the same evening.",
                   [FRONT_TOOK, NOT_TAKEN]),
        "wrong": (_BEFORE + "That is wrong, the Norlandic army says.", [FRONT_TOOK, NOT_TAKEN]),
        "no-such": (_BEFORE + "The Norlandic army said no such thing had happened.",
                    [FRONT_TOOK, NOT_TAKEN]),
        "did-not-happen": (_BEFORE + "Talven said that this had not happened.",
                           [FRONT_TOOK, NOT_TAKEN]),
        "a-denial": (_BEFORE + "A denial came from the Norlandic army within the hour.",
                     [FRONT_TOOK, NOT_TAKEN]),
        "issued-denial": (_BEFORE + "The Norlandic army issued a denial.",
                          [FRONT_TOOK, NOT_TAKEN]),
        "contradicted": (_BEFORE + "The Norlandic army contradicted the announcement.",
                         [FRONT_TOOK, NOT_TAKEN]),
        "refuted-report": (_BEFORE + "The Norlandic army has refuted the report.",
                           [FRONT_TOOK, NOT_TAKEN]),
        "but-norland": (
            "The Redmark Front said that it had captured Kestrelby, but the Norlandic army denied "
            "it.",
            [FRONT_TOOK, NOT_TAKEN],
        ),
        "which-denied": (
            "The Redmark Front said that it had captured Kestrelby, which the Norlandic army "
            "denied.",
            [FRONT_TOOK, NOT_TAKEN],
        ),
        "a-claim-denied-by": (
            "The Redmark Front said that it had captured Kestrelby, a claim denied by the "
            "Norlandic army.",
            [FRONT_TOOK, NOT_TAKEN],
        ),
        "a-claim-that": (
            "The Redmark Front said that it had captured Kestrelby, a claim that the Norlandic "
            "army rejected.",
            [FRONT_TOOK, NOT_TAKEN],
        ),
        "something-denied": (
            "The Redmark Front says Kestrelby has fallen, something the Norlandic army denies.",
            [FRONT_TOOK, NOT_TAKEN],
        ),
        "both-denied": (_BOTH + "The Norlandic army denied both claims.", BOTH + NEITHER),
        "denied-losing-either": (
            _BOTH + "The Norlandic army denied losing either town.",
            [*BOTH, f"{ARMY} denies withdrew norland Kestrelby",
             f"{ARMY} denies withdrew norland Lowmere"],
        ),
        "neither-true": (_BOTH + '"Neither is true," Talven said.', BOTH + NEITHER),
        "of-one": (
            _BOTH + "The Norlandic army denied it for Lowmere.",
            [*BOTH, f"{ARMY} denies captured redmark Lowmere"],
        ),
        "neither-has-fallen": (
            _BOTH + "The Norlandic army said that neither town had fallen.",
            BOTH + NEITHER,
        ),
        "silence": (_BEFORE + "The Norlandic army did not deny it.", [FRONT_TOOK]),
        "did-not-comment": (_BEFORE + "The Norlandic army has not commented.", [FRONT_TOOK]),
        "other-denial": (_BEFORE + "The Front denied that it had shelled the hospital.",
                         [FRONT_TOOK]),
    }.items()
}  # fmt: skip


CASES = {
    f"{kind}: {name}": case
    for kind, table in (
        ("clause", CLAUSES),
        ("report", REPORTS),
        ("negated", NEGATED),
        ("answer", ANSWERS),
    )
    for name, case in table.items()
}

KNOWN_FAILURES = {
    "clause: denied-nouns": "a second noun of an event is read as one more town of the first",
    "clause: denied-headline-two": "a participle behind its noun, without a town, is not read",
    "report: rejected-statement": "whose statement it is that is rejected is not found",
    "report: denying-claim-of": "who denies in an opening participle is not found",
    "answer: denied-losing-either": "'either town' is not read as two towns",
    "answer: neither-has-fallen": "'neither town' is not read as two towns",
}


@pytest.mark.parametrize("case", marked(CASES, KNOWN_FAILURES))
def test_denial(case: str, read: Read) -> None:
    text, claims = CASES[case]
    assert sorted(short(claim) for claim in read(text)) == sorted(claims)
