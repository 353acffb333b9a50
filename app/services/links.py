"""Signed links of mails: who holds one may acknowledge or snooze one contract, without logging in, for a while."""

from dataclasses import dataclass

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from app.rules import policy

VALID_SECONDS = (policy.NO_NEWS_DAYS + 30) * 24 * 3600
"""The link of the last mail works until the next must have come, which may take NO_NEWS_DAYS, and a month more."""
_SALT = "owner-link"


class LinkInvalid(Exception):
    """Nobody signed the link, or the contract has another owner since."""


class LinkExpired(Exception):
    """The link is genuine but too old; a new mail brings a new one."""


@dataclass(frozen=True, slots=True)
class OwnerLink:
    """What a link stands for: it works while this owner owns this contract. One that does not `act` only shows it:
    mails with a copy to someone else carry such links."""

    contract_id: str
    owner_id: str
    act: bool = True


def sign(secret_key: str, link: OwnerLink) -> str:
    """The link's token, for a path."""
    return URLSafeTimedSerializer(secret_key, salt=_SALT).dumps([link.contract_id, link.owner_id, link.act])


def read(secret_key: str, token: str) -> OwnerLink:
    """What a token stands for. Raises LinkExpired, or LinkInvalid for a token nobody signed."""
    try:
        contract_id, owner_id, act = URLSafeTimedSerializer(secret_key, salt=_SALT).loads(token, max_age=VALID_SECONDS)
    except SignatureExpired:
        raise LinkExpired from None
    except BadSignature:
        raise LinkInvalid from None
    return OwnerLink(contract_id, owner_id, act)
