"""Reads a Dockerfile, and tells which files its build can see."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.production.compose import ROOT


@dataclass(frozen=True, slots=True)
class Instruction:
    """`words` is the JSON form's list; of the shell form, the text after the keyword alone."""

    keyword: str
    text: str
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Stage:
    """`base` is the image, or the name of the stage, that it starts from."""

    name: str
    base: str
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, keyword: str) -> list[Instruction]:
        return [each for each in self.instructions if each.keyword == keyword]


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile, in its order."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found: list[Stage] = []
    for line in filter(None, (line.strip() for line in joined.splitlines())):
        keyword, rest = line.split(None, 1)
        if keyword == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(name.strip(), base.strip()))
        else:
            words = tuple(json.loads(rest)) if rest.startswith("[") else ()
            found[-1].instructions.append(Instruction(keyword, rest, words))
    return found


def environment(line: list[Stage]) -> dict[str, str]:
    """What ENV sets in these stages, each of which starts from the one before."""
    pairs = (pair for stage in line for each in stage.all("ENV") for pair in each.text.split())
    return dict(pair.split("=", 1) for pair in pairs)


def tracked() -> list[str]:
    """The files of the repository, and those about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [name for name in listed if (ROOT / name).is_file()]


def context() -> list[str]:
    """The files that a build gets: the repository's, less what .dockerignore excludes."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    return [name for name in tracked() if not ignored(name, patterns)]


def ignored(name: str, patterns: list[str]) -> bool:
    """Whether the last pattern that fits the file, or a folder that it is in, excludes it."""
    path = PurePosixPath(name)
    candidates = [str(path), *(str(parent) for parent in path.parents if str(parent) != ".")]
    outcome = False
    for pattern in patterns:
        included, bare = pattern.startswith("!"), pattern.lstrip("!")
        if any(_fits(candidate, bare) for candidate in candidates):
            outcome = not included
    return outcome


def _fits(candidate: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch.fnmatchcase(PurePosixPath(candidate).name, pattern.removeprefix("**/"))
    deep = candidate.count("/") == pattern.count("/")  # a star does not reach into folders
    return deep and fnmatch.fnmatchcase(candidate, pattern)


def read(path: Path = ROOT / "Dockerfile") -> list[Stage]:
    return stages(path.read_text())
