"""The columns of a list of jobs.

A column's field is one of PositionCreate or PositionChange, or tells which contract or other row is meant. None is
about who the person is, and none may be added that is.
"""

from app.language.catalogues import msgid, msgid_in
from app.language.listed_columns import Holds, ImportColumn

POSITION_COLUMNS: tuple[ImportColumn, ...] = (
    ImportColumn(
        "contract.reference",
        msgid_in("import_column", "contract number"),
        msgid("Number of the contract under which the person was employed."),
        width=20,
        required=True,
        aliases=("sopimustunnus", "sopimuksen numero", "avtalets nummer", "contract reference"),
    ),
    ImportColumn(
        "contract.supplier.business_id",
        msgid_in("import_column", "supplier's business ID"),
        msgid("Needed where several suppliers have a contract of this number."),
        aliases=("y-tunnus", "fo-nummer", "business id"),
    ),
    ImportColumn(
        "contract.unit_id",
        msgid_in("import_column", "unit"),
        msgid("Needed where several units have a contract of this number."),
        Holds.UNIT,
        width=30,
    ),
    ImportColumn(
        "position.starts_on",
        msgid_in("import_column", "first day of the job"),
        msgid("Day on which the job begins."),
        Holds.DAY,
        required=True,
        aliases=("alkupvm", "startdatum", "starts on"),
    ),
    ImportColumn(
        "position.agreed_on",
        msgid_in("import_column", "agreed on"),
        msgid("If empty, today or the first day, whichever comes first."),
        Holds.DAY,
    ),
    ImportColumn(
        "position.planned_end_on",
        msgid_in("import_column", "agreed last day"),
        msgid("Of a job for a fixed time; empty for one without an end."),
        Holds.DAY,
    ),
    ImportColumn(
        "position.ended_on",
        msgid_in("import_column", "ended on"),
        msgid("Last day, where the job has ended; not after today."),
        Holds.DAY,
    ),
    ImportColumn(
        "position.end_reason",
        msgid_in("import_column", "why it ended"),
        msgid("Nothing about health or the person. Can be empty."),
        Holds.CODE,
        "end_reason",
        26,
    ),
    ImportColumn(
        "position.employment_form",
        msgid_in("import_column", "form of employment"),
        msgid("One of the list."),
        Holds.CODE,
        "employment_form",
        required=True,
    ),
    ImportColumn(
        "position.target_group",
        msgid_in("import_column", "target group"),
        msgid("Group the person belongs to, one of the list."),
        Holds.CODE,
        "target_group",
        30,
        required=True,
    ),
    ImportColumn(
        "position.weekly_hours",
        msgid_in("import_column", "hours a week"),
        msgid("If known. A clause that asks for a number does not count a job without it."),
        Holds.DECIMAL,
    ),
    ImportColumn(
        "position.channel",
        msgid_in("import_column", "how the person was found"),
        msgid("One of the list; another channel if empty."),
        Holds.CODE,
        "channel",
        30,
        aliases=("rekrytointikanava", "rekryteringskanal", "channel"),
    ),
    ImportColumn(
        "position.key",
        msgid_in("import_column", "number of the row"),
        msgid("A number of your own, different on each row, that another row can name. Never a person's name."),
        aliases=("rivitunnus", "radnummer", "position key"),
    ),
    ImportColumn(
        "position.replaces",
        msgid_in("import_column", "continues the job of row"),
        msgid("The number of the row whose job this one continues."),
        aliases=("korvaa", "ersätter", "replaces"),
    ),
)
