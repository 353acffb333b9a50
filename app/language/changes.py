"""Who changed what, in words: what was done to what, and how a field read before and after."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.language import formats
from app.language.catalogues import msgid, msgid_in, translated, translated_in
from app.language.labels import LABELS, label

ACTIONS: dict[tuple[str, str], str] = {
    ("contract", "created"): msgid("Contract registered"),
    ("contract", "changed"): msgid("Contract changed"),
    ("contract", "acknowledged"): msgid("Reminders acknowledged"),
    ("contract", "snoozed"): msgid("Reminders muted"),
    ("contract", "imported"): msgid("Purchases imported"),
    ("contract", "undone"): msgid("Purchases of an import taken back"),
    ("contract", "erased"): msgid("Jobs erased"),
    ("dispute", "set"): msgid("Kept because of a dispute"),
    ("dispute", "lifted"): msgid("Dispute over"),
    ("position", "logged"): msgid("Position logged"),
    ("position", "changed"): msgid("Position changed"),
    ("position", "voided"): msgid("Position voided"),
    ("purchase", "recorded"): msgid("Purchase added"),
    ("purchase", "voided"): msgid("Purchase voided"),
    ("purchase", "replaced"): msgid("Purchase replaced by its corrected form"),
    ("contract_option", "created"): msgid("Option added"),
    ("contract_option", "exercised"): msgid("Option taken"),
    ("adjustment", "recorded"): msgid("Obligation adjusted by a decision"),
    ("adjustment", "voided"): msgid("Adjustment voided"),
    ("closure", "closed"): msgid("Obligation closed by a decision"),
    ("closure", "voided"): msgid("Closing voided"),
    ("note", "written"): msgid("Note written"),
    ("ownership_change", "handed_over"): msgid("Contract handed over"),
    ("party", "created"): msgid("Party added"),
    ("party", "changed"): msgid("Party changed"),
    ("party", "removed"): msgid("Party taken off"),
}
"""By subject and action of the trail."""
OTHER = msgid("Changed")

FIELDS: dict[str, str] = {
    "reference": msgid_in("field", "contract number"),
    "purchase.reference": msgid_in("field", "reference"),
    "starts_on": msgid_in("field", "first day"),
    "ends_on": msgid_in("field", "last day"),
    "counts_from": msgid_in("field", "counts from"),
    "value_cents": msgid_in("field", "value"),
    "committed_positions": msgid_in("field", "positions promised"),
    "ledger_accounts": msgid_in("field", "accounts in the ledger"),
    "ledger_service_classes": msgid_in("field", "service classes in the ledger"),
    "ledger_buying_units": msgid_in("field", "buying units in the ledger"),
    "terminated_on": msgid_in("field", "terminated from"),
    "decided_on": msgid_in("field", "decided"),
    "unit_id": msgid_in("field", "unit"),
    "supplier_contact_name": msgid_in("field", "supplier's contact"),
    "supplier_contact_email": msgid_in("field", "contact's e-mail"),
    "supplier_contact_phone": msgid_in("field", "contact's telephone"),
    "supplier_language": msgid_in("field", "supplier's language"),
    "agreed_on": msgid_in("field", "agreed"),
    "planned_end_on": msgid_in("field", "planned end"),
    "ended_on": msgid_in("field", "ended"),
    "end_reason": msgid_in("field", "why it ended"),
    "employment_form": msgid_in("field", "form"),
    "target_group": msgid_in("field", "group"),
    "weekly_hours": msgid_in("field", "weekly hours"),
    "channel": msgid_in("field", "channel"),
    "replaces_id": msgid_in("field", "continues another"),
    "employer_party_id": msgid_in("field", "employer"),
    "void_reason": msgid_in("field", "why voided"),
    "on_date": msgid_in("field", "day"),
    "amount_cents": msgid_in("field", "sum"),
    "exercised_on": msgid_in("field", "taken"),
    "effective_on": msgid_in("field", "takes effect"),
    "delta": msgid_in("field", "change"),
    "reason": msgid_in("field", "reason"),
    "decision_reference": msgid_in("field", "decision"),
    "until": msgid_in("field", "until"),
    "purchases": msgid_in("field", "new purchases"),
    "role": msgid_in("field", "role"),
    "note": msgid_in("field", "message"),
}
"""Columns that the trail shows; others tell a reader nothing."""
UNNAMED = frozenset({"unit_id", "replaces_id", "employer_party_id"})
"""Columns that hold ids: that they changed is said, not from what to what."""
LABELLED = {"employment_form", "target_group", "channel", "end_reason", "role", "supplier_language"}
KINDS = {"role": "party_role", "supplier_language": "language"}
EMPTY = msgid_in("field", "empty")


def action_words(subject: str, action: str, language: str) -> str:
    """What was done to what."""
    return translated(ACTIONS.get((subject, action), OTHER), language)


def field_word(subject: str, name: str, language: str) -> str | None:
    """The word for a column; None for those not shown."""
    text = FIELDS.get(f"{subject}.{name}", FIELDS.get(name))
    return None if text is None else translated_in("field", text, language)


def value_words(name: str, value: Any, language: str) -> str | None:
    """A value as the trail keeps it, as a reader reads it; None for an id, which says nothing."""
    if name in UNNAMED:
        return None
    if value is None or value in ("", []):
        return translated_in("field", EMPTY, language)
    kind = KINDS.get(name, name)
    if name in LABELLED and kind in LABELS and value in LABELS[kind]:
        return label(kind, str(value), language)
    if name == "delta":
        return signed(int(value))
    return _plain(name, value, language)


def _plain(name: str, value: Any, language: str) -> str:
    if name.endswith("_cents"):
        return formats.euros(int(value), language)
    if name.endswith(("_on", "_date")) or name in {"until", "counts_from"}:
        return formats.day(date.fromisoformat(str(value)[:10]), language)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "weekly_hours":
        return formats.number(Decimal(str(value)), language)
    return str(value)


def signed(delta: int) -> str:
    """A change of a number with its sign: +1, −2."""
    return f"{delta:+}".replace("-", "\N{MINUS SIGN}")
