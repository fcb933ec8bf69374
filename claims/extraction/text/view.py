"""A paragraph as the parser sees it: names folded into one token each, quotation marks,
brackets and the roles that stand in apposition to persons taken out, sentences set by rule.

The parser was trained on general English; what it sees here is far simpler than what a
newspaper prints, and every token still knows its characters in the article.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from unicodedata import category

from spacy.language import Language
from spacy.tokens import Doc as ParsedDoc

from claims.extraction.actors.mentions import Mention
from claims.extraction.text.layout import PICTURE, Paragraph, Quote
from claims.extraction.text.tokens import Doc, Token

LONGEST_SENTENCE = 240  # tokens
ENDS = frozenset(".!?…") | {"...", "?!"}
# Abbreviations that stand before a name: their full stop ends no sentence.
_RANKS = frozenset({"Lt", "Col", "Maj", "Brig", "Capt", "Sgt", "Cpl", "Adm", "Gen"})
# Left-overs of a page: tags, entities, and rows of marks, over which a tokenizer is slow.
_MARKUP = re.compile(
    r"</?[a-zA-Z][^<>\n]{0,200}>|&(?:nbsp|ensp|emsp|thinsp|shy|zwnj|zwj|#160);|[^\w\s]{20,}"
)
MARKS = frozenset('"“”«»„') | {"``", "''"}


@dataclass(frozen=True, slots=True)
class Hidden:
    """Characters of the article that the parser is not shown."""

    start: int
    end: int


@dataclass(slots=True)
class View:
    """One parsed paragraph. Lists run parallel to the tokens of `doc`: `spans` the characters
    of the article, `mentions` the name that a token stands for, `quote` the number of the
    quotation it is in, or -1."""

    block: Paragraph
    doc: Doc
    spans: list[tuple[int, int]]
    mentions: list[Mention | None]
    quote: list[int]
    head_places: list[Mention]
    topic_end: int = -1  # the token that ends a head that names what the paragraph is about

    def mention(self, token: Token) -> Mention | None:
        return self.mentions[token.i]

    @property
    def named(self) -> Iterator[Token]:
        """The tokens that stand for names."""
        return (self.doc[i] for i, mention in enumerate(self.mentions) if mention is not None)

    def start(self, token: Token) -> int:
        return self.spans[token.i][0]

    def end(self, token: Token) -> int:
        return self.spans[token.i][1]


@dataclass(slots=True)
class Unparsed:
    """A paragraph laid out for the parser: `raw` its words, `starts` those of them that begin a
    sentence, the rest as in its view."""

    block: Paragraph
    raw: ParsedDoc
    words: list[str]
    spaces: list[bool]
    starts: list[int]
    spans: list[tuple[int, int]]
    mentions: list[Mention | None]
    quote: list[int]
    head_places: list[Mention] = field(default_factory=list)

    def view(self, parsed: ParsedDoc) -> View:
        """The view, once the words are parsed."""
        doc = Doc(parsed, self.words, self.spaces, self.starts)
        return View(self.block, doc, self.spans, self.mentions, self.quote, self.head_places)


@dataclass(slots=True)
class _Piece:
    text: str
    start: int
    end: int
    mention: Mention | None = None


def build(
    nlp: Language,
    text: str,
    block: Paragraph,
    mentions: Sequence[Mention],
    hidden: Sequence[Hidden],
    quotes: Sequence[Quote],
) -> Unparsed | None:
    """One paragraph laid out for the parser (None where nothing is left to parse)."""
    pieces = [
        piece
        for piece in _pieces(nlp, text, block, mentions)
        if piece.text not in MARKS
        and not _is_decoration(piece.text)
        and not any(cover.start <= piece.start < cover.end for cover in hidden)
    ]
    if not pieces:
        return None
    starts = [piece.start for piece in pieces[1:]] + [block.end]
    spaces = [piece.end < start for piece, start in zip(pieces, starts, strict=True)]
    breaks = _breaks(text, pieces)
    words = [piece.text for piece in pieces]
    begins: list[bool | int | None] = [number in breaks for number in range(len(words))]
    near = list(_overlapping(quotes, block))
    raw = ParsedDoc(nlp.vocab, words=words, spaces=spaces, sent_starts=begins)
    return Unparsed(
        block,
        raw,
        words,
        spaces,
        sorted(breaks),
        [(piece.start, piece.end) for piece in pieces],
        [piece.mention for piece in pieces],
        [_quotation(piece, near) for piece in pieces],
    )


def _overlapping(quotes: Sequence[Quote], block: Paragraph) -> Iterator[tuple[int, Quote]]:
    """The quotations of a paragraph with their numbers, out of an article's in order."""
    for number in range(bisect_right(quotes, block.start, key=lambda q: q.end), len(quotes)):
        if quotes[number].start >= block.end:
            break
        yield number, quotes[number]


def _quotation(piece: _Piece, quotes: Sequence[tuple[int, Quote]]) -> int:
    """The number of the quotation, of some with their numbers, that a piece is in, or -1."""
    return next((n for n, q in quotes if q.start <= piece.start < q.end), -1)


def _pieces(
    nlp: Language, text: str, block: Paragraph, mentions: Sequence[Mention]
) -> list[_Piece]:
    raw = nlp.make_doc(_MARKUP.sub(_blank, text[block.body : block.end]))
    by_start = {mention.start: mention for mention in mentions}
    pieces: list[_Piece] = []
    covered = block.body
    for token in raw:
        word = token.text
        start = block.body + token.idx
        end = start + len(word)
        if end <= covered or word.isspace():
            continue
        mention = by_start.get(start) or next(
            (by_start[at] for at in range(start + 1, end) if at in by_start), None
        )
        if mention is None or mention.start < covered:
            start = max(start, covered)
            pieces.append(_Piece(text[start:end], start, end))
            continue
        if mention.start > start:
            pieces.append(_Piece(text[start : mention.start], start, mention.start))
        pieces.append(_Piece(_shown(mention), mention.start, mention.end, mention))
        covered = mention.end
        if end > covered:
            pieces.append(_Piece(text[covered:end], covered, end))
            covered = end
    return pieces


def _is_decoration(text: str) -> bool:
    """Emoji, replacement characters and the like, which tell a parser nothing."""
    return not text.isascii() and all(category(one) in _DECORATION for one in text)


_DECORATION = frozenset({"So", "Sk", "Cf", "Cn", "Co", "Mn"})


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _shown(mention: Mention) -> str:
    """What the parser is shown for a name: its last word, so that one token stands for it."""
    last = mention.text.replace("-", " ").split()[-1]
    return last.title() if last.isupper() and len(last) > 4 else last


def _breaks(text: str, pieces: Sequence[_Piece]) -> set[int]:
    """Tokens that begin a sentence; one that does not end is cut, at a comma if there is one."""
    found = {0}
    last = 0
    for number, piece in enumerate(pieces[:-1]):
        length = number + 1 - last
        if length >= LONGEST_SENTENCE or (length > LONGEST_SENTENCE // 2 and piece.text in ",;:"):
            found.add(number + 1)
        last = number if number in found else last
        following = pieces[number + 1]
        shown = text[following.start]
        gap = text[piece.end : following.start]
        rank = piece.text == "." and number > 0 and pieces[number - 1].text in _RANKS
        if PICTURE.fullmatch(piece.text) or PICTURE.search(gap):
            found.add(number + 1)
        if (
            piece.text in ENDS
            and not rank
            and not shown.islower()
            and (gap.strip() or gap[:1].isspace())
        ):
            found.add(number + 1)
    return found
