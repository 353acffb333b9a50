"""Open contracting data of others: each file of the folder of real data, and what becomes of single releases."""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.rules.codes import ImportKind, Role
from app.rules.drafts import FactCode
from app.rules.errors import Forbidden, RuleBroken
from app.schemas.imported_drafts import ImportedDraft
from app.schemas.owners import OwnerReference
from app.services import import_runs, ocds_imports
from app.services.acting import Act, Actor, GrantedRole
from app.services.import_runs import NewFile
from app.sources.ocds import ReleaseRefused, files
from app.storage import imports
from app.storage.models import Contract, Draft, ImportRun, Procurement, Purchase, Unit
from app.storage.session import Database
from tests.conftest import SetClock
from tests.json_trees import NAMES, TREES
from tests.portfolio import Portfolio

DATA = os.environ.get("SIEPP_TEST_DATA")
needs_data = pytest.mark.skipif(DATA is None, reason="SIEPP_TEST_DATA does not name the folder of real files")
NOTHING = ocds_imports.Told(0, [], [])
SAMPLES = sorted(Path(DATA or "nowhere", "ocds").glob("*.json"))


class City:
    """A city that takes files in."""

    def __init__(self, portfolio: Portfolio, folder: Path) -> None:
        self.portfolio, self.folder = portfolio, folder
        self.run_id = ""

    def act(self) -> Act:
        return self.portfolio.act()

    def stage(self, content: Any, owner: str | None = None, act: Act | None = None) -> ImportRun:
        """Reads a file, or what is to stand in it."""
        file = content
        if not isinstance(content, Path):
            file = self.folder / "releases.json"
            file.write_text(json.dumps(content), encoding="utf-8")
        body, acting = file.read_bytes(), act or self.act()
        new = NewFile(file.name, hashlib.sha256(body).hexdigest(), len(body))
        with self.portfolio.database.writing() as session:
            run = import_runs.start(session, ImportKind.OCDS, new, self.portfolio.root, acting)
            told = ocds_imports.read(file)
            ocds_imports.stage(session, run, told, acting, self.portfolio.division, owner=owner)
            self.run_id = run.id
        return run

    def activate(self, act: Act | None = None) -> dict[str, int]:
        acting = act or self.act()
        with self.portfolio.database.writing() as session:
            run = import_runs.find(session, self.run_id, acting, lock=True)
            ocds_imports.activate(session, run, acting)
            return dict(run.counts)

    def drafts(self) -> list[ImportedDraft]:
        with self.portfolio.database.reading() as session:
            rows = session.scalars(select(Draft).order_by(Draft.id)).all()
            return [ImportedDraft.model_validate(row.content) for row in rows]

    def refused(self) -> list[tuple[int, str, str | None]]:
        with self.portfolio.database.reading() as session:
            number = session.scalars(select(ImportRun.number).where(ImportRun.id == self.run_id)).one()
            return [(row.line, row.reason, row.field) for row in imports.refused(session, number)]

    def all_of(self, model: Any) -> list[Any]:
        with self.portfolio.database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))


@pytest.fixture
def city(portfolio: Portfolio, tmp_path: Path) -> City:
    return City(portfolio, tmp_path)


def facts(draft: ImportedDraft, code: FactCode) -> list[dict[str, Any]]:
    return [dict(one.values) for one in draft.found if one.code is code]


CLAUSE = {"type": "fixedCount", "positions": 2}
OWN = {
    "ocid": "ocds-abc123-1",
    "id": "ocds-abc123-1-1",
    "date": "2019-02-01T00:00:00Z",
    "tag": ["contract"],
    "buyer": {"id": "b", "name": "Kaupunki"},
    "tender": {"id": "HEL 1", "title": "Siivous", "mainProcurementCategory": "services", "employmentClause": CLAUSE},
    "parties": [{"id": "s", "name": "Oy Ab", "identifier": {"scheme": "FI-PRO", "id": "02012566"}}],
    "awards": [{"id": "a", "suppliers": [{"id": "s"}]}],
    "contracts": [
        {
            "id": "c",
            "awardID": "a",
            "period": {"startDate": "2018-03-01T00:00:00+02:00", "endDate": "2020-02-28T23:59:59+02:00"},
            "employmentObligation": {"contractNumber": "S-1"},
        }
    ],
}


def own(**contract: Any) -> dict[str, Any]:
    """A release with our extension, its contract changed."""
    return OWN | {"contracts": [OWN["contracts"][0] | contract]}  # type: ignore[index]


@needs_data
@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_each_sample_becomes_one_draft(city: City, file: Path) -> None:
    assert city.stage(file).counts == {"drafts": 1}
    assert city.activate() == {"drafts": 1}
    (draft,) = city.drafts()
    assert draft.source.key == "ocds-213czf-000-00001"
    assert draft.procurement.title
    assert facts(draft, FactCode.BUYER) == [{"name": "London Borough of Barnet", "identifier": "E09000003"}]


@needs_data
def test_the_samples_one_after_the_other_are_the_same_as_all_of_them_together(city: City) -> None:
    for file in SAMPLES:
        if "-0" in file.stem.removeprefix("ocds-213czf-000-00001"):
            city.stage(file)
            city.activate()
    (draft,) = city.drafts()
    (contract,) = draft.contracts
    assert draft.procurement.title == "Planned cycle lane improvements"
    assert draft.procurement.procedure == "open"
    assert contract.supplier is not None
    assert contract.supplier.name == "AnyCorp Cycle Provision"
    assert contract.reference == "ocds-213czf-000-00001-contract-01"
    assert (str(contract.starts_on), str(contract.ends_on)) == ("2010-07-01", "2011-06-30")
    assert [str(one.ends_on) for one in contract.options] == ["2011-12-31"]
    assert {"field": "value_eur", "amount": "11000000.00", "currency": "GBP"} in facts(draft, FactCode.OTHER_CURRENCY)
    assert city.stage(SAMPLES[-1]).counts.keys() <= {"already_there", "replaced"}


@needs_data
def test_a_hundred_real_releases_become_drafts_with_their_contracts(city: City) -> None:
    file = Path(DATA or "") / "ocds" / "real" / "colombia-compra-2021-03-03.json"
    assert city.stage(file).counts == {"drafts": 100}
    city.activate()
    drafts = city.drafts()
    assert all(one.procurement.title and len(one.contracts) == 1 for one in drafts)
    assert all(one.contracts[0].starts_on and one.contracts[0].value_eur is None for one in drafts)
    amounts = [one for draft in drafts for one in facts(draft, FactCode.OTHER_CURRENCY)]
    assert {one["currency"] for one in amounts} == {"COP"}
    assert sum(facts(draft, FactCode.COMPANY_ID_UNKNOWN) != [] for draft in drafts) == 100


@needs_data
def test_a_real_contract_without_a_tender_has_the_title_of_the_contract(city: City) -> None:
    city.stage(Path(DATA or "") / "ocds" / "real" / "release-package_1.1-2.json")
    city.activate()
    (draft,) = city.drafts()
    assert draft.procurement.title == "ADQUSICION DE GUANTES Y OTROS INSUMOS MEDICOS"
    assert draft.contracts[0].supplier is not None
    assert draft.contracts[0].supplier.name == "11 DE SETIEMBRE SRL"
    assert str(draft.procurement.signed_on) == "2013-04-05"


def test_a_complete_release_is_registered_by_the_person_who_brings_it_as_the_owner(city: City, clock: SetClock) -> None:
    with city.portfolio.database.reading() as session:
        root = session.get_one(Unit, city.portfolio.root)
    officer = Actor("1" * 32, "Olga", "olga@example.org", "sv", (GrantedRole(Role.PROCUREMENT_OFFICER, root.path),))
    act = Act(officer, clock.now, clock.today)
    assert city.stage([OWN], act=act).counts == {"procurements": 1, "contracts": 1}
    assert city.activate(act) == {"procurements": 1, "contracts": 1}
    (procurement,), (contract,) = city.all_of(Procurement), city.all_of(Contract)
    assert (procurement.ocid, procurement.reference, procurement.unit_id) == (
        "ocds-abc123-1",
        "HEL 1",
        city.portfolio.division,
    )
    assert (contract.ocds_id, contract.reference) == ("c", "S-1")
    assert city.stage([OWN], act=act).counts == {"already_there": 1}


@pytest.mark.parametrize(
    "release",
    [
        OWN | {"tender": {"id": "HEL 1", "title": "Siivous", "employmentClause": CLAUSE}},
        own(period={"startDate": "2018-03-01"}),
        own(awardID="unknown"),
        own(implementation={"transactions": [{"id": "1", "value": {"amount": 5, "currency": "EUR"}}]}),
        own(implementation={"transactions": [{"id": "1", "date": "2018-04-01", "value": {"amount": 5}}]}),
        own(
            implementation={
                "transactions": [{"id": "1", "date": "2018-04-01", "value": {"amount": 0.001, "currency": "EUR"}}]
            }
        ),
        own(
            implementation={
                "transactions": [{"id": "1", "date": "2018-04-01", "value": {"amount": 5, "currency": "EUR"}}] * 2
            }
        ),
        own(employmentObligation={"contractNumber": "S-1", "closure": {"decision": "x"}}),
        own(employmentObligation={"contractNumber": "S-1", "adjustments": [{"effectiveDate": "2019-01-01"}]}),
        OWN | {"contracts": OWN["contracts"] * 2},  # type: ignore[operator]
    ],
)
def test_what_is_not_whole_waits_as_a_draft(city: City, release: dict[str, Any]) -> None:
    assert city.stage([release], owner="owner@example.org").counts == {"drafts": 1}
    assert city.activate() == {"drafts": 1}
    assert city.all_of(Procurement) == []


@pytest.mark.parametrize(
    "release",
    [
        OWN | {"tender": OWN["tender"] | {"employmentClause": {"type": "awardCriterion"}}},  # type: ignore[operator]
        own(period={"startDate": "2018-03-01", "endDate": "2018-02-28"}),
        own(employmentObligation={"contractNumber": "S-1", "options": [{"endDate": "2019-01-01"}]}),
        own(
            employmentObligation={"contractNumber": "S-1"},
            implementation={
                "transactions": [{"id": "1", "date": "2030-04-01", "value": {"amount": 5, "currency": "EUR"}}]
            },
        ),
    ],
)
def test_what_is_whole_and_does_not_fit_together_waits_too_and_leaves_nothing_behind(
    city: City, release: dict[str, Any], database: Database
) -> None:
    good = OWN | {"ocid": "ocds-abc123-2"}
    assert city.stage([release, good], owner="owner@example.org").counts["procurements"] == 2
    assert city.activate() == {"procurements": 1, "contracts": 1, "drafts": 1}
    assert [one.ocid for one in city.all_of(Procurement)] == ["ocds-abc123-2"]
    assert len(city.all_of(Contract)) == 1
    assert city.all_of(Purchase) == []


@pytest.mark.parametrize(
    ("release", "reason", "field"),
    [
        ({"ocid": "x"}, "ocds_says_nothing", None),
        ({"ocid": "x", "tender": "A"}, "ocds_wrong_type", "tender"),
        (OWN | {"tender": {"employmentClause": {"type": "other"}}}, "ocds_wrong_value", "procurement.clause.type"),
        (
            OWN | {"tender": {"employmentClause": CLAUSE | {"positions": 0}}},
            "ocds_wrong_value",
            "procurement.clause.positions",
        ),
        (
            OWN | {"tender": {"employmentClause": {"type": "purchaseThreshold", "threshold": {"amount": 1}}}},
            "ocds_wrong_value",
            "procurement.clause.threshold_eur",
        ),
        (OWN | {"anything": {"deep": ["131052-308T"]}}, "identity_code", None),
        (OWN | {"131052-308T": 1}, "identity_code", None),
    ],
)
def test_a_release_that_cannot_be_understood_is_refused_with_its_number_and_the_others_go_on(
    city: City, release: dict[str, Any], reason: str, field: str | None
) -> None:
    others = [OWN | {"ocid": "first"}, release, OWN | {"ocid": "last"}]
    assert city.stage(others).counts == {"drafts": 2, "refused": 1}
    assert city.refused() == [(2, reason, field)]
    assert city.activate() == {"drafts": 2, "refused": 1}


def test_lots_are_procurements_of_their_own_where_their_contracts_say_which(city: City) -> None:
    lots = [
        {"id": "L1", "title": "Pohjoinen"},
        {"id": "L2", "title": "Etelä", "value": {"amount": 5, "currency": "EUR"}},
    ]
    awards = [
        {"id": "a", "suppliers": [{"id": "s"}], "relatedLots": ["L1"]},
        {"id": "b", "suppliers": [{"id": "s"}], "relatedLots": ["L2"]},
    ]
    contracts = [{"id": "1", "awardID": "a"}, {"id": "2", "awardID": "b"}, {"id": "3", "awardID": "b"}]
    release = OWN | {"tender": {"title": "Siivous", "lots": lots}, "awards": awards, "contracts": contracts}
    assert city.stage([release]).counts == {"drafts": 2}
    city.activate()
    north, south = city.drafts()
    assert (north.source.key, south.source.key) == ("ocds-abc123-1/L1", "ocds-abc123-1/L2")
    assert (north.procurement.title, len(north.contracts)) == ("Siivous: Pohjoinen", 1)
    assert (south.procurement.estimated_value_eur, len(south.contracts)) == (500, 2)
    release |= {"ocid": "ocds-abc123-9", "awards": [{"id": "a", "suppliers": [{"id": "s"}]}]}
    assert city.stage([release]).counts == {"drafts": 1}


def test_a_clause_of_others_is_told_in_their_words_and_made_no_clause(city: City) -> None:
    goal = {"goal": "social.disadvantagedEmploymentOpportunities", "strategies": ["contractPerformanceConditions"]}
    tender = {"title": "A", "sustainability": [goal], "contractTerms": {"performanceTerms": "Hire two people."}}
    city.stage([{"ocid": "x", "tender": tender}])
    city.activate()
    (draft,) = city.drafts()
    assert draft.procurement.clause is None
    assert facts(draft, FactCode.CONDITION) == [{"text": "Hire two people."}]
    assert facts(draft, FactCode.SOCIAL_OBJECTIVE) == [{"objective": "opp"}]


def test_a_personal_number_is_not_kept_as_the_identifier_of_a_sole_trader(city: City) -> None:
    party = {"id": "s", "name": "Sven", "identifier": {"scheme": "SE-ON", "id": "880320-0016"}}
    city.stage([OWN | {"parties": [party]}])
    city.activate()
    (draft,) = city.drafts()
    assert "880320" not in json.dumps(draft.stored())
    assert facts(draft, FactCode.COMPANY_ID_MISSING) == [{"name": "Sven"}]


def test_an_owner_nobody_knows_is_refused_at_once(city: City) -> None:
    with pytest.raises(RuleBroken, match="owner_unknown"):
        city.stage([OWN], owner="nobody@example.org")


def test_a_unit_must_be_chosen_and_be_one_to_write_to(city: City, clock: SetClock) -> None:
    with city.portfolio.database.writing() as session:
        run = import_runs.start(session, ImportKind.OCDS, NewFile("x", "0" * 64, 1), city.portfolio.root, city.act())
        with pytest.raises(RuleBroken, match="import_unit_required"):
            ocds_imports.stage(session, run, NOTHING, city.act(), None)
        root = session.get_one(Unit, city.portfolio.root)
        viewer = Actor("1" * 32, "Ville", "v@example.org", "fi", (GrantedRole(Role.VIEWER, root.path),))
        with pytest.raises(Forbidden):
            ocds_imports.stage(session, run, NOTHING, Act(viewer, clock.now, clock.today), city.portfolio.division)


@settings(max_examples=400)
@given(st.dictionaries(NAMES, TREES, max_size=6), st.dictionaries(NAMES, TREES, max_size=6))
def test_any_release_is_understood_or_refused(tree: dict[str, Any], contract: dict[str, Any]) -> None:
    """Also as our own extension would have it, where what is not whole must not stop the others."""
    body = OWN | {"contracts": [OWN["contracts"][0] | contract]} | tree  # type: ignore[index]
    text = json.dumps({"releases": [body]}).encode()
    for found in map(files._one, ([one] for one in files._numbered(files._documents(text.decode())))):
        understood: list[tuple[Any, ImportedDraft]] = []
        with suppress(ReleaseRefused):
            understood = ocds_imports._drafted(found)
        for release, draft in understood:
            beyond = ocds_imports._beyond(release, draft, Unit(id="0" * 32), OwnerReference(email="o@example.org"))
            json.dumps([draft.stored(), beyond])
