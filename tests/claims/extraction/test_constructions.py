"""Who says it, and in what constructions: sentences about a made-up war."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, marked, short

ARMY = "Armed Forces of Norland"
MINISTRY = "Ministry of Defence of Norland"

CASES: dict[str, tuple[str, list[str]]] = {
    # --- speakers and their organisations
    "according-ministry": (
        "Kestrelby was retaken on Thursday, according to the Norlandic defence ministry.",
        [f"{MINISTRY} asserts captured norland Kestrelby"],
    ),
    "senior-commander": (
        "A senior Redmark commander told the Harrow Gazette that his men had pulled out of "
        "Kestrelby.",
        ["Redmark Front asserts withdrew redmark Kestrelby"],
    ),
    "he-said": (
        "Talven spoke to reporters on Friday. He said the army had regained control of Lowmere.",
        [f"{ARMY} asserts captured norland Lowmere"],
    ),
    "she-added": (
        "“Lowmere is under our control,” Ilsa Brandt said. She added that Norlandic troops had "
        "abandoned Kestrelby.",
        [
            "Redmark Front asserts holds redmark Lowmere",
            "Redmark Front asserts withdrew norland Kestrelby",
        ],
    ),
    "video-statement": (
        "In a video statement, Brandt announced the capture of Varnholm.",
        ["Redmark Front asserts captured redmark Varnholm"],
    ),
    "ministry-anaphor": (
        "The Norlandic defence ministry reported heavy losses. Its soldiers had nevertheless "
        "stormed Lowmere, the ministry said.",
        [f"{MINISTRY} asserts advancing norland Lowmere"],
    ),
    "quote-first": (
        "“There is heavy fighting in Lowmere,” said Colonel Pell Arran, a spokesman for the "
        "Norlandic army.",
        [f"{ARMY} asserts fighting - Lowmere"],
    ),
    "both-deny": (
        "Talven denied that Lowmere had been surrounded by the Redmark Front.",
        [f"{ARMY} denies encircled redmark Lowmere"],
    ),
    "not-true": (
        "Brandt said her fighters had entered Kestrelby. “This is not true,” Talven replied.",
        [
            "Redmark Front asserts advancing redmark Kestrelby",
            f"{ARMY} denies advancing redmark Kestrelby",
        ],
    ),
    "no-confirmation": (
        "The Redmark Front announced that it had taken Lowmere. Norland has not confirmed the "
        "report.",
        [
            "Redmark Front asserts captured redmark Lowmere",
            "Norland unconfirmed captured redmark Lowmere",
        ],
    ),
    "arland-cannot": (
        "Arland said it could not confirm Redmark reports that Varnholm had been encircled.",
        [
            "Arland unconfirmed encircled redmark Varnholm",
            "Redmark Front asserts encircled redmark Varnholm",
        ],
    ),
    "witnesses": (
        "Witnesses said Redmark fighters were patrolling the centre of Kestrelby and controlled "
        "the town.",
        ["residents asserts holds redmark Kestrelby"],
    ),
    # --- more constructions
    "fell-without-a-fight": (
        "Kestrelby fell without a fight to Norlandic troops on 3 May.",
        ["publisher asserts captured norland Kestrelby"],
    ),
    "hands-of": (
        "Varnholm has been in the hands of the Redmark Front since April.",
        ["publisher asserts holds redmark Varnholm"],
    ),
    "remains-control": (
        "Lowmere remains under Norlandic control, the army said.",
        [f"{ARMY} asserts holds norland Lowmere"],
    ),
    "changed-hands": (
        "Norlandic troops wrested Lowmere from the Redmark Front, Talven said.",
        [f"{ARMY} asserts captured norland Lowmere"],
    ),
    "forced-out": (
        "Norlandic forces were forced out of Kestrelby in April.",
        ["publisher asserts withdrew norland Kestrelby"],
    ),
    "with-fall": (
        "With the fall of Kestrelby to the Redmark Front in April, the army lost its last port.",
        ["publisher asserts captured redmark Kestrelby"],
    ),
    "quarter-of": (
        "The rebels now control about half of Varnholm, Eastmarch Watch said.",
        ["Eastmarch Watch asserts holds redmark Varnholm part:"],
    ),
    "outskirts-reached": (
        "Redmark fighters have reached the outskirts of Lowmere, Talven acknowledged.",
        [f"{ARMY} asserts advancing redmark Lowmere part:outskirts"],
    ),
    "station": (
        "The Redmark Front said its fighters had seized the railway station in Varnholm.",
        ["Redmark Front asserts captured redmark Varnholm part:"],
    ),
    "closing-in": (
        "Redmark columns are closing in on Lowmere.",
        ["publisher asserts advancing redmark Lowmere"],
    ),
    "town-list": (
        "Norlandic troops have liberated three settlements: Kestrelby, Lowmere and Hollin.",
        [
            "publisher asserts captured norland Kestrelby",
            "publisher asserts captured norland Lowmere",
            "publisher asserts captured norland Hollin",
        ],
    ),
    "contest": (
        "Kestrelby is still contested, Talven said.",
        [f"{ARMY} asserts fighting - Kestrelby"],
    ),
    "vow-hold": ("Talven vowed that Norland would hold Varnholm.", []),
    "feared": ("Residents fear that the Redmark Front will storm Lowmere.", []),
    "failed-attempt": ("After weeks of attempts to take Lowmere, the rebels rested.", []),
    "ultimatum": ("The Redmark Front gave the army a day to leave Varnholm.", []),
    "history": ("Varnholm was founded by fishermen and captured by no one.", []),
    "drill": ("Norlandic units trained to retake towns near Kestrelby.", []),
    # --- speech that goes on, answers, and days
    "later-denied": (
        "The Redmark Front announced the capture of Lowmere on Monday. A day later the Norlandic "
        "army denied it.",
        [
            "Redmark Front asserts captured redmark Lowmere",
            f"{ARMY} denies captured redmark Lowmere",
        ],
    ),
    "no-longer": (
        "Norlandic troops no longer control Lowmere, Brandt said.",
        ["Redmark Front denies holds norland Lowmere"],
    ),
    "not-under-control": (
        "Kestrelby is not under Redmark control, Talven said.",
        [f"{ARMY} denies holds redmark Kestrelby"],
    ),
    "never-left": (
        "“Our troops never left Lowmere,” Talven said.",
        [f"{ARMY} denies withdrew norland Lowmere"],
    ),
    "admits": (
        "Norland's deputy defence minister, Sela Mark, conceded that her forces had lost Lowmere.",
        [f"{MINISTRY} asserts withdrew norland Lowmere"],
    ),
    "telegram": (
        "Brandt wrote on Telegram: “Kestrelby has been taken.”",
        ["Redmark Front asserts captured redmark Kestrelby"],
    ),
    "in-a-post": (
        "Redmark fighters have taken Kestrelby, Brandt wrote in a post.",
        ["Redmark Front asserts captured redmark Kestrelby"],
    ),
    "three-sided-sentence": (
        "Talven said the army had repelled an assault on Kestrelby, while Eastmarch Watch said "
        "Redmark fighters had entered the town.",
        [
            f"{ARMY} asserts holds norland Kestrelby",
            "Eastmarch Watch asserts advancing redmark Kestrelby",
        ],
    ),
    "in-control": (
        "The army is in full control of Varnholm, the Norlandic defence ministry said.",
        [f"{MINISTRY} asserts captured norland Varnholm"],
    ),
    "overrun-garrison": (
        "The Norlandic garrison in Kestrelby has been surrounded by the Redmark Front.",
        ["publisher asserts encircled redmark Kestrelby"],
    ),
    "siege": (
        "The Redmark Front has laid siege to Varnholm for six months.",
        ["publisher asserts encircled redmark Varnholm"],
    ),
    "day-of-fighting": (
        "Norlandic and Redmark forces fought in the streets of Lowmere on Friday.",
        ["publisher asserts fighting - Lowmere"],
    ),
    "gain-ground": (
        "The Redmark Front is gaining ground in Varnholm, according to Eastmarch Watch.",
        ["Eastmarch Watch asserts advancing redmark Varnholm"],
    ),
    "retook-from": (
        "Eastmarch Watch said that Norlandic soldiers retook Hollinhead from the rebels.",
        ["Eastmarch Watch asserts captured norland Hollinhead"],
    ),
    "military-said-it-had": (
        "The military said on Wednesday it had retaken Kestrelby.",
        [f"{ARMY} asserts captured norland Kestrelby"],
    ),
    "confirms-withdrawal": (
        "Norland's army chief confirmed the withdrawal from Lowmere late on Thursday.",
        [f"{ARMY} asserts withdrew norland Lowmere"],
    ),
    "takeover": (
        "The Redmark Front's takeover of Varnholm cut the army's last supply line.",
        ["publisher asserts captured redmark Varnholm"],
    ),
    "rebel-held": (
        "Aid reached rebel-held Varnholm on Friday.",
        ["publisher asserts holds redmark Varnholm"],
    ),
    "town-of-held": (
        "Drones struck the Redmark-held town of Lowmere.",
        ["publisher asserts holds redmark Lowmere"],
    ),
    "to-retake-mission": ("The army launched an operation to retake Lowmere.", []),
    "offers": ("Brandt offered to withdraw her fighters from Kestrelby.", []),
    "would-have": ("Without the bridge, Kestrelby would have fallen.", []),
    "asked-if": ("Asked if Lowmere had fallen, Talven declined to answer.", []),
    "deadline": ("Norland has until Friday to leave Varnholm, Brandt said.", []),
    "wounded": ("Three soldiers were wounded in Lowmere, Talven said.", []),
    "present-tense-said": (
        "Redmark fighters control Kestrelby, Brandt said.",
        ["Redmark Front asserts holds redmark Kestrelby"],
    ),
    "assessed-last": (
        "Redmark forces advanced in western Varnholm, the Eastmarch Watch assessed on Friday.",
        ["Eastmarch Watch asserts advancing redmark Varnholm part:west"],
    ),
    "mayors-town": (
        "Lowmere's mayor, Ode Farrin, said Norlandic soldiers still held the town centre.",
        ["Mayor of Lowmere asserts holds norland Lowmere part:centre"],
    ),
    "list-in-hands": (
        "Kestrelby, Lowmere and Varnholm are all in Redmark hands.",
        [
            "publisher asserts holds redmark Kestrelby",
            "publisher asserts holds redmark Lowmere",
            "publisher asserts holds redmark Varnholm",
        ],
    ),
    "ordered-out": (
        "The army confirmed that it had ordered its troops out of Lowmere.",
        [f"{ARMY} asserts withdrew norland Lowmere"],
    ),
    "days-after": (
        "Redmark fighters captured Lowmere on Thursday, days after seizing Kestrelby.",
        [
            "publisher asserts captured redmark Lowmere",
            "publisher asserts captured redmark Kestrelby",
        ],
    ),
    "areas-attacked": (
        "The enemy attacked in the Lowmere and Kestrelby areas, Talven said.",
        [f"{ARMY} asserts fighting - Lowmere", f"{ARMY} asserts fighting - Kestrelby"],
    ),
}

KNOWN_FAILURES = {
    "days-after": "the subject of a gerund behind a measure of time is not found",
    "areas-attacked": "a verb's towns in a coordinated 'X and Y areas' are not found",
}


@pytest.mark.parametrize("name", marked(CASES, KNOWN_FAILURES))
def test_sentence(name: str, read: Read) -> None:
    text, expected = CASES[name]
    assert sorted(short(claim) for claim in read(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Norland's army has left Lowmere, its leader, General Orso Vael, confirmed on Monday.",
            "Orso Vael",
        ),
        (
            "The governor of Eastmarch Province, Tam Ordell, said that Redmark fighters had "
            "entered Lowmere.",
            "Tam Ordell",
        ),
        ("Redmark commander Ilsa Brandt said that Lowmere had been taken.", "Ilsa Brandt"),
        ("Lowmere has fallen, said Colonel Pell Arran, a Norlandic army spokesman.", "Pell Arran"),
    ],
)
def test_speaker_is_the_bare_name(text: str, speaker: str, read: Read) -> None:
    assert [claim.speaker for claim in read(text)] == [speaker]
