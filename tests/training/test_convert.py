"""CoNLL-U to spaCy documents: contractions, empty nodes, groups, and what is refused."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from tests.training.made_up import rain, sentence, treebank
from training.convert import GROUP, convert, documents, read_conllu
from training.treebanks import PUD, TREEBANKS, Split, of_split


def write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_parts_of_a_contraction_are_words_without_a_space_between(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.conllu",
        sentence(
            "They don't wait.",
            "1 They they PRON PRP Number=Plur 4 nsubj _",
            "2-3 don't _ _ _ _ _ _ _",
            "2 do do AUX VBP _ 4 aux _",
            "3 n't not PART RB _ 4 advmod _",
            "4 wait wait VERB VB _ 0 root SpaceAfter=No",
            "5 . . PUNCT . _ 4 punct _",
        ),
    )
    [doc] = documents(path, Vocab(), random.Random(1))
    assert doc.text == "They don't wait. "
    assert [token.text for token in doc] == ["They", "do", "n't", "wait", "."]
    assert [token.lemma_ for token in doc] == ["they", "do", "not", "wait", "."]
    assert [token.tag_ for token in doc] == ["PRP", "VBP", "RB", "VB", "."]
    assert [token.pos_ for token in doc] == ["PRON", "AUX", "PART", "VERB", "PUNCT"]
    assert [token.head.i for token in doc] == [3, 3, 3, 3, 3]
    assert [token.dep_ for token in doc] == ["nsubj", "aux", "advmod", "ROOT", "punct"]
    assert [str(token.morph) for token in doc] == ["Number=Plur", "", "", "", ""]


def test_a_contraction_before_punctuation_keeps_the_space_of_the_whole(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.conllu",
        sentence(
            "They can't, now",
            "1 They they PRON PRP _ 2 nsubj _",
            "2-3 can't _ _ _ _ _ _ SpaceAfter=No",
            "2 ca can AUX MD _ 0 root _",
            "3 n't not PART RB _ 2 advmod _",
            "4 , , PUNCT , _ 2 punct _",
            "5 now now ADV RB _ 2 advmod _",
        ),
    )
    [[found]] = read_conllu(path)
    assert found.text() == "They can't, now "
    assert found.spaces == [True, False, False, True, True]


def test_an_empty_node_is_no_word(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.conllu",
        sentence(
            "Ann eats pears and Bob plums",
            "1 Ann Ann PROPN NNP _ 2 nsubj _",
            "2 eats eat VERB VBZ _ 0 root _",
            "3 pears pear NOUN NNS _ 2 obj _",
            "4 and and CCONJ CC _ 5 cc _",
            "5 Bob Bob PROPN NNP _ 2 conj _",
            "5.1 eats eat VERB VBZ _ _ _ _",
            "6 plums plum NOUN NNS _ 5 orphan _",
        ),
    )
    [[found]] = read_conllu(path)
    assert found.words == ["Ann", "eats", "pears", "and", "Bob", "plums"]
    assert found.heads == [1, 1, 1, 4, 1, 4]


def test_a_sentence_whose_words_do_not_spell_its_text_is_left_out(tmp_path: Path) -> None:
    odd = sentence(
        "gonna",
        "1-2 gonna _ _ _ _ _ _ _",
        "1 going go VERB VBG _ 0 root _",
        "2 to to PART TO _ 1 mark _",
    )
    [[found]] = read_conllu(write(tmp_path / "a.conllu", odd + rain()))
    assert found.words == ["Testville", "waits", "."]


def test_groups_stay_within_a_document_and_within_their_sizes(tmp_path: Path) -> None:
    content = rain("one") + rain() * 19 + rain("two", "Sampleton") + rain()
    docs = list(documents(write(tmp_path / "a.conllu", content), Vocab(), random.Random(1)))
    sizes = [len(list(doc.sents)) for doc in docs]
    assert sum(sizes) == 22
    assert sizes[-1] == 2
    assert all(GROUP[0] <= size <= GROUP[1] for size in sizes[:-2])
    assert [{token.text for token in doc[:1]} for doc in docs[-2:]] == [
        {"Testville"},
        {"Sampleton"},
    ]
    assert [token.i for token in docs[0] if token.is_sent_start] == [
        3 * index for index in range(sizes[0])
    ]
    assert [token.head.i for token in docs[0][3:6]] == [4, 4, 4]


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    content = rain("one") + rain() * 30
    source = (treebank(content), write(tmp_path / "a.conllu", content))
    assert convert("train", [source], tmp_path / "1.spacy") == 31
    assert convert("train", [source], tmp_path / "sub" / "2.spacy") == 31
    first, second = (tmp_path / "1.spacy").read_bytes(), (tmp_path / "sub/2.spacy").read_bytes()
    assert first == second
    docs = list(DocBin().from_bytes(first).get_docs(Vocab()))
    assert sum(len(doc) for doc in docs) == 93


@pytest.mark.parametrize("split", ["train", "dev"])
def test_what_tests_the_model_is_refused_for_training_and_tuning(
    split: Split, tmp_path: Path
) -> None:
    [pud] = [entry for entry in TREEBANKS if entry.source is PUD]
    source = write(tmp_path / pud.file, rain())
    with pytest.raises(ValueError, match=f"^en_pud-test.conllu is for test, not for {split}$"):
        convert(split, [(pud, source)], tmp_path / "out.spacy")
    assert not (tmp_path / "out.spacy").exists()


def test_pud_is_for_testing_alone() -> None:
    assert [entry.split for entry in TREEBANKS if entry.source is PUD] == ["test"]
    assert {entry.source.name for entry in of_split("train") + of_split("dev")} == {
        "UD_English-EWT",
        "UD_English-GUM",
    }
