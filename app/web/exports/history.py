"""What the service has said of a contract as a file: each change of how its obligation stands."""

from app.language.catalogues import msgid
from app.language.labels import label
from app.services import list_exports
from app.services.list_exports import ExportedSaying
from app.web.exports.contracts import COUNT_WIDTH, COUNTS, asked_of_one, which_contract
from app.web.exports.listing import Listing, Titled, at, titled


def _count(name: str) -> Titled[ExportedSaying]:
    return Titled(lambda language: label("count", name, language), COUNT_WIDTH, at(f"standing.{name}"))


COLUMNS: tuple[Titled[ExportedSaying], ...] = (
    *which_contract(),
    titled(msgid("judged for"), 14, at("said.judged_on")),
    titled(msgid("recorded at"), 16, lambda one, reader: reader.moment(one.said.recorded_at)),
    titled(msgid("status"), 22, lambda one, reader: reader.word("status", one.said.status)),
    *(_count(name) for name in COUNTS),
    titled(msgid("last day"), 12, at("standing.effective_end_on")),
    titled(msgid("last day to start"), 14, at("standing.latest_start_on")),
)


HISTORY = Listing(
    subject="judgement_change",
    title=msgid("what the service has said"),
    file_names={"fi": "tilahistoria", "sv": "statushistorik", "en": "status-history"},
    columns=COLUMNS,
    asked=asked_of_one(list_exports.sayings_of_contract),
)
