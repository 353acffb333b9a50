"""Fills an empty database with the demo: everything goes through the services, each step on the day it happened."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.rules import policy
from app.rules.codes import Role
from app.rules.dates import ONE_DAY
from app.schemas.adjustments import AdjustmentCreate
from app.schemas.closures import ClosureCreate
from app.schemas.contracts import ContractChange, ContractCreate
from app.schemas.handovers import HandoverCreate
from app.schemas.notes import NoteCreate
from app.schemas.options import ExerciseCommand
from app.schemas.positions import PositionChange, PositionCreate
from app.schemas.procurements import ProcurementCreate
from app.schemas.purchases import PurchaseCreate
from app.schemas.tokens import TokenCreate
from app.schemas.units import LiaisonInput, UnitChange, UnitCreate, UnitRoot
from app.schemas.users import GrantCreate, UserCreate
from app.services import (
    adjustments,
    closures,
    contracts,
    handovers,
    judgements,
    notes,
    options,
    outcome_imports,
    positions,
    procurements,
    projects,
    purchases,
    tokens,
    units,
    users,
)
from app.services.acting import SYSTEM, Act, Actor
from app.services.clocks import CHECK
from app.services.passwords import hashed
from app.services.signing_in import actor_of
from app.sources.demo import city, current, pilots
from app.sources.demo.shapes import Bought, Deal, Decision, Job, NewOwner, Option, Person, Remark, Tender
from app.sources.outcomes import seeds
from app.storage import jobs, people
from app.storage import judgements as stored_judgements
from app.storage.models import Unit, User

PASSWORD = "siepp-demo-2019"  # noqa: S105 - everybody knows it, as they know the tokens
"""Of all users of the demo."""
LOGGED_AFTER = timedelta(days=3)
"""The liaison logs a job, or that it ended, so long after."""
RECORDED_AFTER = timedelta(days=12)
"""Purchases come from the ledger so long after the end of their period."""
KEPT_MONTHS = 120
"""Whoever tries the demo wants to look at the jobs of the pilots, which are over for years."""
REPORTED_ON, PLANNED_ON = date(2019, 12, 16), date(2020, 11, 2)
"""When the outcomes of the city's report and those of its plan were written down."""


class Step(NamedTuple):
    """Something that was written down on a day, by a user of the demo."""

    on: date
    user: str
    write: Callable[[Act], object]


def is_empty(session: Session) -> bool:
    """Whether nobody has begun to use the database."""
    return not session.scalar(select(exists().where(Unit.id.is_not(None)) | exists().where(User.id.is_not(None))))


def holds_demo(session: Session) -> bool:
    """Whether the demo was filled in: its tokens are known nowhere else."""
    return bool(people.rows_by_token(session, city.USERS["officer"].token))


class DemoLogin(NamedTuple):
    """A user of the demo, to choose on the log-in page."""

    key: str
    name: str
    role: Role


def logins() -> list[DemoLogin]:
    return [DemoLogin(key, user.person.name, user.role) for key, user in city.USERS.items()]


def user_named(session: Session, key: str) -> User | None:
    """The demo's user with this key; None where there is none, or the database does not hold the demo."""
    known = city.USERS.get(key)
    rows = people.rows_by_token(session, known.token) if known is not None else ()
    return people.get_user(session, rows[0].id) if rows else None


def actor_named(session: Session, key: str) -> Actor:
    """The demo's user with this key, who acts. Raises KeyError where the database does not hold the demo."""
    user = user_named(session, key)
    if user is None:
        raise KeyError(key)
    return actor_of(session, user)


def fill(session: Session, act: Act) -> None:
    """The whole demo as of the act's day, into an empty database."""
    tenders = (*pilots.pilots(), *current.current(act.today))
    fill_with(session, tenders, act, outcomes={REPORTED_ON: seeds.REPORTED, PLANNED_ON: seeds.PLANNED})


def fill_with(
    session: Session, tenders: Iterable[Tender], act: Act, outcomes: Mapping[date, Sequence[str]] | None = None
) -> None:
    """The demo city with these procurements and, by the days on which they were written down, the outcomes of these
    projects, in the order in which everything happened."""
    filling = _Filling(session, act)
    happened = [step for tender in tenders for step in filling.of_tender(tender)]
    happened += [
        Step(filling.no_later_than_today(on), "admin", partial(filling.import_outcomes, slugs))
        for on, slugs in (outcomes or {}).items()
    ]
    steps = sorted(happened, key=lambda step: step.on)
    filling.found_city(steps[0].on - ONE_DAY)
    for step in steps:
        step.write(filling.act_on(step.on, filling.actors[step.user]))
    filling.let_time_pass(act)


class _Filling:
    """Ids of what was put there so far, by the keys of the data, and a clock for the past."""

    def __init__(self, session: Session, act: Act) -> None:
        self.session, self.install = session, act
        self.units: dict[str, str] = {}
        self.actors: dict[str, Actor] = {}
        self._last: datetime | None = None

    def act_on(self, on: date, actor: Actor) -> Act:
        """An act in the morning of a day, a second after the one before it on that day."""
        start = datetime.combine(on, time(7), self.install.now.tzinfo)
        again = self._last is not None and self._last >= start
        self._last = self._last + timedelta(seconds=1) if self._last is not None and again else start
        return Act(actor, min(self._last, self.install.now), on, self.install.where)

    def no_later_than_today(self, on: date) -> date:
        return min(on, self.install.today)

    # --- The city

    def found_city(self, on: date) -> None:
        act = self.act_on(on, SYSTEM)
        for key, office in city.OFFICES.items():
            liaison = LiaisonInput(name=office.liaison, email=city.liaison_address(key)) if office.liaison else None
            if office.above:
                command = UnitCreate(
                    name=office.name, parent_id=self.units[office.above], lead_days=office.lead_days, liaison=liaison
                )
                self.units[key] = units.add_unit(self.session, command, act).unit.id
            else:
                self.units[key] = units.add_root_unit(self.session, UnitRoot(name=office.name), act).id
                units.change_unit(
                    self.session, self.units[key], UnitChange(liaison=liaison, retention_months=KEPT_MONTHS), act
                )
        kept = hashed(PASSWORD)
        for key in city.USERS:
            self.actors[key] = self._add_user(key, kept, act)

    def _add_user(self, key: str, kept: str, act: Act) -> Actor:
        """A user with a password and a token that everybody knows, the token in the place of the secret one made."""
        known = city.USERS[key]
        body = _body_of(known.person) | {"grant": GrantCreate(role=known.role, unit_id=next(iter(self.units.values())))}
        user = users.add_user(self.session, UserCreate.model_validate(body), act)
        user.password_hash = kept
        made = tokens.create_token(self.session, user.id, TokenCreate(name="Demo"), act)
        made.token.token_hash = people.token_hash(known.token)
        made.token.expires_on = None  # made years before today, as the demo has it, and still to be used
        self.session.flush()
        return actor_of(self.session, user)

    # --- Steps

    def import_outcomes(self, slugs: Sequence[str], act: Act) -> None:
        """Projects are carried by the whole city, and given to its reporter to write."""
        outcome_imports.import_seeds(self.session, next(iter(self.units.values())), act, slugs=slugs)
        for slug in slugs:
            projects.give_to(self.session, slug, city.USERS["reporter"].person.email, act)

    def of_tender(self, tender: Tender) -> Iterator[Step]:
        ids: dict[str, str] = {}
        yield Step(self.no_later_than_today(tender.signed_on + ONE_DAY), "officer", partial(self._tender, tender, ids))
        for deal in tender.deals:
            yield from _Story(self, tender, ids, deal).steps()

    def _tender(self, tender: Tender, ids: dict[str, str], act: Act) -> None:
        body = {
            "reference": tender.reference,
            "title": tender.title,
            "unit_id": self.units[tender.unit],
            "kind": tender.kind,
            "estimated_value_eur": _euros(tender.value),
            "signed_on": tender.signed_on,
            "programme": tender.programme,
            "innovative_method": tender.method,
            "procedure": tender.procedure,
            "clause": tender.clause,
            "no_clause_reason": tender.no_clause_reason,
        }
        command = ProcurementCreate.model_validate(body)
        ids["procurement"] = procurements.register_procurement(self.session, command, act).procurement.id

    # --- The clock

    def let_contract_age(self, contract_id: str, before: date) -> None:
        """What the check would have found on the days between two steps, so that the history tells it."""
        while True:
            change_on = stored_judgements.read(self.session, contract_id).next_change_on
            if change_on is None or change_on >= before:
                return
            judgements.rejudge(self.session, [contract_id], self.act_on(change_on, SYSTEM))

    def let_time_pass(self, act: Act) -> None:
        """All contracts as they stand on the day of installation; the next check looks at each."""
        contract_ids = stored_judgements.all_ids(self.session)
        for contract_id in contract_ids:
            self.let_contract_age(contract_id, act.today)
        judgements.rejudge(self.session, contract_ids, act)
        self._remember_checks(act)

    def _remember_checks(self, act: Act) -> None:
        """The daily checks of the last weeks, as if the service had been running: without them its clock is doubted."""
        for days in range(1, policy.CLOCK_CHECKS + 1):
            at = act.now - timedelta(days=days)
            jobs.finish(self.session, jobs.start(self.session, CHECK, act.today - timedelta(days=days), at), {}, at)


class _Story:
    """What happened under one contract."""

    def __init__(self, filling: _Filling, tender: Tender, tender_ids: dict[str, str], deal: Deal) -> None:
        self.filling, self.session, self.deal = filling, filling.session, deal
        self.tender, self.tender_ids = tender, tender_ids
        self.id = ""
        self.parties: list[str] = []
        self.jobs: dict[int, str] = {}

    def steps(self) -> Iterator[Step]:
        deal, by_today = self.deal, self.filling.no_later_than_today
        yield Step(by_today(self.tender.signed_on + 2 * ONE_DAY), "officer", self._register)
        for option in deal.options:
            if option.taken_on is not None:
                yield self._step(option.taken_on, "officer", partial(self._take, option))
        for place, job in enumerate(deal.jobs):
            known_on = job.agreed_on or job.starts_on
            yield self._step(by_today(known_on + LOGGED_AFTER), "liaison", partial(self._log, place, job))
            if job.ended_on is not None:
                yield self._step(by_today(job.ended_on + LOGGED_AFTER), "liaison", partial(self._end, place, job))
        for bought in deal.purchases:
            yield self._step(by_today(bought.on + RECORDED_AFTER), "officer", partial(self._buy, bought))
        for decision in deal.decisions:
            yield self._step(decision.on, "officer", partial(self._decide, decision))
        for remark in deal.remarks:
            yield self._step(remark.on, "liaison", partial(self._note, remark))
        if deal.termination_decided_on is not None:
            yield self._step(deal.termination_decided_on, "officer", self._terminate)
        if deal.handover is not None:
            yield self._step(deal.handover.on, "officer", partial(self._hand_over, deal.handover))

    def _step(self, on: date, user: str, write: Callable[[Act], object]) -> Step:
        def aged(act: Act) -> object:
            self.filling.let_contract_age(self.id, on)
            return write(act)

        return Step(on, user, aged)

    def _register(self, act: Act) -> None:
        deal, supplier = self.deal, city.COMPANIES[self.deal.supplier]
        body = {
            "procurement_id": self.tender_ids["procurement"],
            "reference": deal.reference,
            "unit_id": self.filling.units[deal.unit] if deal.unit else None,
            "supplier": _supplier(deal.supplier),
            "supplier_contact": _body_of(supplier.contact),
            "parties": [_supplier(party.supplier) | {"role": party.role} for party in deal.parties],
            "starts_on": deal.starts_on,
            "ends_on": deal.ends_on,
            "counts_from": deal.counts_from,
            "value_eur": None if deal.value is None else _euros(deal.value),
            "committed_positions": deal.committed,
            "options": [{"ends_on": option.ends_on} for option in deal.options],
            "owner": _body_of(city.OWNERS[deal.owner]),
        }
        found = contracts.register_contract(self.session, ContractCreate.model_validate(body), act)
        self.id = found.contract.id
        self.parties = [party.id for party in found.parties]

    def _take(self, taken: Option, act: Act) -> None:
        for option in options.list_options(self.session, self.id, act):
            if option.ends_on == taken.ends_on:
                command = ExerciseCommand.model_validate({"exercised_on": taken.taken_on})
                options.exercise_option(self.session, self.id, option.id, command, act)

    def _log(self, place: int, job: Job, act: Act) -> None:
        body = {
            "starts_on": job.starts_on,
            "agreed_on": job.agreed_on,
            "planned_end_on": job.planned_end_on,
            "employment_form": job.form,
            "target_group": job.group,
            "weekly_hours": job.hours,
            "channel": job.channel,
            "replaces_id": None if job.replaces is None else self.jobs[job.replaces],
            "employer_party_id": None if job.party is None else self.parties[job.party],
        }
        command = PositionCreate.model_validate(body)
        self.jobs[place] = positions.log_position(self.session, self.id, command, act).position.id

    def _end(self, place: int, job: Job, act: Act) -> None:
        command = PositionChange.model_validate({"ended_on": job.ended_on, "end_reason": job.end_reason})
        positions.change_position(self.session, self.jobs[place], command, act)

    def _buy(self, bought: Bought, act: Act) -> None:
        kind = "Ostot" if bought.euros > 0 else "Hyvitys"
        reference = f"{kind} {bought.on.month}/{bought.on.year}"
        body = {"on_date": bought.on, "amount_eur": _euros(bought.euros), "reference": reference}
        purchases.record_purchase(self.session, self.id, PurchaseCreate.model_validate(body), act)

    def _decide(self, decision: Decision, act: Act) -> None:
        body = {
            "effective_on": decision.on,
            "reason": decision.reason,
            "decision_reference": decision.reference,
        }
        if decision.delta:
            adjustment = AdjustmentCreate.model_validate(body | {"delta": decision.delta})
            adjustments.record_adjustment(self.session, self.id, adjustment, act)
        else:
            closures.close_obligation(self.session, self.id, ClosureCreate.model_validate(body), act)

    def _note(self, remark: Remark, act: Act) -> None:
        notes.write_note(self.session, self.id, NoteCreate(text=remark.text), act)

    def _terminate(self, act: Act) -> None:
        body = {"terminated_on": self.deal.terminated_on, "decided_on": self.deal.termination_decided_on}
        contracts.change_contract(self.session, self.id, ContractChange.model_validate(body), act)

    def _hand_over(self, handover: NewOwner, act: Act) -> None:
        body = {"owner": _body_of(city.OWNERS[handover.owner]), "note": handover.text}
        handovers.hand_over(self.session, self.id, HandoverCreate.model_validate(body), act)


def _body_of(person: Person) -> dict[str, Any]:
    return {"name": person.name, "email": person.email, "language": person.language}


def _supplier(key: str) -> dict[str, Any]:
    company = city.COMPANIES[key]
    return {"business_id": company.business_id, "name": company.name}


def _euros(whole: int) -> str:
    return f"{whole}.00"
