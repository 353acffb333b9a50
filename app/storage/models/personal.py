"""Which columns say who a person is or how to reach them: the one declaration, for the audit trail.

The trail keeps fingerprints of them (storage/fingerprints.py), not what they hold. A test fails for a column whose name
looks like one of these and which is decided about in neither table.
"""

PERSONAL: dict[str, frozenset[str]] = {
    "alert": frozenset({"to_email", "to_name"}),
    "answered_question": frozenset({"answered_by"}),
    "attachment_rule": frozenset({"made_by", "revoked_by"}),
    "contract": frozenset({"supplier_contact_name", "supplier_contact_email", "supplier_contact_phone"}),
    "correction": frozenset({"corrected_by"}),
    "draft": frozenset({"decided_by"}),
    "feedback": frozenset({"answer_to", "handled_by"}),
    "held_row": frozenset({"decided_by"}),
    "import_run": frozenset({"started_by", "undone_by"}),
    "message": frozenset({"to_email", "to_name", "copies"}),
    "note": frozenset({"author"}),
    "observation": frozenset({"recorded_by"}),
    "owner": frozenset({"email", "name"}),
    "project": frozenset({"contact_name", "contact_email", "contact_phone"}),
    "sign_in_identity": frozenset({"subject"}),
    "survey_callback": frozenset({"phone"}),
    "unit": frozenset({"liaison_name", "liaison_email", "liaison_phone"}),
    "user_account": frozenset({"email", "name"}),
}
"""By table the columns about people; `…_by` and `author` hold names, not ids."""

NOT_PERSONAL: dict[str, frozenset[str]] = {
    "audit_entry": frozenset({"subject", "subject_id"}),
    "company": frozenset({"name"}),
    "funding": frozenset({"name"}),
    "identity_group": frozenset({"group_name"}),
    "import_run": frozenset({"file_name"}),
    "indicator": frozenset({"name", "category_names"}),
    "message": frozenset({"subject"}),
    "milestone": frozenset({"name"}),
    "project": frozenset({"name"}),
    "risk": frozenset({"name"}),
    "supplier": frozenset({"name"}),
    "token": frozenset({"name"}),
    "unit": frozenset({"name"}),
}
"""Columns whose names only look like it: of organisations, things and files."""

SEARCHED = frozenset({"to", "owner_email", "who", "person"})
"""Filters of lists that name a person, whatever the list."""
SEARCHED_IN = frozenset({("user_account", "q"), ("audit_entry", "thing")})
"""Those that name one in the list of this table, or may: a thing of the trail can be called by someone's address."""


def is_personal(table: str, column: str) -> bool:
    """Whether the trail keeps a fingerprint of this column only."""
    return column in PERSONAL.get(table, ())


def is_about_person(table: str, search: str) -> bool:
    """Whether this filter of a list of the table's rows names a person."""
    return search in SEARCHED or (table, search) in SEARCHED_IN
