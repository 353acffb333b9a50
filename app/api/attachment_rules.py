"""/attachment-rules: what was decided once about purchases of ledgers, and is remembered."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, in_pages
from app.http.writing import Write
from app.schemas.attachment_rules import AttachmentRuleList, AttachmentRuleRead
from app.services import attachment_rules

router = APIRouter(prefix="/attachment-rules", tags=["imports"])
PLAIN = tuple(name for name in AttachmentRuleRead.model_fields if name != "contract_reference")


def read_model(row: Any) -> AttachmentRuleRead:
    """A rule as the API gives it."""
    values = {name: getattr(row.AttachmentRule, name) for name in PLAIN}
    return AttachmentRuleRead.model_validate(values | {"contract_reference": row.reference})


@router.get("", response_model=AttachmentRuleList, summary="Rules of how purchases find their contract")
def list_rules(read: Read, paging: Pages) -> Response:
    """Those in force of organisations in which you may write contracts throughout, the newest first."""
    rows = attachment_rules.list_rules(read.session, read.act)
    page, cursor = in_pages(paging, rows, lambda row: str(row.AttachmentRule.id))
    return answer(AttachmentRuleList(items=[read_model(row) for row in page], next_cursor=cursor))


@router.post("/{rule_id}/revocation", status_code=204, summary="Revoke such a rule")
def revoke_rule(rule_id: PathKey, write: Write) -> Response:
    """From now on it decides nothing; what it decided stays."""
    attachment_rules.revoke_rule(write.session, rule_id, write.act)
    return Response(status_code=204)
