"""What can be wrong with files brought in, and with what is decided about them."""

from app.language.catalogues import Text, msgid

IMPORTS: dict[str, Text] = {
    "import_status": msgid("The import has gone on meanwhile. Look at how it stands now."),
    "import_running": msgid(
        "Another ledger of this organisation is still being read or waits for a decision. Finish or discard it first."
    ),
    "import_interrupted": msgid("Reading the file was interrupted. Import it once more: nothing of it was taken."),
    "ledger_lacks_columns": msgid(
        "No purchase of this ledger can be attached to a contract, because it has no column for: {columns}. "
        "Export the ledger once more with these columns."
    ),
    "purchase_replaced": msgid("A later ledger has corrected this purchase. Correct the newer one."),
    "held_row_decided": msgid("Someone has decided on this purchase meanwhile. Look at the next one."),
    "contract_not_candidate": msgid("The purchase cannot belong to this contract. Choose one of those offered."),
    "remembers_nothing": msgid(
        "Choose what to remember among what this purchase says: the supplier or the contract number, and what else "
        "tells such purchases from others."
    ),
    "rule_revoked": msgid("This rule was revoked already."),
    "import_unit_required": msgid("Choose the unit whose file this is."),
    "not_a_workbook": msgid("The file is not a workbook. Save it as an Excel workbook (.xlsx) and import that."),
    "workbook_broken": msgid(
        "The workbook cannot be read: it is broken or incomplete. Open it in Excel, save it anew and import that."
    ),
    "workbook_encrypted": msgid("The workbook is protected with a password. Save it without one and import that."),
    "workbook_too_large": msgid(
        "The workbook takes more memory or time than is allowed. Save the rows that are needed as a CSV file."
    ),
    "too_many_sheets": msgid("The workbook has more than {most} sheets. Keep the one that is to be imported."),
    "too_many_columns": msgid("The sheet has more than {most} columns. Keep those that are to be imported."),
}
