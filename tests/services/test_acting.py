"""Who may do what, and where."""

from app.rules.codes import Role
from app.services.acting import Actor, GrantedRole, Permission, may, may_somewhere, permissions

CITY, DIVISION = "/city/", "/city/division/"
LOOKS_AND_WRITES = Actor(
    "u", "", "u@example.org", grants=(GrantedRole(Role.VIEWER, CITY), GrantedRole(Role.PROCUREMENT_OFFICER, DIVISION))
)


def test_a_role_below_a_unit_where_one_only_looks_still_opens_the_button() -> None:
    assert LOOKS_AND_WRITES.trees() == [CITY]
    assert not may(LOOKS_AND_WRITES, Permission.CONTRACTS, [CITY])
    assert may(LOOKS_AND_WRITES, Permission.CONTRACTS, [DIVISION])
    assert may_somewhere(LOOKS_AND_WRITES, Permission.CONTRACTS)
    assert not may_somewhere(LOOKS_AND_WRITES, Permission.POSITIONS)


def test_owners_may_more_with_their_own_contracts() -> None:
    owner = Actor("u", "", "u@example.org", grants=(GrantedRole(Role.CONTRACT_OWNER, CITY),))
    assert permissions(owner, [DIVISION], "u@example.org") == {Permission.NOTES, Permission.REMINDERS}
    assert permissions(owner, [DIVISION], "other@example.org") == frozenset()
