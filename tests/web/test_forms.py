"""Forms become the schemas of the API, and come back as they were typed."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.errors import Conflict, RuleBroken, Stale
from app.schemas.contracts import ContractChange
from app.schemas.observations import ObservationCreate
from app.schemas.positions import PositionCreate
from app.schemas.purchases import PurchaseCreate
from app.schemas.risks import RiskCreate
from app.web.forms import Form, FormView, FormWrong

FIGURE = {"indicator": "finished", "period_start": "1.8.2019", "period_end": "30.11.2019", "source": "Report"}
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


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1 234,5", "1234.5"), ("1\N{NO-BREAK SPACE}234,50 %", "1234.50"), ("78 %", "78"), ("78.0", "78.0"), ("0", "0")],
)
def test_figures_are_understood_as_people_write_them_with_all_their_decimals(typed: str, value: str) -> None:
    found = form(FIGURE | {"value": typed}).command(ObservationCreate).value
    assert str(found) == value


def test_counts_may_have_spaces_and_names_that_end_alike_are_left_alone() -> None:
    found = form(FIGURE | {"numerator": "1 200", "denominator": "2\N{NARROW NO-BREAK SPACE}400", "source": "1 200"})
    command = found.command(ObservationCreate)
    assert (command.numerator, command.denominator, command.source) == (1200, 2400, "1 200")
    assert (command.period_start, command.period_end) == (date(2019, 8, 1), date(2019, 11, 30))
    assert Form([("reason", "1 200"), ("n", "12"), ("rows.0.n", "1 2")], "fi").body() == {
        "reason": "1 200",
        "n": 12,
        "rows": [{"n": 12}],
    }


@pytest.mark.parametrize("typed", ["many", "1,2,3", "%", "12 %%", "1e3x"])
def test_what_is_no_figure_is_told_beside_its_field_and_stays_in_it(typed: str) -> None:
    sent = form(FIGURE | {"value": typed})
    with pytest.raises(FormWrong) as wrong:
        sent.command(ObservationCreate)
    view = sent.view(wrong.value)
    assert list(view.errors) == ["value"]
    assert view.text("value") == typed


def test_a_text_missing_in_every_language_is_asked_for_in_the_first() -> None:
    sent = form({"name.fi": "", "name.sv": "", "likelihood": "2", "impact": "4"})
    with pytest.raises(FormWrong) as wrong:
        sent.command(RiskCreate)
    assert list(sent.view(wrong.value).errors) == ["name.fi"]


def test_rows_left_empty_are_none_and_the_others_close_up() -> None:
    pairs = [("areas.0.fi", ""), ("areas.2.fi", "Kontula"), ("areas.5.sv", "Norra"), ("areas.5.fi", "")]
    closed = Form([*pairs, ("other.3.fi", "")], "fi").closed_up("areas")
    assert closed.values == {"areas.0.fi": "Kontula", "areas.1.sv": "Norra", "areas.1.fi": "", "other.3.fi": ""}
    assert closed.body()["areas"] == [{"fi": "Kontula"}, {"sv": "Norra"}]


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["", "x", "y"])), max_size=12))
def test_closing_up_keeps_every_row_with_something_in_it_in_its_order(rows: list[tuple[int, str]]) -> None:
    latest = dict(rows)
    closed = Form([(f"areas.{number}.fi", text) for number, text in rows], "fi").closed_up("areas")
    kept = [latest[number] for number in sorted(latest) if latest[number]]
    assert [closed.text(f"areas.{place}.fi") for place in range(len(kept))] == kept
    assert len(closed.values) == len(kept)


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
