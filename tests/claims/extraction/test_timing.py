"""Which date is the day of the saying, and which the day of what is said. The texts are printed
on Friday, 9 May 2031, by the made-up Harrow Gazette."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read

# name: text, and of each claim in order: its predicate, when it was said, when it was ("" where
# that is not told); days of May 2031 by their number.
SENTENCES: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    # the day of the saying
    "said-on": (
        "The Redmark Front said on Thursday that it had captured Varnholm.",
        [("captured", "8", "")],
    ),
    "said-bare": (
        "The Redmark Front said Thursday it had captured Varnholm.",
        [("captured", "8", "")],
    ),
    "said-late": (
        "The Redmark Front said late on Tuesday that it had captured Varnholm.",
        [("captured", "6", "")],
    ),
    "on-said": (
        "The Norlandic defence ministry on Wednesday said its troops had left Kestrelby.",
        [("withdrew", "7", "")],
    ),
    "fronted": (
        "On Wednesday, the Norlandic army announced that it had retaken Lowmere.",
        [("captured", "7", "")],
    ),
    "fronted-statement": (
        "In a statement on Wednesday the Norlandic army announced that it had retaken Lowmere.",
        [("captured", "7", "")],
    ),
    "fronted-interview": (
        "Speaking to reporters in Norhaven on Tuesday, Jory Talven said the army still held"
        " Varnholm.",
        [("holds", "6", "")],
    ),
    "statement-issued": (
        "In a statement issued late on Thursday, the Redmark Front said it had taken Kestrelby.",
        [("captured", "8", "")],
    ),
    "quote-after": (
        "“We have captured Varnholm,” Ilsa Brandt said on Thursday.",
        [("captured", "8", "")],
    ),
    "quote-told": (
        "“We have captured Varnholm,” Ilsa Brandt told reporters in Arland on Thursday.",
        [("captured", "8", "")],
    ),
    "backward": (
        "Redmark fighters had taken Varnholm, the Redmark Front said on Thursday.",
        [("captured", "8", "")],
    ),
    "backward-according": (
        "Redmark fighters have entered Varnholm, according to a statement by the Norlandic army on"
        " Thursday.",
        [("advancing", "8", "")],
    ),
    "parenthesis": (
        "The Norlandic army acknowledged, on the 6th of the month, that it had left Lowmere.",
        [("withdrew", "6", "")],
    ),
    "denied-on": (
        "The Norlandic army denied on Wednesday that Varnholm had fallen to the Redmark Front.",
        [("captured", "7", "")],
    ),
    "rejected-on": (
        "Norland on Thursday rejected the Redmark Front's claim that it had captured Varnholm.",
        [("captured", "9", ""), ("captured", "8", "")],
    ),
    "announced-noun": (
        "The Redmark Front announced the capture of Varnholm on Wednesday.",
        [("captured", "7", "")],
    ),
    "earlier-this-week": (
        "The Redmark Front claimed earlier this week that its men had captured Varnholm.",
        [("captured", "w5", "")],
    ),
    "several-days-ago": (
        "Several days ago Ilsa Brandt said that her fighters had captured Kestrelby.",
        [("captured", "w28.4", "")],
    ),
    "week-ago": (
        "A week ago the Redmark Front said that it had captured Kestrelby.",
        [("captured", "2", "")],
    ),
    "adding": (
        "The Norlandic army said on Wednesday that it held Varnholm, adding that it had left"
        " Lowmere.",
        [("holds", "7", ""), ("withdrew", "7", "")],
    ),
    "it-added": (
        "The Norlandic army said on Wednesday that it held Varnholm. It added that it had left"
        " Lowmere.",
        [("holds", "7", ""), ("withdrew", "7", "")],
    ),
    "and-said": (
        "Ilsa Brandt released a video on Wednesday and said that her men had captured Varnholm.",
        [("captured", "7", "")],
    ),
    "now-says": (
        "The Norlandic army said on Wednesday that it held Varnholm. It now says that it has left"
        " Lowmere.",
        [("holds", "7", ""), ("withdrew", "9", "")],
    ),
    "quotation-goes-on": (
        "“Varnholm is ours,” Ilsa Brandt said on Wednesday. “We have entered Lowmere.”",
        [("captured", "7", ""), ("advancing", "7", "")],
    ),
    "the-same-day": (
        "On 3 May the Redmark Front said that it had captured Varnholm. The Norlandic army denied"
        " the same day that the town had fallen.",
        [("captured", "3", ""), ("captured", "3", "")],
    ),
    "the-day-before": (
        "The army left Lowmere on Tuesday. The Redmark Front had said the day before that it had"
        " captured Kestrelby.",
        [("withdrew", "9", "6"), ("captured", "5", "")],
    ),
    "a-day-after-saying": (
        "Norlandic troops have pulled out of Varnholm, a day after the Redmark Front announced that"
        " it had captured Lowmere.",
        [("withdrew", "9", ""), ("captured", "8", "")],
    ),
    "announcement-made": (
        "Norland dismissed the claim of the Redmark Front, made on Wednesday, that it had captured"
        " Varnholm.",
        [("captured", "9", ""), ("captured", "7", "")],
    ),
    "colon": (
        "The answer came on Wednesday: Varnholm was in its hands, the Redmark Front said.",
        [("holds", "7", "")],
    ),
    "answer-came": (
        "The army's answer came on Wednesday: its men had left Lowmere, a spokesman said.",
        [("withdrew", "7", "")],
    ),
    "scene": (
        "On Wednesday it had still sounded different. The Norlandic army said that it had left"
        " Lowmere.",
        [("withdrew", "7", "")],
    ),
    "subject-clause": (
        "The Redmark Front, which lost its leader in March, said that it had captured Varnholm on"
        " Tuesday.",
        [("captured", "9", "6")],
    ),
    "time-zone": (
        "The Redmark Front said at 11 p.m. on Thursday that it had captured Varnholm.",
        [("captured", "8", "")],
    ),
    # the day of what is said
    "event": ("Redmark fighters captured Varnholm on Tuesday.", [("captured", "9", "6")]),
    "event-today": ("The army left Varnholm on Friday.", [("withdrew", "9", "9")]),
    "event-fronted": ("On Tuesday Redmark fighters captured Varnholm.", [("captured", "9", "6")]),
    "event-both": (
        "The Redmark Front said on Thursday that it had captured Varnholm in March.",
        [("captured", "8", "3.2031")],
    ),
    "event-previous-day": (
        "On Wednesday the Redmark Front said that it had captured Varnholm the previous day.",
        [("captured", "7", "6")],
    ),
    "event-overnight": (
        "Overnight the Redmark Front captured Lowmere.",
        [("captured", "9", "9")],
    ),
    "event-overnight-said": (
        "The Redmark Front said on Wednesday that it had captured Lowmere overnight.",
        [("captured", "7", "7")],
    ),
    "event-yesterday-quoted": (
        "“We took Lowmere yesterday,” Ilsa Brandt said on Wednesday.",
        [("captured", "7", "6")],
    ),
    "event-today-quoted": (
        "“Our troops left Lowmere this morning,” Jory Talven said on Wednesday.",
        [("withdrew", "7", "7")],
    ),
    "event-since": (
        "Varnholm has been held by the Redmark Front since August.",
        [("holds", "9", "8.2030")],
    ),
    "event-since-week": (
        "The Redmark Front has besieged Varnholm since last month.",
        [("encircled", "9", "4.2031")],
    ),
    "event-year": (
        "The Redmark Front, which captured Varnholm in 2029, is silent.",
        [("captured", "9", "2029")],
    ),
    "event-month-year": (
        "Redmark fighters overran Kestrelby in late December 2029.",
        [("captured", "9", "12.2029")],
    ),
    "event-in-december": (
        "Redmark fighters overran Kestrelby in December.",
        [("captured", "9", "12.2030")],
    ),
    "event-that-december": (
        "The Redmark Front took Kestrelby in May 2029 and lost it that December.",
        [("captured", "9", "5.2029"), ("withdrew", "9", "12.2029")],
    ),
    "event-two-months": (
        "Kestrelby fell to the Redmark Front in January and Lowmere the following month.",
        [("captured", "9", "1.2031"), ("captured", "9", "2.2031")],
    ),
    "event-offset": (
        "The Redmark Front took Varnholm on Wednesday, two days after the army had left Lowmere.",
        [("captured", "9", "7"), ("withdrew", "9", "5")],
    ),
    "event-two-clauses": (
        "The army left Lowmere on Monday, and on Wednesday Redmark fighters took Varnholm.",
        [("withdrew", "9", "5"), ("captured", "9", "7")],
    ),
    "event-in-and-in": (
        "In March the Redmark Front seized Lowmere, and in April the army abandoned Kestrelby.",
        [("captured", "9", "3.2031"), ("withdrew", "9", "4.2031")],
    ),
    "event-when": (
        "In March, when the Redmark Front took Varnholm, the bridge was still standing.",
        [("captured", "9", "3.2031")],
    ),
    "event-gerund": (
        "Redmark fighters have been advancing on Varnholm since capturing Lowmere in January.",
        [("advancing", "9", ""), ("captured", "9", "1.2031")],
    ),
    "event-noun": (
        "The withdrawal of the army from Varnholm was complete on Thursday.",
        [("withdrew", "9", "8")],
    ),
    "event-possessive": (
        "Tuesday's capture of Varnholm by the Redmark Front was its third in a month.",
        [("captured", "9", "6")],
    ),
    "event-until": (
        "The Norlandic army held Kestrelby until March.",
        [("holds", "9", "")],
    ),
    "event-by": (
        "By Wednesday afternoon the army had abandoned Lowmere.",
        [("withdrew", "9", "7")],
    ),
    "event-last-week": (
        "We left Lowmere last week, a Norlandic soldier said.",
        [("withdrew", "9", "w28.4")],
    ),
    "event-days-ago": (
        "The Redmark Front captured Lowmere several days ago, residents said.",
        [("captured", "9", "w28.4")],
    ),
    "event-earlier-this-week": (
        "The Redmark Front captured Lowmere earlier this week.",
        [("captured", "9", "w5")],
    ),
    "event-relative": (
        "The Redmark Front, which captured Varnholm on Tuesday, abandoned Lowmere on Thursday.",
        [("captured", "9", "6"), ("withdrew", "9", "8")],
    ),
    "event-this-morning": (
        "Norlandic troops entered Lowmere this morning.",
        [("advancing", "9", "9")],
    ),
    "event-story": (
        "On Tuesday the army left Lowmere. By nightfall Redmark fighters had entered the town.",
        [("withdrew", "9", "6"), ("advancing", "9", "6")],
    ),
    "event-day-later": (
        "The army left Lowmere on 2 May. A day later Redmark fighters entered the town.",
        [("withdrew", "9", "2"), ("advancing", "9", "3")],
    ),
    "event-semicolon": (
        "On Sunday the army lost Lowmere; its last soldiers retreated from Kestrelby.",
        [("withdrew", "9", "4"), ("withdrew", "9", "4")],
    ),
    "event-long": (
        "On Tuesday, after three weeks of heavy shelling from the hills in the north, Redmark"
        " fighters captured Varnholm.",
        [("captured", "9", "6")],
    ),
    "event-nine-months": (
        "Nine months ago the Redmark Front captured Varnholm.",
        [("captured", "9", "8.2030")],
    ),
    # no day of the event
    "denial-has-none": (
        "The Norlandic army denied that Varnholm had fallen to the Redmark Front on Tuesday.",
        [("captured", "9", "")],
    ),
    "later-than-said": (
        "The Redmark Front said on Monday that it held Varnholm, where a market opens on Thursday.",
        [("holds", "5", "")],
    ),
    "another-s": (
        "The Redmark Front holds Varnholm, whose mayor was shot on Tuesday.",
        [("holds", "9", "")],
    ),
    "recent-days": (
        "Redmark fighters have been pushing into Varnholm in recent days.",
        [("advancing", "9", "")],
    ),
    "to-come": (
        "The army has left Lowmere and will hand over its barracks on Monday.",
        [("withdrew", "9", "")],
    ),
    # datelines and headings
    "dateline": (
        "NORHAVEN, May 7 (Harrow Agency) - The Redmark Front has captured Varnholm.",
        [("captured", "9", "")],
    ),
    "timeline": (
        "Sunday, 4 May\nThe army leaves Lowmere.\n\nTuesday, 6 May\nThe Redmark Front captures"
        " Varnholm. “We are staying in the town,” Ilsa Brandt says, “and we hold it.”",
        [("withdrew", "9", "4"), ("captured", "9", "6"), ("holds", "6", "")],
    ),
    "timeline-inline": (
        "4 May: The army leaves Lowmere.\n\n6 May: The Redmark Front says that it has captured"
        " Varnholm.",
        [("withdrew", "9", "4"), ("captured", "6", "")],
    ),
    "timeline-dash": (
        "May 4 – The army leaves Lowmere.\n\nMay 6 – The Redmark Front captures Varnholm.",
        [("withdrew", "9", "4"), ("captured", "9", "6")],
    ),
    "live-page": (
        "Wednesday 7 May\n\n18:40 – The army has left Lowmere.\n\n19:15 – Ilsa Brandt says that"
        " Varnholm was captured yesterday.",
        [("withdrew", "7", ""), ("captured", "7", "6")],
    ),
    "live-today": (
        "18:40 – The army left Lowmere at noon.\n\n19:15 – The Redmark Front says that it took"
        " Varnholm this morning.",
        [("withdrew", "9", "9"), ("captured", "9", "9")],
    ),
    "headlines": (
        "THURSDAY\n\nRedmark Front captures Varnholm\n\nTUESDAY\n\nArmy leaves Lowmere\n\nARCHIVE"
        "\n\nArmy lost Kestrelby in March",
        [("captured", "8", ""), ("withdrew", "6", ""), ("withdrew", "9", "3.2031")],
    ),
}

# Known failures by name, with what is missing.
KNOWN = {"announcement-made": "a claim 'of X' with a participle behind it is not read as X's"}


def written(day: str, precision: str | None) -> str:
    """An ISO day in the short form of the table."""
    year, month, number = (int(part) for part in day.split("-"))
    if precision == "year":
        return str(year)
    if precision == "month":
        return f"{month}.{year}"
    short = f"{number}" if month == 5 else f"{number}.{month}"
    return f"w{short}" if precision == "week" else short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            text,
            days,
            id=name,
            marks=pytest.mark.xfail(reason=KNOWN[name], strict=True) if name in KNOWN else (),
        )
        for name, (text, days) in SENTENCES.items()
    ],
)
def test_days(read: Read, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [
        (
            claim.predicate,
            written(claim.asserted_on.isoformat(), claim.asserted_precision),
            written(claim.event_date.isoformat(), claim.event_precision)
            if claim.event_date
            else "",
        )
        for claim in read(text)
    ] == expected
