"""Small made-up CoNLL-U for the tests of the training recipe."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

from training.treebanks import Source, Split, Treebank

SOURCE = Source(name="UD_Test-MADE", commit="c0ffee" * 6 + "c0ff", licence="CC0", credit="nobody")


def sentence(text: str, *rows: str, newdoc: str = "") -> str:
    """A CoNLL-U sentence; a row is "id form lemma upos xpos feats head deprel misc"."""
    lines = [f"# newdoc id = {newdoc}"] if newdoc else []
    lines.append(f"# text = {text}")
    for row in rows:
        number, form, lemma, upos, xpos, feats, head, dep, misc = row.split()
        lines.append("\t".join((number, form, lemma, upos, xpos, feats, head, dep, "_", misc)))
    return "\n".join(lines) + "\n\n"


def rain(newdoc: str = "", place: str = "Testville") -> str:
    """The shortest whole sentence."""
    return sentence(
        f"{place} waits.",
        f"1 {place} {place} PROPN NNP Number=Sing 2 nsubj _",
        "2 waits wait VERB VBZ _ 0 root SpaceAfter=No",
        "3 . . PUNCT . _ 2 punct _",
        newdoc=newdoc,
    )


def treebank(
    content: str, split: Split = "train", genres: frozenset[str] = frozenset()
) -> Treebank:
    """A treebank whose right content is `content`."""
    return Treebank(
        file=f"made_up-{split}.conllu",
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        source=SOURCE,
        split=split,
        sentences=content.count("# text"),
        released=f"made-ud-{split}.conllu",
        genres=genres,
    )


def archive(path: Path, files: dict[str, str]) -> Path:
    """Write a repository's archive: every file under one folder, as the public server has it."""
    with tarfile.open(path, "w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(f"{SOURCE.name}-{SOURCE.commit}/{name}")
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return path
