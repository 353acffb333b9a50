"""Jobs as a file: of the contracts of a list, and of one contract. Nothing in it says who is employed."""

from collections.abc import Callable
from dataclasses import replace

from app.language.catalogues import msgid, translated
from app.language.positions import not_counted_sentence
from app.services import list_exports
from app.services.list_exports import ExportedPosition
from app.web.exports.contracts import asked_of_contracts, asked_of_one, of_all, which_contract
from app.web.exports.listing import Listing, Reader, Titled, at, titled
from app.web.spreadsheets import Cell

BY_SUPPLIER = msgid("the supplier")


def _word(name: str) -> Callable[[ExportedPosition, Reader], Cell]:
    """The word for the code in a field of the same name."""
    return lambda one, reader: reader.word(name, getattr(one.job, name))


def _why_not(one: ExportedPosition, reader: Reader) -> Cell:
    return " ".join(not_counted_sentence(code, reader.language) for code in one.account.not_counted_because) or None


def _employer(one: ExportedPosition, reader: Reader) -> Cell:
    return one.job.employer_name or translated(BY_SUPPLIER, reader.language)


COLUMNS: tuple[Titled[ExportedPosition], ...] = (
    *which_contract(),
    titled(msgid("form of employment"), 18, _word("employment_form")),
    titled(msgid("target group"), 30, _word("target_group")),
    titled(msgid("recruitment channel"), 26, _word("channel")),
    titled(msgid("hours a week"), 12, at("job.weekly_hours")),
    titled(msgid("employed by"), 30, _employer),
    titled(msgid("agreed on"), 12, at("job.agreed_on")),
    titled(msgid("first day"), 12, at("job.starts_on")),
    titled(msgid("planned last day"), 12, at("job.planned_end_on")),
    titled(msgid("ended on"), 12, at("job.ended_on")),
    titled(msgid("why it ended"), 24, _word("end_reason")),
    titled(msgid("continues the job that began on"), 14, at("job.continues_on")),
    titled(msgid("counts"), 10, lambda one, reader: reader.yes_or_no(one.account.counts)),
    titled(msgid("why it does not count"), 50, _why_not),
    titled(msgid("must last until"), 14, at("account.completes_on")),
    titled(msgid("recorded on"), 12, at("job.logged_on")),
    titled(msgid("voided at"), 16, lambda one, reader: reader.moment(one.job.voided_at)),
    titled(msgid("why voided"), 40, at("job.void_reason")),
)

POSITIONS = Listing(
    subject="position",
    title=msgid("positions"),
    file_names={"fi": "tyosuhteet", "sv": "anstallningar", "en": "positions"},
    columns=COLUMNS,
    asked=asked_of_contracts(list_exports.positions_of_list),
    page="/contracts",
    everything=of_all(list_exports.positions_of_list),
)


POSITIONS_OF_CONTRACT = replace(POSITIONS, asked=asked_of_one(list_exports.positions_of_contract), everything=None)
