"""The columns of a list of contracts.

A column's field is one of ProcurementCreate or ContractCreate, with its path. To add a column, or another name by which
a city calls one, add it here.
"""

from app.language.catalogues import msgid, msgid_in
from app.language.listed_columns import Holds, ImportColumn

TERMS_OF_CLAUSE: tuple[ImportColumn, ...] = (
    ImportColumn(
        "procurement.clause.type",
        msgid_in("import_column", "type of clause"),
        msgid("Empty where no employment clause is used; then say why, and give no contract."),
        Holds.CODE,
        "clause_type",
        26,
        aliases=("ehto", "villkor", "clause"),
    ),
    ImportColumn(
        "procurement.clause.positions",
        msgid_in("import_column", "people to employ"),
        msgid("How many people the supplier must employ. Only with a fixed count."),
        Holds.WHOLE,
        aliases=("henkilömäärä", "antal personer", "positions"),
    ),
    ImportColumn(
        "procurement.clause.threshold_eur",
        msgid_in("import_column", "purchase threshold"),
        msgid("For each so many euros bought, without VAT. Only with a purchase threshold."),
        Holds.MONEY,
    ),
    ImportColumn(
        "procurement.clause.positions_per_threshold",
        msgid_in("import_column", "people for each threshold"),
        msgid("How many people for each full sum; one if empty."),
        Holds.WHOLE,
    ),
    ImportColumn(
        "procurement.clause.max_positions",
        msgid_in("import_column", "people at most"),
        msgid("How many people at the most, however much is bought. Only with a purchase threshold."),
        Holds.WHOLE,
    ),
    ImportColumn(
        "procurement.clause.points_per_position",
        msgid_in("import_column", "points for each person"),
        msgid("How a bid was scored. Only with an award criterion."),
        Holds.DECIMAL,
    ),
    ImportColumn(
        "procurement.clause.max_points",
        msgid_in("import_column", "points at most"),
        msgid("How a bid was scored. Only with an award criterion."),
        Holds.DECIMAL,
    ),
    ImportColumn(
        "procurement.clause.min_duration_months",
        msgid_in("import_column", "months the work must last"),
        msgid("Nine if empty."),
        Holds.WHOLE,
    ),
    ImportColumn(
        "procurement.clause.min_weekly_hours",
        msgid_in("import_column", "hours a week at least"),
        msgid("Empty if the clause does not ask for a number."),
        Holds.DECIMAL,
    ),
    ImportColumn(
        "procurement.clause.employment_forms",
        msgid_in("import_column", "accepted forms of employment"),
        msgid("One or several, with commas between. If empty: employment and apprenticeship."),
        Holds.CODES,
        "employment_form",
        30,
    ),
    ImportColumn(
        "procurement.clause.target_groups",
        msgid_in("import_column", "accepted target groups"),
        msgid("One or several, with commas between. If empty, all are accepted."),
        Holds.CODES,
        "target_group",
        30,
    ),
    ImportColumn(
        "procurement.clause.completion",
        msgid_in("import_column", "when the months must be full"),
        msgid("As is usual for the type of clause if empty."),
        Holds.CODE,
        "completion",
        26,
    ),
    ImportColumn(
        "procurement.clause.replacement_allowed",
        msgid_in("import_column", "someone else may continue"),
        msgid("Whether someone else may continue a job that broke off. Yes if empty."),
        Holds.YES_NO,
    ),
    ImportColumn(
        "procurement.clause.start_within_months",
        msgid_in("import_column", "work must start within months"),
        msgid("Empty if the supplier chooses the time."),
        Holds.WHOLE,
    ),
    ImportColumn(
        "procurement.clause.replacement_within_months",
        msgid_in("import_column", "who continues must start within months"),
        msgid("Matters only where the months may be full after the contract. Three if empty."),
        Holds.WHOLE,
    ),
)

OPTIONS: tuple[ImportColumn, ...] = (
    ImportColumn(
        "contract.options.0.ends_on",
        msgid_in("import_column", "last day of option 1"),
        msgid("The contract's last day once the option is taken."),
        Holds.DAY,
    ),
    ImportColumn(
        "contract.options.0.exercised_on",
        msgid_in("import_column", "option 1 taken on"),
        msgid("Empty while it is not taken."),
        Holds.DAY,
    ),
    ImportColumn(
        "contract.options.1.ends_on",
        msgid_in("import_column", "last day of option 2"),
        msgid("The contract's last day once the option is taken."),
        Holds.DAY,
    ),
    ImportColumn(
        "contract.options.1.exercised_on",
        msgid_in("import_column", "option 2 taken on"),
        msgid("Empty while it is not taken."),
        Holds.DAY,
    ),
    ImportColumn(
        "contract.options.2.ends_on",
        msgid_in("import_column", "last day of option 3"),
        msgid("The contract's last day once the option is taken."),
        Holds.DAY,
    ),
    ImportColumn(
        "contract.options.2.exercised_on",
        msgid_in("import_column", "option 3 taken on"),
        msgid("Empty while it is not taken."),
        Holds.DAY,
    ),
)

PEOPLE: tuple[ImportColumn, ...] = (
    ImportColumn(
        "contract.owner.name",
        msgid_in("import_column", "contract owner"),
        msgid("The city's person answerable for the contract. Can be empty for a known owner."),
        width=24,
        aliases=("sopimusvastuuhenkilö", "avtalsansvarig", "owner"),
    ),
    ImportColumn(
        "contract.owner.email",
        msgid_in("import_column", "contract owner's e-mail"),
        msgid("Gets the reminders."),
        width=28,
        required=True,
    ),
    ImportColumn(
        "contract.owner.language",
        msgid_in("import_column", "contract owner's language"),
        msgid("Language of the mails. Empty: as before, or Finnish."),
        Holds.CODE,
        "language",
    ),
    ImportColumn(
        "contract.supplier_contact.name",
        msgid_in("import_column", "supplier's contact person"),
        msgid("Whom to speak to at the supplier."),
        width=24,
    ),
    ImportColumn(
        "contract.supplier_contact.email",
        msgid_in("import_column", "contact person's e-mail"),
        msgid("Where the text for the supplier goes."),
        width=28,
    ),
    ImportColumn(
        "contract.supplier_contact.phone",
        msgid_in("import_column", "contact person's telephone"),
        msgid("Digits, with the country's number where that is needed."),
    ),
    ImportColumn(
        "contract.supplier_contact.language",
        msgid_in("import_column", "contact person's language"),
        msgid("Language of texts for the supplier. Finnish if empty."),
        Holds.CODE,
        "language",
    ),
)

CONTRACT_COLUMNS: tuple[ImportColumn, ...] = (
    ImportColumn(
        "procurement.reference",
        msgid_in("import_column", "procurement's reference"),
        msgid(
            "The city's reference, such as the case number. Rows with the same one are contracts of one procurement."
        ),
        width=22,
        required=True,
        aliases=("hankinnan numero", "diaarinumero", "asianumero", "diarienummer", "upphandlingsnummer"),
    ),
    ImportColumn(
        "procurement.title",
        msgid_in("import_column", "procurement"),
        msgid("What is bought. Needed on the first row of a procurement, as all that is said of it."),
        width=36,
        required=True,
        aliases=("hankinnan nimi", "upphandlingens namn", "title", "procurement title"),
    ),
    ImportColumn(
        "procurement.unit_id",
        msgid_in("import_column", "unit that buys"),
        msgid(
            "The unit's name, or names from the organisation down: City / Division. If empty, the one chosen when the "
            "file is imported."
        ),
        Holds.UNIT,
        width=30,
        aliases=("toimiala", "sektor", "buying unit"),
    ),
    ImportColumn(
        "procurement.kind",
        msgid_in("import_column", "kind of procurement"),
        msgid("What kind of purchase it is."),
        Holds.CODE,
        "procurement_kind",
        required=True,
        aliases=("hankintalaji", "upphandlingsslag"),
    ),
    ImportColumn(
        "procurement.signed_on",
        msgid_in("import_column", "procurement counted from"),
        msgid("Day of the signing or the decision. From this day the promise is counted in the summary."),
        Holds.DAY,
        aliases=("allekirjoitettu", "undertecknad", "signed on"),
    ),
    ImportColumn(
        "procurement.estimated_value_eur",
        msgid_in("import_column", "estimated value"),
        msgid("In euros without VAT."),
        Holds.MONEY,
    ),
    ImportColumn(
        "procurement.programme",
        msgid_in("import_column", "programme"),
        msgid("If it belongs to a project or programme."),
    ),
    *TERMS_OF_CLAUSE,
    ImportColumn(
        "procurement.no_clause_reason",
        msgid_in("import_column", "why there is no clause"),
        msgid("Only where no employment clause is used."),
        width=36,
    ),
    ImportColumn(
        "contract.reference",
        msgid_in("import_column", "contract number"),
        msgid("Each supplier's contract is a row of its own."),
        width=20,
        required=True,
        aliases=("sopimustunnus", "sopimuksen numero", "avtalets nummer", "contract reference"),
    ),
    ImportColumn(
        "contract.unit_id",
        msgid_in("import_column", "unit that owns the contract"),
        msgid("If it is another than the unit that buys."),
        Holds.UNIT,
        width=30,
    ),
    ImportColumn(
        "contract.supplier.business_id",
        msgid_in("import_column", "supplier's business ID"),
        msgid("For example 0201256-6. Empty for a supplier from abroad."),
        aliases=("y-tunnus", "fo-nummer", "business id", "toimittajan ytunnus"),
    ),
    ImportColumn(
        "contract.supplier.name",
        msgid_in("import_column", "supplier"),
        msgid("Name of the company. Can be empty for a known supplier."),
        width=28,
        aliases=("toimittajan nimi", "leverantörens namn", "supplier name"),
    ),
    ImportColumn(
        "contract.supplier.identifier_scheme",
        msgid_in("import_column", "register of a foreign supplier"),
        msgid("Its code in org-id.guide, for example SE-ON."),
    ),
    ImportColumn(
        "contract.supplier.identifier",
        msgid_in("import_column", "foreign supplier's identifier"),
        msgid("The supplier's identifier in that register."),
    ),
    ImportColumn(
        "contract.starts_on",
        msgid_in("import_column", "contract starts on"),
        msgid("First day of the contract."),
        Holds.DAY,
        required=True,
        aliases=("alkupvm", "startdatum", "starts on"),
    ),
    ImportColumn(
        "contract.ends_on",
        msgid_in("import_column", "contract ends on"),
        msgid("Last day without options."),
        Holds.DAY,
        required=True,
        aliases=("loppupvm", "slutdatum", "ends on"),
    ),
    *OPTIONS,
    ImportColumn(
        "contract.value_eur",
        msgid_in("import_column", "contract value"),
        msgid("In euros without VAT, where it is known."),
        Holds.MONEY,
    ),
    ImportColumn(
        "contract.committed_positions",
        msgid_in("import_column", "people promised"),
        msgid("What the supplier promised. Only with an award criterion, and always then; 0 if nothing."),
        Holds.WHOLE,
    ),
    ImportColumn(
        "contract.counts_from",
        msgid_in("import_column", "jobs count from"),
        msgid("If someone hired before the first day counts too, for example from the signing."),
        Holds.DAY,
    ),
    *PEOPLE,
)
