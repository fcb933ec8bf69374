"""The names of one article: from the lexicon, and those that the text itself introduces."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from claims.extraction import cues
from claims.extraction.actors.agents import AgentResolver, Word
from claims.extraction.actors.capitals import capital_runs, not_names
from claims.extraction.actors.mentions import Agent, Kind, Mention, NameIndex
from claims.extraction.places.unknown import unknown_towns
from claims.extraction.text.layout import Paragraph
from claims.extraction.text.view import Hidden
from claims.extraction.text.words import fold, word_spans

_PARTICLES = r"(?:al|el|an|ash|as|bin|ibn|von|van|de|der|da|di|du|ould|abu)"
_CAP = r"[^\W\d_a-zß-ÿ][\w’'ʼ]{0,60}"  # bounded, as is a name: else what is no text takes long
_RUN = re.compile(rf"{_CAP}(?:(?: |-|(?<=\b[A-Z])\. )(?:{_PARTICLES}[ -])?{_CAP})*")
_NAME = rf"\b{_CAP}(?:[ -](?:{_PARTICLES}[ -])?{_CAP}){{0,7}}"
_TOWN = "town|city|village|settlement|hamlet"
_INTRODUCED = (
    re.compile(rf"\b(?:{_TOWN}|villages|towns|settlements) of (?P<name>{_NAME})"),
    re.compile(rf"\b[Mm]ayor of (?P<name>{_NAME})"),
    re.compile(rf"(?P<name>{_NAME}), (?:a|an|the)(?: [\w-]+){{0,4}} (?:{_TOWN})\b"),
    re.compile(rf"\b(?:villages|towns|settlements|hamlets)(?::|,? including| of) "
               rf"(?P<series>{_NAME}(?:(?:,? and|,) {_NAME})+)"),
    re.compile(rf"\b(?:villages|towns|settlements|hamlets), (?P<name>{_NAME})"
               rf"(?: and (?P<other>{_NAME}))?"),
)  # fmt: skip
_BRACKET = re.compile(r"\s*\(([^()]{1,60})\)")
_APPOSITION = re.compile(r",\s+([^,.;:“”\"()–—]{3,90})(?=,|\s+[-–—]{1,2}\s|[.“”\"])")
_ATTACHED = re.compile(
    "-(?:backed|based|allied|linked|made|born|sponsored|supported|aligned|supplied|trained|funded)"
)
_SHORT_NAME = re.compile(rf"((?:{_CAP} ){{1,7}}{_CAP}) (?:of|for|on|in|to) ")
_BEHIND = re.compile(r", (?:has |had |have )?(\w+)")
_ALLIED = re.compile(
    r"(?:allied (?:with|to)|loyal to|aligned with|affiliated with|backed by|supporting"
    r"|on the side of|fighting (?:for|alongside|under))\s+(?P<a>.+)|\bon (?P<b>.+?)['’]s? side\b"
)
_NEAR = 160  # characters: what stands further before a name tells nothing of it
_BEFORE = re.compile(rf"({_CAP}) $")
_TOWN_PREFIX = re.compile(
    "(?:Velyk|Velik|Nov|Star|Mal|Verkhn|Nyzhn|Nizhn|Krasn|Chervon|Bil|Bel|Chorn|Chern|Great|New|Old"
    "|Upper|Lower|Tell?|Wadi?|Umm|Abu|Deir|Beit|Bani|Beni|Khan|Kafr|Jabal|Jisr|Al|El|Ar|As|Ad|Az)"
)
_RANK = re.compile(
    r"(?:(?:Lt|Lieutenant|Maj|Major|Brig|Brigadier|Col|Colonel|Gen|General|Capt|Captain|Field"
    r"|Marshal|Sgt|Sergeant|Mr|Mrs|Ms|Dr)\.?[ -])+$"
)
_LEADS = re.compile(
    r",\s+who (?:heads|leads|commands|speaks for|runs|founded|founded and leads) "
    r"([^,.;:“”\"()]{3,80}),"
)


@dataclass(slots=True)
class Names:
    """An article's mentions by paragraph, and the stretches that the parser is not shown."""

    mentions: list[Mention] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)


class NameReader:
    """Reads the names of an article's paragraphs in order; learns those that it introduces."""

    def __init__(
        self, index: NameIndex, resolver: AgentResolver, *, open_war: bool = False
    ) -> None:
        self.index = index
        self.resolver = resolver
        self._open = open_war  # no pack knows its towns
        self._persons: dict[str, Agent | None] = {}
        self._towns: set[str] = set()
        self._aliases: dict[str, Agent] = {}
        self._surnames: dict[str, Agent] = {}  # of persons that the text has named in full
        self._clausal = cues.words("names", "clause_words")
        self._roles = cues.words("actors", "roles", "words")

    def introduce_towns(self, text: str) -> None:
        """Learn the towns that the text calls so."""
        for pattern in _INTRODUCED:
            for match in pattern.finditer(text):
                for name in itertools.chain(*map(_series, match.groupdict().values())):
                    if name and not _common(name) and not self._is_known(name):
                        self._towns.add(name)
        self._towns |= unknown_towns(text, self._is_known, enough=2.0 if self._open else 3.5)
        self._towns -= self._persons.keys()

    def _is_known(self, name: str) -> bool:
        return self.index.knows(name)

    def read(self, text: str, block: Paragraph) -> Names:
        """The names of one paragraph."""
        body = text[block.body : block.end]
        found = [
            replace(m, start=m.start + block.body, end=m.end + block.body)
            for m in (found.on(self.resolver.sides.day) for found in self.index.find(body))
        ]
        found = self._with_unknown(text, block, [self._as_named(m) for m in found])
        names = Names([m for m in found if not _ATTACHED.match(text, m.end)])
        self._brackets(text, block, names)
        self._appositions(text, block, names)
        return names

    def _as_named(self, mention: Mention) -> Mention:
        """A surname as the person of that name whom the text has named in full; and note the
        short names of what is named at length ("the Joint Forces" on the coast)."""
        if mention.agent is None:
            return mention
        *given, last = mention.text.split()
        if mention.kind == "person" and given:
            self._surnames[last] = mention.agent
        elif mention.kind == "person" and last in self._surnames:
            return replace(mention, agent=self._surnames[last])
        short = _SHORT_NAME.match(mention.text) if mention.kind == "actor" else None
        if short is not None and short[1].lower() not in _generic():
            self._aliases.setdefault(short[1], mention.agent)
        return mention

    def _with_unknown(self, text: str, block: Paragraph, known: list[Mention]) -> list[Mention]:
        """The known mentions and, between them, runs of capitalised words."""
        known = [self._with_prefix(text, block, m) for m in known]
        taken = [(m.start, m.end) for m in known]
        found = list(known)
        for match in _RUN.finditer(text, block.body, block.end):
            for start, end in capital_runs(text, match.span(), taken, block, self._towns):
                name = text[start:end]
                if name in self._towns:
                    found.append(Mention(start, end, "place", name))
                elif name in self._aliases:
                    found.append(Mention(start, end, "actor", name, self._aliases[name]))
                elif name in self._persons or name.split()[-1] in self._persons:
                    agent = self._persons.get(name, self._persons.get(name.split()[-1]))
                    found.append(Mention(start, end, "person", name, agent))
                else:
                    found.append(Mention(start, end, "person", name))
        found = [
            replace(m, kind="place", places=()) if m.text in self._towns and not m.places else m
            for m in found
        ]
        return sorted(found, key=lambda m: m.start)

    def _with_prefix(self, text: str, block: Paragraph, mention: Mention) -> Mention:
        """A town's name after another capitalised word: a longer name, of a town that is not
        known ("Velyka X") or of a person."""
        if mention.kind != "place" or not mention.places or " " in mention.text:
            return mention
        nearest = max(block.body, mention.start - _NEAR)
        before = _BEFORE.search(text, nearest, mention.start)
        if before is None or fold(before.group(1)) in not_names():
            return mention
        if self.index.knows(before.group(1)):
            return mention
        start = before.start(1)
        preceding = text[block.body : start].rstrip(" “\"«'‘")
        if not preceding or preceding[-1] in ".!?:…•":
            return mention
        name = text[start : mention.end]
        kind: Kind = "place" if _TOWN_PREFIX.match(name) else "person"
        return Mention(start, mention.end, kind, name)

    def _brackets(self, text: str, block: Paragraph, names: Names) -> None:
        """Short brackets are hidden; an abbreviation in one names what stands before it."""
        for match in _BRACKET.finditer(text, block.body, block.end):
            names.hidden.append(Hidden(match.start(), match.end()))
            before = [m for m in names.mentions if m.end == match.start()]
            inside = match.group(1)
            if before and before[0].agent is not None and inside.isupper() and " " not in inside:
                self._aliases[inside] = before[0].agent
        hidden = names.hidden
        names.mentions = [
            m for m in names.mentions if not any(h.start <= m.start < h.end for h in hidden)
        ]

    def _appositions(self, text: str, block: Paragraph, names: Names) -> None:
        """Give persons the organisation that their apposition tells, and hide that."""
        for number, mention in enumerate(names.mentions):
            self._see(mention, text)
            if mention.kind != "person":
                self._described(text, block, mention, names)
                continue
            leads = _LEADS.match(text, mention.end, block.end)
            match = leads or _APPOSITION.match(text, mention.end, block.end)
            if (
                match
                and mention.agent is None
                and (organisation := self._organisation(match.group(1), mention.text))
            ):
                names.hidden.append(Hidden(mention.end, match.end(1) + 1))
                names.mentions[number] = self._introduced(mention, organisation)
                continue
            if match and (agent := self._role(text, match.span(1), names, leads=bool(leads))):
                if agent.actor is not None and agent.actor.kind == "state" and _analyses(match[1]):
                    agent = Agent(mention.text, kind_hint="monitor")  # "an analyst in Norland"
                end = match.end(1)
                end += 1 if text[end : end + 1] == "," else 0
                names.hidden.append(Hidden(mention.end, end))
                names.mentions[number] = self._introduced(mention, agent)
                continue
            if (agent := self._role_before(text, block, mention, names)) is not None:
                names.mentions[number] = self._introduced(mention, agent)
            elif (
                match
                and mention.agent is None
                and (agent := self._called(text, match, mention, names))
            ):
                names.hidden.append(Hidden(mention.end, match.end(1) + 1))
                names.mentions[number] = replace(mention, agent=agent)

    def _described(self, text: str, block: Paragraph, mention: Mention, names: Names) -> None:
        """Hide what describes a known organisation that goes on to speak: "X, armed men on the
        army's side, denied that"."""
        match = _APPOSITION.match(text, mention.end, block.end) if mention.kind == "actor" else None
        if match is None or not self._speaks_behind(text, match):
            return
        words = set(re.findall(r"[\w-]+", match[1].lower()))
        verbs = cues.verb_forms() - self._roles
        if not words & (self._clausal | _told() | _QUOTING | verbs):
            names.hidden.append(Hidden(mention.end, match.end(1) + 1))

    def _speaks_behind(self, text: str, match: re.Match[str]) -> bool:
        """Whether a verb of saying stands behind what commas enclose."""
        behind = _BEHIND.match(text, match.end(1))
        return behind is not None and behind[1] in cues.speech_verbs()

    def _see(self, mention: Mention, text: str) -> None:
        """Keep in mind whose "its" is in the roles that follow."""
        discourse = self.resolver.discourse
        discourse.at = mention.start
        if mention.kind == "place" and mention.places:
            self.resolver.last_town = mention.places[0].name
        elif mention.agent is not None and mention.kind in ("actor", "demonym"):
            behind = [
                word.lower() for word in re.findall(r"\w+", text[mention.end : mention.end + 40])
            ]
            words: list[Word] = [(mention.text.lower(), mention)]
            words += [(word, None) for word in behind if word != "s"][:2]
            named = self.resolver.phrase(words, claimant=True)
            discourse.see_agent(named, mention.start, prominent=False)

    def _called(
        self, text: str, match: re.Match[str], mention: Mention, names: Names
    ) -> Agent | None:
        """Somebody unknown who speaks, as what stands between commas describes them: "X, armed
        men on the army's side, denied that", "Y, who bakes bread there, said"."""
        words = re.findall(r"[\w-]+", match[1].lower())
        if not self._speaks_behind(text, match) or set(words) & self._clausal - {"who"}:
            return None
        if text.endswith((" of ", " for "), 0, mention.start):
            return None  # "the governor of X, Y, said": it is Y who speaks
        if set(words) & cues.words("actors", "people", "words") and " " in mention.text:
            name = str(cues.table("actors")["people"]["name"])
            if not set(words) & {"armed", "fighters"}:
                return Agent(name, speaker=mention.text, kind_hint="people")
        side = None
        if allied := _ALLIED.search(match[1]):
            group = "a" if allied["a"] else "b"
            start, end = (match.start(1) + at for at in allied.span(group))
            told = self._words(text, start, end, names)
            side = self.resolver.sides.of(self.resolver.phrase(told))
        return Agent(mention.text, kind_hint="organisation", side_hint=side)

    def _organisation(self, words: str, name: str) -> Agent | None:
        """ "X, a group that tracks the war": an organisation that no pack knows."""
        first, *rest = words.lower().split()
        if first not in ("a", "an") or not cues.words("actors", "organisations", "words") & set(
            rest
        ):
            return None
        movement = cues.words("actors", "types", "movement") & set(rest)
        side = self.resolver.sides.of(self.resolver.of_type("movement")) if movement else None
        return Agent(name, side_hint=side)

    def _introduced(self, mention: Mention, agent: Agent) -> Mention:
        if mention.agent is not None and mention.agent.actor is not None:
            return mention
        known = replace(agent, speaker=mention.text)
        self._persons[mention.text] = known
        self._persons[mention.text.split()[-1]] = known
        return replace(mention, agent=known)

    def _role_before(
        self, text: str, block: Paragraph, mention: Mention, names: Names
    ) -> Agent | None:
        """ "Ukraine's deputy defence minister, X," and "military spokesman X"."""
        nearest = max(block.body, mention.start - _NEAR)
        left = _RANK.sub("", text[nearest : mention.start])
        comma = left.rstrip().endswith(",")
        stretch = re.search(r"([^,.;:“”\"()–—]{3,90}?),?\s*$", left)
        if stretch is None:
            return None
        start = nearest + stretch.start(1)
        if comma and text[mention.end : mention.end + 1] not in (",", ".", "”", '"'):
            return None
        words = self._words(text, start, mention.start, names)
        cut = next(
            (n + 1 for n in range(len(words) - 1, -1, -1) if words[n][0] in self._clausal), 0
        )
        words = words[cut:]
        if left.rstrip().endswith((" of", " for", " from", "'s", "’s")):
            return None  # "the governor of X" is no name of the governor
        tail = [w for w, _ in (words if comma else words[-3:])]
        verbs = cues.verb_forms()
        if not comma and any(w in verbs for w in tail if w not in self._roles):
            return None  # "fighters controlled X"
        if not any(w in self._roles or w.endswith(("minister", "-in-chief")) for w in tail):
            return None
        agent = self.resolver.phrase(words[-9:], claimant=True)
        if agent is not None and comma:
            end = mention.end + (1 if text[mention.end : mention.end + 1] == "," else 0)
            names.hidden.append(Hidden(left.rstrip().rfind(",") + nearest, mention.start))
            names.hidden.append(Hidden(mention.end, end))
        return agent

    def _role(self, text: str, span: tuple[int, int], names: Names, *, leads: bool) -> Agent | None:
        """The agent of an apposition that tells a role, else None."""
        words = self._words(text, *span, names)
        if not words or any(w in self._clausal or w in _told() for w, _ in words):
            return None
        roles = [w for w, _ in words if w in self._roles or w.endswith("-in-chief")]
        institution = any(m is not None and m.agent is not None for _, m in words)
        told = leads or words[0][0] in ("a", "an", "of", "from")
        if not roles and not (institution and told):
            return None
        return self.resolver.phrase(words, claimant=True)

    def _words(self, text: str, start: int, end: int, names: Names) -> list[Word]:
        inside = {m.start: m for m in names.mentions if start <= m.start < end}
        words: list[Word] = []
        covered = start
        for s, e in word_spans(text[start:end]):
            at = s + start
            if at < covered:
                continue
            if at in inside:
                words.append((inside[at].text.lower(), inside[at]))
                covered = inside[at].end
            else:
                words.append((text[at : e + start].lower(), None))
        return words


_QUOTING = frozenset({"citing", "quoting", "referring", "relaying"})


def _analyses(words: str) -> bool:
    return bool(cues.words("actors", "analysts", "words") & set(words.lower().split()))


@lru_cache(maxsize=1)
def _told() -> frozenset[str]:
    """Verbs of saying in the past, which no role has."""
    regular = {v for v in cues.speech_verbs() if v.endswith("ed") and v != "speaked"}
    return frozenset(regular | {"wrote", "spoke"})


@lru_cache(maxsize=1)
def _generic() -> frozenset[str]:
    """Institutions that every state has, which are nobody's short names ("armed forces")."""
    rows: Sequence[dict[str, list[str]]] = cues.table("actors")["institution"]
    return frozenset(words for row in rows for words in row["words"])


def _series(names: str | None) -> list[str]:
    """The names of "X, Y and Z"."""
    return re.split(r", and |, | and ", names) if names else []


def _common(name: str) -> bool:
    return any(word in not_names() for word in name.lower().split()[:1])
