"""Many contracts handed over at once by two people: nobody waits for the other in a circle."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app.rules.errors import Conflict
from app.schemas.handovers import HandoverCreate
from app.schemas.owners import OwnerReference
from app.services.handovers import hand_over_many
from app.services.owners import find_or_add_owner
from app.storage.models import Message, Owner, OwnershipChange
from app.storage.session import Database
from tests.portfolio import Portfolio


def to(email: str) -> HandoverCreate:
    return HandoverCreate(owner=OwnerReference(email=email, name="Uusi Vastuu"))


def test_two_who_hand_over_the_same_contracts_in_opposite_order_both_get_through(
    portfolio: Portfolio, database: Database
) -> None:
    ids, act, together = [portfolio.contract() for _ in range(6)], portfolio.act(), Barrier(2)

    def hand_over(email: str, chosen: list[str]) -> int:
        together.wait()
        with database.writing() as session:
            return len(hand_over_many(session, chosen, to(email), act))

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(hand_over, ["a@example.org", "b@example.org"], [ids, ids[::-1]]))
    assert made == [6, 6]
    with database.reading() as session:
        changed = select(OwnershipChange.contract_id, Owner.email)
        changed = changed.join(Owner, Owner.id == OwnershipChange.to_owner_id).order_by(OwnershipChange.id)
        changes = session.execute(changed).all()
        mails = session.scalars(select(Message.to_email)).all()
    last = {change.contract_id: change.email for change in changes}
    assert len(set(last.values())) == 1  # the second had them all, not some of them
    assert sorted(mails) == ["a@example.org"] * 6 + ["b@example.org"] * 6


def test_what_is_the_new_owner_s_already_is_left_and_nothing_else_is_a_conflict(
    portfolio: Portfolio, database: Database
) -> None:
    mine, theirs = portfolio.contract(), portfolio.contract(owner="a@example.org")
    act = portfolio.act()
    with database.writing() as session:
        made = hand_over_many(session, [mine, theirs, mine], to("a@example.org"), act)
        assert [one.change.contract_id for one in made] == [mine]
    for chosen, code in (([mine, theirs], "handover_same_owner"), ([], "nothing_chosen")):
        with pytest.raises(Conflict) as refused, database.writing() as session:
            hand_over_many(session, chosen, to("a@example.org"), act)
        assert refused.value.code == code


def test_an_owner_renamed_by_someone_else_meanwhile_is_found_as_they_are_now(
    portfolio: Portfolio, database: Database
) -> None:
    """On SQLite whoever writes is alone, so there is no meanwhile."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("whoever writes SQLite is alone")
    portfolio.contract(owner="a@example.org")
    act = portfolio.act()
    theirs = select(Owner).where(Owner.email == "a@example.org")
    with database.writing() as mine, database.writing() as others:
        former = mine.scalars(theirs).one()  # as one who hands a contract over reads its owner
        others.scalars(theirs).one().name = "Toinen Vastuu"
        others.commit()
        reference = OwnerReference(email="a@example.org", name="Uusi Vastuu")
        assert find_or_add_owner(mine, reference, act) is former
    with database.reading() as session:
        assert session.scalars(theirs).one().version == 3
