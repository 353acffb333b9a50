"""How fast requests may come: from a token or a browser's session, from its user by all of them, from an address.

Against a program that has gone wild and against guessing, not against a flood: whoever floods is stopped by what stands
before the service. So the limits are such that no person and no sane program meets them, and are kept in the memory of
a process: with N processes N times as much gets through, which is still no harm, and no request waits for a database.
The pauses after wrong passwords, which must hold everywhere, are kept in the database (services/signing_in.py).

Written here since libraries that count requests (limits) forget by time alone: whoever comes from ever new addresses
fills their memory. Here the one that came longest ago is forgotten first.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from time import monotonic

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

WINDOW_SECONDS = 60.0
"""Whoever was silent for so long may send all requests of a minute at once."""
STRANGERS_SHARE = 5
"""Who has not signed in gets a fifth: the log-in, help and surveys of everyone behind one office's address fit in."""
REMEMBERED = 20_000
"""Tokens, users and addresses of which each has a number: about 4 MB, and more than a nation's users in a minute."""
ACCOUNT = "account"
"""Where a request's state says whose it was, once that is known."""
FREE = ("/static/", "/healthz", "/readiness", "/metrics")
"""Files that are kept anyway, and what only machines ask that have to know at once."""
_NETWORK_BITS = 64
"""Of an IPv6 address: what one subscriber has at the least."""


class Pace:
    """A bucket of tokens by key, as one number each: when the bucket would be full again (the virtual scheduling of
    ITU-T I.371)."""

    def __init__(self, per_minute: int, most: int = REMEMBERED) -> None:
        self._seconds, self._most = WINDOW_SECONDS / per_minute, most
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def wait(self, key: str, now: float) -> float:
        """Takes one; 0 where there was one, else the seconds until there is, and none is taken."""
        full_at = max(self._full_at.pop(key, now), now) + self._seconds
        short = full_at - now - WINDOW_SECONDS
        self._full_at[key] = full_at if short <= 0 else full_at - self._seconds
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)
        return max(short, 0.0)

    def __len__(self) -> int:
        return len(self._full_at)


@dataclass(slots=True)
class Paces:
    """The paces of a process. One whose token or session has been recognised counts by it and by its user, everyone
    else by the address: so a guessed token costs what a stranger costs, and nobody behind a busy address is held up
    who has signed in."""

    known: Pace
    strangers: Pace
    clock: Callable[[], float]
    accounts: OrderedDict[str, str]

    def wait(self, scope: Scope) -> float:
        """Seconds for which the request has to wait; 0 where it may go on, which is then counted."""
        if scope["path"].startswith(FREE):
            return 0.0
        now, credential = self.clock(), _credential(scope)
        account = self.accounts.get(credential) if credential else None
        if account is None or credential is None:
            return self.strangers.wait(_address(scope), now)
        return self.known.wait(credential, now) or self.known.wait(account, now)

    def learn(self, scope: Scope) -> None:
        """After the answer: whose the token or session is, where that was seen. One that has ended meanwhile still has
        a bucket of its own."""
        account = scope.get("state", {}).get(ACCOUNT)
        credential = _credential(scope) if account is not None else None
        if credential is not None:
            self.accounts[credential] = account
            self.accounts.move_to_end(credential)
            if len(self.accounts) > REMEMBERED:
                self.accounts.popitem(last=False)


def paces(per_minute: int, clock: Callable[[], float] = monotonic) -> Paces | None:
    """For so many requests a minute of one user; None where there is to be no limit. The clock is one that nobody sets:
    a wall clock put back would hold everyone up."""
    if not per_minute:
        return None
    return Paces(Pace(per_minute), Pace(max(per_minute // STRANGERS_SHARE, 1)), clock, OrderedDict())


def recognised(request: Request, user_id: str) -> None:
    """Notes whose request it is."""
    setattr(request.state, ACCOUNT, user_id)


def _credential(scope: Scope) -> str | None:
    """A digest of the token or session that the request comes with, which itself is kept nowhere."""
    for value in _presented(Headers(scope=scope)):
        return hashlib.blake2b(value.encode(), digest_size=16).hexdigest()
    return None


def _presented(headers: Headers) -> Iterator[str]:
    if "authorization" in headers:
        yield headers["authorization"]
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name in {"siepp", "__Host-siepp"}:
            yield value


def _address(scope: Scope) -> str:
    """The client's, as far as it stands for one subscriber."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{int(address) >> (128 - _NETWORK_BITS):x}"
    return str(address)
