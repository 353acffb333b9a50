"""The list of people wanted as a file: who needs someone by when."""

from app.language.catalogues import msgid, translated
from app.schemas.contract_lists import ContractListQuery
from app.services import list_exports
from app.services.people_wanted import Opening
from app.web.contract_lists import asked_of
from app.web.exports.listing import Asked, Listing, Reader, Titled, at, titled
from app.web.spreadsheets import Cell
from app.web.visiting import Visit

ALL_GROUPS = msgid("All target groups")


def _groups(one: Opening, reader: Reader) -> Cell:
    return reader.words("target_group", one.detail.target_groups) or translated(ALL_GROUPS, reader.language)


COLUMNS: tuple[Titled[Opening], ...] = (
    titled(msgid("start by"), 12, at("until")),
    titled(msgid("people"), 8, at("count")),
    titled(msgid("the agreed day has passed"), 14, lambda one, reader: reader.yes_or_no(one.late)),
    titled(msgid("procurement"), 40, at("row.procurement_title")),
    titled(msgid("procurement's kind"), 14, lambda one, reader: reader.word("procurement_kind", one.detail.kind)),
    titled(msgid("contract number"), 16, at("row.reference")),
    titled(msgid("unit"), 30, at("detail.unit_name")),
    titled(msgid("contract begins"), 12, at("row.starts_on")),
    titled(msgid("supplier"), 30, at("row.supplier_name")),
    titled(msgid("supplier's contact person"), 26, at("detail.supplier_contact_name")),
    titled(msgid("contact person's e-mail"), 30, at("detail.supplier_contact_email")),
    titled(msgid("contact person's telephone"), 18, at("detail.supplier_contact_phone")),
    titled(
        msgid("accepted forms of employment"),
        40,
        lambda one, reader: reader.words("employment_form", one.detail.employment_forms),
    ),
    titled(msgid("accepted target groups"), 40, _groups),
    titled(msgid("shortest duration in months"), 12, at("detail.min_duration_months")),
    titled(msgid("least hours a week"), 12, at("detail.min_weekly_hours")),
)


def _asked(visit: Visit) -> Asked[Opening] | None:
    query, form = asked_of(visit, ContractListQuery, {"unit_id"})
    if form.errors:
        return None
    return Asked(
        lambda session, act: list_exports.people_wanted_list(session, query.unit_id, act), {"unit_id": query.unit_id}
    )


PEOPLE_WANTED = Listing(
    subject="people_wanted",
    title=msgid("people wanted"),
    file_names={"fi": "haettavat-tyontekijat", "sv": "arbetstagare-som-soks", "en": "people-wanted"},
    columns=COLUMNS,
    asked=_asked,
    page="/people-wanted",
    everything=Asked(lambda session, act: list_exports.people_wanted_list(session, None, act)),
)
