"""What a notice or a release says and no field holds, in words: what it is about, and what it says."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from app.language import formats
from app.language.catalogues import Text, msgid, msgid_in, msgids, translated, translated_in
from app.language.sentences import made
from app.rules.drafts import FactCode

Values = Mapping[str, bool | int | str]
EURO = "EUR"
LONGEST_AMOUNT = 15
"""Digits of an amount of money; a longer one is told as it stands."""

ABOUT: dict[FactCode, str] = {
    FactCode.BUYER: msgid("Buyer"),
    FactCode.LOT: msgid("Lot"),
    FactCode.PROCEDURE_TITLE: msgid("Title of the whole procurement"),
    FactCode.CONDITION: msgid("Condition for carrying out the contract"),
    FactCode.SOCIAL_OBJECTIVE: msgid("Social objective"),
    FactCode.SOCIAL_PROCUREMENT: msgid("Social objective"),
    FactCode.EMPLOYMENT_CONDITION: msgid("Employment clause by Hilma's statistics"),
    FactCode.OPPORTUNITIES: msgid("Jobs and apprenticeships expected by Hilma's statistics"),
    FactCode.RESERVED: msgid("Reserved"),
    FactCode.RENEWALS: msgid("Renewals"),
    FactCode.RENEWALS_TEXT: msgid("About the renewals"),
    FactCode.OPTIONS_TEXT: msgid("About the options"),
    FactCode.PERIOD: msgid("Planned contract period"),
    FactCode.DURATION: msgid("Length of the contract"),
    FactCode.DURATION_OPEN: msgid("Length of the contract"),
    FactCode.LONGEST_END: msgid("Last day with all options and renewals"),
    FactCode.SIGNED: msgid("Signed on"),
    FactCode.AWARDED: msgid("Winner decided on"),
    FactCode.CONTRACT_TITLE: msgid("Title of the contract"),
    FactCode.OTHER_CURRENCY: msgid("Not in euros"),
    FactCode.FRAMEWORK: msgid("Framework agreement"),
    FactCode.COMPANY_ID_UNKNOWN: msgid("Company to be identified"),
    FactCode.COMPANY_ID_MISSING: msgid("Company to be identified"),
    FactCode.SUBCONTRACTED: msgid("Subcontracting"),
    FactCode.TENDER_NUMBERS: msgid("Tenders received"),
    FactCode.NO_WINNER: msgid("Result of the competition"),
    FactCode.WINNER_UNCLEAR: msgid("Result of the competition"),
    FactCode.WINNER_DIFFERS: msgid("Who won"),
    FactCode.SHARED_VALUE: msgid("Value shared by lots"),
    FactCode.MORE_CONTRACTS: msgid("Contracts left out"),
    FactCode.CANCELLED: msgid("Called off"),
    FactCode.WITHHELD: msgid("Not published"),
    FactCode.SHORTENED: msgid("Shortened"),
    FactCode.UNREADABLE: msgid("Could not be read"),
    FactCode.STATUS: msgid("State in the source"),
    FactCode.TERMINATED: msgid("Ended early on"),
    FactCode.NOTICE: msgid("Notice"),
}
SAYS: dict[FactCode, Text] = {
    FactCode.SOCIAL_PROCUREMENT: msgid("The procurement is to fulfil social objectives."),
    FactCode.RENEWALS: msgids(
        "The contract can be renewed once.", "The contract can be renewed {times} times.", by="times"
    ),
    FactCode.OTHER_CURRENCY: msgid("{field}: {amount}. Convert it to euros."),
    FactCode.COMPANY_ID_UNKNOWN: msgid("{name}: the identifier {identifier} is no Finnish business ID. Check it."),
    FactCode.COMPANY_ID_MISSING: msgid("{name}: the source gives no identifier. Look it up."),
    FactCode.WINNER_UNCLEAR: msgid("A winner was chosen, but the notice does not say who."),
    FactCode.WINNER_DIFFERS: msgid(
        "The notice names one tender for the contract and another for the lot. Check with whom the contract is."
    ),
    FactCode.SHARED_VALUE: msgid("{amount} for {lots} lots together. Fill in the share of this lot."),
    FactCode.MORE_CONTRACTS: msgids(
        "{more} contract did not fit into the draft. Add it after registering.",
        "{more} contracts did not fit into the draft. Add them after registering.",
        by="more",
    ),
    FactCode.CANCELLED: msgid("A later notice says that the procurement was called off."),
    FactCode.SHORTENED: msgid("{field}: only the beginning is here. The rest stands in the source."),
}
USED = msgid("Yes, an employment clause is used.")
NOT_USED = msgid("No employment clause is used.")
UNDER_IT = msgid("The purchases are call-offs under a framework agreement.")
AT_MOST_UNDER_IT = msgid("At most {amount} is bought under a framework agreement.")
FROM, UNTIL = msgid("from {first}"), msgid("until {last}")
LENGTHS: dict[str, Text] = {
    "days": msgids("{length} day", "{length} days", by="length"),
    "weeks": msgids("{length} week", "{length} weeks", by="length"),
    "months": msgids("{length} month", "{length} months", by="length"),
    "years": msgids("{length} year", "{length} years", by="length"),
}
WORDS: dict[str, dict[str, str]] = {
    "open_duration": {
        "unlimited": msgid_in("open_duration", "until further notice"),
        "unknown": msgid_in("open_duration", "not known"),
    },
    "social_objective": {
        "acc-all": msgid_in("social_objective", "accessibility for all"),
        "et-eq": msgid_in("social_objective", "ethnic equality"),
        "gen-eq": msgid_in("social_objective", "gender equality"),
        "hum-right": msgid_in("social_objective", "human rights due diligence in global supply chains"),
        "opp": msgid_in(
            "social_objective",
            "employment opportunities for the long-term unemployed, disadvantaged or for persons with disabilities",
        ),
        "work-cond": msgid_in("social_objective", "fair working conditions"),
        "other": msgid_in("social_objective", "other"),
    },
    "reserved": {
        "res-ws": msgid_in(
            "reserved",
            "participation is reserved to sheltered workshops and to those who integrate disadvantaged people",
        ),
        "res-pub-ser": msgid_in("reserved", "participation is reserved to organisations with a public service mission"),
        "execution": msgid_in("reserved", "the contract must be carried out within sheltered employment programmes"),
    },
    "no_winner": {
        "clos-nw": msgid_in("no_winner", "no winner was chosen and the competition is closed"),
        "open-nw": msgid_in("no_winner", "the winner was not yet chosen, the competition is still going on"),
    },
    "no_winner_reason": {
        "all-rej": msgid_in("no_winner_reason", "all tenders were rejected"),
        "no-rece": msgid_in("no_winner_reason", "no tender came in"),
        "one-admis": msgid_in("no_winner_reason", "only one tender could be admitted"),
        "chan-need": msgid_in("no_winner_reason", "the needs changed"),
        "ins-fund": msgid_in("no_winner_reason", "there was not enough money"),
        "rev-body": msgid_in("no_winner_reason", "a review body decided so"),
        "rev-buyer": msgid_in("no_winner_reason", "the buyer decided so after a review"),
        "tec-err": msgid_in("no_winner_reason", "technical or procedural errors"),
        "no-signed": msgid_in("no_winner_reason", "the winner did not sign"),
    },
    "notice_type": {
        "cn-standard": msgid_in("notice_type", "contract notice"),
        "cn-social": msgid_in("notice_type", "contract notice for social services"),
        "cn-desg": msgid_in("notice_type", "design contest notice"),
        "can-standard": msgid_in("notice_type", "contract award notice"),
        "can-social": msgid_in("notice_type", "contract award notice for social services"),
        "can-desg": msgid_in("notice_type", "result of a design contest"),
        "can-tran": msgid_in("notice_type", "contract award notice for public transport"),
        "veat": msgid_in("notice_type", "notice before an award without competition"),
    },
    "draft_field": {
        "title": msgid_in("draft_field", "what is bought"),
        "kind": msgid_in("draft_field", "kind of procurement"),
        "estimated_value_eur": msgid_in("draft_field", "estimated value"),
        "value_eur": msgid_in("draft_field", "value of the contract"),
        "starts_on": msgid_in("draft_field", "first day"),
        "ends_on": msgid_in("draft_field", "last day"),
        "signed_on": msgid_in("draft_field", "day of signing"),
        "awarded_on": msgid_in("draft_field", "day of the decision"),
        "ten-val": msgid_in("draft_field", "value of the tender"),
        "not-val": msgid_in("draft_field", "value of the whole notice"),
        "max-val": msgid_in("draft_field", "largest value of the framework agreement"),
        "win-cho": msgid_in("draft_field", "how the competition ended"),
        "con-num": msgid_in("draft_field", "contract number"),
    },
}
"""Words for codes of the sources; another code of the same list is shown as it is."""


def fact_about(code: FactCode, language: str) -> str:
    """What a fact is about, as a label."""
    return translated(ABOUT[code], language)


def fact_text(code: FactCode, values: Values, language: str) -> str:
    """What a fact says. Values that are missing are passed over."""
    told = TELLERS.get(code, _plainly)(code, values, language)
    return formats.capitalised(told.strip()) or "–"


def _plainly(code: FactCode, values: Values, language: str) -> str:
    """A sentence of the table, else the only value as it is."""
    if code not in SAYS:
        return ", ".join(_plain(name, value, language) for name, value in values.items())
    words = {"name": "–", "identifier": "–", "field": "", "text": "", "lots": "", "amount": ""}
    words |= {name: _plain(name, value, language) for name, value in values.items()}
    if "amount" in values:
        words["amount"] = _money(values, language)
    if "country" in values and "name" in values:
        words["name"] = f"{values['name']} ({values['country']})"
    return made(SAYS[code], values, language, words)


def _counted(name: str) -> Callable[[FactCode, Values, str], str]:
    """A sentence with a number in it, which is called otherwise among the values."""

    def tell(code: FactCode, values: Values, language: str) -> str:
        count = _count(values)
        return made(SAYS[code], {name: count}, language, {name: formats.number(count, language)})

    return tell


def _plain(name: str, value: bool | int | str, language: str) -> str:
    if name in {"day", "first", "last"} and isinstance(value, str):
        return _day(value, language)
    if name == "field":
        return formats.capitalised(_word("draft_field", str(value), language))
    return formats.number(int(value), language) if isinstance(value, int) else value


def _word(kind: str, code: str, language: str) -> str:
    known = WORDS[kind].get(code)
    return code if known is None else translated_in(kind, known, language)


def _day(value: str, language: str) -> str:
    try:
        return formats.day(date.fromisoformat(value), language)
    except ValueError:
        return value


def _money(values: Values, language: str) -> str:
    amount, currency = str(values.get("amount", "")), str(values.get("currency", ""))
    try:
        exact = Decimal(amount)
    except InvalidOperation:
        return f"{amount} {currency}"
    if not exact.is_finite() or abs(exact.adjusted()) > LONGEST_AMOUNT:
        return f"{amount} {currency}"
    if currency == EURO:
        return formats.euros(int(exact * 100), language)
    return f"{formats.number(exact, language)} {currency}".replace(" ", formats.NO_BREAK_SPACE)


def _count(values: Values) -> int:
    count = values.get("count", 0)
    return count if isinstance(count, int) else 0


def _lot(_code: FactCode, values: Values, language: str) -> str:
    named = [str(values[name]) for name in ("number", "title") if name in values]
    reference = f" ({values['reference']})" if "reference" in values else ""
    return ": ".join(named) + reference


def _employment(_code: FactCode, values: Values, language: str) -> str:
    return translated(USED if values.get("used") else NOT_USED, language)


def _period(_code: FactCode, values: Values, language: str) -> str:
    days = {name: _day(str(values[name]), language) for name in ("first", "last") if name in values}
    if len(days) == 2:
        return f"{days['first']} – {days['last']}"
    return " ".join(translated(FROM if name == "first" else UNTIL, language).format(**days) for name in days)


def _duration(_code: FactCode, values: Values, language: str) -> str:
    count, unit = _count(values), str(values.get("unit", ""))
    if unit not in LENGTHS:
        return f"{count} {unit}"
    return made(LENGTHS[unit], {"length": count}, language, {"length": formats.number(count, language)})


def _framework(_code: FactCode, values: Values, language: str) -> str:
    if "amount" not in values:
        return translated(UNDER_IT, language)
    return translated(AT_MOST_UNDER_IT, language).format(amount=_money(values, language))


def _no_winner(_code: FactCode, values: Values, language: str) -> str:
    told = [_word("no_winner", str(values.get("status", "")), language)]
    if "reason" in values:
        told.append(_word("no_winner_reason", str(values["reason"]), language))
    return ": ".join(one for one in told if one)


def _notice(_code: FactCode, values: Values, language: str) -> str:
    told = [_word("notice_type", str(values["type"]), language)] if "type" in values else []
    return ", ".join([*told, *(str(values[name]) for name in ("number",) if name in values)])


def _subcontracted(_code: FactCode, values: Values, language: str) -> str:
    share = f"{values['percent']}\N{NO-BREAK SPACE}%" if "percent" in values else ""
    return ". ".join(one for one in (share, str(values.get("text", ""))) if one)


def _unreadable(_code: FactCode, values: Values, language: str) -> str:
    return ": ".join(_plain(name, values[name], language) for name in ("field", "text") if name in values)


def _coded(kind: str, name: str) -> Callable[[FactCode, Values, str], str]:
    """A code of a list in words."""
    return lambda _code, values, language: _word(kind, str(values.get(name, "")), language)


TELLERS: dict[FactCode, Callable[[FactCode, Values, str], str]] = {
    FactCode.LOT: _lot,
    FactCode.SOCIAL_OBJECTIVE: _coded("social_objective", "objective"),
    FactCode.EMPLOYMENT_CONDITION: _employment,
    FactCode.RESERVED: _coded("reserved", "reservation"),
    FactCode.RENEWALS: _counted("times"),
    FactCode.PERIOD: _period,
    FactCode.DURATION: _duration,
    FactCode.DURATION_OPEN: _coded("open_duration", "reason"),
    FactCode.FRAMEWORK: _framework,
    FactCode.SUBCONTRACTED: _subcontracted,
    FactCode.NO_WINNER: _no_winner,
    FactCode.MORE_CONTRACTS: _counted("more"),
    FactCode.WITHHELD: _coded("draft_field", "field"),
    FactCode.UNREADABLE: _unreadable,
    FactCode.NOTICE: _notice,
}
"""How what a fact says is put together, where it is more than its values or a sentence of SAYS."""
