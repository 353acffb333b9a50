"""What a mail says: rows and judgements become the messages that the notifications library words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.language.history import history_line
from app.language.reasons import sentence
from app.rules.judgement import Judgement, judge
from app.rules.policy import ERASURE_NOTICE_DAYS
from app.rules.reasons import FOR_SUPPLIER
from app.rules.reminders import ReminderKind, urgency
from app.services import links
from app.services.stand_ins import StandIn
from app.storage import events
from app.storage.facts import load_facts
from app.storage.mails import contract_for_mail
from app.storage.models import Contract, Message, Owner, OwnershipChange, Told
from app.storage.units import Liaison, liaison_of
from notifications import messages


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the service is reached and what signs its links."""

    base_url: str
    secret_key: str

    def owner_page(self, contract_id: str, owner_id: str, *, act: bool) -> str:
        """The page of one contract for its owner, reached from a mail without logging in."""
        token = links.sign(self.secret_key, links.OwnerLink(contract_id, owner_id, act))
        return f"{self.base_url}/owner/{token}"


def compose(
    session: Session,
    message: Message,
    told: Sequence[Told],
    addresses: Addresses,
    today: date,
    instead: StandIn | None = None,
) -> messages.OwnerReminders | messages.Handover:
    """The message as it is to be worded today, with the reminders that still hold; `instead` reads it where the owner
    cannot be reached."""
    explained = _stand_in(session, message, addresses, instead) if instead else None
    if told[0].kind == ReminderKind.HANDOVER:
        return replace(_handover(session, message, told[0], addresses, today), stand_in=explained)
    by_contract: dict[str, list[Told]] = {}
    for one in sorted(told, key=lambda one: urgency(ReminderKind(one.kind), one.on_date)):
        by_contract.setdefault(one.contract_id, []).append(one)
    return messages.OwnerReminders(
        language=message.language,
        recipient_name=message.to_name,
        on=today,
        contracts=tuple(
            messages.ContractReminders(
                state=_state(session, contract_id, message, addresses, today),
                reminders=tuple(_reminder(one, today) for one in _without_lower_thresholds(ones)),
            )
            for contract_id, ones in by_contract.items()
        ),
        stand_in=explained,
    )


def _stand_in(session: Session, message: Message, addresses: Addresses, instead: StandIn) -> messages.StandIn:
    owner = session.get_one(Owner, message.owner_id)
    return messages.StandIn(owner.name, instead.why, instead.role, f"{addresses.base_url}/owners/{owner.id}")


def _without_lower_thresholds(told: Sequence[Told]) -> list[Told]:
    """Of several units fallen due the last one says it all: how many are required now."""
    reached = [one for one in told if one.kind == ReminderKind.THRESHOLD_REACHED]
    last = max(reached, key=lambda one: one.count, default=None)
    return [one for one in told if one is last or one not in reached]


def _reminder(told: Told, today: date) -> messages.Reminder:
    """Days are counted to the day the mail is worded, which may be later than the day it was decided."""
    match told.kind:
        case ReminderKind.WINDOW_CLOSING:
            return messages.Reminder(told.kind, told.on_date, (told.on_date - today).days, told.count)
        case ReminderKind.NO_NEWS:
            return messages.Reminder(told.kind, told.on_date, None, (today - told.on_date).days)
        case ReminderKind.ERASURE_AHEAD:
            return messages.Reminder(told.kind, max(told.on_date, today + timedelta(days=ERASURE_NOTICE_DAYS)))
        case _:
            return messages.Reminder(str(told.kind), told.on_date, None, told.count)


def _state(
    session: Session, contract_id: str, message: Message, addresses: Addresses, today: date
) -> messages.ContractState:
    owner = session.get_one(Owner, message.owner_id)
    alone = not message.copies and message.to_email == owner.email  # a link that acts is the owner's own
    page = addresses.owner_page(contract_id, message.owner_id, act=alone)
    act_url = f"{page}#reminders" if alone else None
    return contract_state(session, contract_id, message.language, page, act_url, today)


def contract_state(
    session: Session, contract_id: str, language: str, page_url: str, act_url: str | None, today: date
) -> messages.ContractState:
    """The contract and its judgement today, in the reader's words and in the supplier's."""
    found = contract_for_mail(session, contract_id)
    contract: Contract = found.Contract
    judgement = judge(load_facts(session, [contract_id])[contract_id], today)
    standing = judgement.standing
    return messages.ContractState(
        title=found.title,
        reference=contract.reference,
        supplier_name=found.supplier_name,
        status=standing.status,
        required=standing.required,
        completed=standing.completed,
        running=standing.running,
        upcoming=standing.upcoming,
        covered=standing.covered,
        missing=standing.missing,
        latest_start_on=standing.latest_start_on,
        effective_end_on=standing.effective_end_on,
        min_duration_months=judgement.outlook.facts.clause.min_duration_months,
        sentences=_sentences(judgement, language),
        supplier_sentences=_sentences(judgement, contract.supplier_language, FOR_SUPPLIER),
        liaison=_contact(liaison_of(session, found.Unit)),
        supplier_contact=_contact_of_supplier(contract),
        supplier_language=contract.supplier_language,
        page_url=page_url,
        act_url=act_url,
    )


def _sentences(judgement: Judgement, language: str, only: frozenset[str] | None = None) -> tuple[str, ...]:
    """The reasons as sentences. What an option would change stands with the headline: it may save what looks lost."""
    reasons = [reason for reason in judgement.reasons if only is None or reason.code in only]
    first = [reason for reason in reasons if reason is reasons[0] or reason.code == "option_would_extend"]
    headline = " ".join(sentence(reason, language) for reason in first)
    return tuple([headline] * bool(first) + [sentence(reason, language) for reason in reasons if reason not in first])


def _contact(liaison: Liaison | None) -> messages.Contact | None:
    if liaison is None or liaison.email is None:
        return None
    return messages.Contact(liaison.name, liaison.email, liaison.phone)


def _contact_of_supplier(contract: Contract) -> messages.Contact | None:
    if contract.supplier_contact_name is None or contract.supplier_contact_email is None:
        return None
    return messages.Contact(
        contract.supplier_contact_name, contract.supplier_contact_email, contract.supplier_contact_phone
    )


def _handover(session: Session, message: Message, told: Told, addresses: Addresses, today: date) -> messages.Handover:
    change = session.get_one(OwnershipChange, told.key)
    former = session.get_one(Owner, change.from_owner_id)
    lines = events.of_contract(session, told.contract_id)
    return messages.Handover(
        language=message.language,
        recipient_name=message.to_name,
        # Who gets no copy has left: nobody is told to ask them.
        former_owner=messages.Contact(former.name, former.email) if former.email in message.copies else None,
        note=change.note,
        state=_state(session, told.contract_id, message, addresses, today),
        history=tuple(
            messages.HistoryEntry(line.on, history_line(line.code, line.values, message.language)) for line in lines
        ),
    )
