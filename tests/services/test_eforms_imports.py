"""Notices brought in: looked at, then drafts that wait; the same again, newer forms, results, and undoing."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.jobs import imports as importing
from app.rules.codes import DraftStatus, ImportKind, Role
from app.rules.drafts import FactCode
from app.rules.errors import Conflict, DomainError, Forbidden, NotFound, RuleBroken, Stale
from app.schemas.contracts import ContractCreate
from app.schemas.imported_drafts import ImportedDraft
from app.schemas.procurements import ProcurementCreate
from app.services import drafts, imports, registering
from app.services.acting import Act, Actor, GrantedRole
from app.services.drafts import DraftFound
from app.sources.files import FileUnreadable
from app.storage import keyset
from app.storage.drafts import SORTS
from app.storage.models import Draft, ImportRun, Procurement, RefusedRow, Unit
from app.storage.session import Database
from tests.conftest import SetClock
from tests.notices import CONDITION, HELSINKI, STOCKHOLM, Lot, Notice, Won, award
from tests.portfolio import Portfolio
from tests.registering import FIXED_COUNT, OWNER

DATA = os.environ.get("SIEPP_TEST_DATA")
IDENTITY_CODE = "131052-308T"
WAITING = "waiting"


class City:
    """What a procurement officer does with notices."""

    def __init__(self, portfolio: Portfolio, database: Database, clock: SetClock, folder: Path) -> None:
        self.portfolio, self.database, self.clock, self.folder = portfolio, database, clock, folder

    def act(self, role: Role = Role.PROCUREMENT_OFFICER, unit_id: str = "") -> Act:
        with self.database.reading() as session:
            path = session.get_one(Unit, unit_id or self.portfolio.root).path
        actor = Actor("u" * 32, "Olga Officer", "officer@example.org", "en", (GrantedRole(role, path),))
        return Act(actor, self.clock.now, self.clock.today)

    def read(self, notice: Notice | bytes, *, unit_id: str | None = "", act: Act | None = None) -> str:
        """Reads a notice; gives the import's id."""
        path = self.folder / "notice.xml"
        path.write_bytes(notice if isinstance(notice, bytes) else notice.bytes())
        who = act or self.act()
        import_id = importing.start(self.database, ImportKind.EFORMS, path, path.name, self.portfolio.root, who)
        unit = self.portfolio.division if unit_id == "" else unit_id
        importing.read(self.database, import_id, path, lambda: who, unit_id=unit)
        return import_id

    def activate(self, import_id: str) -> dict[str, int]:
        with self.database.writing() as session:
            return dict(imports.activate(session, import_id, self.act()).counts)

    def bring(self, notice: Notice | bytes) -> dict[str, int]:
        return self.activate(self.read(notice))

    def undo(self, import_id: str) -> None:
        with self.database.writing() as session:
            imports.undo(session, import_id, "väärä tiedosto", self.act())

    def run(self, import_id: str) -> ImportRun:
        with self.database.reading() as session:
            return session.scalars(select(ImportRun).where(ImportRun.id == import_id)).one()

    def drafts(self, status: DraftStatus = DraftStatus.WAITING) -> list[Any]:
        with self.database.reading() as session:
            page = keyset.Page(50)
            return list(drafts.list_drafts(session, status, SORTS["created"], page, self.act()).rows)

    def told(self, place: int = 0) -> ImportedDraft:
        return ImportedDraft.model_validate(self.drafts()[place].content)

    def registered(self, draft_id: str = "", *, version: int | None = None, **changes: Any) -> str:
        """Registers a draft as a person completes it; gives the procurement's id."""
        wanted = draft_id or self.drafts()[0].id
        with self.database.writing() as session:
            told = drafts.read_draft(session, wanted, self.act()).told.stored()
            body = told["procurement"] | {"unit_id": self.portfolio.division, "clause": FIXED_COUNT} | changes
            contracts = [
                ContractCreate.model_validate(one | {"owner": OWNER, "procurement_id": registering.LATER})
                for one in told.get("contracts", [])
            ]
            command = ProcurementCreate.model_validate(body)
            return drafts.register_draft(session, wanted, command, contracts, self.act(), version).procurement_id


@pytest.fixture
def city(portfolio: Portfolio, database: Database, clock: SetClock, tmp_path: Path) -> City:
    return City(portfolio, database, clock, tmp_path)


def refusal(call: Callable[[], Any], kind: type[DomainError] = RuleBroken) -> str:
    with pytest.raises(kind) as caught:
        call()
    return caught.value.code


# --- Looked at, then waiting


def test_what_is_only_read_waits_for_nobody(city: City) -> None:
    run = city.run(city.read(Notice()))
    assert (run.status, run.rows, run.counts) == ("ready", 1, {"drafts": 1})
    assert run.content is not None
    assert run.content["unit_id"] == city.portfolio.division
    assert city.drafts() == []


def test_a_lot_becomes_a_draft_of_the_unit_with_what_a_person_must_add(city: City) -> None:
    assert city.bring(Notice()) == {"drafts": 1}
    (row,) = city.drafts()
    told = city.told()
    assert (row.title, row.unit_id) == ("Siivouspalvelut 2026–2028", city.portfolio.division)
    assert told.procurement.clause is None
    assert told.missing == ["clause"]
    assert told.contracts == []
    assert {one.code: one.values for one in told.found}[FactCode.CONDITION] == {"text": CONDITION}


def test_a_result_gives_the_contract_with_its_parties_days_and_value(city: City) -> None:
    city.bring(award([Lot(won=[Won([HELSINKI, STOCKHOLM])])]))
    (contract,) = city.told().contracts
    assert contract.supplier is not None
    assert (contract.reference, contract.supplier.business_id) == ("S-2026-1", "0201256-6")
    assert [(one.identifier_scheme, one.identifier, one.role) for one in contract.parties] == [
        ("SE-ON", "2120000142", "member")
    ]
    assert (str(contract.starts_on), str(contract.ends_on), contract.value_eur) == (
        "2026-03-01",
        "2028-02-29",
        48000000,
    )
    assert city.told().missing == ["clause", "contracts.0.owner.email"]


def test_a_lot_that_ended_without_a_contract_is_told_and_not_drafted(city: City) -> None:
    lots = [Lot(), Lot(id="LOT-0002", won=[Won()]), Lot(id="LOT-0003", shown=False)]
    import_id = city.read(award(lots))
    assert city.run(import_id).counts == {"drafts": 1, "without_contract": 2}
    content = city.run(import_id).content
    assert content is not None
    assert content["without_contract"] == ["LOT-0001", "LOT-0003"]
    assert city.activate(import_id) == {"drafts": 1, "without_contract": 2}


def test_a_winner_that_the_notice_does_not_name_is_still_a_draft(city: City) -> None:
    city.bring(award([Lot(status="selec-w")]))
    assert FactCode.WINNER_UNCLEAR in {one.code for one in city.told().found}


def test_the_unit_must_be_named_and_be_one_that_may_be_written_to(city: City) -> None:
    assert refusal(lambda: city.read(Notice(), unit_id=None)) == "import_unit_required"
    assert refusal(lambda: city.read(Notice(), unit_id="0" * 32)) == "unit_unknown"
    assert refusal(lambda: city.read(Notice(), unit_id=city.portfolio.other_root)) == "unit_unknown"
    officer_of_the_office = city.act(unit_id=city.portfolio.office)
    assert refusal(lambda: city.read(Notice(), act=officer_of_the_office)) == "unit_unknown"
    assert refusal(lambda: city.read(Notice(), act=city.act(Role.VIEWER)), Forbidden) == "forbidden"


def test_an_identity_code_anywhere_refuses_the_notice_by_its_line_and_is_kept_nowhere(city: City) -> None:
    text = Notice().xml().replace("Kaisa Kontakti", f"\n\nKaisa {IDENTITY_CODE}")
    with pytest.raises(FileUnreadable) as caught:
        city.read(text.encode())
    assert (caught.value.code, caught.value.values) == ("identity_code_in_file", {"line": 3})
    with city.database.reading() as session:
        (run,) = session.scalars(select(ImportRun))
        assert run.status == "failed"
        assert IDENTITY_CODE not in f"{run.content} {run.error} {run.counts}"


def test_an_identity_code_put_together_from_two_texts_refuses_the_lot_alone(city: City) -> None:
    day, rest = IDENTITY_CODE.split("-")
    notice = Notice([Lot(title=f"-{rest}"), Lot(id="LOT-0002", title="Muu")], title=f"Siivous {day}")
    import_id = city.read(notice)
    assert city.run(import_id).counts == {"drafts": 1, "refused": 1}
    with city.database.reading() as session:
        (row,) = session.scalars(select(RefusedRow))
        assert (row.line, row.reason, row.cells) == (1, "identity_code", ["LOT-0001"])


def test_a_file_that_cannot_be_read_leaves_nothing_but_why(city: City) -> None:
    with pytest.raises(FileUnreadable):
        city.read(b"<html></html>")
    with city.database.reading() as session:
        (run,) = session.scalars(select(ImportRun))
        assert (run.status, run.error) == ("failed", {"code": "not_a_notice", "values": {}})
        assert session.scalar(select(func.count()).select_from(Draft)) == 0


# --- The same again, newer, completed


def test_the_same_notice_again_is_already_there(city: City) -> None:
    city.bring(Notice())
    before = city.drafts()[0]
    assert city.run(city.read(Notice())).counts == {"already_there": 1}
    assert city.bring(Notice()) == {"already_there": 1}
    assert [(row.id, row.version) for row in city.drafts()] == [(before.id, before.version)]


def test_two_people_who_looked_at_the_same_notice_bring_one_draft(city: City) -> None:
    first, second = city.read(Notice()), city.read(Notice())
    assert city.activate(first) == {"drafts": 1}
    assert city.activate(second) == {"already_there": 1}
    assert len(city.drafts()) == 1


def test_a_newer_version_replaces_what_waits_and_an_older_one_does_not(city: City) -> None:
    city.bring(Notice(version="02", title="Uudempi"))
    assert city.bring(Notice(version="01", title="Vanha")) == {"already_there": 1}
    assert city.drafts()[0].title.startswith("Uudempi")
    assert city.bring(Notice(version="03", title="Uusin")) == {"replaced": 1}
    assert [row.title for row in city.drafts()] == ["Uusin: Siivouspalvelut"]


def test_a_correction_under_an_id_of_its_own_replaces_the_notice_of_the_same_procedure(city: City) -> None:
    city.bring(Notice())
    corrected = Notice([Lot(condition="")], id="4" * 36, issued_on="2026-01-20+02:00")
    assert city.bring(corrected) == {"replaced": 1}
    assert FactCode.CONDITION not in {one.code for one in city.told().found}


def test_a_result_completes_the_draft_of_its_notice_and_keeps_what_only_the_notice_says(city: City) -> None:
    city.bring(Notice())
    assert city.bring(award([Lot(won=[Won()], period="", condition="", objectives=())])) == {"completed": 1}
    (row,) = city.drafts()
    told = city.told()
    assert len(told.contracts) == 1
    assert FactCode.CONDITION in {one.code for one in told.found}
    assert str(told.contracts[0].starts_on) == "2026-03-01"  # the notice told the days before there was a contract
    assert told.source.known_documents >= {f"{row.content['source']['document']}/01"}
    assert city.bring(Notice()) == {"already_there": 1}


def test_a_notice_that_comes_after_its_result_completes_it_too(city: City) -> None:
    city.bring(award([Lot(won=[Won()], period="", condition="")]))
    assert city.bring(Notice(title="Siivous")) == {"completed": 1}
    told = city.told()
    assert told.procurement.title == "Siivouspalvelut 2026–2028"  # the later document's word stands
    assert FactCode.CONDITION in {one.code for one in told.found}
    assert str(told.contracts[0].ends_on) == "2028-02-29"


def test_a_newer_result_replaces_the_contracts_and_keeps_what_the_notice_said(city: City) -> None:
    city.bring(Notice())
    city.bring(award([Lot(won=[Won()], condition="")]))
    newer = award([Lot(won=[Won(reference="S-2")], condition="")], version="02")
    assert city.bring(newer) == {"replaced": 1}
    told = city.told()
    assert [one.reference for one in told.contracts] == ["S-2"]
    assert FactCode.CONDITION in {one.code for one in told.found}


def test_a_draft_that_waits_learns_that_its_lot_ended_without_a_contract(city: City) -> None:
    city.bring(Notice())
    assert city.bring(award([Lot(status="clos-nw", reason="no-rece")])) == {"completed": 1}
    facts = {one.code: one.values for one in city.told().found}
    assert facts[FactCode.NO_WINNER] == {"status": "clos-nw", "reason": "no-rece"}


def test_the_same_notice_is_drafted_for_each_unit_that_brings_it(city: City) -> None:
    city.bring(Notice())
    import_id = city.read(Notice(), unit_id=city.portfolio.office)
    assert city.activate(import_id) == {"drafts": 1}
    assert len(city.drafts()) == 2


# --- Registered, left out, undone


def test_a_registered_draft_waits_no_longer_and_the_notice_does_not_bring_it_again(city: City) -> None:
    city.bring(award([Lot(won=[Won()])]))
    procurement_id = city.registered()
    assert city.drafts() == []
    (row,) = city.drafts(DraftStatus.REGISTERED)
    assert (row.procurement_id, row.decided_by) == (procurement_id, "Olga Officer")
    assert city.bring(award([Lot(won=[Won()])], version="02")) == {"registered_before": 1}
    assert city.drafts() == []


def test_only_the_first_of_two_registers_a_draft(city: City) -> None:
    city.bring(award([Lot(won=[Won()])]))
    draft_id = city.drafts()[0].id
    city.registered(draft_id)
    assert refusal(lambda: city.registered(draft_id), Conflict) == "draft_decided"
    with city.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Procurement)) == 1


def test_a_draft_changed_meanwhile_is_not_registered_unseen(city: City) -> None:
    city.bring(Notice())
    version = city.drafts()[0].version
    city.bring(Notice(version="02"))
    assert refusal(lambda: city.registered(version=version), Stale) == "stale"
    city.registered(version=city.drafts()[0].version)


def test_what_was_wrong_in_a_registration_leaves_the_draft_waiting(city: City) -> None:
    city.bring(award([Lot(won=[Won()])]))
    assert refusal(lambda: city.registered(unit_id="0" * 32)) == "unit_unknown"
    assert len(city.drafts()) == 1


def leave_out(city: City, draft_id: str) -> DraftFound:
    with city.database.writing() as session:
        return drafts.leave_out(session, draft_id, city.act())


def test_a_draft_left_out_stays_out(city: City) -> None:
    city.bring(Notice())
    draft_id = city.drafts()[0].id
    leave_out(city, draft_id)
    assert city.drafts() == []
    assert refusal(lambda: leave_out(city, draft_id), Conflict) == "draft_decided"
    assert city.bring(Notice(version="02")) == {"already_there": 1}
    assert city.drafts() == []


def test_undoing_takes_what_waits_away_and_the_same_notice_may_come_again(city: City) -> None:
    import_id = city.read(Notice())
    city.activate(import_id)
    city.undo(import_id)
    assert city.drafts() == []
    assert city.run(import_id).status == "undone"
    assert city.bring(Notice()) == {"drafts": 1}
    assert len(city.drafts()) == 1


def test_undoing_a_correction_brings_back_what_waited_before_it(city: City) -> None:
    city.bring(Notice(title="Ensin"))
    import_id = city.read(Notice(version="02", title="Sitten"))
    city.activate(import_id)
    city.undo(import_id)
    assert [row.title for row in city.drafts()] == ["Ensin: Siivouspalvelut"]


def test_undoing_leaves_what_a_later_notice_changed(city: City) -> None:
    first = city.read(Notice())
    city.activate(first)
    city.bring(Notice(version="02", title="Sitten"))
    city.undo(first)
    assert [row.title for row in city.drafts()] == ["Sitten: Siivouspalvelut"]


def test_an_import_whose_draft_was_registered_cannot_be_undone(city: City) -> None:
    import_id = city.read(award([Lot(won=[Won()])]))
    city.activate(import_id)
    city.registered()
    assert refusal(lambda: city.undo(import_id), Conflict) == "draft_was_registered"
    assert city.run(import_id).status == "active"


def test_who_may_not_register_in_the_unit_sees_no_draft_of_it(city: City) -> None:
    city.bring(Notice())
    draft_id = city.drafts()[0].id
    for act in (city.act(Role.VIEWER), city.act(Role.BUSINESS_LIAISON), city.act(unit_id=city.portfolio.other_root)):
        with city.database.reading() as session:
            assert drafts.waiting(session, act) == 0
            with pytest.raises(NotFound):
                drafts.read_draft(session, draft_id, act)
    with city.database.reading() as session:
        assert drafts.waiting(session, city.act()) == 1


@pytest.mark.skipif(DATA is None, reason="SIEPP_TEST_DATA is unset: the published notices are not at hand")
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("cn_24_maximal", {"drafts": 2}),
        ("can_24_maximal", {"drafts": 1, "without_contract": 1}),
        ("can_24_minimal", {"drafts": 1}),
        ("can_23_contracts", {"drafts": 1}),
        ("can-social_24", {"drafts": 1, "without_contract": 2}),
    ],
)
def test_published_notices_go_in_through_reading_and_activating(city: City, name: str, counts: dict[str, int]) -> None:
    data = (Path(str(DATA)) / "eforms" / f"{name}.xml").read_bytes()
    import_id = city.read(data)
    assert city.run(import_id).counts == counts
    assert city.activate(import_id) == counts
    assert len(city.drafts()) == counts["drafts"]
