"""Where treebanks come from: a folder, or a server; and that only the recorded content passes."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.made_up import SOURCE, archive, rain, treebank
from training import treebanks
from training.treebanks import TreebankError, locate

ONE, TWO = rain("MADE_news_one"), rain("MADE_news_two", "Sampleton")
FICTION = rain("MADE_fiction_three", "Dreamton")
LISTED = "not-to-release/file-lists/files.train"
SOURCES = "not-to-release/sources"


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder on the loopback, and keeps the paths that were asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        file = self.server.folder / Path(self.path).name
        if not file.is_file():
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(file.read_bytes())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    folder = tmp_path / "public"
    folder.mkdir()
    with Server(folder) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        monkeypatch.delenv("CLAIMS_TREEBANKS_DIR", raising=False)
        monkeypatch.setenv("CLAIMS_TREEBANKS_URL", f"http://127.0.0.1:{running.server_port}")
        yield running
        running.shutdown()
        thread.join()


def publish(server: Server, files: dict[str, str]) -> None:
    archive(server.folder / f"{SOURCE.commit}.tar.gz", files)


def test_the_given_folder_is_used_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMS_TREEBANKS_DIR", str(tmp_path))
    wanted = treebank(ONE)
    path = tmp_path / wanted.file
    with pytest.raises(TreebankError, match=r"no such file in CLAIMS_TREEBANKS_DIR$"):
        locate(wanted)
    path.write_text(ONE)
    assert locate(wanted) == path
    path.write_text(ONE + " ")
    with pytest.raises(TreebankError, match=f"not the recorded {wanted.sha256}$"):
        locate(wanted)
    assert path.read_text() == ONE + " "


def test_a_download_is_put_together_from_the_sources_in_order_of_id(
    server: Server, tmp_path: Path
) -> None:
    publish(
        server,
        {
            LISTED: "b/two.xml.conllu\na/one.xml\n",
            f"{SOURCES}/b/two.xml.conllu": TWO,
            f"{SOURCES}/a/one.xml.conllu": ONE,
            "made-ud-train.conllu": "# newdoc id = stale\n\n",
        },
    )
    wanted = treebank(ONE + TWO)
    path = locate(wanted, tmp_path / "cache")
    assert path.read_text() == ONE + TWO
    assert locate(wanted, tmp_path / "cache") == path
    assert server.asked == [f"/{SOURCE.name}/archive/{SOURCE.commit}.tar.gz"]


def test_a_download_keeps_the_open_genres_of_the_released_file(
    server: Server, tmp_path: Path
) -> None:
    publish(server, {"made-ud-train.conllu": TWO + FICTION + ONE})
    path = locate(treebank(ONE + TWO, genres=frozenset({"news"})), tmp_path / "cache")
    assert path.read_text() == ONE + TWO


def test_other_content_is_refused_and_not_kept(server: Server, tmp_path: Path) -> None:
    publish(server, {LISTED: "", "made-ud-train.conllu": TWO})
    with pytest.raises(TreebankError, match=r"^made_up-train.conllu: .* not the recorded SHA-256"):
        locate(treebank(ONE), tmp_path / "cache")
    assert not (tmp_path / "cache" / "made_up-train.conllu").exists()


def test_a_kept_file_that_was_changed_is_refused(server: Server, tmp_path: Path) -> None:
    publish(server, {"made-ud-train.conllu": ONE})
    path = locate(treebank(ONE), tmp_path / "cache")
    path.write_text(TWO)
    with pytest.raises(TreebankError, match=r"SHA-256 is"):
        locate(treebank(ONE), tmp_path / "cache")


def test_a_missing_repository_is_one_clear_line(server: Server, tmp_path: Path) -> None:
    with pytest.raises(TreebankError, match=r"\.tar\.gz: HTTP Error 404: Not Found$"):
        locate(treebank(ONE), tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_broken_archive_is_one_clear_line(server: Server, tmp_path: Path) -> None:
    (server.folder / f"{SOURCE.commit}.tar.gz").write_bytes(b"no archive")
    with pytest.raises(TreebankError, match=r"unreadable archive \(.+\); remove it$"):
        locate(treebank(ONE), tmp_path / "cache")


@pytest.mark.parametrize("base", ["http://treebanks.example", "file:///srv", "ftp://127.0.0.1"])
def test_only_https_is_accepted(base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAIMS_TREEBANKS_DIR", raising=False)
    monkeypatch.setenv("CLAIMS_TREEBANKS_URL", base)
    with pytest.raises(TreebankError, match=r"only https is accepted$"):
        locate(treebank(ONE), tmp_path)


def test_the_registry_names_every_file_once_and_downloads_over_https() -> None:
    files = [entry.file for entry in treebanks.TREEBANKS]
    assert len(set(files)) == len(files) == 7
    assert {len(entry.sha256) for entry in treebanks.TREEBANKS} == {64}
    assert {len(entry.source.commit) for entry in treebanks.TREEBANKS} == {40}
    assert treebanks.BASE_URL.startswith("https://")
