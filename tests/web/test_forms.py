"""Forms become the schemas of the API, and come back as they were typed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.errors import Conflict, RuleBroken, Stale
from app.schemas.contracts import ContractChange
from app.schemas.positions import PositionCreate
from app.schemas.purchases import PurchaseCreate
from app.web.forms import Form, FormView, FormWrong

POSITION = {"starts_on": "2019-05-31", "employment_form": "employment", "target_group": "youth"}
IDENTITY_CODE = "131052-308T"


def form(values: dict[str, str], language: str = "fi") -> Form:
    return Form(values.items(), language)


def test_days_are_understood_as_browsers_send_them_and_as_finns_write_them() -> None:
    for typed in ("2019-05-31", "31.5.2019", "31.05.2019"):
        assert form(POSITION | {"starts_on": typed}).command(PositionCreate).starts_on.isoformat() == "2019-05-31"


@pytest.mark.parametrize("typed", ["500000", "500 000,00", "500\N{NO-BREAK SPACE}000,00 €", "500000.00"])
def test_sums_are_understood_as_people_write_them(typed: str) -> None:
    bought = form({"on_date": "2019-03-31", "amount_eur": typed, "reference": "L-1"}).command(PurchaseCreate)
    assert bought.amount_eur == 50_000_000


def test_hours_may_have_a_decimal_comma() -> None:
    assert form(POSITION | {"weekly_hours": "37,5"}).command(PositionCreate).weekly_hours == Decimal("37.5")


@pytest.mark.parametrize("typed", ["31.2.2019", "soon", "1.13.2019", "1/2/2019"])
def test_what_is_no_day_is_told_with_how_to_write_one_and_stays_in_the_field(typed: str) -> None:
    sent = form(POSITION | {"starts_on": typed})
    with pytest.raises(FormWrong) as wrong:
        sent.command(PositionCreate)
    view = sent.view(wrong.value)
    assert view.status == 422
    assert "21.11.2026" in view.error("starts_on")
    assert view.text("starts_on") == typed


def test_a_field_left_empty_is_absent_from_what_is_new_and_null_in_a_change() -> None:
    assert form(POSITION | {"planned_end_on": ""}).command(PositionCreate).planned_end_on is None
    change = form({"counts_from": ""}).change(ContractChange)
    assert change.model_dump(exclude_unset=True) == {"counts_from": None}


def test_a_required_field_left_empty_is_named() -> None:
    sent = form(POSITION | {"starts_on": ""})
    with pytest.raises(FormWrong) as wrong:
        sent.command(PositionCreate)
    assert list(sent.view(wrong.value).errors) == ["starts_on"]


def test_dots_nest_numbers_make_lists_and_brackets_gather() -> None:
    pairs = [("clause.type", "fixed_count"), ("clause.target_groups[]", ""), ("clause.target_groups[]", "youth")]
    pairs += [
        ("clause.target_groups[]", "immigrant"),
        ("options.1.ends_on", "1.2.2021"),
        ("options.0.ends_on", "1.1.2021"),
    ]
    assert Form(pairs, "fi").body() == {
        "clause": {"type": "fixed_count", "target_groups": ["youth", "immigrant"]},
        "options": [{"ends_on": "2021-01-01"}, {"ends_on": "2021-02-01"}],
    }


def test_a_prefix_takes_one_of_many_and_names_its_errors_in_full() -> None:
    sent = form({f"positions.0.{name}": value for name, value in POSITION.items()} | {"positions.1.starts_on": "x"})
    assert sent.command(PositionCreate, "positions.0").target_group == "youth"
    with pytest.raises(FormWrong) as wrong:
        sent.command(PositionCreate, "positions.1")
    assert "positions.1.starts_on" in sent.view(wrong.value).errors


def test_an_identity_code_is_refused_and_never_comes_back() -> None:
    sent = form(POSITION | {"channel": IDENTITY_CODE})
    with pytest.raises(FormWrong) as wrong:
        sent.command(PositionCreate)
    view = sent.view(wrong.value)
    assert view.code == "identity_code"
    assert IDENTITY_CODE not in repr(view)
    assert IDENTITY_CODE not in repr(wrong.value.errors)


@pytest.mark.parametrize(("error", "status"), [(Conflict("nothing_missing"), 409), (Stale("stale"), 412)])
def test_what_the_state_forbids_is_told_above_the_form(error: Conflict | Stale, status: int) -> None:
    view = form(POSITION).view(error)
    assert view.status == status
    assert len(view.unplaced()) == 1
    assert view.text("target_group") == "youth"


def test_an_error_of_a_field_that_the_form_does_not_show_is_told_above_it() -> None:
    view = form(POSITION).view(RuleBroken("snooze_in_past", "until"))
    assert view.unplaced() == [view.errors["until"]]
    view.labelled("until", "Until")
    assert view.unplaced() == []


def test_defaults_are_shown_as_a_browser_wants_them() -> None:
    view = FormView.of({"a": 1, "b": None, "c": ["x", "y"], "d": True, "e": False})
    assert dict(view.values) == {"a": "1", "c": ["x", "y"], "d": "true", "e": ""}


NAMES = st.text(st.sampled_from("ab.01[]_"), max_size=20) | st.sampled_from(sorted(POSITION))


@given(st.lists(st.tuples(NAMES, st.text(max_size=20)), max_size=20))
def test_whatever_fields_come_the_form_is_right_or_wrong_and_nothing_breaks(pairs: list[tuple[str, str]]) -> None:
    sent = Form(pairs, "fi")
    wrong: list[FormWrong] = []
    try:
        sent.command(PositionCreate)
    except FormWrong as error:
        wrong.append(error)
    assert [sent.view(error).status for error in wrong] in ([], [422])


def test_a_name_nested_without_end_is_left_out() -> None:
    assert Form([("a." * 500 + "b", "1")], "fi").body() == {}
