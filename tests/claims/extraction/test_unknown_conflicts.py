"""Wars that no pack knows: sentences with made-up towns about real and made-up parties."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.extraction.pipeline import Extractor
from claims.extraction.records import ActorRef, Article, ExtractedClaim
from entities.countries import countries
from entities.lexicon import Lexicon
from tests.claims.extraction.conftest import PUBLISHED, short


def read(extractor: Extractor, text: str) -> tuple[ExtractedClaim, ...]:
    article = Article("one", "Harrow Gazette", datetime.fromisoformat(PUBLISHED), text)
    return next(iter(extractor.extract([article]))).claims


CASES: dict[str, tuple[str, list[str]]] = {
    # --- a country's forces and institutions
    "army-possessive": (
        "Chad's army said it had recaptured the town of Harrok.",
        ["Armed Forces of Chad asserts captured chad Harrok"],
    ),
    "army-of": (
        "The army of Mali said it had taken the town of Tessarit.",
        ["Armed Forces of Mali asserts captured mali Tessarit"],
    ),
    "army-national": (
        "The Nigerien National Army said it had entered the village of Dourat.",
        ["Armed Forces of Niger asserts advancing niger Dourat"],
    ),
    "army-royal": (
        "The Royal Thai Army said it had taken control of the village of Ban Sorat.",
        ["Armed Forces of Thailand asserts captured thailand Ban Sorat"],
    ),
    "troops": (
        "Armenian forces entered the village of Karvast.",
        ["publisher asserts advancing armenia Karvast"],
    ),
    "general-staff": (
        "Georgia's general staff said its troops had left the town of Tsikvara.",
        ["Armed Forces of Georgia asserts withdrew georgia Tsikvara"],
    ),
    "navy": (
        "The Sri Lankan navy said the port town of Vettikulam had been captured by its marines.",
        ["Armed Forces of Sri Lanka asserts captured sri-lanka Vettikulam"],
    ),
    "air-force": (
        "Kenya's air force said Kenyan soldiers had retaken the town of Bura Dogo.",
        ["Armed Forces of Kenya asserts captured kenya Bura Dogo"],
    ),
    "defence-ministry-of": (
        "The defence ministry of Eritrea denied that its troops had withdrawn from the town of "
        "Rahaita Bay.",
        ["Ministry of Defence of Eritrea denies withdrew eritrea Rahaita Bay"],
    ),
    "ministry-of-national-defence": (
        "Mozambique's Ministry of National Defence said its forces had recaptured the town of "
        "Nangara.",
        ["Ministry of Defence of Mozambique asserts captured mozambique Nangara"],
    ),
    "defence-minister": (
        "Tajikistan's defence minister, Rustam Olimov, said Tajik troops held the village of "
        "Shurak.",
        ["Ministry of Defence of Tajikistan asserts holds tajikistan Shurak"],
    ),
    "interior-minister": (
        "The Kosovar army entered the town of Zvelak, Kosovo's interior minister said.",
        ["Ministry of Interior of Kosovo asserts advancing kosovo Zvelak"],
    ),
    "foreign-ministry": (
        "India's foreign ministry denied that Indian troops had captured the village of Sarpur.",
        ["Ministry of Foreign Affairs of India denies captured india Sarpur"],
    ),
    "with-an-article": (
        "The defence ministry of the Central African Republic said its soldiers had retaken the "
        "town of Bokalo.",
        ["Ministry of Defence of the Central African Republic asserts captured "
         "central-african-republic Bokalo"],
    ),
    "president": (
        "Djibouti's president said Djiboutian troops had taken the village of Moulhara.",
        ["President of Djibouti asserts captured djibouti Moulhara"],
    ),
    "presidents-spokesman": (
        "Burundian soldiers captured the town of Ruvasi, President Ndabo's spokesman said.",
        ["President of Burundi asserts captured burundi Ruvasi"],
    ),
    "prime-minister": (
        "Pakistan's prime minister said Pakistani forces had recaptured the town of Landikot.",
        ["Prime Minister of Pakistan asserts captured pakistan Landikot"],
    ),
    "government": (
        "Cameroon's government said on Thursday that its soldiers had retaken the town of Mamfor "
        "from separatists.",
        ["Cameroon asserts captured cameroon Mamfor"],
    ),
    "junta": (
        "Mali's junta said its troops had seized the town of Tessarit.",
        ["Mali asserts captured mali Tessarit"],
    ),
    "capital-says": (
        "Chadian troops hold the town of Harrok, N'Djamena says.",
        ["Chad asserts holds chad Harrok"],
    ),
    "capital-denies": (
        "Cambodian forces captured the village of Ban Sorat, Phnom Penh said. Thailand denied it.",
        [
            "Cambodia asserts captured cambodia Ban Sorat",
            "Thailand denies captured cambodia Ban Sorat",
        ],
    ),
    "capital-fought-for": (
        "Chadian rebels entered N'Djamena on Friday.",
        ["publisher asserts advancing rebels-in-chad N'Djamena"],
    ),
    "governor": (
        "Clashes between the Cameroonian army and separatists continued in the town of Kumbet, "
        "the governor of the South-West region said.",
        ["Governor of South West asserts fighting - Kumbet"],
    ),
    "mayor": (
        "The mayor of Harrok said Chadian troops had left the town.",
        ["Mayor of Harrok asserts withdrew chad Harrok"],
    ),
    "a-state-of-the-text": (
        "Velmark's army said it had captured the town of Oststrand. Velmarkian troops also entered "
        "the village of Lund Bay.",
        [
            "Armed Forces of Velmark asserts captured velmark Oststrand",
            "publisher asserts advancing velmark Lund Bay",
        ],
    ),
    "two-states": (
        "Eritrean troops entered the village of Rahaita Bay, Djibouti's army said. The Djiboutian "
        "defence ministry said its soldiers had pulled out of Rahaita Bay.",
        [
            "Armed Forces of Djibouti asserts advancing eritrea Rahaita Bay",
            "Ministry of Defence of Djibouti asserts withdrew djibouti Rahaita Bay",
        ],
    ),
    # --- movements
    "front-of": (
        "The Front for Dawn and Unity in Chad (FDUC) claimed it had captured the town of Harrok.",
        ["Front for Dawn and Unity in Chad asserts captured front-for-dawn-and-unity-in-chad "
         "Harrok"],
    ),
    "acronym": (
        "The Front for Dawn and Unity in Chad (FDUC) rose in May. FDUC said it had captured "
        "the town of Harrok.",
        ["Front for Dawn and Unity in Chad asserts captured front-for-dawn-and-unity-in-chad "
         "Harrok"],
    ),
    "acronym-before": (
        "An FDUC commander said his men had entered the village of Dourat. The Front for Dawn and "
        "Unity in Chad (FDUC) began its war in May.",
        ["Front for Dawn and Unity in Chad asserts advancing front-for-dawn-and-unity-in-chad "
         "Dourat"],
    ),
    "front-last": (
        "The Dawn Liberation Front said its fighters had pulled out of Sedge Hollow.",
        ["Dawn Liberation Front asserts withdrew dawn-liberation-front Sedge Hollow"],
    ),
    "the-front": (
        "The Dawn Liberation Front captured the town of Quellby. The Front said it held the town.",
        [
            "publisher asserts captured dawn-liberation-front Quellby",
            "Dawn Liberation Front asserts holds dawn-liberation-front Quellby",
        ],
    ),
    "peoples-army": (
        "The Marrow People's Army denied that it had lost the town of Quellby.",
        ["Marrow People's Army denies withdrew marrow-peoples-army Quellby"],
    ),
    "liberation-army-of-a-country": (
        "The Eritrean Liberation Vanguard said it had captured the town of Harrok.",
        ["Eritrean Liberation Vanguard asserts captured eritrean-liberation-vanguard Harrok"],
    ),
    "brigades": (
        "The Morning Star Brigades captured the village of Orrin.",
        ["publisher asserts captured morning-star-brigades Orrin"],
    ),
    "armed-council": (
        "The Orrin Unity Council, a rebel group, said its fighters had seized the town of Quellby.",
        ["Orrin Unity Council asserts captured orrin-unity-council Quellby"],
    ),
    "rebel-group-named": (
        "The rebel group Sunbreak seized the town of Quellby, Chad's army said. Sunbreak said it "
        "held the town.",
        [
            "Armed Forces of Chad asserts captured sunbreak Quellby",
            "Sunbreak asserts holds sunbreak Quellby",
        ],
    ),
    "fighters-of-a-name": (
        "On Friday Sunbreak fighters entered the village of Orrin. Sunbreak began in the hills.",
        ["publisher asserts advancing sunbreak Orrin"],
    ),
    "two-movements": (
        "The Dawn Liberation Front said it had captured the town of Quellby. The Marrow People's "
        "Army rejected the claim.",
        [
            "Dawn Liberation Front asserts captured dawn-liberation-front Quellby",
            "Marrow People's Army denies captured dawn-liberation-front Quellby",
        ],
    ),
    "spokesman-by-name": (
        "The Dawn Liberation Front's spokesman, Ivor Tamsen, said its fighters had entered the "
        "village of Orrin.",
        ["Dawn Liberation Front asserts advancing dawn-liberation-front Orrin"],
    ),
    # --- without a name
    "rebels": (
        "Rebels seized the town of Harrok, Chad's army said.",
        ["Armed Forces of Chad asserts captured rebels-in-chad Harrok"],
    ),
    "the-rebels-are-the-movement": (
        "The Dawn Liberation Front fights Chad's army. The rebels captured the town of Harrok.",
        ["publisher asserts captured dawn-liberation-front Harrok"],
    ),
    "jihadists-say": (
        "Mozambican troops left the town of Nangara. The jihadists claimed to have captured "
        "Nangara.",
        [
            "publisher asserts withdrew mozambique Nangara",
            "Rebels in Mozambique asserts captured rebels-in-mozambique Nangara",
        ],
    ),
    "insurgents-in-a-country": (
        "Insurgents in Togo seized the town of Dapara on Friday.",
        ["publisher asserts captured rebels-in-togo Dapara"],
    ),
    # --- third parties
    "third-party-speaks": (
        "Rebels hold the town of Harrok, Chad's army said. France said it could not confirm the "
        "claim.",
        [
            "Armed Forces of Chad asserts holds rebels-in-chad Harrok",
            "France unconfirmed holds rebels-in-chad Harrok",
        ],
    ),
    # --- no claims
    "a-country-as-a-place": ("Heavy rain fell on the town of Harrok in Chad on Friday.", []),
    "football": ("Zambia's Green Army captured the cup in the town of Luanza on Friday.", []),
    "football-team": ("Thailand beat Cambodia in Ban Sorat and took the title.", []),
    "the-georgian-capital": ("Thousands marched in the Georgian capital on Friday.", []),
    "a-party": ("The Orrin Unity Party won the town of Quellby in Friday's election.", []),
    "aim": ("Chad's army vowed to recapture the town of Harrok.", []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_sentence(name: str, extractor: Extractor) -> None:
    text, expected = CASES[name]
    assert sorted(short(claim) for claim in read(extractor, text)) == sorted(expected)


def test_what_is_known_of_an_actor_that_no_pack_knows(extractor: Extractor) -> None:
    army, movement, mayor = (
        claim.claimant
        for claim in read(
            extractor,
            "Chad's army said it held the town of Harrok. The Front for Dawn in Chad (FDC) said it "
            "had captured Harrok. The mayor of Harrok said fighting continued in the town.",
        )
    )
    chad = ActorRef("Chad", None, "chad", kind="state", official=True)
    assert army == ActorRef(
        "Armed Forces of Chad", None, "chad", kind="army", official=True, parent=chad
    )
    assert movement == ActorRef(
        "Front for Dawn in Chad",
        None,
        "front-for-dawn-in-chad",
        kind="movement",
        official=True,
        names=("FDC",),
    )
    assert mayor == ActorRef("Mayor of Harrok", None, "chad", kind="city", parent=chad)


def test_nobody_speaks_for_the_rebels(extractor: Extractor) -> None:
    (claim,) = read(extractor, "Rebels in Togo said they had left the town of Dapara.")
    assert claim.claimant == ActorRef(
        "Rebels in Togo", None, "rebels-in-togo", kind="movement", official=False
    )


def test_packs_win(extractor: Extractor, lexicon: Lexicon) -> None:
    """A state that packs know goes by their key; a war that they know is read as theirs."""
    (claim,) = read(extractor, "Arlandic troops entered the town of Nordby, Arland's army said.")
    assert claim.subject == ActorRef("Arland", "arland", "arland")
    (claim,) = read(extractor, "The Redmark Front said it had captured Varnholm from Norland.")
    assert claim.claimant == ActorRef("Redmark Front", "redmark", "redmark")
    assert claim.place.conflict == lexicon.conflicts[0].key


def test_a_name_in_passing_does_not_make_it_a_packs_war(extractor: Extractor) -> None:
    claims = read(
        extractor,
        "Chad's army said it had recaptured the town of Harrok. Chadian troops also entered the "
        "village of Dourat, N'Djamena said. Norland called for calm.",
    )
    assert [claim.place.conflict for claim in claims] == [None, None]
    assert [claim.claimant and claim.claimant.side for claim in claims] == ["chad", "chad"]


@pytest.mark.parametrize("country", countries(), ids=lambda country: country.code)
def test_every_country_by_its_name(country: object, extractor: Extractor) -> None:
    name = country.name  # type: ignore[attr-defined]
    (claim,) = read(extractor, f"{name}'s army said it had recaptured the town of Harrok.")
    assert claim.claimant is not None
    assert claim.claimant.name.removeprefix("Armed Forces of ").removeprefix("the ") == name


def test_countries_are_clean() -> None:
    names = [name for country in countries() for name in (country.name, *country.names)]
    assert len({country.code for country in countries()}) == len(countries()) == 198
    assert len(names) == len(set(names))
    every = [*names, *(w for c in countries() for w in (*c.demonyms, *c.capitals))]
    assert [word for word in every if word != word.strip() or not word] == []
