"""The admin's pages of documents."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from sources.ingest import store
from tests.factories import make_raw, make_user

pytestmark = pytest.mark.django_db


def test_documents_of_no_conflict_are_filtered_by_a_link_with_words(client: Client) -> None:
    store(make_raw("Soledar is quiet.", conflict="", title="Quiet"))
    store(make_raw("Omdurman is quiet.", conflict="sudan", title="Not there"))
    client.force_login(make_user("chief", superuser=True))
    page = client.get("/admin/sources/document/").content.decode()
    found = re.findall(r'<a href="(\?conflict_slug=[^"]*)">\s*([^<]*?)\s*</a>', page)
    assert found == [("?conflict_slug=", "none"), ("?conflict_slug=sudan", "sudan")]
    listed = client.get("/admin/sources/document/?conflict_slug=").context["cl"].result_list
    assert [one.title for one in listed] == ["Quiet"]
