"""Turn the treebanks' CoNLL-U into spaCy documents for training and evaluation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from training.treebanks import Split, Treebank

SEED = 20230111
GROUP = (3, 8)  # sentences in a training document: long enough to learn sentence ends


@dataclass
class Sentence:
    """One treebank sentence: parallel lists over its syntactic words."""

    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    morphs: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)  # index in the sentence
    deps: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The characters that the words and spaces spell."""
        return "".join(
            word + " " * space for word, space in zip(self.words, self.spaces, strict=True)
        )


def read_conllu(path: Path) -> Iterator[list[Sentence]]:
    """Yield the file's documents, each a list of sentences whose words spell its `# text`.

    The parts of a contraction ("do", "n't") are words of their own without a space between,
    as spaCy's tokenizer splits them. A sentence whose words do not spell its text (a
    contraction written out in full) is left out: its characters cannot be aligned.
    """
    document: list[Sentence] = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = block.strip().split("\n")
        if any(line.startswith("# newdoc") for line in lines) and document:
            yield document
            document = []
        text = next((line[9:] for line in lines if line.startswith("# text = ")), None)
        if text is None:
            continue
        sentence = _sentence([line.split("\t") for line in lines if not line.startswith("#")])
        if sentence.text().rstrip() == text.rstrip():
            document.append(sentence)
    if document:
        yield document


def _sentence(rows: list[list[str]]) -> Sentence:
    sentence = Sentence()
    glued_until, space_after_range = 0, True
    for number, word, lemma, upos, xpos, feats, head, dep, _, misc in rows:
        if "." in number:  # an empty node of the enhanced graph
            continue
        space = "SpaceAfter=No" not in misc.split("|")
        if "-" in number:
            glued_until, space_after_range = int(number.split("-")[1]), space
            continue
        index = int(number)
        if index < glued_until:
            space = False
        elif index == glued_until:
            space = space_after_range
        sentence.words.append(word)
        sentence.spaces.append(space)
        sentence.tags.append(xpos)
        sentence.pos.append(upos)
        sentence.morphs.append("" if feats == "_" else feats)
        sentence.lemmas.append(word if lemma == "_" else lemma)
        sentence.heads.append(index - 1 if head == "0" else int(head) - 1)
        sentence.deps.append("ROOT" if head == "0" else dep)
    return sentence


def to_doc(sentences: list[Sentence], vocab: Vocab) -> Doc:
    """Join sentences into one annotated Doc; a space stands between two sentences."""
    joined = Sentence()
    starts: list[bool | int | None] = []
    for sentence in sentences:
        offset = len(joined.words)
        spaces = [*sentence.spaces[:-1], True]
        for name in ("words", "tags", "pos", "morphs", "lemmas", "deps"):
            getattr(joined, name).extend(getattr(sentence, name))
        joined.spaces.extend(spaces)
        joined.heads.extend(head + offset for head in sentence.heads)
        starts.extend(index == 0 for index in range(len(sentence.words)))
    return Doc(
        vocab,
        words=joined.words,
        spaces=joined.spaces,
        tags=joined.tags,
        pos=joined.pos,
        morphs=joined.morphs,
        lemmas=joined.lemmas,
        heads=joined.heads,
        deps=joined.deps,
        sent_starts=starts,
    )


def documents(path: Path, vocab: Vocab, sizes: random.Random) -> Iterator[Doc]:
    """Yield the file's documents in groups of sentences, their sizes drawn from `sizes`."""
    for document in read_conllu(path):
        start = 0
        while start < len(document):
            group = document[start : start + sizes.randint(*GROUP)]
            yield to_doc(group, vocab)
            start += len(group)


def convert(split: Split, sources: list[tuple[Treebank, Path]], target: Path) -> int:
    """Write the treebanks' documents to one DocBin, and return its number of sentences.

    Group sizes are drawn from a seeded generator, so the same files always give the same
    annotation. Raises ValueError where a treebank is not of `split`: what the model is
    tested on is never trained or tuned on.
    """
    vocab, sizes = Vocab(), random.Random(SEED)  # noqa: S311 (sizes, not secrets)
    bin_, count = DocBin(), 0
    for treebank, path in sources:
        if treebank.split != split:
            raise ValueError(f"{treebank.file} is for {treebank.split}, not for {split}")
        for doc in documents(path, vocab, sizes):
            bin_.add(doc)
            count += len(list(doc.sents))
    target.parent.mkdir(parents=True, exist_ok=True)
    bin_.to_disk(target)
    return count
