"""/feedback: a form for anyone, and the list of what came for administrators."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import DEFAULT_LIMIT, Pages, Paging, next_cursor
from app.rules.codes import FeedbackTopic
from app.schemas.feedback import FeedbackCreate, FeedbackMark
from app.services import feedback
from app.storage.feedback import NEWEST_FIRST
from app.web.forms import ONCE, FormView
from app.web.visiting import Anyone, AnyoneSubmits, Look, Submit, Visit

router = APIRouter(prefix="/feedback", include_in_schema=False)
SHOWN = {"open": False, "handled": True, "all": None}
"""The views of the list: to be handled, handled, all."""


@router.get("")
def ask(visit: Anyone, topic: str = "", done: str = "") -> Response:
    chosen = topic if topic in set(FeedbackTopic) else FeedbackTopic.ACCESSIBILITY.value
    return _page(visit, FormView.of({"topic": chosen}), done)


def _page(visit: Visit, view: FormView, done: str = "") -> Response:
    may_read = feedback.may_read(visit.act.actor)
    return visit.page("feedback/new.html", form=view, done=done, may_read=may_read, topics=list(FeedbackTopic))


@router.post("")
def give(submission: AnyoneSubmits) -> Response:
    signed_in = submission.signed_in is not None
    if not signed_in:
        submission.form.values.pop(ONCE, None)  # answers are remembered for users; a stranger's second copy is harmless

    def write() -> str:
        command = submission.form.command(FeedbackCreate)
        feedback.give_feedback(submission.session, command, submission.language, signed_in, submission.act)
        return "/feedback?done=given"

    return submission.save(write, lambda view: _page(submission, view))


@router.get("/received")
def received(visit: Look, pages: Pages, show: str = "open", done: str = "") -> Response:
    return _list(visit, pages, show if show in SHOWN else "open", done)


def _list(visit: Visit, pages: Paging, show: str, done: str = "", wrong: FormView | None = None) -> Response:
    """The newest first."""
    name, _, page = pages.sorted_by({"created_at": NEWEST_FIRST}, "created_at")
    found = feedback.list_feedback(visit.session, page, SHOWN[show], visit.act)
    return visit.page(
        "feedback/received.html",
        items=[(row, FormView.of({"version": row.version})) for row in found.rows],
        show=show,
        next_cursor=next_cursor(name, found),
        done=done,
        wrong=wrong,
    )


@router.post("/received")
def mark(submission: Submit) -> Response:
    def write() -> str:
        form = submission.form
        command = form.command(FeedbackMark)
        feedback.mark_feedback(submission.session, command, submission.act, form.expected_version)
        return f"/feedback/received?done={'handled' if command.handled else 'reopened'}"

    first = Paging(DEFAULT_LIMIT, None, None)
    return submission.save(write, lambda view: _list(submission, first, "open", wrong=view))
