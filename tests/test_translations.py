"""All words of the pages can be translated, and are."""

from __future__ import annotations

import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from pytest_django import Settings

LOCALES = Path(settings.BASE_DIR) / "locale"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
# English by purpose: the editors' admin, the partners' documentation, and the page that stands
# by itself when anything may have failed, translations included.
ENGLISH = ("admin/", "api/", "500.html")
# Names and marks that are the same in every language.
SAME = re.compile(r"API|Admin|GeoNames|CC BY 4\.0|km|Conflict claims|SVG|PNG|JSON|Atom|Leaflet")
TRANSLATED = re.compile(r"\{%-? *blocktrans(?:late)?\b.*?\{% *endblocktrans(?:late)? *%\}", re.S)
TEMPLATE_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S)
GAP = re.compile(r"%\(\w+\)\w")
ATTRIBUTES = ("alt", "aria-description", "aria-label", "placeholder", "title")


class Words(HTMLParser):
    """Collects what a reader would see or hear of a template."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.skipping = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ATTRIBUTES and value]
        if tag in ("code", "kbd", "script", "style"):
            self.skipping = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self.skipping:
            self.skipping = ""

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.found.append(data)


def bare_words(template: str) -> list[str]:
    """The words of a template that stand outside of what is translated."""
    reader = Words()
    reader.feed(TEMPLATE_CODE.sub("", TRANSLATED.sub("", template)))
    reader.close()
    found = (" ".join(SAME.sub("", words).split()) for words in reader.found)
    return [words for words in found if re.search(r"[^\W\d_]{2}", words)]


def test_bare_words_are_found() -> None:
    template = (
        '{% load i18n %}<p title="Seen">{% translate "Not seen" %} {{ x }}<code>run</code></p>'
        "{% blocktranslate %}Nor <b>this</b>{% endblocktranslate %}<b>Said</b>"
    )
    assert bare_words(template) == ["Seen", "Said"]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=str(path.relative_to(TEMPLATES)))
        for path in sorted(TEMPLATES.rglob("*.html"))
        if not str(path.relative_to(TEMPLATES)).startswith(ENGLISH)
    ],
)
def test_a_template_has_no_words_that_cannot_be_translated(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


def catalogue(language: str) -> Catalog:
    path = LOCALES / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def test_the_catalogue_has_all_that_code_and_templates_say(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("xgettext"):
        if os.environ.get("CI"):
            pytest.fail("GNU gettext is not installed")
        pytest.skip("GNU gettext is not installed")
    # In a folder without `locale`, where the command would write what it gathers.
    for folder in ("claims", "config", "entities", "sources", "templates"):
        (tmp_path / folder).symlink_to(Path(settings.BASE_DIR) / folder)
    settings.LOCALE_PATHS = [tmp_path / "gathered"]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["uk"], symlinks=True, verbosity=0)
    with (tmp_path / "gathered" / "uk" / "LC_MESSAGES" / "django.po").open("rb") as file:
        said = {message.id for message in read_po(file, locale="uk")}
    assert said - {message.id for message in catalogue("uk")} == set()


def test_every_message_is_translated_with_its_gaps() -> None:
    for message in catalogue("uk"):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        gaps = set(re.findall(GAP, forms(message.id)[-1]))
        for string in forms(message.string):
            assert string, message.id
            assert set(re.findall(GAP, string)) == gaps, string


def test_what_is_served_is_the_catalogue_as_written() -> None:
    with (LOCALES / "uk" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        served = {told(message) for message in read_mo(file) if message.id}
    written = {told(message) for message in catalogue("uk") if message.id}
    assert served == written, "compile it anew: make messages"


def told(message: Message) -> tuple[str, ...]:
    """The first form of a message, and what stands for it in the catalogue."""
    return forms(message.id)[0], *forms(message.string)


def forms(told: object) -> tuple[str, ...]:
    """A message's forms, where it has several, or the one that it has."""
    return tuple(map(str, told)) if isinstance(told, (list, tuple)) else (str(told),)
