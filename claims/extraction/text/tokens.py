"""The words of a parsed paragraph, as plain objects.

Extraction asks each word many questions. spaCy makes a token object for every look and turns
numbers into strings for every answer, which costs more than the parse itself; here words are
made once, with the attributes that extraction reads, under spaCy's names. What `repair` knows
better than the parser is set on them.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import overload
from unicodedata import category

import numpy as np
from spacy.tokens import Doc as ParsedDoc

_place = attrgetter("i")


class Token:
    """A word: `i` its number in the paragraph, `tag_` its Penn Treebank tag, `dep_` its
    Universal Dependencies relation to `head` (itself at the root), `sent` its sentence."""

    __slots__ = ("children", "dep_", "doc", "head", "i", "lower_", "sent", "tag_", "text")

    head: Token
    sent: Span

    def __init__(self, doc: Doc, i: int, text: str, tag: str, dep: str) -> None:
        self.doc = doc
        self.i = i
        self.text = text
        self.lower_ = text.lower()
        self.tag_ = tag
        self.dep_ = dep
        self.children: list[Token] = []

    def __repr__(self) -> str:
        return f"{self.text}/{self.tag_}"

    @property
    def is_sent_start(self) -> bool:
        return self.sent.start == self.i

    @property
    def is_punct(self) -> bool:
        return all(category(one).startswith("P") for one in self.text)

    @property
    def is_alpha(self) -> bool:
        return self.text.isalpha()

    @property
    def lefts(self) -> list[Token]:
        """The children before the word, in order."""
        return [one for one in self.children if one.i < self.i]

    @property
    def rights(self) -> list[Token]:
        """The children after the word, in order."""
        return [one for one in self.children if one.i > self.i]

    @property
    def left_edge(self) -> Token:
        """The first word of all that hangs on this one (in a tree without crossing arcs)."""
        edge = self
        while edge.children and edge.children[0].i < edge.i:
            edge = edge.children[0]
        return edge

    @property
    def subtree(self) -> list[Token]:
        """The word and all that hangs on it, in order."""
        if not self.children:
            return [self]
        found, stack = [], [self]
        while stack:
            token = stack.pop()
            found.append(token)
            stack += token.children
        found.sort(key=_place)
        return found

    def attach(self, head: Token, dep: str) -> None:
        """Hang the word on another; on itself, it becomes a root. Where the new head hangs on
        the word, which would make a circle, only the relation changes."""
        self.dep_ = dep
        if head is not self and head in self.subtree:
            return
        if self.head is not self:
            self.head.children.remove(self)
        self.head = head
        if head is not self:
            insort(head.children, self, key=_place)


class Span(Sequence[Token]):
    """Words `start` to `end` of a paragraph."""

    __slots__ = ("doc", "end", "start")

    def __init__(self, doc: Doc, start: int, end: int) -> None:
        self.doc = doc
        self.start = start
        self.end = max(start, end)

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.tokens[self.start : self.end])

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Span: ...
    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, slice):
            start, end, _ = at.indices(len(self))
            return Span(self.doc, self.start + start, self.start + end)
        return self.doc.tokens[range(self.start, self.end)[at]]

    @property
    def text(self) -> str:
        """The words with the spaces between them."""
        doc = self.doc
        return "".join(
            doc.tokens[i].text + (" " if doc.spaces[i] and i + 1 < self.end else "")
            for i in range(self.start, self.end)
        )

    @property
    def root(self) -> Token:
        """The first word whose head is not within the span."""
        inside = range(self.start, self.end)
        heads = ((token, token.head) for token in self)
        return next(t for t, head in heads if head is t or head.i not in inside)


class Doc(Sequence[Token]):
    """The words of a paragraph, and its sentences (`sents`)."""

    __slots__ = ("sents", "spaces", "tokens")

    def __init__(
        self, parsed: ParsedDoc, words: Sequence[str], spaces: Sequence[bool], starts: Sequence[int]
    ) -> None:
        """`parsed` has tags, heads and relations; `words` and `spaces` (whether one follows the
        word) are its tokens, `starts` the numbers of those that begin a sentence."""
        strings = parsed.vocab.strings
        table = parsed.to_array(["TAG", "DEP"]).tolist()
        shifts = parsed.to_array("HEAD").astype(np.int64).tolist()
        self.spaces = spaces
        self.tokens = tokens = [
            Token(self, i, word, strings[tag], strings[dep])
            for i, (word, (tag, dep)) in enumerate(zip(words, table, strict=True))
        ]
        for token, shift in zip(tokens, shifts, strict=True):
            token.head = head = tokens[token.i + shift]
            if shift:
                head.children.append(token)
        self.sents: list[Span] = []
        for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
            sent = Span(self, start, end)
            self.sents.append(sent)
            for token in tokens[start:end]:
                token.sent = sent

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Span: ...
    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, slice):
            start, end, _ = at.indices(len(self.tokens))
            return Span(self, start, end)
        return self.tokens[at]
