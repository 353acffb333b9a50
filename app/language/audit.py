"""The audit trail in words: what was done to what, which way it came, and how a field read before and after."""

import json
from typing import Any

from app.language.catalogues import msgid_in, translated_in
from app.language.changes import ACTIONS, action_words, field_word, value_words

SUBJECTS: dict[str, str] = {
    "adjustment": msgid_in("audited", "adjustment of an obligation"),
    "attachment_rule": msgid_in("audited", "rule for ledgers"),
    "audit_entry": msgid_in("audited", "audit trail"),
    "backup": msgid_in("audited", "backup"),
    "calendar_feed": msgid_in("audited", "calendar address"),
    "clause": msgid_in("audited", "employment clause"),
    "closure": msgid_in("audited", "closing of an obligation"),
    "contract": msgid_in("audited", "contract"),
    "contract_option": msgid_in("audited", "option"),
    "dispute": msgid_in("audited", "dispute"),
    "draft": msgid_in("audited", "draft"),
    "feedback": msgid_in("audited", "feedback"),
    "funding": msgid_in("audited", "money of a project"),
    "held_row": msgid_in("audited", "purchase that waits for a decision"),
    "identity_group": msgid_in("audited", "group of the identity provider"),
    "import_run": msgid_in("audited", "import"),
    "indicator": msgid_in("audited", "indicator"),
    "job_run": msgid_in("audited", "daily check"),
    "message": msgid_in("audited", "message"),
    "milestone": msgid_in("audited", "milestone"),
    "note": msgid_in("audited", "note"),
    "observation": msgid_in("audited", "figure of a project"),
    "owner": msgid_in("audited", "contract owner"),
    "ownership_change": msgid_in("audited", "handover of a contract"),
    "party": msgid_in("audited", "party of a contract"),
    "position": msgid_in("audited", "position"),
    "procurement": msgid_in("audited", "procurement"),
    "project": msgid_in("audited", "project"),
    "public_table": msgid_in("audited", "public tables"),
    "purchase": msgid_in("audited", "purchase"),
    "question": msgid_in("audited", "question about figures"),
    "refused_row": msgid_in("audited", "refused rows of an import"),
    "report": msgid_in("audited", "report on projects"),
    "risk": msgid_in("audited", "risk"),
    "role_grant": msgid_in("audited", "role"),
    "sign_in_identity": msgid_in("audited", "identity at the identity provider"),
    "supplier": msgid_in("audited", "supplier"),
    "survey": msgid_in("audited", "survey"),
    "survey_answer": msgid_in("audited", "answer to a survey"),
    "survey_callback": msgid_in("audited", "number left for a call"),
    "token": msgid_in("audited", "API token"),
    "unit": msgid_in("audited", "unit"),
    "user_account": msgid_in("audited", "user"),
}
"""What links tell of, by the name of its table or, for what has none, of its own."""
DONE: dict[str, str] = {
    "acknowledged": msgid_in("done", "acknowledged"),
    "active": msgid_in("done", "activated"),
    "answered": msgid_in("done", "answered"),
    "called": msgid_in("done", "called"),
    "changed": msgid_in("done", "changed"),
    "checked": msgid_in("done", "checked"),
    "closed": msgid_in("done", "closed"),
    "corrected": msgid_in("done", "corrected"),
    "created": msgid_in("done", "added"),
    "decided": msgid_in("done", "decided"),
    "discarded": msgid_in("done", "discarded"),
    "entered": msgid_in("done", "entered from paper"),
    "erased": msgid_in("done", "erased"),
    "exercised": msgid_in("done", "taken"),
    "exported": msgid_in("done", "taken out as a file"),
    "failed": msgid_in("done", "failed"),
    "given": msgid_in("done", "given"),
    "granted": msgid_in("done", "granted"),
    "handed_over": msgid_in("done", "handed over"),
    "handled": msgid_in("done", "handled"),
    "imported": msgid_in("done", "imported"),
    "lifted": msgid_in("done", "lifted"),
    "linked": msgid_in("done", "linked"),
    "logged": msgid_in("done", "logged"),
    "password_link_made": msgid_in("done", "link for a password made"),
    "password_set": msgid_in("done", "password set"),
    "published": msgid_in("done", "published"),
    "read": msgid_in("done", "read"),
    "recorded": msgid_in("done", "recorded"),
    "removed": msgid_in("done", "removed"),
    "renewed": msgid_in("done", "renewed"),
    "reopened": msgid_in("done", "to be handled again"),
    "replaced": msgid_in("done", "replaced"),
    "restored": msgid_in("done", "restored"),
    "retried": msgid_in("done", "tried again"),
    "revoked": msgid_in("done", "revoked"),
    "set": msgid_in("done", "set"),
    "sign_in_failed": msgid_in("done", "sign-in failed"),
    "sign_in_paused": msgid_in("done", "sign-in paused"),
    "signed_in": msgid_in("done", "signed in"),
    "signed_out": msgid_in("done", "signed out"),
    "signed_out_everywhere": msgid_in("done", "signed out everywhere"),
    "snoozed": msgid_in("done", "reminders muted"),
    "taken": msgid_in("done", "taken away"),
    "undone": msgid_in("done", "undone"),
    "voided": msgid_in("done", "voided"),
    "withdrawn": msgid_in("done", "withdrawn"),
    "written": msgid_in("done", "written"),
}
"""What was done, by action."""
GROUPS: dict[str, str] = {
    "sign_ins": msgid_in("audited", "signing in and out"),
    "exports": msgid_in("audited", "files taken out"),
}
"""What people look for across things."""
CHANNELS: dict[str, str] = {
    "web": msgid_in("channel", "the pages"),
    "api": msgid_in("channel", "the API"),
    "cli": msgid_in("channel", "the command line"),
    "job": msgid_in("channel", "the service's own work"),
}
"""Which way an act came in."""
ACTORS: dict[str, str] = {
    "system": msgid_in("actor", "the service itself"),
    "visitor": msgid_in("actor", "someone who tried to sign in"),
    "identity_provider": msgid_in("actor", "the identity provider"),
    "anonymous": msgid_in("actor", "someone who had not signed in"),
}
"""Who acts without being a user."""
FIELDS: dict[str, str] = {
    "active": msgid_in("audited field", "may log in"),
    "cents": msgid_in("audited field", "sum in cents"),
    "contact_email": msgid_in("audited field", "contact's e-mail"),
    "contact_name": msgid_in("audited field", "contact"),
    "contact_phone": msgid_in("audited field", "contact's telephone"),
    "contract_id": msgid_in("audited field", "id of the contract"),
    "corrected": msgid_in("audited field", "corrected"),
    "counts": msgid_in("audited field", "counts"),
    "email": msgid_in("audited field", "e-mail"),
    "expires_on": msgid_in("audited field", "good until"),
    "file_hash": msgid_in("audited field", "checksum of the file"),
    "for_on": msgid_in("audited field", "for the day"),
    "has_password": msgid_in("audited field", "has a password"),
    "identifier": msgid_in("audited field", "business ID"),
    "import": msgid_in("audited field", "import"),
    "kind": msgid_in("audited field", "kind"),
    "language": msgid_in("audited field", "language"),
    "lead_days": msgid_in("audited field", "days of warning"),
    "liaison_email": msgid_in("audited field", "liaison's e-mail"),
    "liaison_name": msgid_in("audited field", "liaison"),
    "liaison_phone": msgid_in("audited field", "liaison's telephone"),
    "method": msgid_in("audited field", "way of signing in"),
    "name": msgid_in("audited field", "name"),
    "owner_id": msgid_in("audited field", "id of the contract owner"),
    "parent_id": msgid_in("audited field", "id of the unit above"),
    "path": msgid_in("audited field", "place in the organisation"),
    "procurement_id": msgid_in("audited field", "id of the procurement"),
    "project_id": msgid_in("audited field", "id of the project"),
    "quarter_end": msgid_in("audited field", "last day of the quarter"),
    "revoked_at": msgid_in("audited field", "revoked at"),
    "root_id": msgid_in("audited field", "id of the organisation"),
    "rows": msgid_in("audited field", "rows"),
    "scopes": msgid_in("audited field", "opens"),
    "session": msgid_in("audited field", "id of the session"),
    "source": msgid_in("audited field", "source"),
    "status": msgid_in("audited field", "status"),
    "supplier_id": msgid_in("audited field", "id of the supplier"),
    "tables": msgid_in("audited field", "tables"),
    "text": msgid_in("audited field", "text"),
    "title": msgid_in("audited field", "title"),
    "unit_id": msgid_in("audited field", "id of the unit"),
    "user_id": msgid_in("audited field", "id of the user"),
    "voided_at": msgid_in("audited field", "voided at"),
    "wanted": msgid_in("audited field", "narrowed down to"),
}
"""Fields that only the trail shows, beside those of a contract's changes (language/changes.py)."""
OWNER_BY_MAIL = msgid_in("actor", "contract owner by the link of a mail")
NOBODY = msgid_in("actor", "a user who is no longer there")
MAIL = "mail:"
PERSON = msgid_in("field", "a person (fingerprint %s)")
YES, NO, EMPTY = msgid_in("field", "yes"), msgid_in("field", "no"), msgid_in("field", "empty")
LONGEST = 300
"""Of a value, in signs; the API gives the whole of it."""


def kind_words(kind: str, language: str) -> str:
    """A kind of thing, or a group of links."""
    text = GROUPS.get(kind) or SUBJECTS.get(kind)
    return kind if text is None else translated_in("audited", text, language)


def event_words(subject: str, action: str, language: str) -> str:
    """What was done to what, in one line."""
    if (subject, action) in ACTIONS:
        return action_words(subject, action, language)
    thing = kind_words(subject, language)
    text = DONE.get(action)
    done = action if text is None else translated_in("done", text, language)
    return f"{thing[:1].upper()}{thing[1:]}: {done}"


def channel_words(channel: str | None, language: str) -> str:
    text = CHANNELS.get(channel or "")
    return "" if text is None else translated_in("channel", text, language)


def actor_words(actor: str, name: str | None, language: str) -> str:
    """Who acted, by the name that they have today."""
    if name is not None:
        return name
    text = ACTORS.get(actor) or (OWNER_BY_MAIL if actor.startswith(MAIL) else NOBODY)
    return translated_in("actor", text, language)


def name_words(subject: str, name: str, language: str) -> str:
    """A field; its own name where there is no word for it."""
    if name in FIELDS:
        return translated_in("audited field", FIELDS[name], language)
    return field_word(subject, name, language) or name.replace("_", " ")


def content_words(subject: str, name: str, value: Any, fingerprint: str | None, language: str) -> str:
    """A value as the trail keeps it; of a person the first signs of the fingerprint, by which one knows it again."""
    if fingerprint is not None:
        return translated_in("field", PERSON, language) % fingerprint
    if value is None or value in ("", [], {}):
        return translated_in("field", EMPTY, language)
    if isinstance(value, bool):
        return translated_in("field", YES if value else NO, language)
    worded = None if field_word(subject, name, language) is None else value_words(name, value, language)
    text = worded or (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
