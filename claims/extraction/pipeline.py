"""From articles to claims: the one public function of extraction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from spacy.language import Language

from claims.extraction import layout, view
from claims.extraction.agents import AgentResolver
from claims.extraction.discourse import Discourse
from claims.extraction.mentions import Mention, NameIndex, best_conflict
from claims.extraction.merging import merge
from claims.extraction.names import NameReader
from claims.extraction.places import Homonyms
from claims.extraction.reading import Reader
from claims.extraction.records import Article, Extraction
from claims.extraction.repair import repair
from claims.extraction.sides import Sides
from entities.lexicon import Conflict, Lexicon, Place

EXTRACTOR_VERSION = "1"
_BATCH = 16  # articles parsed together


class Extractor:
    """Extracts claims with one model and one lexicon."""

    def __init__(self, nlp: Language, lexicon: Lexicon) -> None:
        self.nlp = nlp
        self.lexicon = lexicon
        self.conflicts = {conflict.key: conflict for conflict in lexicon.conflicts}
        self._indexes: dict[str, NameIndex] = {}
        self._none = NameIndex(None, lexicon.common)

    def extract(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        """The extraction of each article, in order; the same input gives the same output."""
        rest = iter(articles)
        while batch := list(islice(rest, _BATCH)):
            prepared = [_Prepared(self, article) for article in batch]
            docs = [v.doc for p in prepared for v in p.views]
            parsed = iter(list(self.nlp.pipe(docs)))
            for one in prepared:
                for each in one.views:
                    each.doc = next(parsed)
                    repair(each.doc, each.mentions)
                yield one.extraction()

    def index(self, conflict: Conflict | None) -> NameIndex:
        """The names of a conflict, indexed on first use."""
        if conflict is None:
            return self._none
        if conflict.key not in self._indexes:
            self._indexes[conflict.key] = NameIndex(conflict, self.lexicon.common)
        return self._indexes[conflict.key]

    def conflict_of(self, article: Article) -> Conflict | None:
        """The conflict that an article is about: the one it names, else by its names."""
        if article.conflict is not None and article.conflict in self.conflicts:
            return self.conflicts[article.conflict]
        indexes = {key: self.index(one) for key, one in self.conflicts.items()}
        return best_conflict(f"{article.title}\n{article.text}", self.lexicon, indexes)


class _Prepared:
    """An article laid out and named, ready to be parsed."""

    def __init__(self, extractor: Extractor, article: Article) -> None:
        self.article = article
        conflict = extractor.conflict_of(article)
        self.sides = Sides(conflict, article.published.date())
        self.discourse = Discourse()
        self.resolver = AgentResolver(self.sides, self.discourse)
        text = article.text
        blocks = list(layout.paragraphs(text))
        self.quotes = layout.quotes(text, blocks)
        index = extractor.index(conflict)
        names = NameReader(index, self.resolver)
        names.introduce_towns(text)
        self.views: list[view.View] = []
        known: list[Place] = []
        for block in blocks:
            found = names.read(text, block)
            known += [m.places[0] for m in found.mentions if len(m.places) == 1]
            built = view.build(
                extractor.nlp, text, block, found.mentions, found.hidden, self.quotes
            )
            if built is not None:
                built.head_places = _head_places(text, block, index)
                self.views.append(built)
        key = conflict.key if conflict else None
        self.homonyms = Homonyms(text, known, key)
        self.discourse.agents.clear()  # filled anew, in reading order

    def extraction(self) -> Extraction:
        reader = Reader(
            self.article,
            self.views,
            self.sides,
            self.resolver,
            self.homonyms,
            self.discourse,
        )
        return Extraction(self.article, merge(reader.read(), self.sides))


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
    ]


_TOWN_OF_HEAD = re.compile(r"\bthe (?:[\w-]+ ){0,2}(?:town|village|hamlet|settlement|city)\b")
