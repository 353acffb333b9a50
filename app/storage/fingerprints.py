"""Fingerprints of personal values, for the audit trail: equal values have equal ones, and none leads back.

HMAC-SHA-256 with a key derived from the service's secret key, which is not in the database: whoever gets hold of a
table or a backup can try no list of names against it, as they could with a salt that lies beside it. Whoever knows a
value and may search the trail finds it again. Nothing else needs the key: the chain is over fingerprints, so that it
can be verified, backed up and restored without it. Under a new secret key values get other fingerprints from then on.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.storage.models.personal import PERSONAL

KEY = "fingerprint_key"
"""Where a session keeps the key."""
MARK = "hmac:"
"""Before each fingerprint, so that a reader knows it for one."""
DIGITS = 32
"""128 bits in hexadecimal: two values of a trail never share them."""


def key_of(secret_key: str | None) -> bytes:
    """The key of a database's sessions. Where no secret key is known it is a random one, which nobody can use later:
    never a key that could be guessed."""
    if secret_key is None:
        return secrets.token_bytes(32)
    return hmac.new(secret_key.encode(), b"personal values in the audit trail", hashlib.sha256).digest()


def fingerprint(session: Session, value: Any) -> Any:
    """The fingerprint of a text, those of a list of texts; what is empty stays as it is."""
    if isinstance(value, list):
        return [fingerprint(session, one) for one in value]
    if value is None or value == "":
        return value
    return MARK + hmac.new(session.info[KEY], str(value).encode(), hashlib.sha256).hexdigest()[:DIGITS]


def is_fingerprint(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(is_fingerprint, value))
    return isinstance(value, str) and value.startswith(MARK) and len(value) == len(MARK) + DIGITS


def without_persons(session: Session, table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a table's columns, with fingerprints in place of personal ones."""
    personal = PERSONAL.get(table)
    if personal is None:
        return dict(values)
    return {name: fingerprint(session, value) if name in personal else value for name, value in values.items()}
