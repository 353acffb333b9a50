"""The current judgement of each contract and the append-only history of its changes."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.status import Status
from app.storage.models.table import Code, Table, one_of


class StoredJudgement(Table):
    """How a contract's obligation stands, kept for lists, filters and the daily check.

    The fields down to `missing_latest_starts` are those of rules.status.Standing. `recheck_on` is the next day on which
    anything about it may differ or fall due; `judged_on` the day for which it was last written (a check that finds
    nothing different writes nothing). `sort_start_on` is `latest_start_on`, or the last day there is where nobody has
    to start: an index gives the order of lists. The paths of the contract's own unit and of its procurement's are
    copied here so that one index answers a list. Two indexes begin with the organisation, which is the first id of the
    unit's path (storage.judgements.ROOT_ID). Whoever writes facts of the contract, or decides reminders, holds this
    row's lock first. `facts_version` counts the writes of facts: what was reckoned from them holds while it stays.
    `bought_at` is when purchases last came to count, by hand or by a file; on the start page the newest come first.
    """

    __tablename__ = "judgement"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    unit_path: Mapped[str] = mapped_column(String(660))
    procurement_unit_path: Mapped[str] = mapped_column(String(660))
    status: Mapped[Code]
    required: Mapped[int]
    completed: Mapped[int]
    late: Mapped[int]
    running: Mapped[int]
    upcoming: Mapped[int]
    interrupted: Mapped[int]
    filled: Mapped[int]
    covered: Mapped[int]
    missing: Mapped[int]
    effective_end_on: Mapped[date]
    latest_start_on: Mapped[date | None]
    sort_start_on: Mapped[date] = mapped_column(server_default=text("'9999-12-31'"))
    missing_latest_starts: Mapped[list[str]] = mapped_column(JSON)
    next_change_on: Mapped[date | None]
    promised_min: Mapped[int]
    promised_max: Mapped[int | None]
    judged_on: Mapped[date]
    recheck_on: Mapped[date | None]
    acknowledged_at: Mapped[datetime | None]
    snoozed_until: Mapped[date | None]
    snoozed_on: Mapped[date | None]
    facts_version: Mapped[int] = mapped_column(server_default=text("0"))
    bought_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("status", Status),
        Index(None, "recheck_on"),
        Index(None, "judged_on"),
        Index("ix_judgement_list", "status", "sort_start_on", "contract_id", "unit_path", "procurement_unit_path"),
        Index(
            "ix_judgement_organisation_list",
            text("substr(unit_path, 2, 32)"),
            *("status", "sort_start_on", "contract_id", "unit_path", "procurement_unit_path"),
        ),
        Index("ix_judgement_organisation", text("substr(unit_path, 2, 32)"), "contract_id"),
        Index(
            "ix_judgement_bought_at",
            *("bought_at", "contract_id"),
            sqlite_where=text("bought_at IS NOT NULL"),
            postgresql_where=text("bought_at IS NOT NULL"),
        ),
    )


class JudgementChange(Table):
    """What the service said of a contract from a moment on; rows are only added."""

    __tablename__ = "judgement_change"

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    judged_on: Mapped[date]
    recorded_at: Mapped[datetime]
    status: Mapped[Code]
    standing: Mapped[dict[str, object]] = mapped_column(JSON)

    __table_args__ = (
        Index(None, "contract_id", "seq"),
        Index(None, "recorded_at", "seq"),  # a check makes thousands at one moment
        Index(None, "recorded_at"),  # of use to the release before 0021 only: the next one takes it away
    )
