"""What was decided once about purchases of a ledger and is remembered: listed, revoked."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.rules.attachment import Remembered
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.services import import_runs, trail
from app.services.acting import Act, Permission
from app.storage import attachments, units
from app.storage.models import AttachmentRule, new_id

REMEMBERED = Remembered._fields[1:]
"""What of a row may be remembered."""
AT_LEAST_ONE_OF = frozenset({"contract_number", "business_id"})
"""An account alone would speak of every supplier's purchases."""


def remember(session: Session, row: Any, contract_id: str | None, fields: Collection[str], act: Act) -> Remembered:
    """Remembers that rows alike in these fields of a held row belong to the contract, or to none here. Raises
    RuleBroken where the row says nothing in one of them, or they would speak of every supplier; and where rows would
    belong to no contract of anybody's, while the actor writes the contracts of some units only."""
    remembered = alike_in(row, contract_id, fields)
    if row.root_id is None:
        root_id = _root_of(session, contract_id, row)
    else:
        root_id = row.root_id
    throughout = import_runs.written_throughout(session, Permission.CONTRACTS, act.actor)
    if contract_id is None and throughout is not None and root_id not in throughout:
        raise RuleBroken("remembered_for_all", "remember")
    rule = AttachmentRule(
        id=new_id(), root_id=root_id, made_by=act.actor.name, created_at=act.now, **remembered._asdict()
    )
    session.add(rule)
    trail.record_row(session, act, "created", rule)
    return remembered


def alike_in(row: Any, contract_id: str | None, fields: Collection[str]) -> Remembered:
    """What would be remembered of a row. Raises what `remember` does."""
    named = {name: getattr(row, name) for name in REMEMBERED if name in fields}
    if set(fields) - set(named) or not all(named.values()) or not AT_LEAST_ONE_OF & set(named):
        raise RuleBroken("remembers_nothing", "remember")
    return Remembered(contract_id, **named)


def _root_of(session: Session, contract_id: str | None, row: Any) -> str:
    """A ledger of the whole database names no organisation: the rule is of the contract's."""
    path = attachments.path_of(session, contract_id or row.candidates[0])
    return units.ids_on_path(path)[0]


def list_rules(session: Session, act: Act) -> Sequence[Any]:
    """Rules in force of the organisations in which the actor may write contracts throughout."""
    return attachments.rules_in_force(session, import_runs.written_throughout(session, Permission.CONTRACTS, act.actor))


def revoke_rule(session: Session, rule_id: str, act: Act) -> None:
    """From now on the rule decides nothing; what it decided stays. Raises NotFound, or Conflict where it is revoked."""
    rule = session.get(AttachmentRule, rule_id)
    roots = import_runs.written_throughout(session, Permission.CONTRACTS, act.actor)
    if rule is None or (roots is not None and rule.root_id not in roots):
        raise NotFound("not_found")
    session.refresh(rule, with_for_update=True)
    if rule.revoked_at is not None:
        raise Conflict("rule_revoked")
    rule.revoked_at, rule.revoked_by = act.now, act.actor.name
    trail.record_row(session, act, "revoked", rule)
