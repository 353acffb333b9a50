"""Which form of a row holds."""

from hypothesis import given
from hypothesis import strategies as st

from app.rules.lineages import Form, successors

FORMS = st.lists(st.booleans(), max_size=6).map(
    lambda settled: [Form(f"f{number}", number, one) for number, one in enumerate(settled, 1)]
)


def test_a_purchase_counts_until_its_correction_is_decided_on() -> None:
    bought, waits = Form("bought", 1, is_settled=True), Form("waits", 2, is_settled=False)
    assert successors([bought, waits]) == {"bought": None, "waits": None}
    assert successors([bought, waits._replace(is_settled=True)]) == {"bought": 2, "waits": None}


def test_what_waits_gives_way_to_whatever_comes_later() -> None:
    waits, later = Form("waits", 1, is_settled=False), Form("later", 2, is_settled=False)
    assert successors([waits, later]) == {"waits": 2, "later": None}


def test_a_decided_row_and_its_purchase_are_of_one_import_and_neither_takes_the_others_place() -> None:
    assert successors([Form("row", 1, is_settled=True), Form("bought", 1, is_settled=True)]) == {
        "row": None,
        "bought": None,
    }


@given(FORMS)
def test_of_a_row_the_last_settled_form_holds_and_no_other_and_the_very_last_waits_if_any(forms: list[Form]) -> None:
    after = successors(forms)
    settled = [one for one in forms if one.is_settled]
    assert [one.id for one in settled if after[one.id] is None] == [one.id for one in settled[-1:]]
    waiting = [one.id for one in forms if not one.is_settled and after[one.id] is None]
    assert waiting == [one.id for one in forms[-1:] if not one.is_settled]
    assert all(number is None or number > one.number for one in forms for number in (after[one.id],))
