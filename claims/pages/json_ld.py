"""A claim as schema.org describes one, for search engines and other programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.models import Claim
from claims.pages.document import has_web_address
from sources.models import Document

# Inside a script nothing may look like markup, whatever the texts hold.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def claim_json_ld(claim: Claim, url: str, document_url: str) -> dict[str, Any]:
    """`claim` as a `Claim`. `url`, `document_url`: the absolute addresses of its page and of
    its document's."""
    place = claim.place
    about: dict[str, Any] = {"@type": "Place", "name": place.name}
    if place.latitude is not None and place.longitude is not None:
        about["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
    return {
        "@context": "https://schema.org",
        "@type": "Claim",
        "@id": url,
        "url": url,
        "text": claim.label,
        "author": _organization(str(claim.claimant or claim.document.publisher)),
        "appearance": _appearance(claim.document, document_url),
        "about": about,
    }


def _appearance(document: Document, document_url: str) -> dict[str, Any]:
    """The article in which the claim appears; of a text that retells one, a work based on it."""
    article: dict[str, Any] = {
        "@type": "NewsArticle",
        "publisher": _organization(document.publisher.name),
    }
    if has_web_address(document):
        article["url"] = document.url
    if document.provenance == Document.Provenance.RETOLD:
        return {"@type": "CreativeWork", "url": document_url, "isBasedOn": article}
    article.setdefault("url", document_url)
    if document.title:
        article["headline"] = document.title
    article["datePublished"] = document.published_local.isoformat()
    return article


def _organization(name: str) -> dict[str, Any]:
    return {"@type": "Organization", "name": name}


def json_ld_script(value: Mapping[str, Any]) -> SafeString:
    """A block of data that no browser runs, which the content security policy lets stand."""
    text = json.dumps(value).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))
