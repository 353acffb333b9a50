"""Lists of contracts: read in any of the three languages, looked at, brought in once, taken back while nothing
became of them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.rules.codes import ImportKind, ImportStatus, Role
from app.rules.errors import Conflict, Forbidden, RuleBroken
from app.rules.facts import EmploymentForm, TargetGroup
from app.schemas.contracts import ContractChange
from app.schemas.notes import NoteCreate
from app.schemas.positions import PositionCreate
from app.services import imports
from app.services.acting import Act
from app.services.contracts import change_contract
from app.services.notes import write_note
from app.services.positions import log_position
from app.sources.files import FileUnreadable
from app.storage import audit
from app.storage.models import (
    AuditEntry,
    Clause,
    Contract,
    ContractOption,
    JudgementChange,
    Owner,
    Procurement,
    RefusedRow,
    StoredJudgement,
    Supplier,
)
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.own_lists import (
    A_CONTRACT,
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

KIND = ImportKind.CONTRACTS
REGISTERED = (Procurement, Clause, Contract, ContractOption, StoredJudgement, JudgementChange)
Row = dict[str, Any]
Write = Callable[..., Path]


@pytest.fixture
def act(portfolio: Portfolio) -> Act:
    return act_of(portfolio, Role.PROCUREMENT_OFFICER)


@pytest.fixture
def written(tmp_path: Path) -> Write:
    return lambda *rows, **how: as_csv(tmp_path / "contracts.csv", KIND, *rows, **how)


def a_contract(**changes: Any) -> Row:
    return {**A_CONTRACT, **{name.replace("__", "."): value for name, value in changes.items()}}


def another(number: int, **changes: Any) -> Row:
    return a_contract(procurement__reference=f"HEL {number}", contract__reference=f"S-{number}", **changes)


def the_refusal(city: Portfolio, path: Path, act: Act) -> tuple[int, str, str | None]:
    (only,) = refusals(city, staged(city, KIND, path, act, city.division))
    return only


class TestWhatComesIn:
    def test_a_row_becomes_a_procurement_with_its_clause_and_a_contract(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        row = a_contract(
            procurement__unit_id="Helsinki / Kaupunkiympäristön toimiala",
            contract__unit_id="hankintayksikkö",
            contract__options__0__ends_on="28.2.2021",
            contract__options__0__exercised_on="",
            contract__value_eur="1200000",
            contract__owner__language="ruotsi",
            procurement__clause__employment_forms="palkkasuhde; Oppisopimus, työkokeilu",
            procurement__clause__min_weekly_hours="37,5",
            procurement__clause__replacement_allowed="ei",
        )
        import_id = activated(portfolio, KIND, written(row), act)
        assert run_of(portfolio, import_id, act).counts == {"procurements": 1, "contracts": 1}
        with portfolio.database.reading() as session:
            contract = session.scalars(select(Contract)).one()
            clause = session.get_one(Clause, contract.procurement_id)
            procurement = session.get_one(Procurement, contract.procurement_id)
            owner = session.get_one(Owner, contract.owner_id)
            option = session.scalars(select(ContractOption)).one()
            judged = session.get_one(StoredJudgement, contract.id)
        assert (procurement.unit_id, contract.unit_id) == (portfolio.division, portfolio.office)
        assert (procurement.signed_on, procurement.estimated_value_cents) == (date(2018, 2, 15), 120_000_000)
        assert (contract.starts_on, contract.ends_on) == (date(2018, 3, 1), date(2020, 2, 28))
        assert (contract.value_cents, option.ends_on) == (120_000_000, date(2021, 2, 28))
        assert clause.employment_forms == ["employment", "apprenticeship", "work_trial"]
        assert (str(clause.min_weekly_hours), clause.replacement_allowed) == ("37.5", False)
        assert (owner.email, owner.language, judged.required) == ("owner@example.org", "sv", 1)

    @pytest.mark.parametrize("language", ["fi", "sv", "en"])
    def test_the_headers_and_words_of_every_language_are_understood(
        self, portfolio: Portfolio, act: Act, written: Write, language: str
    ) -> None:
        words = {"fi": "palvelut", "sv": "Tjänster", "en": "services"}
        row = a_contract(procurement__kind=words[language], procurement__clause__type="fixed_count")
        import_id = staged(portfolio, KIND, written(row, language=language), act, portfolio.division)
        assert run_of(portfolio, import_id, act).counts == {"procurements": 1, "contracts": 1}

    def test_a_workbook_gives_real_days_and_numbers(self, portfolio: Portfolio, act: Act, tmp_path: Path) -> None:
        row = a_contract(contract__starts_on=date(2018, 3, 1), procurement__clause__positions=2)
        row |= {"procurement.estimated_value_eur": 1200000.5, "contract.reference": 201817}
        path = as_workbook(tmp_path / "contracts.xlsx", KIND, row)
        activated(portfolio, KIND, path, act, portfolio.division)
        with portfolio.database.reading() as session:
            contract = session.scalars(select(Contract)).one()
            procurement = session.scalars(select(Procurement)).one()
        assert (contract.reference, contract.starts_on) == ("201817", date(2018, 3, 1))
        assert procurement.estimated_value_cents == 120_000_050

    def test_rows_of_one_procurement_are_its_contracts(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        second = {
            "procurement.reference": "HEL 2018-001234",
            "contract.reference": "S-2018-18",
            "contract.supplier.identifier_scheme": "SE-ON",
            "contract.supplier.identifier": "2120000142",
            "contract.supplier.name": "Stockholms stad",
            "contract.starts_on": "2018-03-01",
            "contract.ends_on": "2020-02-28",
            "contract.owner.email": "owner@example.org",
        }
        activated(portfolio, KIND, written(a_contract(), second), act, portfolio.division)
        assert count(portfolio.database, Procurement, Contract, Supplier, Owner) == (1, 2, 2, 1)

    def test_a_procurement_without_a_clause_has_a_reason_and_no_contract(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        row = {
            name: value for name, value in A_CONTRACT.items() if not name.startswith(("contract", "procurement.clause"))
        }
        row["procurement.no_clause_reason"] = "Liian lyhyt."
        import_id = activated(portfolio, KIND, written(row), act, portfolio.division)
        assert run_of(portfolio, import_id, act).counts == {"procurements": 1}
        assert count(portfolio.database, Procurement, Clause, Contract) == (1, 0, 0)

    def test_a_preview_says_what_is_required_and_what_is_doubtful(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        row = a_contract(contract__ends_on="31.10.2018", procurement__clause__positions="2")
        run = run_of(portfolio, staged(portfolio, KIND, written(row), act, portfolio.division), act)
        assert run.counts == {"procurements": 1, "contracts": 1, "warned": 1}
        assert run.content is not None
        (procurement,) = run.content["procurements"]
        (contract,) = procurement["contracts"]
        assert (procurement["reference"], procurement["title"]) == ("HEL 2018-001234", "Siivouspalvelut")
        assert (contract["line"], contract["reference"], contract["required"]) == (2, "S-2018-17", 2)
        assert contract["supplier"] == "Helsingin kaupunki"
        assert contract["warnings"]

    def test_looking_writes_nothing_and_leaves_no_trail_of_what_would_be(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        staged(portfolio, KIND, written(a_contract(), another(2)), act, portfolio.division)
        assert count(portfolio.database, *REGISTERED, Supplier, Owner) == (0,) * 8
        with portfolio.database.reading() as session:
            told = session.execute(select(AuditEntry.subject, AuditEntry.action).order_by(AuditEntry.seq)).all()
            assert [tuple(row) for row in told] == [("import_run", "created"), ("import_run", "read")]
            assert audit.verify(session).broken_at is None


class TestTwice:
    def test_the_same_list_again_adds_nothing(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        path = written(a_contract(), another(2))
        activated(portfolio, KIND, path, act, portfolio.division)
        before = count(portfolio.database, *REGISTERED)
        again = activated(portfolio, KIND, path, act, portfolio.division)
        assert run_of(portfolio, again, act).counts == {"already_there": 2}
        assert count(portfolio.database, *REGISTERED) == before

    def test_a_longer_list_adds_what_is_new(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        activated(portfolio, KIND, written(a_contract()), act, portfolio.division)
        more = a_contract(contract__reference="S-2018-18")
        again = activated(portfolio, KIND, written(a_contract(), more, another(2)), act, portfolio.division)
        assert run_of(portfolio, again, act).counts == {"already_there": 1, "procurements": 1, "contracts": 2}
        assert count(portfolio.database, Procurement, Contract) == (2, 3)

    def test_what_people_corrected_since_is_left_alone(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        activated(portfolio, KIND, written(a_contract()), act, portfolio.division)
        with portfolio.database.writing() as session:
            contract_id = session.scalars(select(Contract.id)).one()
            change_contract(session, contract_id, ContractChange(ends_on=date(2020, 3, 31)), act)
        activated(portfolio, KIND, written(a_contract()), act, portfolio.division)
        with portfolio.database.reading() as session:
            assert session.scalars(select(Contract.ends_on)).all() == [date(2020, 3, 31)]

    def test_a_new_contract_is_refused_where_the_list_has_other_terms_than_the_procurement_here(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        activated(portfolio, KIND, written(a_contract()), act, portfolio.division)
        more = a_contract(contract__reference="S-2018-18", procurement__clause__positions="2")
        assert the_refusal(portfolio, written(more), act) == (2, "procurement_differs", "procurement.clause.positions")

    def test_of_two_that_looked_at_the_same_list_only_one_brings_it_in(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        first = staged(portfolio, KIND, written(a_contract()), act, portfolio.division)
        second = staged(portfolio, KIND, written(a_contract()), act, portfolio.division)
        activate(portfolio, first, act)
        with pytest.raises(Conflict, match="import_overtaken"):
            activate(portfolio, second, act)
        assert count(portfolio.database, Procurement, Contract) == (1, 1)
        assert run_of(portfolio, second, act).status == ImportStatus.READY

    def test_an_import_is_activated_once(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        import_id = activated(portfolio, KIND, written(a_contract()), act, portfolio.division)
        with pytest.raises(Conflict, match="import_status"):
            activate(portfolio, import_id, act)


class TestUndoing:
    def test_everything_goes_and_can_come_again(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        path = written(a_contract(contract__options__0__ends_on="28.2.2021"), another(2))
        import_id = activated(portfolio, KIND, path, act, portfolio.division)
        undo(portfolio, import_id, act)
        assert count(portfolio.database, *REGISTERED) == (0,) * 6
        assert run_of(portfolio, import_id, act).undo_reason == "Väärä luettelo"
        activated(portfolio, KIND, path, act, portfolio.division)
        assert count(portfolio.database, Procurement, Contract, ContractOption) == (2, 2, 1)

    def test_the_trail_keeps_what_stood_there(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        undo(portfolio, activated(portfolio, KIND, written(a_contract()), act, portfolio.division), act)
        with portfolio.database.reading() as session:
            removed = session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "removed")).all()
            assert sorted(removed) == ["clause", "contract", "procurement"]
            assert audit.verify(session).broken_at is None

    def test_a_contract_with_a_job_stands_against_it(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        import_id = activated(portfolio, KIND, written(a_contract(), another(2)), act, portfolio.division)
        with portfolio.database.writing() as session:
            contract_id = session.scalars(select(Contract.id).where(Contract.reference == "S-2")).one()
            job = PositionCreate(
                starts_on=date(2018, 5, 1),
                employment_form=EmploymentForm.EMPLOYMENT,
                target_group=TargetGroup.YOUTH,
            )
            log_position(session, contract_id, job, portfolio.act())
        before = count(portfolio.database, *REGISTERED)
        with pytest.raises(Conflict, match="recorded_since_import") as refused:
            undo(portfolio, import_id, act)
        assert refused.value.values == {"reference": "S-2"}
        assert count(portfolio.database, *REGISTERED) == before

    def test_so_does_a_note(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        import_id = activated(portfolio, KIND, written(a_contract()), act, portfolio.division)
        with portfolio.database.writing() as session:
            contract_id = session.scalars(select(Contract.id)).one()
            write_note(session, contract_id, NoteCreate(text="Sovittu."), act)
        with pytest.raises(Conflict, match="recorded_since_import"):
            undo(portfolio, import_id, act)

    def test_so_does_a_change(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        import_id = activated(portfolio, KIND, written(a_contract()), act, portfolio.division)
        with portfolio.database.writing() as session:
            contract_id = session.scalars(select(Contract.id)).one()
            change_contract(session, contract_id, ContractChange(ends_on=date(2020, 3, 31)), act)
        with pytest.raises(Conflict, match="recorded_since_import"):
            undo(portfolio, import_id, act)

    def test_so_does_a_contract_that_another_list_brought_under_its_procurement(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        first = activated(portfolio, KIND, written(a_contract()), act, portfolio.division)
        more = a_contract(contract__reference="S-2018-18")
        second = activated(portfolio, KIND, written(more), act, portfolio.division)
        with pytest.raises(Conflict, match="recorded_since_import") as refused:
            undo(portfolio, first, act)
        assert refused.value.values == {"reference": "HEL 2018-001234"}
        undo(portfolio, second, act)
        undo(portfolio, first, act)
        assert count(portfolio.database, Procurement, Contract) == (0, 0)

    def test_whoever_may_not_write_the_contracts_may_not_take_them_back(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        import_id = activated(portfolio, KIND, written(a_contract()), act, portfolio.division)
        viewer = act_of(portfolio, Role.VIEWER)
        seeing = Act(type(viewer.actor)(act.actor.id, "", "", "fi", viewer.actor.grants), act.now, act.today)
        with pytest.raises(Forbidden):
            undo(portfolio, import_id, seeing)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("field", "cell", "reason"),
        [
            ("procurement.kind", "siivous", "word_not_listed"),
            ("procurement.kind", "", "missing_field"),
            ("procurement.clause.type", "ostoraja", "word_not_listed"),
            ("procurement.clause.positions", "kaksi", "not_a_number"),
            ("procurement.clause.positions", "0", "out_of_range"),
            ("procurement.clause.positions", "1,5", "not_a_number"),
            ("procurement.clause.threshold_eur", "500000", "column_not_of_clause"),
            ("procurement.estimated_value_eur", "1.2E+6", "not_a_sum"),
            ("procurement.estimated_value_eur", "-1", "out_of_range"),
            ("procurement.signed_on", "1.1.20019", "not_a_day"),
            ("procurement.signed_on", "31.2.2018", "not_a_day"),
            ("procurement.signed_on", "1.1.1889", "date_out_of_range"),
            ("procurement.unit_id", "Porvoo", "unit_unknown"),
            ("procurement.unit_id", "Vantaa", "unit_unknown"),
            ("procurement.no_clause_reason", "Ei sovi.", "clause_and_no_clause_reason"),
            ("contract.reference", "", "missing_field"),
            ("contract.reference", "x" * 201, "too_long"),
            ("contract.supplier.business_id", "0201256-7", "business_id_invalid"),
            ("contract.supplier.business_id", "", "identifier_required"),
            ("contract.ends_on", "1.2.2018", "ends_before_starts"),
            ("contract.starts_on", "#REF!", "not_a_day"),
            ("contract.starts_on", "1E5", "not_a_day"),
            ("contract.owner.email", "owner", "not_email"),
            ("contract.owner.language", "viro", "word_not_listed"),
            ("contract.committed_positions", "1", "committed_positions_not_allowed"),
            ("contract.options.0.ends_on", "28.2.2020", "option_not_after_end"),
            ("contract.options.0.exercised_on", "1.2.2020", "missing_field"),
            ("contract.value_eur", "=1+1", "not_a_sum"),
        ],
    )
    @on_one_database
    def test_what_a_form_would_refuse(
        self, portfolio: Portfolio, act: Act, written: Write, field: str, cell: str, reason: str
    ) -> None:
        line, found, where = the_refusal(portfolio, written(a_contract() | {field: cell}), act)
        told_of = {"contract.options.0.exercised_on": "contract.options.0.ends_on"}
        assert (line, found, where) == (2, reason, told_of.get(field, field))

    def test_others_are_shown_and_brought_in(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        path = written(a_contract(), another(2, contract__ends_on="never"), another(3))
        import_id = activated(portfolio, KIND, path, act, portfolio.division)
        assert run_of(portfolio, import_id, act).counts == {"procurements": 2, "contracts": 2, "refused": 1}
        assert refusals(portfolio, import_id) == [(3, "not_a_day", "contract.ends_on")]
        assert count(portfolio.database, Procurement, Contract) == (2, 2)

    def test_a_procurement_of_which_every_contract_is_refused_does_not_come_alone(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        import_id = activated(portfolio, KIND, written(a_contract(contract__ends_on="x")), act, portfolio.division)
        assert run_of(portfolio, import_id, act).counts == {"refused": 1}
        assert count(portfolio.database, Procurement) == (0,)

    def test_what_is_wrong_with_a_procurement_is_told_of_each_of_its_rows(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        rows = [a_contract(procurement__title="x" * 201), a_contract(contract__reference="S-2", procurement__title="")]
        told = refusals(portfolio, staged(portfolio, KIND, written(*rows), act, portfolio.division))
        assert told == [(2, "too_long", "procurement.title"), (3, "too_long", "procurement.title")]

    def test_rows_that_say_different_things_of_one_procurement(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        other = a_contract(contract__reference="S-2", procurement__title="Lumityöt")
        assert the_refusal(portfolio, written(a_contract(), other), act) == (
            3,
            "procurement_differs",
            "procurement.title",
        )

    def test_one_contract_twice_in_a_list(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        told = the_refusal(portfolio, written(a_contract(), a_contract()), act)
        assert told == (3, "reference_taken", "contract.reference")

    @pytest.mark.parametrize("place", ["contract.owner.name", "procurement.title", "Muistiinpano"])
    def test_an_identity_code_in_any_cell_refuses_the_row_and_is_not_kept(
        self, portfolio: Portfolio, act: Act, written: Write, place: str
    ) -> None:
        row = a_contract() | {place: "Maija 131052-308T"}
        assert the_refusal(portfolio, written(row, another(2)), act) == (2, "identity_code", None)
        with portfolio.database.reading() as session:
            assert "308T" not in str([cells for (cells,) in session.execute(select(RefusedRow.cells))])

    def test_columns_that_nobody_knows_are_named_and_not_read(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        row = a_contract() | {"Muistiinpano": "Soita Maijalle", "131052-308T": "x"}
        run = run_of(portfolio, staged(portfolio, KIND, written(row), act, portfolio.division), act)
        assert run.content is not None
        assert run.content["unread"] == ["Muistiinpano", "***"]
        assert "Maijalle" not in str(run.content)

    def test_a_row_whose_cells_were_moved_by_a_separator(
        self, portfolio: Portfolio, act: Act, written: Write, tmp_path: Path
    ) -> None:
        path = written(a_contract())
        path.write_text(path.read_text(encoding="utf-8-sig").replace("Siivouspalvelut", "Siivous;ja muuta"), "utf-8")
        assert the_refusal(portfolio, path, act) == (2, "row_too_long", None)

    def test_a_unit_that_is_named_like_another_needs_its_path(
        self, portfolio: Portfolio, act: Act, written: Write
    ) -> None:
        with portfolio.database.writing() as session:
            from tests.portfolio import _unit

            _unit(session, portfolio.clock, "Hankintayksikkö", portfolio.root)
        row = a_contract(procurement__unit_id="Hankintayksikkö")
        assert the_refusal(portfolio, written(row), act) == (2, "unit_ambiguous", "procurement.unit_id")
        row = a_contract(procurement__unit_id="Kaupunkiympäristön toimiala > Hankintayksikkö")
        import_id = staged(portfolio, KIND, written(row), act, portfolio.division)
        assert refusals(portfolio, import_id) == []

    def test_without_a_unit_in_the_list_or_beside_it(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        told = refusals(portfolio, staged(portfolio, KIND, written(a_contract()), act))
        assert told == [(2, "missing_field", "procurement.unit_id")]


class TestFiles:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "header_not_found"),
            ("a;b\n1;2\n", "header_not_found"),
            ("Hankinnan tunnus;Sopimusnumero\n", "table_empty"),
            ("Hankinnan tunnus;Sopimusnumero;Contract number\n1;2;3\n", "column_listed_twice"),
        ],
    )
    @on_one_database
    def test_a_file_that_is_no_list(self, portfolio: Portfolio, act: Act, tmp_path: Path, text: str, code: str) -> None:
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(FileUnreadable, match=code):
            staged(portfolio, KIND, path, act, portfolio.division)
        assert count(portfolio.database, *REGISTERED) == (0,) * 6

    def test_a_unit_in_which_the_actor_may_not_register(self, portfolio: Portfolio, act: Act, written: Write) -> None:
        with pytest.raises(RuleBroken, match="unit_unknown"):
            staged(portfolio, KIND, written(a_contract()), act, portfolio.other_root)

    def test_someone_who_may_write_a_part_of_the_organisation_brings_in_that_part(
        self, portfolio: Portfolio, written: Write
    ) -> None:
        below = act_of(portfolio, Role.PROCUREMENT_OFFICER, portfolio.office)
        rows = another(1, procurement__unit_id="Helsinki"), another(2, procurement__unit_id="Hankintayksikkö")
        assert refusals(portfolio, staged(portfolio, KIND, written(*rows), below)) == [
            (2, "unit_unknown", "procurement.unit_id")
        ]


def test_a_preview_of_imports_shows_the_contracts_that_came(
    portfolio: Portfolio, act: Act, written: Write, clock: SetClock
) -> None:
    import_id = activated(portfolio, KIND, written(a_contract()), act, portfolio.division)
    with portfolio.database.reading() as session:
        (brought,) = imports.preview(session, import_id, act).contracts
    assert (brought.reference, brought.required_before, brought.required_after) == ("S-2018-17", 0, 1)
