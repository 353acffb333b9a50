"""What can be wrong with files brought in, and with what is decided about them."""

from app.language.catalogues import Text, msgid

IMPORTS: dict[str, Text] = {
    "import_status": msgid("The import has gone on meanwhile. Look at how it stands now."),
    "import_running": msgid(
        "Another ledger of this organisation is still being read or waits for a decision. Finish or discard it first."
    ),
    "import_unit_required": msgid("Choose the unit whose file this is."),
}
