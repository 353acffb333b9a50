"""/contracts/{id}/obligation, /acknowledgement and /snooze: the judgement, and what is asked of the reminders."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.http.reading import PathKey, Read, answer
from app.http.writing import Write
from app.language.reasons import sentence
from app.rules.judgement import Judgement
from app.schemas.fields import Day
from app.schemas.obligations import MutingRead, ObligationOnDay, ReasonRead, SnoozeCommand
from app.services import obligations
from app.services.obligations import Muted

router = APIRouter(prefix="/contracts/{contract_id}", tags=["obligations"])


def read_model(judgement: Judgement, language: str) -> ObligationOnDay:
    """A judgement with its reasons as sentences."""
    reasons = [
        ReasonRead(code=reason.code, text=sentence(reason, language), **reason.values) for reason in judgement.reasons
    ]
    return ObligationOnDay(
        **judgement.standing._asdict(),
        next_change_on=judgement.next_change_on,
        promised_min=judgement.promised.least,
        promised_max=judgement.promised.most,
        as_of=judgement.as_of,
        reasons=reasons,
    )


def muting_model(muted: Muted) -> MutingRead:
    return MutingRead(acknowledged_at=muted.acknowledged_at, snoozed_until=muted.snoozed_until)


@router.get("/obligation", response_model=ObligationOnDay, summary="How the obligation stands on a day")
def read_obligation(
    contract_id: PathKey,
    read: Read,
    as_of: Annotated[Day | None, Query(description="Any day; today by default.")] = None,
) -> Response:
    """Judged live from the facts dated by the day: what today's knowledge says of it."""
    judgement = obligations.judge_contract(read.session, contract_id, as_of or read.act.today, read.act)
    return answer(read_model(judgement, read.language))


@router.post("/acknowledgement", response_model=MutingRead, summary="Stop repeats until the facts change")
def acknowledge(contract_id: PathKey, write: Write) -> Response:
    return write.answer(muting_model(obligations.acknowledge(write.session, contract_id, write.act)))


@router.post("/snooze", response_model=MutingRead, summary="Mute the reminders until a day")
def snooze(contract_id: PathKey, command: SnoozeCommand, write: Write) -> Response:
    """The day lies after today and not after the last day to start."""
    return write.answer(muting_model(obligations.snooze(write.session, contract_id, command.until, write.act)))
