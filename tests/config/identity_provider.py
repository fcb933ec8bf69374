"""A small provider of OpenID Connect on this machine: it says who somebody is whom the test says to
be there, and checks what it is asked as the protocol wants it checked."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT, SECRET = "claims", secrets.token_hex(16)


@dataclass
class IdentityProvider:
    """`issued`: what each code stands for; `claims`: what is said besides, or in place."""

    issuer: str = ""
    issued: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    broken: bool = False
    asked: list[str] = field(default_factory=list)

    def consent(self, address: str, subject: str) -> str:
        """The address that a browser is led back to, whose user logs in there as `subject`."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert (asked["scope"], asked["code_challenge_method"]) == ("openid", "S256")
        code = secrets.token_urlsafe(16)
        self.issued[code] = subject, asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """For a code, once, to who shows the secret and what the challenge was made of."""
        subject, asked = self.issued.pop(form.get("code", ""), ("", {}))
        made = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(made).decode().rstrip("=")
        shown = form.get("client_id"), form.get("client_secret"), form.get("redirect_uri")
        if not subject or shown != (CLIENT, SECRET, asked["redirect_uri"]):
            return None
        if challenge != asked["code_challenge"]:
            return None
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "sub": subject, "iat": now, "exp": now + 300}
        key = secrets.token_hex(32)
        id_token = jwt.encode({**said, **self.claims}, key, algorithm="HS256")
        return {"access_token": "of no use", "token_type": "Bearer", "id_token": id_token}


@contextmanager
def running() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            known = self.path == "/.well-known/openid-configuration"
            self.answer(provider.configuration() if known else None)

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(provider.token({k: v[0] for k, v in parse_qs(sent).items()}))

        def answer(self, said: dict[str, Any] | None) -> None:
            self.send_response(500 if provider.broken else 200 if said else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said or {"error": "invalid_request"}).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: tests say what went wrong."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
