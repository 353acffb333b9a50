"""Two organisations may each have a project of one name: what hangs on one is never taken for the other's."""

from dataclasses import replace

import pytest

from app.rules.codes import Role
from app.rules.errors import Forbidden, NotFound
from app.schemas.projects import ProjectCreate
from app.schemas.risks import RiskChange, RiskCreate
from app.services import projects, risks
from app.services.acting import Act, Actor, GrantedRole
from app.storage import units
from tests.portfolio import Portfolio

NAME = {"fi": "Digirasti"}


def someone(portfolio: Portfolio, **roles: Role) -> Act:
    """A reporter of the first city, and what else they are of which one."""
    with portfolio.database.reading() as session:
        trees = {name: units.path_of(session, getattr(portfolio, name)) for name in ("root", *roles)}
    grants = [GrantedRole(role, trees[name]) for name, role in ({"root": Role.PROJECT_REPORTER} | roles).items()]
    return replace(portfolio.act(), actor=Actor("1", "Riku Raportoija", "riku@example.org", grants=tuple(grants)))


@pytest.fixture
def risk_elsewhere(portfolio: Portfolio) -> str:
    """The id of a risk of the second city's project, which bears the same name as the first one's."""
    with portfolio.database.writing() as session:
        for unit_id in (portfolio.root, portfolio.other_root):
            body = {"slug": "digirasti", "unit_id": unit_id, "name": NAME, "starts_on": "2019-04-01"}
            found = projects.add_project(session, ProjectCreate.model_validate(body), portfolio.act())
        only_there = Act(
            Actor("2", "", "", grants=(GrantedRole(Role.ADMIN, found.paths[0]),)),
            portfolio.clock(),
            portfolio.act().today,
        )
        command = RiskCreate.model_validate({"name": NAME, "likelihood": 2, "impact": 4})
        return risks.add_risk(session, "digirasti", command, only_there).id


def test_who_only_looks_at_one_city_changes_nothing_there_though_they_report_for_another(
    portfolio: Portfolio, risk_elsewhere: str
) -> None:
    act = someone(portfolio, other_root=Role.VIEWER)
    with portfolio.database.writing() as session, pytest.raises(Forbidden):
        risks.change_risk(session, risk_elsewhere, RiskChange(likelihood=1), act)


def test_who_reports_for_both_changes_either(portfolio: Portfolio, risk_elsewhere: str) -> None:
    act = someone(portfolio, other_root=Role.PROJECT_REPORTER)
    with portfolio.database.writing() as session:
        assert risks.change_risk(session, risk_elsewhere, RiskChange(likelihood=1), act).likelihood == 1


def test_who_has_no_role_in_the_other_city_finds_nothing_of_it(portfolio: Portfolio, risk_elsewhere: str) -> None:
    with portfolio.database.reading() as session, pytest.raises(NotFound):
        risks.read_risk(session, risk_elsewhere, someone(portfolio))
