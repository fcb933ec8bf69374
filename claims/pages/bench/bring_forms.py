"""The forms by which texts are brought in and completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.access.roles import allowed_conflicts
from claims.intake import Upload, bring_address, bring_files, bring_text
from claims.pages.bench.moments import LONGEST, read_moment
from entities.models import Conflict
from sources.adapters import MAX_BYTES, READERS, Defaults
from sources.adapters.raw import MAX_CHARACTERS, parse_time
from sources.models import Intake, IntakeItem
from sources.targets import MAX_LENGTH, FetchError, target

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_FILES = 20  # at once
MOST_BYTES = MAX_BYTES  # of all of them


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Into which conflicts somebody may bring texts. `or_none`: into none, too."""

    choices: tuple[tuple[str, StrOrPromise], ...]
    or_none: bool

    @classmethod
    def of(cls, user: User) -> Conflicts:
        allowed = allowed_conflicts(user, "bring_in")
        rows = Conflict.objects.filter(allowed.within("pk")).order_by("name")
        found = tuple(rows.values_list("slug", "name"))
        if allowed.everywhere:
            return cls((("", _("none")), *found), or_none=True)
        return cls(found if len(found) == 1 else (("", _("choose")), *found), or_none=False)


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, as a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [super(FilesField, self).clean(one) for one in data or ()]
        if len(files) > MOST_FILES:
            raise ValidationError(
                gettext("At most %(most)d files are taken at once.") % {"most": MOST_FILES}
            )
        if sum(file.size for file in files) > MOST_BYTES:
            raise ValidationError(too_large())
        return files


def too_large() -> str:
    most = {"megabytes": MOST_BYTES // 1_000_000}
    return gettext("Together the files are larger than %(megabytes)d MB.") % most


class AboutForm(forms.Form):
    """What is said of a text: whose it is, of when, in which conflict. Whatever is left empty
    the text itself says, or is asked for."""

    title = forms.CharField(label=_("Title"), max_length=500, required=False)
    publisher = forms.CharField(
        label=_("Publisher"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "publishers", "autocomplete": "off"}),
    )
    published = forms.CharField(label=_("Published"), max_length=LONGEST, required=False)
    conflict = forms.ChoiceField(label=_("Conflict"), required=False)

    def __init__(self, *args: Any, conflicts: Conflicts, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["conflict"] = forms.ChoiceField(
            label=_("Conflict"), choices=conflicts.choices, required=not conflicts.or_none
        )
        placeholder = gettext("11 January 2023 18:05")
        self.fields["published"].widget.attrs["placeholder"] = placeholder

    def clean_published(self) -> Any:
        words, now = self.cleaned_data["published"].strip(), timezone.now()
        if not words:
            return None
        found = read_moment(words, now)
        if found is None:
            raise ValidationError(
                gettext("This time is not understood. Write it as: 11 January 2023 18:05.")
            )
        if found > now + timedelta(minutes=10):
            raise ValidationError(gettext("This time has not come yet."))
        return found

    @property
    def about(self) -> Defaults:
        """What a valid form says."""
        given = self.cleaned_data
        return Defaults(given["publisher"], given["published"], given["conflict"])


class BringForm(AboutForm):
    """A text, files or an address. Beside a text the address is where the text stands; alone it
    is fetched."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    uploads = FilesField(label=_("Files"), required=False)
    url = forms.CharField(label=_("Address"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].widget.attrs.update({"inputmode": "url", "placeholder": "https://"})
        self.fields["uploads"].widget.attrs["accept"] = ",".join(READERS)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if len(url) > MAX_LENGTH or (url and not url.startswith(("http://", "https://"))):
            raise ValidationError(
                gettext("This is no web address: it must begin with http:// or https://.")
            )
        return url

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        text, files, url = (given.get(name) for name in ("text", "uploads", "url"))
        if {"text", "uploads", "url"} & self.errors.keys():
            return given
        if not (text or files or url):
            self.add_error(None, gettext("Paste a text, choose files, or give an address."))
        elif files and (text or url):
            self.add_error(
                None, gettext("Files are brought in alone: leave the text and the address empty.")
            )
        elif url and not text:
            self._check_address(url)
        return given

    def _check_address(self, url: str) -> None:
        """What can be said of an address before anything is looked up."""
        try:
            target(url, settings.FETCH_ALLOW_HOSTS)
        except FetchError as error:
            told = gettext(error.said)
            self.add_error("url", told % error.values if error.values else told)

    def bring(self, user: User) -> Intake | None:
        """Do what a valid form asks for. None: nothing can come of its text, which it now says."""
        given, about = self.cleaned_data, self.about
        if given["uploads"]:
            files = [Upload(file.name or "", file.read()) for file in given["uploads"]]
            return bring_files(by=user, about=about, files=files)
        title, url = given["title"], given["url"]
        if not given["text"]:
            return bring_address(by=user, about=about, address=url, title=title)
        try:
            return bring_text(by=user, about=about, text=given["text"], title=title, url=url)
        except ValidationError as error:
            self.add_error(None, error)
            return None


class CompleteForm(AboutForm):
    """What an incomplete text lacks."""

    def __init__(self, *args: Any, item: IntakeItem, **kwargs: Any) -> None:
        known = {
            "title": item.title,
            "publisher": item.publisher,
            "published": item.published and _as_typed(item.published),
            "conflict": item.conflict_slug,
        }
        options = {"initial": known, "prefix": f"item-{item.number}", **kwargs}
        super().__init__(*args, **options)


class CompleteAllForm(AboutForm):
    """What all incomplete texts of an intake lack."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "all", **kwargs})
        del self.fields["title"]


def _as_typed(published: str) -> str:
    return parse_time(published).isoformat(" ", "minutes")


def remembered(user: User, given: Mapping[str, str]) -> dict[str, str]:
    """What the form begins with: what the address of the page brings along, as from the
    bookmarklet, and what `user` said the last time. The publisher only where no other is likely:
    what is given goes before what a page says of itself."""
    last = Intake.objects.filter(by=user).exclude(way=Intake.Way.API).first()
    of_last = {"publisher": last.publisher, "conflict": last.conflict_slug} if last else {}
    brought = {name: given[name] for name in ("url", "title", "text") if given.get(name)}
    if "title" in brought:
        brought["title"] = brought["title"][:500]
    if brought:
        of_last.pop("publisher", None)
    return {**of_last, **brought}
