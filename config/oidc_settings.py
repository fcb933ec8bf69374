"""The identity provider as its settings say, in the form that django-allauth has settings in."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from config import env

HERE = ("localhost", "127.0.0.1")  # where nobody listens in


def providers(issuer: str, client: str, secret: str, name: str) -> dict[str, Any]:
    """The setting SOCIALACCOUNT_PROVIDERS. The provider's part of addresses is made of its own
    address: another provider's identities are never taken for this one's.

    Raises ImproperlyConfigured where it is asked in the open, or name or secret is missing."""
    if not issuer:
        return {}
    split = urlsplit(issuer)
    if split.scheme != "https" and (split.scheme != "http" or split.hostname not in HERE):
        env.refuse("CLAIMS_OIDC_ISSUER", f"is {issuer!r}: must be https://…")
    if not client or not secret:
        env.refuse("CLAIMS_OIDC_ISSUER", "needs CLAIMS_OIDC_CLIENT and CLAIMS_OIDC_SECRET")
    app = {
        "provider_id": re.sub("[^a-z0-9]+", "-", f"{split.netloc}{split.path}".lower()).strip("-"),
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {
            "server_url": issuer,
            "oauth_pkce_enabled": True,
            "scope": ["openid"],
            "fetch_userinfo": False,
        },
    }
    return {"openid_connect": {"APPS": [app]}}
