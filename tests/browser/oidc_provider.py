"""A small OpenID provider as a process of its own: discovery, authorization, tokens, keys, end.

`python oidc_provider.py PORT CLIENT_ID CLIENT_SECRET`. It asks who comes by a form with a field for
the claims (JSON), checks client, redirect, code, PKCE and times as a real one, and signs with RS256.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}, private=True)
LIFE_SECONDS = 3600


class Provider(BaseHTTPRequestHandler):
    """One request. What is shared stands on the server: issuer, client, codes."""

    server: Server

    def do_GET(self) -> None:
        """Discovery, keys, the form, the end of a session."""
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        issuer = self.server.issuer
        if parts.path == "/.well-known/openid-configuration":
            self._json(
                {
                    "issuer": issuer,
                    "authorization_endpoint": issuer + "/authorize",
                    "token_endpoint": issuer + "/token",
                    "jwks_uri": issuer + "/keys",
                    "userinfo_endpoint": issuer + "/userinfo",
                    "end_session_endpoint": issuer + "/end",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "code_challenge_methods_supported": ["S256"],
                }
            )
        elif parts.path == "/keys":
            self._json({"keys": [KEY.as_dict(private=False)]})
        elif parts.path == "/authorize":
            if asked.get("client_id") != self.server.client_id or not asked.get("redirect_uri"):
                self._answer(400, "unknown client")
                return
            hidden = "".join(
                f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">'
                for k, v in asked.items()
            )
            self._answer(
                200,
                f'<form method="post" action="/authorize">{hidden}<input name="claims">'
                "<button>Masuk ke penyedia</button></form>",
            )
        elif parts.path == "/end":
            self._redirect(asked.get("post_logout_redirect_uri", issuer))
        else:
            self._answer(404, "nothing here")

    def do_POST(self) -> None:
        """A person who answers the form, and the dashboard that fetches its tokens."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        if self.path == "/authorize":
            code = secrets.token_urlsafe(24)
            self.server.codes[code] = given
            self._redirect(
                given["redirect_uri"] + "?" + urlencode({"code": code, "state": given["state"]})
            )
        elif self.path == "/token":
            self._token(given)
        else:
            self._answer(404, "nothing here")

    def _token(self, given: dict[str, str]) -> None:
        asked = self.server.codes.pop(given.get("code", ""), None)
        client = base64.b64encode(
            f"{self.server.client_id}:{self.server.client_secret}".encode()
        ).decode()
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        ).rstrip(b"=")
        if (
            asked is None
            or self.headers.get("Authorization") != f"Basic {client}"
            or given.get("redirect_uri") != asked["redirect_uri"]
            or asked.get("code_challenge_method") != "S256"
            or challenge.decode() != asked.get("code_challenge")
        ):
            self._json({"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {
            "iss": self.server.issuer,
            "aud": self.server.client_id,
            "iat": now,
            "exp": now + LIFE_SECONDS,
            "nonce": asked.get("nonce"),
            **json.loads(asked["claims"]),
        }
        self._json(
            {
                "access_token": secrets.token_urlsafe(16),
                "token_type": "Bearer",
                "expires_in": LIFE_SECONDS,
                "id_token": jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY),
            }
        )

    def _json(self, content: dict[str, Any], status: int = 200) -> None:
        self._answer(status, json.dumps(content), "application/json")

    def _redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def _answer(self, status: int, text: str, kind: str = "text/html") -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: addresses hold codes."""


class Server(ThreadingHTTPServer):
    """The provider's own memory."""

    def __init__(self, port: int, client_id: str, client_secret: str) -> None:
        """Listens on localhost only."""
        super().__init__(("127.0.0.1", port), Provider)
        self.issuer = f"http://localhost:{port}"
        self.client_id, self.client_secret = client_id, client_secret
        self.codes: dict[str, dict[str, str]] = {}


if __name__ == "__main__":
    Server(int(sys.argv[1]), sys.argv[2], sys.argv[3]).serve_forever()
