"""Releases of one procurement become one, and releases of OCDS 1.0 become those of 1.1."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
ORGANISATIONS = (("buyer",), ("tender", "procuringEntity"), ("tender", "tenderers"), ("awards", "suppliers"))
"""Where 1.0 has whole organisations, and 1.1 refers to one of `parties`."""
ROLES = {"buyer": "buyer", "procuringEntity": "procuringEntity", "tenderers": "tenderer", "suppliers": "supplier"}
EARLIEST = datetime.min.replace(tzinfo=UTC)


def merged(releases: Sequence[Json]) -> Json:
    """One release out of several, as the standard merges them: by date, a later value takes the place of an earlier
    one, things of a list that have the same `id` are one thing, and null takes away. Lists of anything else are
    replaced as a whole."""
    if len(releases) == 1:
        return releases[0]
    result: Json = {}
    for release in sorted(releases, key=_issued):
        result = _merged(result, release)
    return result


def _issued(release: Json) -> datetime:
    try:
        moment = datetime.fromisoformat(str(release.get("date")))
    except ValueError:
        return EARLIEST
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _merged(earlier: Json, later: Json) -> Json:
    result = dict(earlier)
    for name, value in later.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _value(result.get(name), value)
    return result


def _value(earlier: Any, later: Any) -> Any:
    if isinstance(earlier, dict) and isinstance(later, dict):
        return _merged(earlier, later)
    if not (isinstance(earlier, list) and _have_ids(earlier) and isinstance(later, list) and _have_ids(later)):
        return later
    things = {_key(one): one for one in earlier}
    for one in later:
        known = things.get(_key(one))
        things[_key(one)] = one if known is None else _merged(known, one)
    return list(things.values())


def _have_ids(things: list[Any]) -> bool:
    return all(isinstance(one, dict) and isinstance(one.get("id"), str | int) for one in things)


def _key(thing: Json) -> str:
    return str(thing["id"])


def upgraded(release: Json) -> Json:
    """A release in the form of 1.1. What tells the two apart is `parties`, which every release of 1.1 that names
    someone has; packages that say one version and hold the other exist. What changed and matters here: organisations
    stand in one list and are referred to, a payment has `value`, `payer` and `payee`, and there may be several
    amendments, which nothing is read of."""
    made = dict(release)
    for contract in _things(made, "contracts"):
        implementation = contract.get("implementation")
        for payment in _things(implementation if isinstance(implementation, dict) else {}, "transactions"):
            _renamed(payment)
    if not isinstance(made.get("parties"), list):
        made["parties"] = list(_parties(made))
    return made


def _renamed(payment: Json) -> None:
    names = {"amount": "value", "providerOrganization": "payer", "receiverOrganization": "payee"}
    for old, new in names.items():
        if old in payment and new not in payment:
            payment[new] = payment.pop(old)


def _parties(release: Json) -> Iterator[Json]:
    """The organisations that stand inside a release of 1.0; each is given an id, by which its place refers to it."""
    number = 0
    for *above, name in ORGANISATIONS:
        holders = [release] if not above else _things(release, above[0])
        for organisation in (one for holder in holders for one in _things(holder, name)):
            number += 1
            organisation.setdefault("id", f"party-{number}")
            yield {**organisation, "roles": [ROLES[name]]}


def _things(holder: Json, name: str) -> list[Json]:
    """The object or objects by this name; none where it is something else."""
    value = holder.get(name)
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
