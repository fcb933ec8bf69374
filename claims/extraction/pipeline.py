"""From articles to claims: the one public function of extraction."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training.batchers import minibatch_by_words

from claims.extraction import cues
from claims.extraction.actors.agents import AgentResolver
from claims.extraction.actors.belligerents import BelligerentReader, War, outweighs, towns_of
from claims.extraction.actors.discourse import Discourse
from claims.extraction.actors.mentions import Mention, NameIndex, best_conflict
from claims.extraction.actors.names import NameReader
from claims.extraction.actors.sides import Sides
from claims.extraction.explaining import explained
from claims.extraction.merging import merge
from claims.extraction.places.capitals import capital_of
from claims.extraction.places.homonyms import Homonyms
from claims.extraction.reading import Reader
from claims.extraction.records import Article, Extraction, PlaceRef
from claims.extraction.suggesting import suggestions
from claims.extraction.text import layout, view
from claims.extraction.text.language import unreadable
from claims.extraction.text.repair import repair
from entities.lexicon import Conflict, Lexicon, Place

_BATCH = 16  # articles laid out together
_WORDS = 4000  # words parsed together
# What a model may hold that no rule asks for: rules read words, tags and relations.
_UNREAD = frozenset(
    {"morphologizer", "trainable_lemmatizer", "lemmatizer", "ner", "senter", "attribute_ruler"}
)


class Extractor:
    """Extracts claims with one model and one lexicon."""

    def __init__(self, nlp: Language, lexicon: Lexicon) -> None:
        self.nlp = nlp
        self.lexicon = lexicon
        self._unread = [n for n in nlp.pipe_names if nlp.get_pipe_meta(n).factory in _UNREAD]
        self.conflicts = {conflict.key: conflict for conflict in lexicon.conflicts}
        self._indexes: dict[str, NameIndex] = {}
        self._common = frozenset(actor.key for actor in lexicon.common)
        self._belligerents = BelligerentReader(lexicon)
        self._bystanders = lru_cache(maxsize=8)(self._bystanders_of)

    def settle(self) -> None:
        """Index all names now, and keep the garbage collector from going through what stays:
        it would look at some hundred thousand names again and again. For a process that goes
        on to extract."""
        for conflict in self.conflicts.values():
            self.index(conflict)
        gc.collect()
        gc.freeze()

    def extract(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        """The extraction of each article, in order; the same input gives the same output."""
        for read in self._read(articles):
            if isinstance(read, Extraction):
                yield read
            else:
                claims = merge(read.drafts, read.sides)
                yield Extraction(read.article, claims, suggestions=suggestions(read))

    def explain(self, article: Article) -> list[str]:
        """Lines that tell, sentence by sentence, how an article is read."""
        (read,) = self._read([article])
        return (
            [f"set aside: {read.skipped}"] if isinstance(read, Extraction) else [*explained(read)]
        )

    def _read(self, articles: Iterable[Article]) -> Iterator[Reader | Extraction]:
        """A reader that has read the article, or why it was set aside."""
        rest = iter(articles)
        while batch := list(islice(rest, _BATCH)):
            reasons = [unreadable(article.text) for article in batch]
            prepared = [
                None if reason else _Prepared(self, article)
                for article, reason in zip(batch, reasons, strict=True)
            ]
            parsed = self._parsed(
                [each.raw for one in prepared if one is not None for each in one.paragraphs]
            )
            for article, reason, one in zip(batch, reasons, prepared, strict=True):
                if one is None:
                    yield Extraction(article, (), skipped=reason)
                    continue
                views = [each.view(next(parsed)) for each in one.paragraphs]
                for each in views:
                    repair(each.doc, each.mentions)
                reader = one.reader(views)
                reader.read()
                yield reader

    def _parsed(self, docs: Sequence[Doc]) -> Iterator[Doc]:
        """The same documents parsed, some thousand words at a time: what the model computes on
        the way takes 20 kB a word."""
        for some in minibatch_by_words(docs, _WORDS):
            yield from self.nlp.pipe(some, disable=self._unread)

    def index(self, conflict: Conflict) -> NameIndex:
        """The names of a conflict, indexed on first use."""
        if conflict.key not in self._indexes:
            self._indexes[conflict.key] = NameIndex(conflict, self.lexicon.common)
        return self._indexes[conflict.key]

    def conflict_of(self, article: Article) -> Conflict | None:
        """The packs' conflict that an article is about: the one it names, else by its names."""
        told = self.war_of(article)
        return None if isinstance(told, War) else told

    def war_of(self, article: Article) -> Conflict | War:
        """The packs' conflict that an article is about, else the war that it tells of itself."""
        if article.conflict is not None and article.conflict in self.conflicts:
            return self.conflicts[article.conflict]
        text = f"{article.title}\n{article.text}"
        indexes = {key: self.index(one) for key, one in self.conflicts.items()}
        best = best_conflict(text, self.lexicon, indexes)
        war = self._belligerents.read(article.text)
        if best is None or outweighs(
            war, best, indexes[best.key], text, self._belligerents.code_of
        ):
            return war
        return best

    def index_of(self, war: War) -> NameIndex:
        """The names of a war that no pack knows, with the towns of its countries."""
        taking_part = frozenset(actor.key for actor in war.conflict.actors)
        base = self._bystanders(war.countries, taking_part & self._common)
        found = NameIndex(None, war.conflict.actors, base=base)
        for capital in war.conflict.places:
            if not base.knows(capital.name):
                found.add_place(capital)
        return found

    def _bystanders_of(self, countries: frozenset[str], without: frozenset[str]) -> NameIndex:
        """The towns of some countries, and the common actors but for those who take part."""
        actors = [actor for actor in self.lexicon.common if actor.key not in without]
        index = NameIndex(None, actors)
        for place in towns_of(self.lexicon, countries):
            index.add_place(place)
        return index


class _Prepared:
    """An article laid out and named, ready to be parsed."""

    def __init__(self, extractor: Extractor, article: Article) -> None:
        self.article = article
        told = extractor.war_of(article)
        unknown = isinstance(told, War)
        conflict = told.conflict if isinstance(told, War) else told
        introduced = told.introduced if isinstance(told, War) else None
        self.sides = Sides(conflict, article.published.date(), introduced)
        self.discourse = Discourse()
        self.resolver = AgentResolver(self.sides, self.discourse)
        text = article.text
        index = extractor.index_of(told) if isinstance(told, War) else extractor.index(told)
        blocks = [_with_speaker(text, block, index) for block in layout.paragraphs(text)]
        self.quotes = layout.quotes(text, blocks)
        names = NameReader(index, self.resolver, open_war=unknown)
        names.introduce_towns(text)
        self.paragraphs: list[view.Unparsed] = []
        known: list[Place] = []
        for block in blocks:
            found = names.read(text, block)
            known += [m.places[0] for m in found.mentions if len(m.places) == 1]
            built = view.build(
                extractor.nlp, text, block, found.mentions, found.hidden, self.quotes
            )
            if built is not None:
                built.head_places = _head_places(text, block, index)
                self.paragraphs.append(built)
        self.homonyms = Homonyms(text, known, None if unknown else conflict.key)
        self.discourse.agents.clear()  # filled anew, in reading order
        towns = self.discourse.towns
        towns.sizes = {place.name: place.population for place in known}
        if (capital := capital_of(conflict, known)) is not None:
            towns.capital = PlaceRef(capital.name, capital.key or None, self.homonyms.conflict)

    def reader(self, views: Sequence[view.View]) -> Reader:
        """A reader of the parsed paragraphs."""
        return Reader(
            self.article,
            views,
            self.sides,
            self.resolver,
            self.homonyms,
            self.discourse,
        )


def _with_speaker(text: str, block: layout.Paragraph, index: NameIndex) -> layout.Paragraph:
    """A paragraph whose head in capitals names an actor who speaks in it: "RSF: …"."""
    if block.head is None:
        return block
    named = [m for m in index.find(text[slice(*block.head)]) if m.agent and not m.places]
    return replace(block, body=block.head[0], head=None) if named else block


def _head_places(text: str, block: layout.Paragraph, index: NameIndex) -> list[Mention]:
    """The towns in a paragraph's head; an unknown name in capitals is one where the paragraph
    goes on to speak of "the town" or "the village"."""
    if block.head is None:
        return []
    written = text[slice(*block.head)].title().replace("’S", "’s")
    found = [m for m in index.find(written) if m.places]
    if found:
        return found
    if not _TOWN_OF_HEAD.search(text, block.body, block.end):
        return []
    return [
        Mention(0, len(written), "place", name.strip())
        for name in written.split(",")
        if not any(True for _ in index.find(name))
        and not cues.words("places", "topics", "not_heads") & set(re.findall(r"\w+", name.lower()))
    ]


_TOWN_OF_HEAD = re.compile(r"\b[Tt]he (?:[\w-]+ ){0,2}(?:town|village|hamlet|settlement|city)\b")
