"""Who speaks: idioms of saying, headlines, answers, media, office holders, speakers that no pack
knows, and those who are meant by "it", "the officer" or "the latter"."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, marked, short

ARMY = "Armed Forces of Norland"
MOD = "Ministry of Defence of Norland"
RED = "Redmark Front"
TOOK = "asserts captured redmark Lowmere"
HOLDS = "asserts holds norland Lowmere"
ADV = "asserts advancing redmark Lowmere"

CASES: dict[str, tuple[str, list[str]]] = {
    # --- idioms of saying --------------------------------------------------------------------
    "let-it-be-known": ("Redmark let it be known that it had captured Lowmere.", [f"{RED} {TOOK}"]),
    "made-it-known": ("On Friday the Norlandic army made it known that its men had left Lowmere.",
     [f"{ARMY} asserts withdrew norland Lowmere"]),
    "made-clear": ("Jory Talven made clear that Norland still held Lowmere.", [f"{ARMY} {HOLDS}"]),
    "quoted-as": ("Ilsa Brandt was quoted as saying that her fighters had taken Lowmere.",
     [f"{RED} {TOOK}"]),
    "quoted-by": ("The Norlandic army was quoted by local radio as saying it still held Lowmere.",
     [f"{ARMY} {HOLDS}"]),
    "issued-saying": ("The Redmark Front issued a statement saying it had taken Lowmere.",
     [f"{RED} {TOOK}"]),
    "released-in-which": ("The Norlandic army released a video in which it said that Lowmere was "
     "still under its control.", [f"{ARMY} {HOLDS}"]),
    "its-statement-ran": ("Redmark was brief. Its fighters had captured Lowmere, its statement "
     "ran.", [f"{RED} {TOOK}"]),
    "statement-read": ('The Redmark Front spoke in the evening. "We have taken Lowmere," the '
     "statement read.", [f"{RED} {TOOK}"]),
    "took-to-announce": ("Ilsa Brandt took to Telegram to announce that her fighters had captured "
     "Lowmere.", [f"{RED} {TOOK}"]),
    "sent-word": ("The Norlandic army sent word that it still held Lowmere.", [f"{ARMY} {HOLDS}"]),
    "told-his-president": ("Jory Talven told his president that Lowmere had fallen to Redmark.",
     [f"{ARMY} {TOOK}"]),
    "reported-to": ("Lowmere was in Redmark hands, the Norlandic defence ministry reported to "
     "parliament.", [f"{MOD} asserts holds redmark Lowmere"]),
    "swears": ("Jory Talven swears that his men hold Lowmere.", [f"{ARMY} {HOLDS}"]),
    "has-it-that": ("The Redmark Front has it that its fighters captured Lowmere.",
     [f"{RED} {TOOK}"]),
    "reckons": ("The Norlandic army reckons that Redmark has captured Lowmere.",
     [f"{ARMY} {TOOK}"]),
    "informs-you": ("The Norlandic army informs its readers that Norland holds Lowmere.",
     [f"{ARMY} {HOLDS}"]),
    "took-credit": ("Redmark claimed credit for the capture of Lowmere.", [f"{RED} {TOOK}"]),
    # --- phrases -----------------------------------------------------------------------------
    "as-sees": ("As the Norlandic army sees it, Redmark has captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "as-tells": ("Lowmere, as Ilsa Brandt tells it, was captured by her fighters in an hour.",
     [f"{RED} {TOOK}"]),
    "as-says": ("Redmark captured Lowmere, as the Norlandic army says.", [f"{ARMY} {TOOK}"]),
    "as-put-it": ("Norland holds Lowmere, as Jory Talven put it.", [f"{ARMY} {HOLDS}"]),
    "in-view": ("In the Norlandic army's view, Redmark has captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "for-presupposed": ("For Jory Talven, the fall of Lowmere to Redmark changes nothing.",
     [f"{ARMY} {TOOK}"]),
    "if-to-believe": ("If the Redmark Front is to be believed, it captured Lowmere on Thursday.",
     [f"{RED} {TOOK}"]),
    "word-from": ("The word from the Norlandic army is that Redmark has captured Lowmere.",
     [f"{ARMY} {TOOK}"]),
    "line-is": ("The Norlandic army's line is that its soldiers still hold Lowmere.",
     [f"{ARMY} {HOLDS}"]),
    "answer-came": ("The Norlandic army's answer came by nightfall: its soldiers still held "
     "Lowmere.", [f"{ARMY} {HOLDS}"]),
    "reply-was": ("Jory Talven's reply was short: Norland holds Lowmere.", [f"{ARMY} {HOLDS}"]),
    "post-said": ("A post by Ilsa Brandt said that her fighters had taken Lowmere.",
     [f"{RED} {TOOK}"]),
    "statement-of": ("A statement of the Redmark Front said that its fighters had taken Lowmere.",
     [f"{RED} {TOOK}"]),
    "in-a-report-by": ("Lowmere was captured by Redmark, a report by the Norlandic army says.",
     [f"{ARMY} {TOOK}"]),
    # --- headlines ---------------------------------------------------------------------------
    "head-colon": ("Redmark: Lowmere taken", [f"{RED} {TOOK}"]),
    "head-residents": ("Residents: soldiers gone from Lowmere since Wednesday",
     ["residents asserts withdrew norland Lowmere"]),
    "head-denies": ("Army officer denies fall of Lowmere to Redmark",
     [f"{ARMY} denies captured redmark Lowmere"]),
    "head-says-end": ("Lowmere taken by Redmark, army says", [f"{ARMY} {TOOK}"]),
    "head-inverted": ("Lowmere has fallen to Redmark, says Norlandic army", [f"{ARMY} {TOOK}"]),
    "head-admits": ("Norland admits loss of Lowmere", ["Norland asserts withdrew norland Lowmere"]),
    "head-claims": ("Redmark claims capture of Lowmere", [f"{RED} {TOOK}"]),
    "head-rejects": ("Norland rejects claim Lowmere has fallen to Redmark",
     ["Norland denies captured redmark Lowmere"]),
    "head-quote-colon": ('"Lowmere is ours": Redmark commander Ilsa Brandt', [f"{RED} {TOOK}"]),
    "head-mayor": ("Mayor of Lowmere: town taken by Redmark",
     [f"Mayor of Lowmere {TOOK}"]),
    "head-official": ("Redmark fighters inside Lowmere: official",
     [f"{'Norland'} asserts advancing redmark Lowmere"]),
    "head-dash-residents": ("Redmark fighters enter Lowmere – residents",
     ["residents asserts advancing redmark Lowmere"]),
    "head-statement": ("Redmark statement: Lowmere taken.", [f"{RED} {TOOK}"]),
    "head-according": ("Lowmere falls to Redmark, according to residents",
     [f"residents {TOOK}"]),
    # --- quotations --------------------------------------------------------------------------
    "quote-one-line": ('The Redmark Front has put out a single line. "We hold Lowmere."',
     [f"{RED} asserts holds redmark Lowmere"]),
    "quote-colon": ('Jory Talven had one sentence for reporters: "We hold Lowmere."',
     [f"{ARMY} {HOLDS}"]),
    "quote-sentences": ('"It was a long night," said Jory Talven. "They tried everything. But '
     'Lowmere is still ours."', [f"{ARMY} {HOLDS}"]),
    "quote-paragraphs": ('Jory Talven spoke for an hour.\n\n"It was a long night.\n\n"But we hold '
     'Lowmere," he said.', [f"{ARMY} {HOLDS}"]),
    "quote-before": ('"We have entered Lowmere. The town is free." Ilsa Brandt spoke on a square.',
     [f"{RED} asserts captured redmark Lowmere", f"{RED} asserts advancing redmark Lowmere"]),
    "quote-split": ('"Lowmere," Jory Talven said, "is in our hands."', [f"{ARMY} {HOLDS}"]),
    "quote-asked": ('Asked about Lowmere, Jory Talven said: "It is in our hands."',
     [f"{ARMY} {HOLDS}"]),
    "scare-quotes": ('Redmark has "liberated" Lowmere, the Norlandic army said.',
     [f"{ARMY} {TOOK}"]),
    # --- pronouns and descriptions -----------------------------------------------------------
    "he-added": ("Jory Talven spoke on television. Redmark had captured Lowmere, he added.",
     [f"{ARMY} {TOOK}"]),
    "they-residents": ("People from Lowmere told a third story. Soldiers had abandoned the town "
     "street by street, they said.", ["residents asserts withdrew norland Lowmere"]),
    "the-officer": ("A Norlandic officer spoke of heavy losses. Redmark had captured Lowmere, the "
     "officer said.", [f"{ARMY} {TOOK}"]),
    "the-spokesman": ("Jory Talven gave a briefing. Norland holds Lowmere, the spokesman said.",
     [f"{ARMY} {HOLDS}"]),
    "the-commander": ("Ilsa Brandt appeared in a video. Her fighters had captured Lowmere, the "
     "commander said.", [f"{RED} {TOOK}"]),
    "the-front": ("The Redmark Front spoke in the evening. Its fighters had captured Lowmere, the "
     "front said.", [f"{RED} {TOOK}"]),
    "the-ministry": ("Norland's defence ministry published a map. Redmark had captured Lowmere, "
     "the ministry said.", [f"{MOD} {TOOK}"]),
    "same-source": ("A Norlandic officer said his men were tired. Redmark captured Lowmere on "
     "Thursday, the same source said.", [f"{ARMY} {TOOK}"]),
    "its-spokesman": ("The Redmark Front keeps moving. Its spokesman said it had captured "
     "Lowmere.", [f"{RED} {TOOK}"]),
    "its-command": ("Norland is short of men. Lowmere has fallen to Redmark, its military command "
     "said.", [f"{ARMY} {TOOK}"]),
    "the-latter": ("Norland and the Redmark Front both spoke. The latter said that it had captured "
     "Lowmere.", [f"{RED} {TOOK}"]),
    "the-former": ("Norland and the Redmark Front both spoke. The former said that it still held "
     "Lowmere.", [f"Norland {HOLDS}"]),
    "the-woman": ("A woman from Lowmere came on Thursday. Redmark fighters had entered the town, "
     "the woman said.", ["residents asserts advancing redmark Lowmere"]),
    "it-main-clause": ("The Norlandic army answered Redmark. It said that its soldiers held "
     "Lowmere.", [f"{ARMY} {HOLDS}"]),
    "which-said": ("The announcement came from the Redmark Front, which said that it had captured "
     "Lowmere.", [f"{RED} {TOOK}"]),
    "who-said": ("The news came from Jory Talven, who said that Redmark had captured Lowmere.",
     [f"{ARMY} {TOOK}"]),
    "whose": ("Norland, whose army says that Redmark has captured Lowmere, wants talks.",
     [f"{ARMY} {TOOK}"]),
    # --- nesting -----------------------------------------------------------------------------
    "nested-quoting": ("Norlandic state television, quoting the defence ministry, said that "
     "Redmark had captured Lowmere.", [f"{MOD} {TOOK}"]),
    "nested-told": ("Arland's ambassador said the Norlandic army had told him that Redmark had "
     "captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "nested-according": ("The Eastmarch Watch said that, according to residents, Redmark fighters "
     "had entered Lowmere.", ["residents asserts advancing redmark Lowmere"]),
    "nested-quoted": ("The Eastmarch Watch quoted Ilsa Brandt as saying that her fighters had "
     "captured Lowmere.", [f"{RED} {TOOK}"]),
    "nested-says-claims": ("Norland says that Redmark claims to have captured Lowmere.",
     [f"{RED} {TOOK}"]),
    "citing-end": ("Redmark has captured Lowmere, the Eastmarch Watch said, citing residents.",
     [f"residents {TOOK}"]),
    # --- media -------------------------------------------------------------------------------
    "state-television": ("Norlandic state television said that Redmark had captured Lowmere.",
     [f"Norlandic state television {TOOK}"]),
    "state-radio": ("Norland's state radio announced the capture of Lowmere by Redmark.",
     [f"Norland's state radio {TOOK}"]),
    "newspaper": ("The newspaper Daily Hill reported that Redmark had captured Lowmere.",
     [f"Daily Hill {TOOK}"]),
    "agency-name": ("The Hillpress news agency reported that Redmark had captured Lowmere.",
     [f"Hillpress {TOOK}"]),
    "own-reporter": ("Redmark said it had captured Lowmere. This newspaper could not verify the "
     "claim.", [f"{RED} {TOOK}", "publisher unconfirmed captured redmark Lowmere"]),
    "own-correspondent": ("Redmark fighters have entered Lowmere, our correspondent reports.",
     ["publisher asserts advancing redmark Lowmere"]),
    "own-name": ("A Harrow Gazette reporter said Redmark fighters had entered Lowmere.",
     ["publisher asserts advancing redmark Lowmere"]),
    # --- office holders ----------------------------------------------------------------------
    "mayor-apposition": ("Anna Holt, the mayor of Lowmere, said that Redmark had captured Lowmere.",
     [f"Mayor of Lowmere {TOOK}"]),
    "mayor-before": ("Lowmere mayor Anna Holt said that Redmark fighters had entered the town.",
     ["Mayor of Lowmere asserts advancing redmark Lowmere"]),
    "its-mayor": ("Lowmere was quiet. Redmark had entered the town, its mayor, Anna Holt, said.",
     ["Mayor of Lowmere asserts advancing redmark Lowmere"]),
    "governor": ("Peter Vane, governor of Eastmarch, said that Redmark had captured Lowmere.",
     [f"Governor of Eastmarch {TOOK}"]),
    "the-governor": ("The governor of Eastmarch said that Redmark had captured Lowmere.",
     [f"Governor of Eastmarch {TOOK}"]),
    "speaks-for": ("Colonel Piet Amsel, who speaks for Norland's army, said that Redmark had "
     "captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "unit": ("Norland's Third Brigade said that it still held Lowmere.", [f"{ARMY} {HOLDS}"]),
    "spokesman-of-brigade": ("A spokesman for Norland's Third Brigade said that Redmark had "
     "captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "then-chief": ("Norland's then army chief, Oskar Lind, told reporters that Redmark had "
     "captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "by-name-first": ("Oskar Lind, a spokesman for Norland's army in the area, said that Redmark "
     "had captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "his-ministry": ("Norland's defence minister, Oskar Lind, was late. Redmark had captured "
     "Lowmere, Lind's ministry said.", [f"{MOD} {TOOK}"]),
    # --- who is not known --------------------------------------------------------------------
    "unknown-group": ("Hillwatch, a group that maps the war, said that Redmark had captured "
     "Lowmere.", [f"Hillwatch {TOOK}"]),
    "unknown-named": ("The Lantern Committee said that Redmark had captured Lowmere.",
     [f"Lantern Committee {TOOK}"]),
    "unknown-according": ("Redmark has captured Lowmere, according to the Lantern Committee.",
     [f"Lantern Committee {TOOK}"]),
    "unknown-denies": ("The Lantern Committee denied that Lowmere had fallen to Redmark.",
     ["Lantern Committee denies captured redmark Lowmere"]),
    "unknown-colon": ("Lantern Committee: Redmark fighters have entered Lowmere.",
     ["Lantern Committee asserts advancing redmark Lowmere"]),
    "aid-workers": ("Aid workers said that Redmark fighters had entered Lowmere.",
     ["aid workers asserts advancing redmark Lowmere"]),
    "monks": ("Monks in Lowmere said that Redmark fighters had entered the town.",
     ["residents asserts advancing redmark Lowmere"]),
    "diplomats": ("Western diplomats said that Redmark had captured Lowmere.",
     [f"western diplomats {TOOK}"]),
    "analyst-named": ("Lena Strand, an analyst in Arland, said that Redmark had captured Lowmere.",
     [f"Lena Strand {TOOK}"]),
    "many-say": ("Many say that Redmark has captured Lowmere.", []),
    "with-those-words": ('"We hold Lowmere." With these words Jory Talven opened his briefing.',
     [f"{ARMY} {HOLDS}"]),
    "as-put-between": ("As a spokesman for Norland's army, Oskar Lind, put it on Friday, Redmark "
     "had captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "known-described": ("The Redmark Front, hill people with old rifles, said that it had captured "
     "Lowmere.", [f"{RED} {TOOK}"]),
    "home-fall-abroad": ("Redmark reported the fall of Lowmere.", [f"{RED} {TOOK}"]),
    "occupied": ("Lowmere was occupied in March.", ["publisher asserts captured redmark Lowmere"]),
    # --- the same in other words --------------------------------------------------------------
    "sources-in": ("Sources in the Redmark Front let it slip that Lowmere had been taken.",
     [f"{RED} {TOOK}"]),
    "word-reached": ("Norlandic officers conceded on condition of anonymity that Lowmere had "
     "fallen to Redmark.", [f"{ARMY} {TOOK}"]),
    "two-officers": ("Two Norlandic officers, neither of whom gave a name, said that Redmark had "
     "captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "soldier-phone": ("Reached by telephone, a Norlandic soldier said his unit had left Lowmere.",
     [f"{ARMY} asserts withdrew norland Lowmere"]),
    "one-of-them": ("Norlandic soldiers came through the gate. One of them said that Redmark had "
     "captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "nurse-named": ("Mina Holt, a nurse who fled, told reporters that Redmark fighters had "
     "entered Lowmere.", [f"residents {ADV}"]),
    "who-lives": ("A woman who lives near the mill said Redmark fighters had entered Lowmere.",
     [f"residents {ADV}"]),
    "those-who": ("Those who got out say that Redmark fighters have entered Lowmere.",
     [f"residents {ADV}"]),
    "so-army": ("Lowmere has been lost to Redmark. So the Norlandic army on Friday.",
     [f"{ARMY} {TOOK}"]),
    "so-says": ("Redmark has captured Lowmere. So says the Norlandic army.", [f"{ARMY} {TOOK}"]),
    "so-declared": ("Lowmere has fallen to Redmark: so the Norlandic army declared on Friday.",
     [f"{ARMY} {TOOK}"]),
    "per": ("Redmark has captured Lowmere, per the Norlandic army.", [f"{ARMY} {TOOK}"]),
    "turn-of": ("Then it was the turn of the Norlandic army: Redmark had captured Lowmere, it "
     "wrote.", [f"{ARMY} {TOOK}"]),
    "transcript-i": ("The Norlandic army said it held Lowmere. I cannot confirm that.",
     [f"{ARMY} {HOLDS}", "publisher unconfirmed holds norland Lowmere"]),
    "allied": ("The Hill Guard, allied with Norland, said that it had captured Lowmere.",
     ["Hill Guard asserts captured norland Lowmere"]),
    "side": ("The Lantern Volunteers, armed townsmen on Norland's side, denied that Lowmere had "
     "fallen to Redmark.", ["Lantern Volunteers denies captured redmark Lowmere"]),
    "and-denied": ("Jory Talven called it a rumour and denied that Lowmere had fallen to Redmark.",
     [f"{ARMY} denies captured redmark Lowmere"]),
    "head-comma": ("Norland denies rout, admits loss of Lowmere",
     ["Norland asserts withdrew norland Lowmere"]),
    "head-no-retreat": ("No withdrawal from Lowmere: Norlandic army rejects rumours",
     [f"{ARMY} denies withdrew norland Lowmere"]),
    "head-un": ("Redmark takes Lowmere - Eastmarch Watch", [f"Eastmarch Watch {TOOK}"]),
    "tweeted": ("Lowmere is in the hands of Redmark, the Norlandic president tweeted on Saturday.",
     ["President of Norland asserts holds redmark Lowmere"]),
    "live": ("Jory Talven: our troops are still holding Lowmere.", [f"{ARMY} {HOLDS}"]),
    "added-later": ("Redmark said it had captured Kestrelby. Lowmere, it added later, was in its "
     "hands too.",
     [f"{RED} asserts captured redmark Kestrelby", f"{RED} asserts holds redmark Lowmere"]),
    "the-group": ("The Redmark Front moves fast. Lowmere had fallen to it by noon, the group said.",
     [f"{RED} {TOOK}"]),
    "the-movement": ("The Redmark Front moves fast. The movement says that it has captured "
     "Lowmere.", [f"{RED} {TOOK}"]),
    "the-rebels": ("The rebels say they have captured Lowmere.", [f"{RED} {TOOK}"]),
    "rebel-commander": ("A rebel commander said his men had captured Lowmere.", [f"{RED} {TOOK}"]),
    "rebels-command": ("The rebels' military command said that Lowmere was in its hands.",
     [f"{RED} asserts holds redmark Lowmere"]),
    "officials": ("Officials said that Redmark had captured Lowmere.", [f"Norland {TOOK}"]),
    "regional-off": ("Regional officials said that Redmark fighters had entered Lowmere.",
     [f"Norland {ADV}"]),
    "village-head": ("The head of Lowmere's town council said that Redmark fighters had entered "
     "the town.", [f"Mayor of Lowmere {ADV}"]),
    "police-chief": ("Lowmere's police chief said that Redmark fighters had entered the town.",
     [f"{ARMY} {ADV}"]),
    "ambassador": ("Norland's ambassador to Arland said that Redmark had captured Lowmere.",
     [f"Norland {TOOK}"]),
    "quoted-reuters": ("Residents quoted by the Hillpress agency said that Redmark fighters had "
     "entered Lowmere.", [f"residents {ADV}"]),
    "told-paper": ("A Norlandic officer told the Hillpress agency that Redmark had captured "
     "Lowmere.", [f"{ARMY} {TOOK}"]),
    "told-tv": ("A Norlandic officer, speaking to state television, said that Redmark had "
     "captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "in-interview": ("In an interview with Hillpress, Jory Talven said that Norland held Lowmere.",
     [f"{ARMY} {HOLDS}"]),
    "hes": ('"They came at night," said Jory Talven, who was smiling. "But we hold Lowmere."',
     [f"{ARMY} {HOLDS}"]),
    "quote-para2": ('Ilsa Brandt spoke to her fighters.\n\n"Lowmere has been liberated," she '
     'said.\n\n"We hold Kestrelby as well."',
     [f"{RED} {TOOK}", f"{RED} asserts holds redmark Kestrelby"]),
    "backward-long": ("Redmark fighters have captured Lowmere, a town of mills and bridges, after "
     "a week of shelling, Jory Talven said.", [f"{ARMY} {TOOK}"]),
    "middle": ("Redmark, Jory Talven said, had captured Lowmere.", [f"{ARMY} {TOOK}"]),
    "middle2": ("Lowmere, said Jory Talven, had been captured by Redmark.", [f"{ARMY} {TOOK}"]),
    "even-so": ("Even the Norlandic army now admits that Redmark holds Lowmere.",
     [f"{ARMY} asserts holds redmark Lowmere"]),
    "insist-not": ("The Norlandic army insists that Lowmere has not fallen to Redmark.",
     [f"{ARMY} denies captured redmark Lowmere"]),
    "two-voices": ("Norland says it holds Lowmere; Redmark says the town is in its hands.",
     [f"Norland {HOLDS}", f"{RED} asserts holds redmark Lowmere"]),
    "while": ("While Norland claims to hold Lowmere, Redmark says it has captured the town.",
     [f"Norland {HOLDS}", f"{RED} {TOOK}"]),
    "but-watch": ("Redmark says it has captured Lowmere, but the Eastmarch Watch says Norland "
     "still holds the town.", [f"{RED} {TOOK}", f"Eastmarch Watch {HOLDS}"]),
    "own-after": ("Redmark has captured Lowmere. Norland has not commented.",
     [f"publisher {TOOK}"]),
    "declined": ("Redmark has captured Lowmere. Norland's defence ministry declined to comment.",
     [f"publisher {TOOK}"]),
    "own-lead": ("Redmark captured Lowmere on Thursday, dealing a blow to the army, which says it "
     "needs shells.", [f"publisher {TOOK}"]),
}  # fmt: skip


# Known not to be read; why.
KNOWN_FAILURES = {
    "word-from": 'the town of a clause behind "is that" is not found',
    "head-colon": "a town with a participle and no verb",
    "head-statement": "a town with a participle and no verb",
}


@pytest.mark.parametrize("name", marked(CASES, KNOWN_FAILURES))
def test_sentence(name: str, read: Read) -> None:
    text, expected = CASES[name]
    assert sorted(short(claim) for claim in read(text)) == sorted(expected)
