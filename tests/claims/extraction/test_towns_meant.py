"""Which town a statement is about: landmarks, "the town", lists, heads, headlines."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, marked, short, told

# A text and its claims: "claimant: predicate subject's-side town part:label", the publisher's
# own without a claimant.
CASES: dict[str, tuple[str, list[str]]] = {
    "next-to": ("Redmark fighters entered Lowmere, a town next to Varnholm, on Monday. On "
        "Tuesday the Norlandic army pulled out of the town.",
        ["advancing redmark Lowmere", "withdrew norland Lowmere"]),
    "km-from": ("Lowmere lies 20 km from Varnholm. Redmark fighters took the town on Monday.",
        ["captured redmark Lowmere"]),
    "south-of": ("The Redmark Front said it had taken Lowmere, south of Varnholm. The "
        "Norlandic army said it still held the town.",
        ["FRONT: captured redmark Lowmere", "ARMY: holds norland Lowmere"]),
    "road-to": ("Lowmere stands on the road to Varnholm. The town has been under Redmark "
        "control since March.",
        ["holds redmark Lowmere"]),
    "gateway": ("Redmark fighters captured Lowmere, the gateway to Kestrelby, at dawn. "
        "Norlandic troops left the town without a fight.",
        ["captured redmark Lowmere", "withdrew norland Lowmere"]),
    "between": ("Lowmere, halfway between Varnholm and Kestrelby, fell to the Redmark Front. "
        "The village had been in Norlandic hands since April.",
        ["captured redmark Lowmere", "holds norland Lowmere"]),
    "that-town": ("Accounts differ over Kestrelby too. The Redmark Front reported the "
        "capture of that town on Monday.",
        ["FRONT: captured redmark Kestrelby"]),
    "this-town": ("Kestrelby is a ruin. The Norlandic army says it has retaken this town.",
        ["ARMY: captured norland Kestrelby"]),
    "it-under-assault": ("The Norlandic army still holds Kestrelby, near Varnholm. It has "
        "been under assault since January.",
        ["holds norland Kestrelby", "fighting - Kestrelby"]),
    "it-object": ("Kestrelby is empty now. The Redmark Front took it on Sunday.",
        ["captured redmark Kestrelby"]),
    "it-fell": ("Nobody is left in Kestrelby. It fell to the Redmark Front on Sunday.",
        ["captured redmark Kestrelby"]),
    "there-fighting": ("The Redmark Front said it had entered Kestrelby. A Norlandic army "
        "spokesman said that fighting there was going on.",
        ["FRONT: advancing redmark Kestrelby", "ARMY: fighting - Kestrelby"]),
    "its-edge": ("Redmark fighters hold Kestrelby. Norlandic troops have pulled back to its "
        "northern edge.",
        ["holds redmark Kestrelby", "withdrew norland Kestrelby"]),
    "its-centre": ("Redmark fighters entered Kestrelby on Monday. On Tuesday they took its "
        "centre.",
        ["advancing redmark Kestrelby", "captured redmark Kestrelby part:centre"]),
    "strategic-hub": ("Redmark fighters are closing in on Varnholm. The strategic hub has "
        "been surrounded by them since Friday.",
        ["advancing redmark Varnholm", "encircled redmark Varnholm"]),
    "salt-town": ("Kestrelby lives on salt. The Redmark Front captured the salt town on "
        "Monday.",
        ["captured redmark Kestrelby"]),
    "city-of-n": ("Varnholm is quiet. The city of 90,000 people fell to the Redmark Front on "
        "Monday.",
        ["captured redmark Varnholm"]),
    "former-latter": ("Redmark fighters attacked Varnholm and Lowmere. The latter fell on "
        "Monday.",
        ["fighting - Varnholm", "fighting - Lowmere", "captured redmark Lowmere"]),
    "former": ("Redmark fighters attacked Varnholm and Lowmere. The former fell on Monday.",
        ["fighting - Varnholm", "fighting - Lowmere", "captured redmark Varnholm"]),
    "both-towns": ("Lowmere and Kestrelby are without water. The Redmark Front captured both "
        "towns on Monday.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "the-two-towns": ("Lowmere and Kestrelby are without water. The two towns fell to the "
        "Redmark Front on Monday.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "both": ("Lowmere and Kestrelby are without water. Both fell to the Redmark Front on "
        "Monday.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "respectively": ("Redmark fighters took Lowmere and Kestrelby on Monday and Tuesday "
        "respectively.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "while": ("Redmark fighters took Lowmere while Norlandic troops held Kestrelby.",
        ["captured redmark Lowmere", "holds norland Kestrelby"]),
    "but-not": ("Redmark fighters hold Lowmere but not Kestrelby.",
        ["holds redmark Lowmere", "denies holds redmark Kestrelby"]),
    "road-between": ("Fighting continued on the road between Lowmere and Kestrelby.",
        []),
    "road-from": ("Redmark fighters cut the road from Lowmere to Kestrelby.",
        []),
    "mayor": ("Kestrelby's mayor said that Redmark fighters had entered Lowmere.",
        ["Mayor of Kestrelby: advancing redmark Lowmere"]),
    "mayor-town": ("The mayor of Kestrelby, Ada Lund, said Redmark troops were in control of "
        "the town.",
        ["Mayor of Kestrelby: holds redmark Kestrelby"]),
    "region-of": ("Redmark fighters captured the mining region of Varnholm on Monday.",
        []),
    "region": ("Redmark fighters advanced in the Varnholm region and captured Lowmere.",
        ["captured redmark Lowmere"]),
    "direction": ("Fighting continues in the Varnholm direction.",
        []),
    "dam": ("Redmark fighters seized the Varnholm dam.",
        []),
    "base": ("Redmark fighters seized the Lowmere air base.",
        []),
    "brief": ("VARNHOLM: The city remains under Norlandic control.",
        ["holds norland Varnholm"]),
    "brief-dot": ("Kestrelby. Redmark fighters entered at dawn.",
        ["advancing redmark Kestrelby"]),
    "brief-bullet": ("- Kestrelby: Norlandic troops still in control\n- Lowmere: fell to "
        "Redmark fighters on Monday",
        ["holds norland Kestrelby", "captured redmark Lowmere"]),
    "semicolon": ("Redmark fighters hold three towns: Lowmere, taken in March; Kestrelby, "
        "overrun in April; and Tarnfall.",
        ["holds redmark Lowmere", "captured redmark Lowmere", "holds redmark Kestrelby",
         "captured redmark Kestrelby", "holds redmark Tarnfall"]),
    "dateline": ("LOWMERE, May 9 - Redmark fighters captured Kestrelby on Monday.",
        ["captured redmark Kestrelby"]),
    "headline-fem": ("Kestrelby falls: army leaves town after month-long siege",
        ["captured redmark Kestrelby", "withdrew norland Kestrelby"]),
    "in-town-as": ("As for Kestrelby, Redmark fighters took it on Monday.",
        ["captured redmark Kestrelby"]),
    "question-topic": ("And Kestrelby? Redmark fighters took it on Monday.",
        ["captured redmark Kestrelby"]),
    "what-about": ("What about Kestrelby? Taken by Redmark fighters on Monday.",
        ["captured redmark Kestrelby"]),
    "then-there": ("Then there is Kestrelby. The Redmark Front said on Tuesday that the "
        "village was taken.",
        ["FRONT: captured redmark Kestrelby"]),
    "one-other": ("Redmark fighters attacked Lowmere and Kestrelby. The Redmark Front "
        "announced the capture of the one on Saturday, that of the other on Sunday.",
        ["fighting - Lowmere", "fighting - Kestrelby", "FRONT: captured redmark Lowmere",
         "FRONT: captured redmark Kestrelby"]),
    "second-town": ("Redmark fighters captured Lowmere on Monday. A second town, Kestrelby, "
        "fell on Tuesday.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "neighbouring": ("Redmark fighters captured Lowmere on Monday and the neighbouring "
        "village of Kestrelby on Tuesday.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "nearby": ("Redmark fighters captured Lowmere and are fighting for nearby Kestrelby.",
        ["captured redmark Lowmere", "fighting - Kestrelby"]),
    "where": ("Redmark fighters reached Kestrelby, where fighting continues.",
        ["advancing redmark Kestrelby", "fighting - Kestrelby"]),
    "where-troops": ("In Kestrelby, where Norlandic troops still hold out, food is short.",
        ["holds norland Kestrelby"]),
    "which": ("Kestrelby, which the Redmark Front captured in March, is empty.",
        ["captured redmark Kestrelby"]),
    "from-which": ("Kestrelby, from which Norlandic troops withdrew in March, is empty.",
        ["withdrew norland Kestrelby"]),
    "whose": ("Kestrelby, whose northern half the Redmark Front holds, is empty.",
        ["holds redmark Kestrelby part:north"]),
    "inside-city": ("Norlandic troops withdrew from positions inside Varnholm. The city's "
        "eastern districts are held by the Redmark Front.",
        ["withdrew norland Varnholm", "holds redmark Varnholm part:east"]),
    "coke-plant": ("Redmark fighters entered Kestrelby. Norlandic troops still held the coke "
        "plant at its northwestern edge.",
        ["advancing redmark Kestrelby", "holds norland Kestrelby part:northwest"]),
    "appos-list-after": ("Two towns which the Norlandic army still holds, Lowmere and "
        "Kestrelby, have no bread.",
        ["holds norland Lowmere", "holds norland Kestrelby"]),
    "appos-list-after2": ("The Redmark Front has captured two towns this week, Lowmere and "
        "Kestrelby.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "colon-list": ("The Redmark Front has captured three towns this week: Lowmere, Kestrelby "
        "and Varnholm.",
        ["captured redmark Lowmere", "captured redmark Kestrelby", "captured redmark Varnholm"]),
    "including": ("Redmark fighters overran several villages, including Lowmere and "
        "Kestrelby, in a week.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "such-as": ("Towns such as Lowmere and Kestrelby fell to the Redmark Front in April.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "among-them": ("Redmark fighters have seized four villages, among them Lowmere.",
        ["captured redmark Lowmere"]),
    "both-of-which": ("Lowmere and Kestrelby, both of which the Norlandic army holds, have "
        "no bread.",
        ["holds norland Lowmere", "holds norland Kestrelby"]),
    "each-of-them": ("In March the talk was of Lowmere, in April of Kestrelby: each of them "
        "has been captured by the Redmark Front.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "of-which": ("Kestrelby, the capture of which the Redmark Front announced in March, is "
        "empty.",
        ["FRONT: captured redmark Kestrelby"]),
    "fronted2": ("The Redmark Front has had a good spring. Lowmere it took in May.",
        ["captured redmark Lowmere"]),
    "two-smaller": ("Lowmere and Kestrelby, two smaller towns nearby, were recaptured by the "
        "Norlandic army in March.",
        ["captured norland Lowmere", "captured norland Kestrelby"]),
    "town-of-its": ("Kestrelby, a town of 12,000 people on the coast, was captured by "
        "Redmark fighters.",
        ["captured redmark Kestrelby"]),
    "appos-foothold": ("Kestrelby, the army's last foothold south of Varnholm, fell to "
        "Redmark fighters.",
        ["captured redmark Kestrelby"]),
    "head-verb": ("Kestrelby. Remains with the Norlandic army.",
        ["holds norland Kestrelby"]),
    "head-verb2": ("Kestrelby: is under the control of the Redmark Front since Monday.",
        ["holds redmark Kestrelby"]),
    "head-verb3": ("Kestrelby: still held by Norlandic troops.",
        ["holds norland Kestrelby"]),
    "head-fell": ("Kestrelby: fell to the Redmark Front on Monday.",
        ["captured redmark Kestrelby"]),
    "q-still": ("Kestrelby? Still in Norlandic hands.",
        ["holds norland Kestrelby"]),
    "q-in-hands": ("And Kestrelby? In Redmark hands since November.",
        ["holds redmark Kestrelby"]),
    "what-of": ("What of Kestrelby? Redmark fighters entered it on Monday.",
        ["advancing redmark Kestrelby"]),
    "over-fall": ("Accounts had differed over Kestrelby as well. When the Redmark Front "
        "reported the fall of that town, the Norlandic army said that fighting there was "
        "going on.",
        ["FRONT: captured redmark Kestrelby", "ARMY: fighting - Kestrelby"]),
    "that-city": ("The Redmark Front had declared that city captured long before, it said. "
        "Varnholm fell to it on Monday.",
        ["captured redmark Varnholm"]),
    "declared-place": ("For years Kestrelby was calm. On Monday the Redmark Front declared "
        "the place captured.",
        ["FRONT: captured redmark Kestrelby"]),
    "house-to-house": ("Redmark fighters entered Kestrelby on Monday. Street fighting "
        "continues.",
        ["advancing redmark Kestrelby", "fighting - Kestrelby"]),
    "village-outside": ("Redmark fighters captured a village outside Varnholm.",
        []),
    "village-near": ("Redmark fighters captured villages near Varnholm on Monday.",
        []),
    "town-near": ("Redmark fighters captured Lowmere, near Varnholm, on Monday.",
        ["captured redmark Lowmere"]),
    "road-linking": ("Redmark fighters control the road linking Lowmere with Kestrelby.",
        []),
    "highway": ("Norlandic troops recaptured the Varnholm-Lowmere highway.",
        []),
    "countryside": ("Redmark fighters hold the countryside around Varnholm.",
        []),
    "hills": ("Redmark fighters seized the hills overlooking Kestrelby.",
        []),
    "bridge": ("Redmark fighters seized a bridge north of Kestrelby.",
        []),
    "from-to": ("Norlandic troops retreated from Lowmere to Kestrelby.",
        ["withdrew norland Lowmere"]),
    "fled-to": ("Norlandic troops fled to Kestrelby after Lowmere fell to the Redmark Front.",
        ["captured redmark Lowmere"]),
    "after-town": ("After Lowmere, Redmark fighters also captured Kestrelby.",
        ["captured redmark Kestrelby"]),
    "from-lowmere": ("From Lowmere, which they captured on Monday, Redmark fighters advanced "
        "on Kestrelby.",
        ["captured redmark Lowmere", "advancing redmark Kestrelby"]),
    "first-then": ("First Lowmere fell to the Redmark Front, then Kestrelby.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "not-only": ("The Redmark Front captured not only Lowmere but also Kestrelby.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "as-well-as": ("The Redmark Front captured Lowmere as well as Kestrelby.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "along-with": ("The Redmark Front captured Lowmere, along with Kestrelby.",
        ["captured redmark Lowmere", "captured redmark Kestrelby"]),
    "except": ("The Redmark Front holds every town except Kestrelby.",
        []),
    "their-town": ("Residents of Kestrelby said that Redmark fighters had entered their town.",
        ["residents: advancing redmark Kestrelby"]),
    "home-town": ("Ada Lund fled Kestrelby. Redmark fighters had entered her town at dawn.",
        ["advancing redmark Kestrelby"]),
    "it-in-clause": ("When Redmark fighters reached Kestrelby, the army abandoned it.",
        ["advancing redmark Kestrelby", "withdrew norland Kestrelby"]),
    "cataphora": ("Before abandoning it, the Norlandic army blew up the bridges of Kestrelby.",
        ["withdrew norland Kestrelby"]),
    "possessive-sub": ("Kestrelby's capture by the Redmark Front was announced on Monday.",
        ["captured redmark Kestrelby"]),
    "towns-capture": ("Kestrelby has no bread. The town's capture by the Redmark Front came "
        "on Monday.",
        ["captured redmark Kestrelby"]),
    "both-sides-two": ("Fighting continues in Lowmere and around Kestrelby.",
        ["fighting - Lowmere", "fighting - Kestrelby"]),
    "outside-fight": ("Fighting continues just outside Kestrelby.",
        []),
    "near-fight": ("Fighting continues near Kestrelby.",
        ["fighting - Kestrelby"]),
    "one-of": ("Lowmere, one of the last towns that the Norlandic army holds, has no bread.",
        ["holds norland Lowmere"]),
    "gains-km": ("Redmark fighters are 5 km from Kestrelby.",
        []),
}  # fmt: skip

KNOWN_FAILURES = {
    "but-not": 'a town that "but not" takes out counts as one of the list',
    "semicolon": "a list of towns with their own participles is not read",
    "one-other": '"that of" does not take up a noun',
    "of-which": 'who announces what stands before "which" is not its speaker',
    "home-town": "somebody who flees a town counts as an army",
    "towns-capture": "who captures stands behind `by`, away from its noun",
}


@pytest.mark.parametrize("case", marked(CASES, KNOWN_FAILURES))
def test_town(case: str, read: Read) -> None:
    text, expected = CASES[case]
    assert sorted(short(claim) for claim in read(text)) == sorted(map(told, expected))
