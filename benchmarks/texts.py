"""Made-up articles with their copies and look-alikes, for `benchmarks.families`.

Towns, people and outlets are made up. An article is a headline, a lead, and paragraphs with
quotations, numbers and background; agencies draw on the same background and quotations.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

TOWNS = [
    *("Ostrava-Dolna", "Verkhivka", "Lipniak", "Karsova", "Dubrovets", "Malynka", "Stara Huta"),
    *("Zelenopil", "Brodivka", "Tarasiv", "Kamianets-Pole", "Hrushove", "Novyi Brid", "Yasenove"),
]
PEOPLE = ["Anton Berezko", "Iryna Savchuk", "Pavel Drozdov", "Lena Hartmann", "Oleh Tymchenko"]
OFFICES = ["a spokesman for the army", "the defence ministry", "the regional governor"]
UNITS = ["assault units", "marines", "paratroopers", "volunteers", "border guards"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["January", "February", "March", "April"]
HEADLINES = [
    "Army says {town} holds out after {number} days of assaults",
    "{town} fell overnight, ministry claims",
    "Fighting rages for {town} as winter sets in",
    "Both sides claim {town}; residents flee to {other}",
]
LEADS = [
    "{office} said on {day} that {unit} had entered {town} and were clearing the last streets.",
    "{unit} pushed into the outskirts of {town} on {day}, {office} said, after {number} days.",
    "The battle for {town} entered its {number}th day on {day} with both sides claiming ground.",
]
SENTENCES = [
    "Shells landed near the railway station for {number} hours, witnesses told reporters.",
    "Drone pictures showed burnt armour along the road from {town} to {other}.",
    "{person}, {office}, said the {unit} had lost {number} vehicles since {day}.",
    "Supplies reach the garrison by a single track through the fields west of {other}.",
    "About {number} people are thought to remain in the cellars of {town}.",
    "The claims could not be verified, since reporters have no access to the area.",
    "Engineers were repairing the bridge at {other}, which was hit twice last week.",
    "Hospitals in {other} took in {number} wounded on {day}, a doctor there said.",
    "Analysts said that whoever holds the heights commands the highway to {other}.",
    "The mayor of {town} urged everyone who can to leave while buses still run.",
    "Volunteers brought {number} tonnes of flour and water to the eastern district.",
    "Power has been cut since {day}, and the water works stand still.",
    "Military bloggers posted videos that seemed to show {unit} in the market square.",
    "Officials on the other side called the reports premature and said that battles went on.",
    "Snow hampered the use of armour, and both sides relied on artillery.",
    "The general staff said that {number} attacks had been repelled near {town} and {other}.",
    "A column of trucks left {other} before dawn, according to two residents.",
    "{person} said in a video address that the defenders would get what they need.",
    "Two schools and a bakery were damaged, the {unit} commander wrote.",
    "Trenches now run through the gardens on the northern edge of {town}.",
]
QUOTES = [
    "“We hold every street that we held yesterday, and the men know what they stand for,” {person}"
    " said.",
    "“The town is under our full control, and the flag flies over its council,” said {person}.",
    "“There is not a single house here that has kept its roof and its windows,” {person} said.",
    "“They come in small groups, by night, and by morning they lie in the fields,” said {person}.",
]
BACKGROUND = [
    "{town}, a town of some {number} thousand people before the war, lies on a rail junction that"
    " both armies need to supply their troops further south.",
    "The war, now in its second year, has driven millions from their homes and has laid waste to"
    " a string of towns along the river.",
    "Its salt mines, whose galleries run for more than two hundred kilometres, are said to be able"
    " to shelter whole units with their vehicles.",
]
CREDITS = [
    "(Reporting by the Example Wire's newsroom; editing by the desk)",
    "Additional reporting by staff in Lipniak",
    "Editing by the night desk",
]
SPELLINGS = [
    *(("seemed", "appeared"), ("defence", "defense"), ("kilometres", "kilometers"), ("“", '"')),
    *(("”", '"'), ("said that", "said"), ("armour", "armor"), (", which", " which")),
    *(("Verkhivka", "Verchivka"), ("Tarasiv", "Tarasyv"), ("Dubrovets", "Dubrovec")),
    *(("Hrushove", "Grushove"), (" the last ", " last "), ("about", "some")),
]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, the one published before the other; whether the later is a copy."""

    kind: str
    copy: bool
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class Article:
    """A headline, and paragraphs of sentences."""

    headline: str
    paragraphs: list[list[str]]

    def text(self) -> str:
        return "\n\n".join([self.headline, *(" ".join(one) for one in self.paragraphs)])


def fill(draw: random.Random, form: str, towns: tuple[str, str]) -> str:
    words = form.format(
        town=towns[0],
        other=towns[1],
        number=draw.randrange(3, 90),
        person=draw.choice(PEOPLE),
        office=draw.choice(OFFICES),
        unit=draw.choice(UNITS),
        day=draw.choice(DAYS),
    )
    return words[0].upper() + words[1:]


def article(
    draw: random.Random, towns: tuple[str, str], shared: list[str] | None = None
) -> Article:
    """An article about the first of `towns`, with the `shared` sentences in it."""
    body = [fill(draw, form, towns) for form in draw.sample(SENTENCES, draw.randrange(6, 18))]
    body += shared if shared is not None else spoken(draw, towns)
    draw.shuffle(body)
    lead = fill(draw, draw.choice(LEADS), towns)
    cuts = sorted({0, len(body), *(draw.randrange(1, len(body)) for _ in range(4))})
    groups = [body[a:b] for a, b in pairwise(cuts)]
    return Article(fill(draw, draw.choice(HEADLINES), towns), [[lead], *groups])


def spoken(draw: random.Random, towns: tuple[str, str]) -> list[str]:
    """Quotations and background that several articles on one event may have."""
    forms = [*draw.sample(QUOTES, 2), *draw.sample(BACKGROUND, 2)]
    return [fill(draw, form, towns) for form in forms]


def pairs(seed: int, articles: int) -> Iterator[Pair]:
    """Every kind once for each of so many articles; the same for the same seed."""
    for number in range(articles):
        for name, make in {**COPIES, **LOOK_ALIKES}.items():
            draw = random.Random(f"{seed} {number} {name}")  # noqa: S311 - made-up texts
            town, other = draw.sample(TOWNS, 2)
            earlier, later = make(draw, (town, other))
            yield Pair(name, name in COPIES, earlier, later)


Made = tuple[str, str]
Maker = Callable[[random.Random, tuple[str, str]], Made]


def _other_headline(draw: random.Random, towns: tuple[str, str]) -> Made:
    one = article(draw, towns)
    form = draw.choice([form for form in HEADLINES if form[:6] != one.headline[:6]])
    return one.text(), Article(fill(draw, form, towns), one.paragraphs).text()


def _no_headline(draw: random.Random, towns: tuple[str, str]) -> Made:
    one = article(draw, towns)
    return one.text(), one.text().partition("\n\n")[2]


def _other_lead(draw: random.Random, towns: tuple[str, str]) -> Made:
    one = article(draw, towns)
    lead = fill(draw, draw.choice(LEADS), towns)
    later = Article(fill(draw, draw.choice(HEADLINES), towns), [[lead], *one.paragraphs[1:]])
    return one.text(), later.text()


def _cut_end(draw: random.Random, towns: tuple[str, str]) -> Made:
    one = article(draw, towns)
    words = one.text().split(" ")
    return one.text(), " ".join(words[: int(len(words) * draw.uniform(0.35, 0.95))])


def _cut_paragraphs(draw: random.Random, towns: tuple[str, str]) -> Made:
    one = article(draw, towns)
    kept = [p for p in one.paragraphs[1:] if draw.random() < 0.7] or one.paragraphs[1:2]
    return one.text(), Article(one.headline, [one.paragraphs[0], *kept]).text()


def _credits(draw: random.Random, towns: tuple[str, str]) -> Made:
    text = article(draw, towns).text()
    day = f"{draw.choice(MONTHS)} {draw.randrange(1, 28)}"
    return text, f"{towns[1].upper()}, {day} (Example Wire) - {text}\n\n{draw.choice(CREDITS)}"


def _other_dateline(draw: random.Random, towns: tuple[str, str]) -> Made:
    text = article(draw, towns).text()

    def dated(town: str, wire: str) -> str:
        return f"{town.upper()}, {MONTHS[0]} {draw.randrange(1, 28)} ({wire}) - {text}"

    return dated(towns[0], "Example Wire"), dated(towns[1], "Example Post")


def _spellings(draw: random.Random, towns: tuple[str, str]) -> Made:
    text = article(draw, towns).text()
    later = text
    for old, new in draw.sample(SPELLINGS, 8):
        later = later.replace(old, new)
    return text, later


def _all_at_once(draw: random.Random, towns: tuple[str, str]) -> Made:
    one = article(draw, towns)
    later = Article(fill(draw, draw.choice(HEADLINES), towns), one.paragraphs[:-1]).text()
    for old, new in draw.sample(SPELLINGS, 4):
        later = later.replace(old, new)
    return one.text(), f"{later}\n\n{draw.choice(CREDITS)}"


def _two_agencies(draw: random.Random, towns: tuple[str, str]) -> Made:
    shared = spoken(draw, towns)
    return article(draw, towns, shared).text(), article(draw, towns, shared).text()


def _update(where: str, sentences: int) -> Maker:
    def make(draw: random.Random, towns: tuple[str, str]) -> Made:
        one = article(draw, towns)
        told = " ".join(_told(draw, towns) for _ in range(sentences))
        before, after = one.text().partition("\n\n")[::2]
        if where == "on top":
            return one.text(), f"{told}\n\n{one.text()}"
        if where == "at the end":
            return one.text(), f"{one.text()}\n\n{told}"
        return one.text(), f"{before}\n\n{told}\n\n{after}"

    return make


def _told(draw: random.Random, towns: tuple[str, str]) -> str:
    """A sentence that changes who has the town."""
    forms = [
        "{office} denied on {day} that {town} had fallen.",
        "{town} has been taken, {office} said on {day}.",
        "{person} said late on {day} that the {unit} had withdrawn from {town} to new lines.",
        "The army denied it.",
    ]
    return fill(draw, draw.choice(forms), towns)


def _denied(draw: random.Random, towns: tuple[str, str]) -> Made:
    """One word turns a sentence round."""
    text = article(draw, towns).text()
    told = [(" were clearing ", " were not clearing "), (" lies on ", " does not lie on ")]
    told += [(" had entered ", " had never entered "), (" pushed into ", " denied entering ")]
    told = [(old, new) for old, new in told if old in text] or [(" that ", " that no ")]
    old, new = draw.choice(told)
    return (text, text.replace(old, new)) if draw.random() < 0.5 else (text.replace(old, new), text)


def _other_town(draw: random.Random, towns: tuple[str, str]) -> Made:
    """The same words of another town."""
    text = article(draw, towns).text()
    third = draw.choice([town for town in TOWNS if town not in towns])
    return text, text.replace(towns[0], third)


def _after_the_same_form(draw: random.Random, towns: tuple[str, str]) -> Made:
    """A general staff's reports of two days."""
    day = draw.randrange(2, 26)

    def report(on: int, busy: int) -> str:
        places = ", ".join(draw.sample(TOWNS, busy))
        return (
            f"Operational information as of 06:00 on {on} {MONTHS[0]} regarding the invasion.\n\n"
            f"During the past day there were {draw.randrange(20, 90)} combat engagements. The"
            f" adversary launched {draw.randrange(1, 9)} missile strikes and"
            f" {draw.randrange(10, 60)} air strikes and fired {draw.randrange(30, 99)} times from"
            " multiple rocket launchers at the positions of our troops and at settlements. The"
            " threat of missile strikes remains high throughout the country. The situation in the"
            " northern sectors has not changed significantly, and no signs of the formation of an"
            f" offensive group have been detected. Our soldiers repelled attacks near {places}."
            " The adversary keeps concentrating its main efforts on the eastern sectors."
        )

    return report(day, 5), report(day + 1, draw.choice((4, 5, 6)))


def _same_form_same_numbers(draw: random.Random, towns: tuple[str, str]) -> Made:
    """Reports of two days that differ in the towns alone."""
    earlier, _ = _after_the_same_form(draw, towns)
    named = next(town for town in TOWNS if town in earlier)
    return earlier, earlier.replace(named, draw.choice([t for t in TOWNS if t not in earlier]))


def _statement_inside(draw: random.Random, towns: tuple[str, str]) -> Made:
    """A press release, and an article that has the whole of it."""
    release = " ".join(spoken(draw, towns))
    return release, article(draw, towns, [release]).text()


def _whole_after_cut(draw: random.Random, towns: tuple[str, str]) -> Made:
    whole, cut = _cut_end(draw, towns)
    return cut, whole


COPIES: dict[str, Maker] = {
    "other headline": _other_headline,
    "no headline": _no_headline,
    "other headline and lead": _other_lead,
    "cut end (5 to 65 % gone)": _cut_end,
    "paragraphs left out": _cut_paragraphs,
    "dateline and credits": _credits,
    "another dateline": _other_dateline,
    "a house's spellings": _spellings,
    "headline, end, spellings and credits": _all_at_once,
}
LOOK_ALIKES: dict[str, Maker] = {
    "one event by two agencies, quotations shared": _two_agencies,
    "live blog: two sentences on top": _update("on top", 2),
    "live blog: a sentence on top": _update("on top", 1),
    "live blog: a sentence within": _update("within", 1),
    "live blog: a sentence at the end": _update("at the end", 1),
    "one word denies": _denied,
    "the same of another town": _other_town,
    "daily reports after one form": _after_the_same_form,
    "daily reports, another town alone": _same_form_same_numbers,
    "a statement inside an article": _statement_inside,
    "the whole after a cut copy": _whole_after_cut,
}
