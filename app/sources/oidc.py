"""OpenID Connect, the authorization code flow with PKCE: the one place that talks to the identity provider.

Only the configured issuer is believed. Its addresses and keys are asked for at each sign-in, which is rare enough, so
that changed keys need no restart. Authlib does the protocol (RFC 6749, 7636, OpenID Connect Core 3.1).
"""

import secrets
import ssl
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.sources.providers import Departure, NotBelieved, Person, Provider, ProviderAway

TIMEOUT_SECONDS = 5.0
"""A provider that takes longer is away: people had better hear that than wait."""
LEEWAY_SECONDS = 60
"""Clocks of two computers differ."""
MAX_ANSWER = 1024 * 1024
"""No answer of a provider is near it."""
SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with the provider's own key: never "none", never a secret that we share."""
LANGUAGES = 2
"""Letters of a locale that name its language."""


def depart(provider: Provider, return_to: str) -> Departure:
    """Begins a sign-in at the provider. Raises ProviderAway."""
    with _client(provider, return_to) as client:
        endpoint = _discover(provider, client)["authorization_endpoint"]
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        address, _ = client.create_authorization_url(endpoint, state=state, code_verifier=verifier, nonce=nonce)
    return Departure(str(address), state, nonce, verifier)


def arrive(provider: Provider, return_to: str, departure: Departure, code: str, now: datetime) -> Person:
    """Who signed in, for the code that the browser brought back. Raises ProviderAway, and NotBelieved where the code
    or the ID token does not hold."""
    with _client(provider, return_to) as client:
        metadata = _discover(provider, client)
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" not in methods:
            client.token_endpoint_auth_method = "client_secret_post"  # noqa: S105 - the name of a method
        token = _redeem(client, metadata["token_endpoint"], code, departure.verifier)
        keys = _fetch(client, metadata["jwks_uri"])
        claims = _verified(provider, token, keys, departure.nonce, now)
        lacking = provider.groups_claim not in claims or "email" not in claims
        if lacking and metadata.get("userinfo_endpoint"):
            told = _fetch(client, metadata["userinfo_endpoint"], str(token["access_token"]))
            if told.get("sub") == claims["sub"]:
                claims = told | claims
    return _person(provider, claims)


def reach(provider: Provider) -> None:
    """Whether a sign-in could begin there. Raises ProviderAway."""
    with _client(provider, "") as client:
        _discover(provider, client)


def _client(provider: Provider, return_to: str) -> OAuth2Client:
    return OAuth2Client(
        provider.client_id,
        provider.client_secret,
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
        scope=SCOPE,
        redirect_uri=return_to,
        code_challenge_method="S256",
        timeout=TIMEOUT_SECONDS,
        follow_redirects=False,
        verify=_trusted(),
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Whom encrypted connections trust; reading that takes long, and it does not change."""
    return httpx2.create_ssl_context()


def _discover(provider: Provider, client: OAuth2Client) -> dict[str, Any]:
    """The provider's addresses, which must be its own: the issuer they name is the one configured."""
    metadata = _fetch(client, provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    addresses = [metadata.get(name) for name in wanted]
    if metadata.get("issuer") != provider.issuer:
        raise ProviderAway("another issuer")
    schemes = {"https", urlsplit(provider.issuer).scheme}
    if not all(isinstance(address, str) and urlsplit(address).scheme in schemes for address in addresses):
        raise ProviderAway("addresses missing")
    return metadata


def _fetch(client: OAuth2Client, address: str, access_token: str = "") -> dict[str, Any]:
    """A JSON object of the provider."""
    headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
    try:
        with client.stream("GET", address, withhold_token=True, headers=headers) as answer:
            answer.raise_for_status()
            if answer.status_code != httpx2.codes.OK:
                raise ProviderAway("no answer")
            body = bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > MAX_ANSWER:
                    raise ProviderAway("endless answer")
        found = httpx2.Response(200, content=bytes(body)).json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise ProviderAway(type(error).__name__) from error
    if not isinstance(found, dict):
        raise ProviderAway("no object")
    return found


def _redeem(client: OAuth2Client, address: str, code: str, verifier: str) -> Mapping[str, Any]:
    try:
        token: Mapping[str, Any] = client.fetch_token(address, code=code, code_verifier=verifier)
    except AuthlibBaseError as error:
        raise NotBelieved("code refused") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise ProviderAway(type(error).__name__) from error
    if not (isinstance(token.get("id_token"), str) and isinstance(token.get("access_token"), str)):
        raise NotBelieved("no ID token")
    return token


def _verified(
    provider: Provider, token: Mapping[str, Any], keys: dict[str, Any], nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims of the ID token: signed by the provider, meant for us, for this sign-in, and still valid."""
    try:
        signed = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
            },
            {"nonce": nonce, "client_id": provider.client_id, "access_token": token["access_token"]},
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
        raise NotBelieved(f"ID token: {type(error).__name__}") from error
    return dict(claims)


def _person(provider: Provider, claims: Mapping[str, Any]) -> Person:
    groups = claims.get(provider.groups_claim)
    groups = [groups] if isinstance(groups, str) else groups
    return Person(
        issuer=provider.issuer,
        subject=str(claims["sub"]),
        email=_text(claims, "email").strip().lower(),
        email_verified=claims.get("email_verified") is True,
        name=_text(claims, "name").strip(),
        language=_text(claims, "locale")[:LANGUAGES].lower(),
        groups=frozenset(one for one in groups if isinstance(one, str)) if isinstance(groups, list) else frozenset(),
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
