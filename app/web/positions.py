"""Jobs by form: logged, changed, ended, voided."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.language.catalogues import msgid, translated
from app.language.changes import field_word
from app.language.formats import capitalised, day, number
from app.language.labels import label
from app.language.positions import not_counted_sentence
from app.rules.codes import Channel, EndReason
from app.rules.dates import ONE_DAY
from app.rules.facts import EmploymentForm, TargetGroup
from app.schemas.positions import PositionChange, PositionCreate, PositionEnd, VoidCommand
from app.services import positions
from app.services.acting import Permission
from app.services.positions import Accounted
from app.storage.models import Position
from app.web.change_words import ChangeWords
from app.web.contract_forms import (
    Follows,
    accepted_first,
    answered,
    as_form,
    beside,
    choices,
    foretold,
    may_write,
    renewed,
    told,
    told_of_job,
)
from app.web.forms import VERSION, Form, FormView
from app.web.notices import address
from app.web.stale import Difference, differences
from app.web.visiting import Asks, Look, Submit, Visit

router = APIRouter(include_in_schema=False)
CHANGEABLE = (
    "starts_on",
    "planned_end_on",
    "ended_on",
    "end_reason",
    "employment_form",
    "target_group",
    "weekly_hours",
    "channel",
    "agreed_on",
    "replaces_id",
    "employer_party_id",
)
"""In the order in which the form asks for them."""
WAS = "was."
"""Before the name of a field: what stood there when the form was shown."""
GOES_ON = msgid("goes on")


@router.get("/contracts/{contract_id}/positions/new")
def new(contract_id: PathKey, visit: Look, replaces: str = "") -> Response:
    """The form for logging a job; `replaces` is the job that it goes on with."""
    shown = beside(visit, contract_id, Permission.POSITIONS)
    view = FormView.of(_defaults(visit, contract_id, shown, replaces))
    form = as_form(view, visit.language)
    return _new_page(visit, contract_id, view, _logged(visit, contract_id, form))


@router.post("/contracts/{contract_id}/positions/preview")
def preview_new(contract_id: PathKey, asked: Asks) -> Response:
    follows = _logged(asked, contract_id, asked.form)
    return answered(asked, follows, lambda view, told: _new_page(asked, contract_id, view, told))


@router.post("/contracts/{contract_id}/positions/new")
def log(contract_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command = submission.form.command(PositionCreate)
        found = positions.log_position(submission.session, contract_id, command, submission.act)
        return address(contract_id, "position_logged", position=found.position.id)

    return submission.save(write, lambda view: _new_page(submission, contract_id, view, Follows()))


@router.get("/positions/{position_id}")
def show(position_id: PathKey, visit: Look) -> Response:
    found = positions.read_position(visit.session, position_id, visit.act)
    return _position_page(visit, found, FormView.of(_values(found.position, visit.language)), Follows())


@router.post("/positions/{position_id}/preview")
def preview_change(position_id: PathKey, asked: Asks) -> Response:
    follows = foretold(asked.form, lambda: _changed(asked, position_id, asked.form.change(PositionChange)))
    found = positions.read_position(asked.session, position_id, asked.act)
    return answered(asked, follows, lambda view, told: _position_page(asked, found, view, told))


@router.post("/positions/{position_id}")
def change(position_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command, version = submission.form.change(PositionChange), submission.form.expected_version
        found = positions.change_position(submission.session, position_id, command, submission.act, version)
        return address(found.position.contract_id, "position_changed", position=position_id)

    def again(view: FormView) -> Response:
        found = positions.read_position(submission.session, position_id, submission.act)
        return _position_page(submission, found, view, Follows())

    return submission.save(write, again)


@router.get("/positions/{position_id}/end")
def ask_end(position_id: PathKey, visit: Look) -> Response:
    found = positions.read_position(visit.session, position_id, visit.act)
    position, today = found.position, visit.act.today
    last = position.ended_on or min(today, position.planned_end_on or today)
    view = FormView.of({"ended_on": last, "end_reason": position.end_reason, VERSION: position.version})
    return _end_page(visit, found, view, _ended(visit, position_id, as_form(view, visit.language)))


@router.post("/positions/{position_id}/end/preview")
def preview_end(position_id: PathKey, asked: Asks) -> Response:
    follows = _ended(asked, position_id, asked.form)
    found = positions.read_position(asked.session, position_id, asked.act)
    return answered(asked, follows, lambda view, told: _end_page(asked, found, view, told))


@router.post("/positions/{position_id}/end")
def end(position_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command, version = _ending(submission.form), submission.form.expected_version
        found = positions.change_position(submission.session, position_id, command, submission.act, version)
        return address(found.position.contract_id, "position_ended", position=position_id)

    def again(view: FormView) -> Response:
        found = positions.read_position(submission.session, position_id, submission.act)
        return _end_page(submission, found, view, Follows())

    return submission.save(write, again)


@router.get("/positions/{position_id}/void")
def ask_void(position_id: PathKey, visit: Look) -> Response:
    found = positions.read_position(visit.session, position_id, visit.act)
    return _void_page(visit, found, FormView.of({VERSION: found.position.version}))


@router.post("/positions/{position_id}/void")
def void(position_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        reason, version = submission.form.command(VoidCommand).reason, submission.form.expected_version
        found = positions.void_position(submission.session, position_id, reason, submission.act, version)
        return address(found.position.contract_id, "position_voided", position=position_id)

    def again(view: FormView) -> Response:
        return _void_page(submission, positions.read_position(submission.session, position_id, submission.act), view)

    return submission.save(write, again)


def _logged(visit: Visit, contract_id: str, form: Form) -> Follows:
    """What logging the job as the form has it would bring."""

    def ask() -> Follows:
        command = form.command(PositionCreate)
        return told_of_job(positions.preview_position(visit.session, contract_id, command, visit.act), visit.language)

    return foretold(form, ask)


def _changed(visit: Visit, position_id: str, command: PositionChange) -> Follows:
    return told_of_job(positions.preview_change(visit.session, position_id, command, visit.act), visit.language)


def _ended(visit: Visit, position_id: str, form: Form) -> Follows:
    return foretold(form, lambda: _changed(visit, position_id, _ending(form)))


def _ending(form: Form) -> PositionChange:
    return PositionChange(**form.command(PositionEnd).model_dump())


def _defaults(visit: Visit, contract_id: str, shown: Mapping[str, Any], replaces: str) -> dict[str, object]:
    """A job that starts today, in the first form that the contract accepts, found as the last one was found."""
    clause, start = shown["clause"], visit.act.today
    rows = [one.position for one in positions.list_positions(visit.session, contract_id, visit.act)]
    last = max((row for row in rows if row.voided_at is None), key=lambda row: row.id, default=None)
    replaceable = {row.id: row for row in positions.list_replaceable(visit.session, contract_id, visit.act)}
    continued = replaceable.get(replaces)
    if continued is not None:
        start = max(start, _last_day(continued) + ONE_DAY)
    groups = clause.target_groups or ()
    return {
        "starts_on": start,
        "employment_form": next((code.value for code in EmploymentForm if code in clause.employment_forms), None),
        "target_group": next(iter(groups)) if len(groups) == 1 else None,
        "channel": last.channel if last is not None else None,
        "replaces_id": continued.id if continued is not None else None,
    }


def _last_day(position: Position) -> date:
    """The last day of a job that has one on record."""
    last = position.ended_on or position.planned_end_on
    assert last is not None  # noqa: S101 - asked only of jobs that another may continue
    return last


def _new_page(visit: Visit, contract_id: str, view: FormView, follows: Follows) -> Response:
    shown = beside(visit, contract_id, Permission.POSITIONS)
    lists = _lists(visit, contract_id, shown, None)
    continued = next((text for value, text in lists["replaceable"] if value == view.text("replaces_id")), "")
    variables: dict[str, Any] = {"view": view, "follows": follows, "continued": continued}
    return visit.page("positions/new.html", **shown, **lists, **variables)


def _lists(visit: Visit, contract_id: str, shown: Mapping[str, Any], position: Position | None) -> dict[str, Any]:
    """What the fields of a job offer to choose from."""
    clause, language = shown["clause"], visit.language
    others = [*positions.list_replaceable(visit.session, contract_id, visit.act)]
    continued = position is not None and any(row.id == position.id for row in others)
    if position is not None and position.replaces_id is not None:
        others.append(positions.read_position(visit.session, position.replaces_id, visit.act).position)
    own_id = position.id if position is not None else ""
    return {
        "forms": accepted_first("employment_form", list(EmploymentForm), clause.employment_forms, language),
        "groups": accepted_first("target_group", list(TargetGroup), clause.target_groups, language),
        "channels": choices("channel", Channel, language),
        "end_reasons": choices("end_reason", EndReason, language),
        "employers": [(party.id, party.name) for party in shown["parties"]],
        "replaceable": [(row.id, titled(row, language)) for row in others if row.id != own_id],
        "continues": continued,
    }


def titled(position: Position, language: str) -> str:
    """A job in a few words: its form and days. Nothing tells whose it is."""
    last = position.ended_on or position.planned_end_on
    until = translated(GOES_ON, language) if last is None else day(last, language)
    form = capitalised(label("employment_form", position.employment_form, language))
    return f"{form} {day(position.starts_on, language)} – {until}"


def _values(position: Position, language: str) -> dict[str, object]:
    """A job as its form shows it, and again as it was when the form was filled from it."""
    shown = {name: _shown(getattr(position, name), language) for name in CHANGEABLE}
    return shown | {f"{WAS}{name}": value for name, value in shown.items()} | {VERSION: position.version}


def _shown(value: object, language: str) -> object:
    return number(value, language) if isinstance(value, Decimal) else value


def _position_page(visit: Visit, found: Accounted, view: FormView, follows: Follows) -> Response:
    position = found.position
    shown = beside(visit, position.contract_id, None)
    lists = _lists(visit, position.contract_id, shown, position)
    if view.stale:
        view = _merged(view, position, visit.language)
    variables: dict[str, Any] = {
        "title": titled(position, visit.language),
        "position": position,
        "account": found.account,
        "because": [not_counted_sentence(code, visit.language) for code in found.account.not_counted_because],
        "may_write": may_write(visit, position.contract_id, Permission.POSITIONS),
        "changes": positions.list_changes(visit.session, position.id, visit.act),
        "words": ChangeWords(visit.language),
    }
    return visit.page(
        "positions/page.html",
        view=view,
        follows=follows,
        both=_differences(view, position, lists, visit.language),
        **shown,
        **lists,
        **variables,
    )


def _merged(view: FormView, position: Position, language: str) -> FormView:
    """After a stale edit: what was typed where something was typed, else what is stored now, which would be lost if it
    were sent again."""
    stored = FormView.of(_values(position, language))
    values = dict(view.values) | {VERSION: str(position.version)}
    for name in CHANGEABLE:
        if view.text(name) == view.text(f"{WAS}{name}"):
            values[name] = stored.text(name)
        values[f"{WAS}{name}"] = stored.text(name)
    return replace(view, values=values, general=())


def _differences(view: FormView, position: Position, lists: Mapping[str, Any], language: str) -> list[Difference]:
    """The fields that were typed otherwise than they are stored now, each by its label."""
    words = {
        "employment_form": dict(lists["forms"]),
        "target_group": dict(lists["groups"]),
        "channel": dict(lists["channels"]),
        "end_reason": dict(lists["end_reasons"]),
        "replaces_id": dict(lists["replaceable"]),
        "employer_party_id": dict(lists["employers"]),
    }
    found = differences(view, FormView.of(_values(position, language)), words, language)
    table = position.__tablename__
    return [replace(one, name=capitalised(field_word(table, one.name, language) or one.name)) for one in found]


def _end_page(visit: Visit, found: Accounted, view: FormView, follows: Follows) -> Response:
    position = found.position
    shown = beside(visit, position.contract_id, Permission.POSITIONS)
    reasons = choices("end_reason", EndReason, visit.language)
    view = renewed(view, position.version, visit.language)
    variables: dict[str, Any] = {
        "position": position,
        "title": titled(position, visit.language),
        "end_reasons": reasons,
    }
    return visit.page("positions/end.html", view=view, follows=follows, **shown, **variables)


def _void_page(visit: Visit, found: Accounted, view: FormView) -> Response:
    position = found.position
    shown = beside(visit, position.contract_id, Permission.POSITIONS)

    def ask() -> Follows:
        return told(positions.preview_void(visit.session, position.id, visit.act), visit.language)

    follows = foretold(as_form(view, visit.language), ask)
    variables: dict[str, Any] = {"position": position, "title": titled(position, visit.language)}
    return visit.page(
        "positions/void.html",
        view=renewed(view, position.version, visit.language),
        follows=follows,
        **shown,
        **variables,
    )
