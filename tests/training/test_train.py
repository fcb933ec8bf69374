"""Packaging: what the model folder holds, and that it loads without a warning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy

from training import train
from training.evaluate import MARKS, fingerprint, record, table


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """A pipeline as `spacy train` leaves it, with next to nothing in it."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.config["paths"]["train"] = "somewhere/train.spacy"
    nlp.meta["performance"] = {"dep_las": 0.5, "dep_las_per_type": {"nsubj": {"p": 0.5}}}
    nlp.to_disk(tmp_path / "model-best")
    return tmp_path / "model-best"


def test_the_packaged_model_says_what_it_is_and_loads(trained: Path, tmp_path: Path) -> None:
    target = tmp_path / "model"
    size = train.package(trained, target)
    assert size == sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    nlp = spacy.load(target)
    assert nlp.pipe_names == ["sentencizer"]
    assert set(nlp.config["paths"].values()) == {None}
    meta = json.loads((target / "meta.json").read_text(encoding="utf-8"))
    assert (meta["name"], meta["version"]) == ("conflict_claims", train.VERSION)
    assert (meta["license"], meta["spacy_version"]) == ("CC BY-SA 4.0", ">=3.8,<3.9")
    assert meta["performance"] == {"dep_las": 0.5}
    readme = (target / "README.md").read_text(encoding="utf-8")
    assert all(f"[{source['name']}]({source['url']})" in readme for source in meta["sources"])
    licence = (train.HERE / "CC-BY-SA-4.0.txt").read_bytes()
    assert (target / "LICENSE").read_bytes() == licence


def test_packaging_replaces_the_folder_as_a_whole(trained: Path, tmp_path: Path) -> None:
    target = tmp_path / "model"
    target.mkdir()
    (target / "left-over").write_text("")
    train.package(trained, target)
    first = fingerprint(target)
    assert not (target / "left-over").exists()
    train.package(trained, target)
    assert fingerprint(target) == first
    assert [path.name for path in tmp_path.iterdir()].count("model") == 1


def test_too_large_a_model_is_refused_and_the_old_one_stays(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "model"
    train.package(trained, target)
    before = fingerprint(target)
    monkeypatch.setattr(train, "MAX_BYTES", 1000)
    with pytest.raises(ValueError, match=r"bytes, over 1,000$"):
        train.package(trained, target)
    assert fingerprint(target) == before


def test_a_changed_or_renamed_file_changes_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    prints = [fingerprint(tmp_path)]
    (tmp_path / "a").write_text("2")
    prints.append(fingerprint(tmp_path))
    (tmp_path / "a").rename(tmp_path / "b")
    prints.append(fingerprint(tmp_path))
    assert len(set(prints)) == 3


def test_figures_are_written_into_the_card_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, kept = tmp_path / "README.md", tmp_path / "figures.json"
    card.write_text(f"before\n{MARKS[0]}\nold\n{MARKS[1]}\nafter\n")
    monkeypatch.setattr("training.evaluate.CARD", card)
    monkeypatch.setattr("training.evaluate.FIGURES", kept)
    names = ("UAS", "LAS", "tags", "POS", "features", "lemmas", "sentences F1")
    scores = dict.fromkeys(names, 0.5) | {"tokens/s": 7000}
    figures = {
        "model": "en_made_up 1.0.0",
        "sha256": "c0ffee",
        "bytes": 1_500_000,
        "spacy": "3.8.0",
        "scores": {"en_made_up-test": scores},
    }
    record(figures)
    record(figures)
    row = f"| en_made_up-test |{' 0.500 |' * 7} 7,000 |"
    assert table(figures).splitlines()[2] == row
    lines = card.read_text().splitlines()
    assert (lines[0], lines[1], lines[4], lines[-1]) == ("before", MARKS[0], row, "after")
    assert lines.count(row) == 1
    assert lines[-4].startswith("en_made_up 1.0.0, 1.5 MB, measured with spaCy 3.8.0")
    assert json.loads(kept.read_text()) == figures
