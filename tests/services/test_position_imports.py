"""Lists of jobs: nothing but their columns is read, a job comes in once, and undoing voids what came."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.rules.codes import EndReason, ImportKind, ImportStatus, Role
from app.rules.errors import Conflict, Forbidden
from app.rules.facts import EmploymentForm, TargetGroup
from app.schemas.positions import PositionChange, PositionCreate
from app.services.acting import Act
from app.services.positions import change_position, log_position
from app.storage import audit
from app.storage.models import AuditEntry, Contract, ImportRun, Position, RefusedRow, StoredJudgement, Supplier
from tests.one_database import on_one_database
from tests.own_lists import (
    A_JOB,
    act_of,
    activate,
    activated,
    as_csv,
    as_workbook,
    count,
    refusals,
    run_of,
    staged,
    undo,
)
from tests.portfolio import Portfolio

KIND = ImportKind.POSITIONS
Row = dict[str, Any]
Write = Callable[..., Path]


@pytest.fixture
def act(portfolio: Portfolio) -> Act:
    return act_of(portfolio, Role.BUSINESS_LIAISON)


@pytest.fixture
def contract_id(portfolio: Portfolio) -> str:
    """S-1: two people, nine months each, 1.3.2018 to 28.2.2020."""
    return portfolio.contract(positions=2)


@pytest.fixture
def written(tmp_path: Path) -> Write:
    return lambda *rows, **how: as_csv(tmp_path / "jobs.csv", KIND, *rows, **how)


def a_job(**changes: Any) -> Row:
    return {**A_JOB, **{f"position.{name}": value for name, value in changes.items()}}


def of_contract(city: Portfolio, contract_id: str) -> list[Position]:
    with city.database.reading() as session:
        wanted = select(Position).where(Position.contract_id == contract_id, Position.voided_at.is_(None))
        return list(session.scalars(wanted.order_by(Position.starts_on, Position.id)))


def the_refusal(city: Portfolio, path: Path, act: Act) -> tuple[int, str, str | None]:
    (only,) = refusals(city, staged(city, KIND, path, act))
    return only


def log(city: Portfolio, contract_id: str, **changes: Any) -> str:
    body = {
        "starts_on": date(2018, 5, 31),
        "employment_form": EmploymentForm.EMPLOYMENT,
        "target_group": TargetGroup.LONG_TERM_UNEMPLOYED,
        "weekly_hours": "30",
    }
    with city.database.writing() as session:
        command = PositionCreate.model_validate(body | changes)
        return log_position(session, contract_id, command, city.act()).position.id


class TestWhatComesIn:
    @pytest.mark.parametrize("language", ["fi", "sv", "en"])
    def test_a_row_becomes_a_job_and_the_obligation_follows(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write, language: str
    ) -> None:
        words = {
            "fi": "TE-toimisto tai työllisyyspalvelut",
            "sv": "te_office",
            "en": "TE Office or employment services",
        }
        row = a_job(agreed_on="2.5.2018", planned_end_on="2019-05-30", channel=words[language])
        import_id = activated(portfolio, KIND, written(row, language=language), act)
        assert run_of(portfolio, import_id, act).counts == {"positions": 1}
        (job,) = of_contract(portfolio, contract_id)
        assert (job.starts_on, job.agreed_on, job.planned_end_on) == (
            date(2018, 5, 31),
            date(2018, 5, 2),
            date(2019, 5, 30),
        )
        assert (job.employment_form, job.target_group, job.channel) == (
            "employment",
            "long_term_unemployed",
            "te_office",
        )
        assert str(job.weekly_hours) == "30"
        with portfolio.database.reading() as session:
            assert session.get_one(StoredJudgement, contract_id).completed == 1

    def test_a_workbook_gives_real_days_and_hours(
        self, portfolio: Portfolio, act: Act, contract_id: str, tmp_path: Path
    ) -> None:
        row = a_job(starts_on=date(2018, 5, 31), weekly_hours=37.25)
        activated(portfolio, KIND, as_workbook(tmp_path / "jobs.xlsx", KIND, row), act)
        (job,) = of_contract(portfolio, contract_id)
        assert (job.starts_on, str(job.weekly_hours)) == (date(2018, 5, 31), "37.25")

    def test_a_job_that_ended_comes_with_its_end(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        activated(portfolio, KIND, written(a_job(ended_on="31.8.2018", end_reason="irtisanoutui")), act)
        (job,) = of_contract(portfolio, contract_id)
        assert (job.ended_on, job.end_reason, job.end_recorded_on) == (date(2018, 8, 31), "resigned", act.today)

    def test_rows_may_continue_each_other_in_any_order(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        rows = (
            a_job(starts_on="1.11.2018", key="3", replaces="2"),
            a_job(ended_on="31.8.2018", key="1"),
            a_job(starts_on="1.9.2018", ended_on="31.10.2018", key="2", replaces="1"),
        )
        activated(portfolio, KIND, written(*rows), act)
        first, second, third = of_contract(portfolio, contract_id)
        assert (first.replaces_id, second.replaces_id, third.replaces_id) == (None, first.id, second.id)

    def test_a_row_may_continue_a_job_that_is_here_already(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        first = a_job(ended_on="31.8.2018", key="1")
        activated(portfolio, KIND, written(first), act)
        activated(portfolio, KIND, written(first, a_job(starts_on="1.9.2018", key="2", replaces="1")), act)
        here, new = of_contract(portfolio, contract_id)
        assert new.replaces_id == here.id

    def test_a_preview_says_what_each_contract_gains(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        rows = a_job(), a_job(starts_on="1.6.2018", employment_form="työkokeilu")
        run = run_of(portfolio, staged(portfolio, KIND, written(*rows), act), act)
        assert run.counts == {"positions": 2, "not_counting": 1}
        assert run.content is not None
        (gain,) = run.content["contracts"]
        assert (gain["id"], gain["reference"], gain["supplier"], gain["rows"]) == (
            contract_id,
            "S-1",
            "Toimittaja 1 Oy",
            2,
        )
        assert (gain["covered_before"], gain["covered_after"]) == (0, 1)
        assert (gain["missing_before"], gain["missing_after"]) == (2, 1)
        assert [one["because"] for one in run.content["positions"]] == [[], ["form_not_accepted"]]

    def test_looking_writes_nothing(self, portfolio: Portfolio, act: Act, contract_id: str, written: Write) -> None:
        staged(portfolio, KIND, written(a_job(), a_job()), act)
        assert count(portfolio.database, Position) == (0,)
        with portfolio.database.reading() as session:
            assert set(session.scalars(select(AuditEntry.subject))) == {"import_run"}
            assert audit.verify(session).broken_at is None

    def test_what_stands_in_other_columns_is_kept_nowhere(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        rows = a_job() | {"Nimi": "Maija Meikäläinen"}, a_job(starts_on="x") | {"Nimi": "Matti Meikäläinen"}
        import_id = activated(portfolio, KIND, staged_path := written(*rows), act)
        assert staged_path.read_text(encoding="utf-8-sig").count("Meikäläinen") == 2
        with portfolio.database.reading() as session:
            for model in (ImportRun, RefusedRow, Position, AuditEntry):
                assert "Meikäläinen" not in str(session.execute(select(model.__table__)).all())
        assert refusals(portfolio, import_id) == [(3, "not_a_day", "position.starts_on")]

    def test_unknown_columns_are_named(self, portfolio: Portfolio, act: Act, contract_id: str, written: Write) -> None:
        run = run_of(portfolio, staged(portfolio, KIND, written(a_job() | {"Nimi": "M"}), act), act)
        assert run.content is not None
        assert run.content["unread"] == ["Nimi"]


class TestTwice:
    def test_the_same_list_again_adds_nothing(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        path = written(a_job(), a_job(starts_on="1.6.2018", ended_on="31.8.2018"))
        activated(portfolio, KIND, path, act)
        again = activated(portfolio, KIND, path, act)
        assert run_of(portfolio, again, act).counts == {"already_there": 2}
        assert len(of_contract(portfolio, contract_id)) == 2

    @pytest.mark.parametrize(("here", "added"), [(0, 2), (1, 1), (2, 0), (3, 0)])
    def test_of_two_rows_alike_as_many_come_as_are_not_here(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write, here: int, added: int
    ) -> None:
        for _ in range(here):
            log(portfolio, contract_id)
        activated(portfolio, KIND, written(a_job(), a_job()), act)
        assert len(of_contract(portfolio, contract_id)) == here + added

    @pytest.mark.parametrize(
        ("changes", "new"),
        [
            ({}, False),
            ({"weekly_hours": "30,0"}, False),
            ({"weekly_hours": ""}, True),
            ({"weekly_hours": "30,25"}, True),
            ({"starts_on": "1.6.2018"}, True),
            ({"target_group": "maahanmuuttaja"}, True),
            ({"employment_form": "oppisopimus"}, True),
            ({"channel": "muu kanava"}, False),
        ],
    )
    def test_a_job_logged_by_hand_is_known_again_by_day_form_group_and_hours(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write, changes: Row, new: bool
    ) -> None:
        log(portfolio, contract_id)
        import_id = staged(portfolio, KIND, written(a_job(**changes)), act)
        assert run_of(portfolio, import_id, act).counts.get("positions", 0) == new

    def test_a_job_here_that_the_list_tells_differently_is_left_and_named(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        log(portfolio, contract_id)
        run = run_of(portfolio, staged(portfolio, KIND, written(a_job(ended_on="31.8.2018")), act), act)
        assert run.counts == {"already_there": 1, "differing": 1}
        assert run.content is not None
        assert run.content["differing"] == [2]

    def test_the_row_that_says_the_same_is_matched_before_one_that_does_not(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        log(portfolio, contract_id, planned_end_on="2019-05-30")
        rows = a_job(planned_end_on="30.6.2019"), a_job(planned_end_on="30.5.2019")
        activated(portfolio, KIND, written(*rows), act)
        ends = [job.planned_end_on for job in of_contract(portfolio, contract_id)]
        assert sorted(map(str, ends)) == ["2019-05-30", "2019-06-30"]

    def test_one_that_looks_like_a_job_here_is_told(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        log(portfolio, contract_id)
        rows = a_job(starts_on="3.6.2018"), a_job(starts_on="4.6.2018")
        run = run_of(portfolio, staged(portfolio, KIND, written(*rows), act), act)
        assert run.content is not None
        assert [one["alike"] for one in run.content["positions"]] == [True, False]
        assert run.counts["alike"] == 1

    def test_what_was_recorded_meanwhile_stands_against_activating(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        import_id = staged(portfolio, KIND, written(a_job()), act)
        log(portfolio, contract_id)
        with pytest.raises(Conflict, match="jobs_changed_meanwhile"):
            activate(portfolio, import_id, act)
        assert len(of_contract(portfolio, contract_id)) == 1
        assert run_of(portfolio, import_id, act).status == ImportStatus.READY


class TestUndoing:
    def test_jobs_are_voided_with_the_reason_and_may_come_again(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        path = written(a_job(ended_on="31.8.2018", key="1"), a_job(starts_on="1.9.2018", key="2", replaces="1"))
        import_id = activated(portfolio, KIND, path, act)
        undo(portfolio, import_id, act)
        assert of_contract(portfolio, contract_id) == []
        with portfolio.database.reading() as session:
            assert set(session.scalars(select(Position.void_reason))) == {"Väärä luettelo"}
            assert session.get_one(StoredJudgement, contract_id).covered == 0
        again = activated(portfolio, KIND, path, act)
        assert run_of(portfolio, again, act).counts == {"positions": 2}

    def test_a_job_voided_by_hand_keeps_its_own_reason(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        from app.services.positions import void_position

        import_id = activated(portfolio, KIND, written(a_job(), a_job(starts_on="1.6.2018")), act)
        with portfolio.database.writing() as session:
            void_position(session, of_contract(portfolio, contract_id)[0].id, "Kahdesti", portfolio.act())
        undo(portfolio, import_id, act)
        with portfolio.database.reading() as session:
            assert sorted(map(str, session.scalars(select(Position.void_reason)))) == ["Kahdesti", "Väärä luettelo"]

    def test_a_job_changed_since_is_voided_too(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        import_id = activated(portfolio, KIND, written(a_job()), act)
        with portfolio.database.writing() as session:
            change = PositionChange(ended_on=date(2018, 12, 31), end_reason=EndReason.OTHER_JOB)
            change_position(session, of_contract(portfolio, contract_id)[0].id, change, portfolio.act())
        undo(portfolio, import_id, act)
        assert of_contract(portfolio, contract_id) == []

    def test_whoever_may_not_log_jobs_may_not_undo(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        import_id = activated(portfolio, KIND, written(a_job()), act)
        viewer = act_of(portfolio, Role.VIEWER)
        with pytest.raises(Forbidden):
            undo(portfolio, import_id, viewer)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("field", "cell", "reason"),
        [
            ("contract.reference", "", "missing_field"),
            ("contract.reference", "S-99", "contract_not_found"),
            ("position.starts_on", "", "missing_field"),
            ("position.starts_on", "31.5.20019", "not_a_day"),
            ("position.starts_on", "1E9", "not_a_day"),
            ("position.agreed_on", "1.6.2018", "agreed_after_start"),
            ("position.planned_end_on", "1.5.2018", "planned_end_before_start"),
            ("position.ended_on", "1.5.2018", "end_before_start"),
            ("position.ended_on", "2.3.2019", "end_after_today"),
            ("position.end_reason", "irtisanoutui", "end_reason_without_end"),
            ("position.end_reason", "burn-out", "word_not_listed"),
            ("position.employment_form", "keikka", "word_not_listed"),
            ("position.target_group", "", "missing_field"),
            ("position.weekly_hours", "60,01", "out_of_range"),
            ("position.weekly_hours", "kolmekymmentä", "not_a_number"),
            ("position.key", "Maija", "row_key_unfit"),
            ("position.key", "1 a", "row_key_unfit"),
            ("position.replaces", "7", "continued_row_missing"),
        ],
    )
    @on_one_database
    def test_what_a_form_would_refuse(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write, field: str, cell: str, reason: str
    ) -> None:
        assert the_refusal(portfolio, written(dict(A_JOB) | {field: cell}), act) == (2, reason, field)

    def test_a_name_where_a_number_belongs_is_not_kept(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        staged(portfolio, KIND, written(a_job(key="Maija"), a_job(replaces="Matti")), act)
        with portfolio.database.reading() as session:
            kept = str(session.scalars(select(RefusedRow.cells)).all())
        assert "Maija" not in kept
        assert "Matti" not in kept

    def test_an_identity_code_in_any_cell(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        row = a_job() | {"Henkilö": "131052-308T"}
        assert the_refusal(portfolio, written(a_job(), row), act) == (3, "identity_code", None)

    def test_rows_that_continue_each_other(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        rows = a_job(key="1", replaces="2"), a_job(key="2", replaces="1"), a_job(key="3", replaces="3")
        told = refusals(portfolio, staged(portfolio, KIND, written(*rows), act))
        assert told == [(line, "row_in_circle", "position.replaces") for line in (2, 3, 4)]

    def test_a_row_that_continues_a_refused_one(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        rows = a_job(key="1", ended_on="1.5.2018"), a_job(starts_on="1.9.2018", key="2", replaces="1")
        assert [reason for _, reason, _ in refusals(portfolio, staged(portfolio, KIND, written(*rows), act))] == [
            "end_before_start",
            "continued_row_missing",
        ]

    def test_a_row_that_continues_one_without_an_end(
        self, portfolio: Portfolio, act: Act, contract_id: str, written: Write
    ) -> None:
        rows = a_job(key="1"), a_job(starts_on="1.9.2018", key="2", replaces="1")
        ((line, _, field),) = refusals(portfolio, staged(portfolio, KIND, written(*rows), act))
        assert (line, field) == (3, "position.replaces")

    def test_a_number_twice(self, portfolio: Portfolio, act: Act, contract_id: str, written: Write) -> None:
        assert the_refusal(portfolio, written(a_job(key="1"), a_job(key="1")), act) == (
            3,
            "listed_twice",
            "position.key",
        )

    def test_a_contract_of_another_organisation_does_not_exist(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        portfolio.contract(unit_id=portfolio.other_root)
        assert the_refusal(portfolio, written(a_job()), act)[1] == "contract_not_found"

    def test_a_contract_in_a_unit_where_the_actor_only_looks(self, portfolio: Portfolio, written: Write) -> None:
        portfolio.contract()
        looking = (
            act_of(portfolio, Role.VIEWER).actor.grants
            + act_of(portfolio, Role.BUSINESS_LIAISON, portfolio.office).actor.grants
        )
        someone = act_of(portfolio, Role.VIEWER)
        act = Act(type(someone.actor)("x", "X", "x@example.org", "fi", looking), someone.now, someone.today)
        assert the_refusal(portfolio, written(a_job()), act) == (2, "forbidden", None)


class TestWhichContract:
    @pytest.fixture
    def two(self, portfolio: Portfolio) -> tuple[str, str]:
        """Two contracts of one number: of two suppliers, in the division and in the office."""
        first, second = portfolio.contract(), portfolio.contract(unit_id=portfolio.office)
        with portfolio.database.writing() as session:
            session.get_one(Contract, second).reference = "S-1"
            supplier = session.get_one(Supplier, session.get_one(Contract, second).supplier_id)
            supplier.identifier = "0201256-6"
        return first, second

    def test_a_number_that_several_have_is_not_enough(
        self, portfolio: Portfolio, act: Act, two: tuple[str, str], written: Write
    ) -> None:
        assert the_refusal(portfolio, written(a_job()), act) == (2, "contract_ambiguous", "contract.reference")

    @pytest.mark.parametrize("written_id", ["0201256-6", "FI02012566", "02012566", 2012566])
    def test_the_supplier_tells_them_apart(
        self, portfolio: Portfolio, act: Act, two: tuple[str, str], written: Write, written_id: Any
    ) -> None:
        activated(portfolio, KIND, written(a_job() | {"contract.supplier.business_id": written_id}), act)
        assert [len(of_contract(portfolio, one)) for one in two] == [0, 1]

    def test_so_does_the_unit(self, portfolio: Portfolio, act: Act, two: tuple[str, str], written: Write) -> None:
        activated(portfolio, KIND, written(a_job() | {"contract.unit_id": "Hankintayksikkö"}), act)
        assert [len(of_contract(portfolio, one)) for one in two] == [0, 1]
