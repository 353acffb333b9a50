"""A POST sent twice with one Idempotency-Key is done once: the first answer is kept and given again."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.rules.errors import RuleBroken
from app.services.acting import Act
from app.storage import answers

KEY_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:~")


@dataclass(frozen=True, slots=True)
class Answer:
    status_code: int
    headers: Mapping[str, str]
    body: str


def claim(session: Session, act: Act, key: str, request_hash: str) -> str | Answer:
    """Takes the key for this request, giving the id to remember its answer under; or the answer already given.

    Of two requests at once the second waits until the first has committed. Raises RuleBroken where the key was used
    with another body, or holds signs a key does not have.
    """
    _check(key)
    claimed = answers.insert_if_new(session, act.actor.id, key, request_hash, act.now)
    if claimed is not None:
        return claimed
    row = answers.find(session, act.actor.id, key)
    if row.request_hash != request_hash or row.status_code is None:
        raise RuleBroken("idempotency_key_reused", "Idempotency-Key")
    return Answer(row.status_code, row.headers or {}, row.body or "")


def was_used(session: Session, act: Act, key: str) -> bool:
    """Whether the actor has used the key for anything: the rest is asked once the body is known. Raises RuleBroken
    where it holds signs a key does not have."""
    _check(key)
    return answers.is_known(session, act.actor.id, key)


def _check(key: str) -> None:
    if not key or not set(key) <= KEY_SIGNS:
        raise RuleBroken("idempotency_key_malformed", "Idempotency-Key")


def remember(session: Session, remembered_id: str, answer: Answer) -> None:
    """Keeps the answer in the transaction of the write itself."""
    answers.fill(session, remembered_id, answer.status_code, dict(answer.headers), answer.body)
