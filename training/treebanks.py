"""The treebanks that the parsing model is trained and measured on, and where they come from.

Each file is known by its SHA-256. `CLAIMS_TREEBANKS_DIR`, where set, is the folder that holds
the files; else they are put together from the archives of their public repositories, by
commit, and kept in `var/training/treebanks`. Either way the hash is checked on every use.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import tarfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "var" / "training" / "treebanks"
BASE_URL = "https://github.com/UniversalDependencies"
UNRELEASED = "not-to-release"  # what a repository holds besides its released files
TIMEOUT = 60  # seconds without an answer

Split = Literal["train", "dev", "test"]
logger = logging.getLogger(__name__)


class TreebankError(Exception):
    """A treebank is missing, cannot be fetched, or is not the recorded one. One line."""


@dataclass(frozen=True, slots=True)
class Source:
    """A public treebank repository at one commit, and whom to credit for it."""

    name: str  # UD_<language>-<treebank>
    commit: str
    licence: str
    credit: str

    @property
    def url(self) -> str:
        """Address of the repository's page at the commit."""
        return f"{BASE_URL}/{self.name}/tree/{self.commit}"


@dataclass(frozen=True, slots=True)
class Treebank:
    """One CoNLL-U file.

    `released` is the repository's own file of the split. With `by_document` the treebank is
    that split's documents in the order of their ids; without, it is that file as it is.
    `genres` keeps only the documents of these genres (the second part of a GUM document's id).
    """

    file: str
    sha256: str
    source: Source
    split: Split
    sentences: int
    released: str
    by_document: bool = True
    genres: frozenset[str] = frozenset()


EWT = Source(
    name="UD_English-EWT",
    commit="15d613d8447b3478787d4c278730a1e48a945efb",
    licence="CC BY-SA 4.0",
    credit="Universal Dependencies English Web Treebank, © The Board of Trustees of The Leland "
    "Stanford Junior University; Silveira et al., A Gold Standard Dependency Corpus for "
    "English, LREC 2014; texts of the LDC English Web Treebank (LDC2012T13)",
)
GUM = Source(
    name="UD_English-GUM",
    commit="afb41ee9bca57991125814fa04d96a0e61470c8b",
    licence="annotations CC BY 4.0; texts CC BY 2.5 (news and interviews of Wikinews), CC BY-SA "
    "3.0 (biographies of Wikipedia, travel guides of Wikivoyage), CC BY 4.0 (court, textbook, "
    "vlog), public domain (speech)",
    credit="Georgetown University Multilayer corpus; Zeldes, The GUM Corpus: Creating Multilayer "
    "Resources in the Classroom, Language Resources and Evaluation 51(3), 2017, and its annotators",
)
PUD = Source(
    name="UD_English-PUD",
    commit="f16eba4ae7f3d161870ed320676c5088b8fa476c",
    licence="CC BY-SA 3.0",
    credit="Parallel Universal Dependencies; Zeman et al., CoNLL 2017 Shared Task: Multilingual "
    "Parsing from Raw Text to Universal Dependencies, 2017; annotated by Google, translated by "
    "DFKI",
)
# The genres whose texts may be redistributed and used commercially.
OPEN_GENRES = frozenset(
    {"news", "interview", "bio", "voyage", "speech", "textbook", "vlog", "court"}
)

TREEBANKS = (
    Treebank(
        file="en_ewt-train.conllu",
        sha256="4f5bf82b493c2ae7563889e57a87c02e6e9ee8ccbba417a899c73ff09a4807a6",
        source=EWT,
        split="train",
        sentences=12544,
        released="en_ewt-ud-train.conllu",
    ),
    Treebank(
        file="en_gum_open-train.conllu",
        sha256="759429b2e0558966870890cb5821720761ba20e59bec2b89ca3299a0d1cb47b4",
        source=GUM,
        split="train",
        sentences=5396,
        released="en_gum-ud-train.conllu",
        genres=OPEN_GENRES,
    ),
    Treebank(
        file="en_ewt-dev.conllu",
        sha256="dde555f8a516856486cf4c2d53ac0135b64866fed3734b2f04e71235eb45bebc",
        source=EWT,
        split="dev",
        sentences=2001,
        released="en_ewt-ud-dev.conllu",
    ),
    Treebank(
        file="en_gum_open-dev.conllu",
        sha256="2db0198801b3dbd1bbb2642f2691730478d50300f599613d7527f688cc7ad71b",
        source=GUM,
        split="dev",
        sentences=588,
        released="en_gum-ud-dev.conllu",
        genres=OPEN_GENRES,
    ),
    Treebank(
        file="en_pud-test.conllu",
        sha256="c80584f2bc2b31d5bada78a1136f9feec7ac49e5e18898db02dea434b5b8f0aa",
        source=PUD,
        split="test",
        sentences=1000,
        released="en_pud-ud-test.conllu",
        by_document=False,
    ),
    Treebank(
        file="en_gum_open-test.conllu",
        sha256="359aa1748d03871535ced4a217576e7d53658fcc45c23b5d99a9904f8e47d58f",
        source=GUM,
        split="test",
        sentences=615,
        released="en_gum-ud-test.conllu",
        genres=OPEN_GENRES,
    ),
    Treebank(
        file="en_ewt-test.conllu",
        sha256="6c92a94f217827b367c5adf6e78d3d6aa610fb304e0fe9b786f22ed7eb3eb031",
        source=EWT,
        split="test",
        sentences=2077,
        released="en_ewt-ud-test.conllu",
    ),
)


def of_split(split: Split) -> list[Treebank]:
    """The registry's treebanks of one split. Only "test" has PUD."""
    return [treebank for treebank in TREEBANKS if treebank.split == split]


def locate(treebank: Treebank, cache: Path = CACHE) -> Path:
    """Path of the treebank's file, its content checked. Raises TreebankError.

    Looks in `CLAIMS_TREEBANKS_DIR` where that is set, else in `cache`, which it fills.
    """
    given = os.environ.get("CLAIMS_TREEBANKS_DIR")
    path = (Path(given) if given else cache) / treebank.file
    if given and not path.is_file():
        raise TreebankError(f"{path}: no such file in CLAIMS_TREEBANKS_DIR")
    if not path.is_file():
        _build(treebank, path)
    _check(treebank, path)
    return path


def _check(treebank: Treebank, path: Path) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != treebank.sha256:
        raise TreebankError(f"{path}: SHA-256 is {found}, not the recorded {treebank.sha256}")


def _build(treebank: Treebank, path: Path) -> None:
    """Put the file together from its repository's archive, and keep it if the hash is right."""
    archive = fetch(treebank.source, path.parent)
    try:
        for content in compositions(treebank, archive):
            if hashlib.sha256(content).hexdigest() == treebank.sha256:
                _write(path, content)
                return
    except (tarfile.TarError, EOFError, OSError) as error:
        raise TreebankError(f"{archive}: unreadable archive ({error}); remove it") from error
    raise TreebankError(
        f"{treebank.file}: what {treebank.source.url} gives has not the recorded SHA-256 "
        f"{treebank.sha256}"
    )


def fetch(source: Source, folder: Path) -> Path:
    """Path of the repository's archive in `folder`, downloaded unless it is there already.

    `CLAIMS_TREEBANKS_URL` names another server with the same paths: https, or this machine.
    Raises TreebankError.
    """
    path = folder / f"{source.name}-{source.commit[:12]}.tar.gz"
    if path.is_file():
        return path
    base = os.environ.get("CLAIMS_TREEBANKS_URL", BASE_URL)
    url = f"{base}/{source.name}/archive/{source.commit}.tar.gz"
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and (parts.scheme, parts.hostname) != ("http", "127.0.0.1"):
        raise TreebankError(f"{url}: only https is accepted")
    logger.info("downloading %s", url)
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer, part.open("wb") as out:  # noqa: S310
            shutil.copyfileobj(answer, out)
    except OSError as error:  # URLError, HTTPError, timeouts, a full disk
        part.unlink(missing_ok=True)
        raise TreebankError(f"{url}: {error}") from error
    part.replace(path)
    return path


def compositions(treebank: Treebank, archive: Path) -> Iterator[bytes]:
    """Yield the contents that the archive may hold the treebank under; the hash decides.

    A repository has every document twice: in the split's released file, and as a source of
    its own, listed by split; the two can be of different states at one commit.
    """
    texts = _read(archive)
    if treebank.released in texts:
        released = texts[treebank.released]
        yield _by_document(treebank, released) if treebank.by_document else released.encode()
    names = texts.get(f"{UNRELEASED}/file-lists/files.{treebank.split}", "").split()
    paths = [f"{UNRELEASED}/sources/{name.removesuffix('.conllu')}.conllu" for name in names]
    if paths and all(path in texts for path in paths):
        yield _by_document(treebank, "".join(texts[path] for path in paths))


def _read(archive: Path) -> dict[str, str]:
    """The archive's CoNLL-U files and file lists, by path in the repository.

    Read in one pass: to go back in a compressed archive is to begin it anew.
    """
    texts = {}
    with tarfile.open(archive, "r|gz") as tar:
        for member in tar:
            path = member.name.partition("/")[2]
            if path.endswith(".conllu") or path.startswith(f"{UNRELEASED}/file-lists/"):
                file = tar.extractfile(member)
                texts[path] = file.read().decode("utf-8") if file else ""
    return texts


def _by_document(treebank: Treebank, conllu: str) -> bytes:
    """The documents of the treebank's genres, in the order of their ids."""
    documents = re.split(r"^# newdoc id = (.+)\n", conllu, flags=re.MULTILINE)[1:]
    pairs = sorted(zip(documents[::2], documents[1::2], strict=True))
    kept = (
        f"# newdoc id = {name}\n{body}"
        for name, body in pairs
        if not treebank.genres or name.split("_")[1] in treebank.genres
    )
    return "".join(kept).encode()


def _write(path: Path, content: bytes) -> None:
    """Write the file whole or not at all."""
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
