"""A page with its forms, as a browser without scripts would send them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.reading import Reader


@dataclass
class Form:
    """`fields`: names and values that are sent as they stand, without those of buttons."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@dataclass
class Anchor:
    href: str
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


class Page(Reader):
    def __init__(self, html: str) -> None:
        self.forms: list[Form] = []
        self.anchors: list[Anchor] = []
        self._form: Form | None = None
        self._anchor: Anchor | None = None
        self._select, self._textarea = "", ""
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        elif tag == "a":
            self._anchor = Anchor(given.get("href", ""))
            self.anchors.append(self._anchor)
        elif self._form is not None and given.keys() & {"name", "value"}:
            self._control(self._form, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "input" and given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                form.fields.append((name, given.get("value", "on")))
        elif tag == "input" and name:
            form.fields.append((name, value))
        elif tag == "button" and name:
            form.buttons.append((name, value))
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
            form.fields.append((name, ""))
        elif tag == "option" and "selected" in given:
            form.fields.append((self._select, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "a":
            self._anchor = None
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if self._anchor is not None:
            self._anchor.words.append(data)
        if self._form is not None:
            if self._textarea:
                name, value = self._form.fields.pop()
                self._form.fields.append((name, value + data))
            else:
                self._form.words.append(data)

    def form(self, words: str) -> Form:
        """The one form that has these words."""
        (found,) = [form for form in self.forms if words in form.text]
        return found
