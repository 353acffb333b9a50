"""Releases of open data: what they hold, what they never hold, and that an import reads back what they say."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings

from app.rules.facts import PositionFacts
from app.schemas.text import holds_identity_code
from app.services import ocds_codes
from app.services.ocds_carried import CARRIED, MADE_ANEW, carried
from app.services.ocds_releases import Json, OpenProcurement, release_of
from tests.factories import position
from tests.ocds_schema import DATA, OWN, codes_of, errors, needs_schemas, release_schema
from tests.open_portfolios import TOLD, as_read, as_registered, open_procurements

FEW = settings(max_examples=30)
"""A release is large: to make one takes longer than to check it."""


@given(open_procurements())
def test_what_an_import_reads_goes_out_again_as_it_came(procurement: OpenProcurement) -> None:
    release = release_of(procurement, TOLD)
    draft, beyond = as_read(release)
    again = release_of(as_registered(draft, beyond), TOLD)
    assert carried(again) == carried(release)


@FEW
@given(open_procurements())
def test_every_field_is_carried_or_said_to_be_made_anew(procurement: OpenProcurement) -> None:
    known = {*CARRIED, *MADE_ANEW}
    forgotten = [path for path in paths(release_of(procurement, TOLD)) if not covered(path, known)]
    assert forgotten == []


def paths(value: Any, place: str = "") -> list[str]:
    """The paths of all values, without the places in lists."""
    if isinstance(value, list):
        return [path for one in value for path in (paths(one, place) if isinstance(one, dict | list) else [place])]
    if not isinstance(value, dict):
        return [place]
    return [path for name, one in value.items() for path in paths(one, f"{place}.{name}".removeprefix("."))]


def covered(path: str, known: set[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in known)


@needs_schemas
@FEW
@given(open_procurements())
def test_every_release_is_valid_and_holds_no_field_that_no_schema_knows(procurement: OpenProcurement) -> None:
    package = {
        "uri": "https://siepp.example.org/api/v1/ocds/releases",
        "version": "1.1",
        "publishedDate": "2021-06-15T06:00:00Z",
        "publisher": {"name": "Helsingin kaupunki"},
        "releases": [json.loads(json.dumps(release_of(procurement, TOLD)))],
    }
    assert errors(package) == []


@FEW
@given(open_procurements())
def test_the_same_content_is_the_same_release_and_other_content_another(procurement: OpenProcurement) -> None:
    release = release_of(procurement, TOLD)
    assert release_of(procurement, TOLD) == release
    other = release_of(replace(procurement, title=procurement.title + " x"), TOLD)
    assert other["ocid"] == release["ocid"]
    assert other["id"] != release["id"]
    assert release["id"].startswith(f"{procurement.ocid}-2021")


@given(open_procurements())
def test_no_id_looks_like_a_personal_identity_code(procurement: OpenProcurement) -> None:
    """Else our own import would refuse the release."""
    assert not holds_identity_code(release_of(procurement, TOLD)["id"])


@FEW
@given(open_procurements())
def test_everyone_referred_to_is_a_party_with_that_role(procurement: OpenProcurement) -> None:
    release = release_of(procurement, TOLD)
    roles = {one["id"]: one["roles"] for one in release["parties"]}
    assert len(roles) == len(release["parties"])
    assert {"buyer", "procuringEntity"} <= set(roles[release["buyer"]["id"]])
    for award in release.get("awards", ()):
        assert all("supplier" in roles[one["id"]] for one in award["suppliers"])
    for contract in release.get("contracts", ()):
        for payment in contract.get("implementation", {}).get("transactions", ()):
            assert "payer" in roles[payment["payer"]["id"]]
            assert "payee" in roles[payment["payee"]["id"]]


def with_position(procurement: OpenProcurement, *found: PositionFacts) -> OpenProcurement:
    contracts = [replace(one, facts=replace(one.facts, positions=found)) for one in procurement.contracts]
    return replace(procurement, contracts=contracts)


@FEW
@given(open_procurements())
def test_positions_change_nothing_but_the_status_of_milestones(procurement: OpenProcurement) -> None:
    """Neither the group nor the form nor any day of a job is anywhere, and no field tells that there is one."""
    job = position("5.3.2019", "job", form="apprenticeship", group="youth", ended="9.9.2019", hours="33.25")
    with_job = with_position(procurement, job)
    assert but_for_status(release_of(with_job, TOLD)) == but_for_status(release_of(procurement, TOLD))


def but_for_status(release: Json) -> Json:
    """Without what tells how far jobs are: the status of milestones; of closed obligations, which tell only what was
    met, whether there is one; and what is named after the content."""
    contracts = []
    for contract in release.get("contracts", ()):
        implementation = dict(contract.get("implementation", {}))
        told = [{**one, "status": ""} for one in implementation.pop("milestones", ())]
        closed = "closure" in contract["employmentObligation"]
        contracts.append({**contract, "implementation": implementation, "milestones": [] if closed else told})
    return {**release, "contracts": contracts, "id": "", "tag": ""}


def test_our_codes_are_those_of_the_code_lists() -> None:
    schema = json.loads((OWN / "release-schema.json").read_text(encoding="utf-8"))
    clause = schema["definitions"]["EmploymentClause"]["properties"]
    listed = {
        "employmentClauseType.csv": clause["type"]["enum"],
        "employmentClauseCompletion.csv": [one for one in clause["completion"]["enum"] if one],
        "employmentForm.csv": clause["employmentForms"]["items"]["enum"],
        "employmentTargetGroup.csv": clause["targetGroups"]["items"]["enum"],
    }
    extension = json.loads((OWN / "extension.json").read_text(encoding="utf-8"))
    assert set(extension["codelists"]) == set(listed)
    for name, codes in listed.items():
        assert codes_of(OWN / "codelists", name) == set(codes)


@needs_schemas
def test_the_goals_and_strategies_are_those_of_the_extension() -> None:
    folder = Path(DATA or "") / "ocds-extensions" / "ocds_sustainability_extension"
    assert {ocds_codes.GOAL, ocds_codes.INNOVATION_GOAL} <= codes_of(folder, "sustainabilityGoal.csv")
    assert {ocds_codes.PERFORMED, ocds_codes.AWARDED_FOR} <= codes_of(folder, "sustainabilityStrategy.csv")
    assert "employmentClause" in release_schema()["definitions"]["Tender"]["properties"]


def test_procedures_are_known_by_the_names_people_give_them() -> None:
    assert ocds_codes.procurement_method("Avoin menettely") == "open"
    assert ocds_codes.procurement_method("neg-w-call") == "selective"
    assert ocds_codes.procurement_method("suorahankinta ") == "direct"
    assert ocds_codes.procurement_method("jokin muu") is None
