"""An identity provider on loopback that keeps the rules (PKCE, codes good once), and lies in ID tokens when told."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID, CLIENT_SECRET = "siepp", "a secret of the provider and us"


class LyingProvider:
    """`claims` go into every ID token; `lies` override what would be true; `key` signs."""

    def __init__(self) -> None:
        self.issuer = ""
        self.claims: dict[str, Any] = {}
        self.lies: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.published = self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.metadata: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}

    def consent(self, address: str, **changed: str) -> str:
        """What a person does there: signs in, and comes back with a code. Gives the address to come back to."""
        asked = dict(parse_qsl(urlsplit(address).query)) | changed
        assert (asked["response_type"], asked["code_challenge_method"], asked["client_id"]) == (
            "code",
            "S256",
            CLIENT_ID,
        )
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = urlsplit(asked["redirect_uri"]).path
        return f"{back}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        } | self.metadata

    def redeem(self, form: Mapping[str, str], authorization: str) -> dict[str, Any]:
        asked = self.codes.pop(form["code"], None)
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if (
            asked is None
            or base64.urlsafe_b64encode(challenge).decode().rstrip("=") != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
            or authorization != f"Basic {expected}"
        ):
            return {"error": "invalid_grant"}
        now = int(time.time())
        true = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in (true | self.claims | self.lies).items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid or "one"}
        signed = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@contextmanager
def running() -> Iterator[LyingProvider]:
    provider = LyingProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {
                "/.well-known/openid-configuration": provider.configuration,
                "/keys": lambda: KeySet([provider.published]).as_dict(private=False),
                "/userinfo": lambda: provider.userinfo,
            }[urlsplit(self.path).path]()
            self._answer(200, found)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            told = provider.redeem(form, self.headers.get("Authorization", ""))
            self._answer(400 if "error" in told else 200, told)

        def _answer(self, status: int, body: object) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    provider.issuer = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
