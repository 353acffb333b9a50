"""What the company register says of suppliers, as sentences."""

from collections.abc import Mapping
from datetime import date

from app.language.catalogues import DEFAULT, Text, msgid
from app.language.sentences import made
from app.rules.codes import CompanySituation

SITUATIONS: dict[CompanySituation, Text] = {
    CompanySituation.BANKRUPTCY: msgid("{name} is bankrupt."),
    CompanySituation.LIQUIDATION: msgid("{name} is in liquidation."),
    CompanySituation.RESTRUCTURING: msgid("{name} is being restructured by order of a court."),
}
SINCE: Text = msgid("The entry in the register is of {since}.")
SEEN: Text = msgid("The service first saw it on {seen_on}.")
SOURCE: Text = msgid("Source: the company register's open data (PRH), {fetched_on}.")
CLEAR_UP: Text = msgid("Clear up whether the work under the contract goes on, and who employs.")
ENTRY: Text = msgid("In the company register {fetched_on}: {entry}.")
NO_ENTRY: Text = msgid("Not in the company register ({fetched_on}).")

KNOWN: Text = msgid("{business_id} is {name} in the company register ({fetched_on}).")
NAMELESS: Text = msgid("{business_id} is in the company register, without a name ({fetched_on}).")
UNKNOWN: Text = msgid(
    "{business_id} is not in the company register ({fetched_on}). Check the number. Municipalities, associations and "
    "foundations are not in it, so you can register all the same."
)
ASKED: Text = msgid("The service asks the company register about {business_id}. You need not wait for it.")
AWAY: Text = msgid("The company register has not answered about {business_id} yet. You can register all the same.")


def situation_sentence(name: str, code: CompanySituation, since: date | None, seen_on: date, language: str) -> str:
    """What a company's situation is and since when: by the register's own day, else by the one on which the service
    first saw it."""
    when = made(SEEN, {"seen_on": seen_on}, language) if since is None else made(SINCE, {"since": since}, language)
    return f"{made(SITUATIONS[code], {'name': name}, language)} {when}"


def source_sentence(fetched_on: date, language: str) -> str:
    """Where it is known from, as the register's licence asks, and from which day."""
    return made(SOURCE, {"fetched_on": fetched_on}, language)


def entry_sentence(found: bool, name: str | None, forms: Mapping[str, str], fetched_on: date, language: str) -> str:
    """A supplier as the register has it: name and form. The form is told in the reader's language where the register
    does, else in Finnish."""
    entry = ", ".join(filter(None, (name, (forms.get(language) or forms.get(DEFAULT) or "").lower())))
    text = ENTRY if found and entry else NO_ENTRY
    return made(text, {"fetched_on": fetched_on, "entry": entry}, language)


def clear_up_sentence(language: str) -> str:
    """What someone answerable for the contract has to do."""
    return made(CLEAR_UP, {}, language)


def hint_sentence(business_id: str, found: bool, name: str | None, fetched_on: date, language: str) -> str:
    """What the register said of a business ID that is being typed."""
    text = UNKNOWN if not found else KNOWN if name else NAMELESS
    return made(text, {"business_id": business_id, "name": name, "fetched_on": fetched_on}, language)


def waiting_sentence(business_id: str, late: bool, language: str) -> str:
    """The register was not asked about a business ID yet; `late`: it was tried in vain."""
    return made(AWAY if late else ASKED, {"business_id": business_id}, language)
