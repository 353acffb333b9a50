"""What can be wrong with files brought in, and with what is decided about them."""

from app.language.catalogues import Text, msgid

IMPORTS: dict[str, Text] = {
    "import_status": msgid("The import has gone on meanwhile. Look at how it stands now."),
    "import_running": msgid(
        "Another ledger of this organisation is still being read or waits for a decision. Finish or discard it first."
    ),
    "import_relied_on": msgid(
        "A later ledger knew rows again and left them out; some may have come with this one. Undo the later ledgers "
        "first, the last one first, then bring in again what is right."
    ),
    "remembered_for_all": msgid(
        "What belongs to no contract holds for the whole organisation. Decide on this purchase without remembering it, "
        "or ask someone who may change all contracts of the organisation."
    ),
    "import_interrupted": msgid("Reading the file was interrupted. Import it once more: nothing of it was taken."),
    "ledger_lacks_columns": msgid(
        "No purchase of this ledger can be attached to a contract, because it has no column for: {columns}. "
        "Export the ledger once more with these columns."
    ),
    "file_not_opened": msgid("The file cannot be opened. Choose it once more."),
    "file_not_text": msgid(
        "The file is neither a table in text (CSV) nor a workbook. Export the ledger as CSV or as an Excel workbook."
    ),
    "line_too_long": msgid(
        "The file has a line of more than {most} characters, so it is no table. Export the ledger once more."
    ),
    "ledger_line_unreadable": msgid(
        "Line {line} of the ledger cannot be read. Look there and below for a quotation mark out of place."
    ),
    "ledger_without_header": msgid(
        "The first rows of the ledger name no columns that are known here. The ledger needs a header row with, for "
        "example, Toimittajan y-tunnus, Laskun summa ilman ALV and Kirjauspäivämäärä."
    ),
    "column_twice": msgid(
        "The ledger has the column “{column}” twice, and which one is meant is not guessed. Take one of them out."
    ),
    "purchase_replaced": msgid("A later ledger has corrected this purchase. Correct the newer one."),
    "held_row_replaced": msgid(
        "A later ledger has brought this purchase anew, so nobody needs to decide on its earlier form. Look at the "
        "next one."
    ),
    "held_row_decided": msgid("Someone has decided on this purchase meanwhile. Look at the next one."),
    "contract_not_candidate": msgid("The purchase cannot belong to this contract. Choose one of those offered."),
    "remembers_nothing": msgid(
        "Choose what to remember among what this purchase says: the supplier or the contract number, and what else "
        "tells such purchases from others."
    ),
    "rule_revoked": msgid("This rule was revoked already."),
    "file_missing": msgid("There is no file, or it is empty. Choose the file."),
    "upload_incomplete": msgid("The file came only in part. Send it once more: nothing of it was kept."),
    "upload_no_room": msgid("The server's disk has no room for the file. Tell whoever runs the service."),
    "imports_busy": msgid("Other files are being read just now. Send yours in a few minutes."),
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
    "xml_too_large": msgid("The file is larger than {megabytes} megabytes. No notice is so large."),
    "xml_too_deep": msgid("The file has too many parts for a notice."),
    "xml_with_entities": msgid("The file has a document type or entities of its own, which a notice never has."),
    "not_xml": msgid("The file is no XML that can be read. Export the notice once more, as eForms XML."),
    "not_a_notice": msgid("The file is no procurement notice. Export the notice as eForms XML."),
    "notice_of_plans": msgid(
        "This notice tells of a procurement that is only planned. Bring in the contract notice once it is published."
    ),
    "notice_of_modification": msgid("This notice tells of a change to a contract. Change the contract on its page."),
    "notice_without_lots": msgid("The notice has no lot, so there is nothing to register."),
    "identity_code_in_file": msgid(
        "On line {line} of the file stands what looks like a personal identity code, so nothing of it was taken. "
        "Take the code out first."
    ),
    "draft_decided": msgid("{by} has registered this draft or left it out meanwhile."),
    "draft_was_registered": msgid(
        "A draft of this import has been registered as a procurement, so the import cannot be undone any more."
    ),
    "ocds_too_large": msgid(
        "The file is larger than {megabytes} megabytes. Split it: a release package can be cut between its releases."
    ),
    "ocds_not_utf8": msgid("The file is not in UTF-8, as open contracting data has to be. Save it anew as UTF-8."),
    "ocds_not_json": msgid(
        "The file cannot be read as JSON from line {line} on. Fetch it once more: it may be cut off."
    ),
    "ocds_too_deep": msgid("The data lies deeper in itself than any open contracting data does. It is not read."),
    "ocds_without_releases": msgid("There is no release in the file. Open contracting data (OCDS) is expected."),
    "ocds_no_release": msgid("This is no release of open contracting data: it has no ocid that names its procurement."),
    "ocds_linked": msgid("The release is only linked to, and links are not followed. Import the release itself."),
    "ocds_no_number": msgid("A number in the release is none, or beyond all bounds."),
    "ocds_name_twice": msgid("A name stands twice in one object of the release: nobody can say which one holds."),
    "ocds_says_nothing": msgid("The release tells neither a title nor a contract: there is nothing to register."),
    "ocds_wrong_type": msgid("This field of the release is of another type than the standard gives it."),
    "ocds_wrong_value": msgid("This field of the release holds what it cannot mean."),
    "header_not_found": msgid(
        "No row of the file has the headers of the template. Download the template, and keep its headers."
    ),
    "table_empty": msgid("There is nothing below the headers."),
    "table_too_long": msgid("The list has more than {most} rows. Split it into several files."),
    "list_too_large": msgid("The file is larger than {megabytes} megabytes. Split it into several files."),
    "list_line_unreadable": msgid("The file cannot be read from line {line} on. Check the quotation marks there."),
    "column_listed_twice": msgid("Several columns mean the same: {columns}. Keep one of them."),
    "row_too_long": msgid("The row has more cells than there are headers. Check the separators and quotation marks."),
    "unit_ambiguous": msgid(
        "Several units have this name. Write the names from the organisation down, for example City / Division."
    ),
    "word_not_listed": msgid("This word is not known here. Choose one from the column's list in the template."),
    "column_not_of_clause": msgid("This column does not belong to this type of clause. Leave it empty."),
    "procurement_differs": msgid(
        "This says something else of the procurement than an earlier row or what is registered of it. Correct it, or "
        "leave it empty."
    ),
    "procurement_ambiguous": msgid("Several procurements have this reference. Say which unit buys."),
    "import_overtaken": msgid(
        "Row {line} no longer fits what has been recorded meanwhile. Discard the import and read the file once more."
    ),
    "recorded_since_import": msgid(
        "{reference} has been changed since the import, or something was recorded on it. The import cannot be undone "
        "any more."
    ),
    "contract_not_found": msgid(
        "No contract of your units has this number. Correct it, or register the contract first."
    ),
    "contract_ambiguous": msgid(
        "Several contracts have this number. Say which supplier's business ID or which unit is meant."
    ),
    "row_key_unfit": msgid(
        "The number of a row has a digit, at most 20 signs and no spaces. A person's name may not stand there."
    ),
    "row_in_circle": msgid("These rows continue each other in a circle. Leave one of the numbers out."),
    "continued_row_missing": msgid(
        "The row with this number is not in the file, was refused, or belongs to another contract. Correct it first."
    ),
    "jobs_changed_meanwhile": msgid(
        "Something was recorded on the jobs of contract {reference} meanwhile. Discard the import and read the file "
        "once more."
    ),
}
