"""Rows of a ledger that correct earlier ones, purchases and held rows alike: found by voucher, and of one row never two
forms count.

A correction is a row that is new in its voucher where one of the earlier ones is no longer in it. Who takes whose place
is a rule (rules/lineages.py); it is applied anew whenever a form comes, is decided on, or goes.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.rules.lineages import Form, successors
from app.storage import lineages
from app.storage.lineages import FormFound, FormStored

Moved = tuple[FormStored, int | None]
"""A form as it stood, and the import whose form takes its place now, if any."""


class Matched(NamedTuple):
    """New purchases that correct an earlier row; earlier purchases that are in their voucher no more, and stay."""

    corrected: int
    left_over: int


def match(
    session: Session,
    number: int,
    root_id: str | None,
    contract_ids: Sequence[str],
    vouchers: Sequence[str],
    present: Collection[str],
) -> Matched:
    """Pairs rows of these vouchers that are no longer in the ledger with those that are new in it. What is left over of
    the earlier ones stays: an extract of a ledger need not hold whole vouchers. `present` are the keys of all rows of
    the ledger in these vouchers, `contract_ids` the contracts among which the forms are."""
    by_voucher: dict[str, tuple[list[list[FormFound]], list[FormFound]]] = defaultdict(lambda: ([], []))
    rows: dict[str, list[FormFound]] = defaultdict(list)
    for form in lineages.forms_of(session, number, root_id, contract_ids, vouchers):
        if form.number == number:
            by_voucher[form.voucher][1].append(form)
        else:
            rows[form.lineage or form.id].append(form)
    for forms in rows.values():
        if not any(form.key in present for form in forms):
            by_voucher[forms[0].voucher][0].append(forms)
    found = [pair for gone, new in by_voucher.values() for pair in paired(gone, new)]
    joined = {forms[0].lineage or forms[0].id: [*forms, new] for forms, new in found}
    lineages.join(session, joined)
    settle(session, joined)
    bought = sum(_was_bought(forms) for gone, _ in by_voucher.values() for forms in gone)
    left_over = bought - sum(_was_bought(forms) for forms, _ in found)
    return Matched(sum(not new.is_held for _, new in found), left_over)


def paired(gone: Sequence[list[FormFound]], new: Sequence[FormFound]) -> list[tuple[list[FormFound], FormFound]]:
    """Each row that is gone with one that is new, as long as there are both: those of the same contract first, then
    those that could belong to it, then whatever is left."""
    found: list[tuple[list[FormFound], FormFound]] = []
    for keys_of in (_place, _places, _anywhere):
        free: dict[tuple[str, ...], deque[FormFound]] = defaultdict(deque)
        taken = {form.id for _, form in found}
        for form in new:
            if form.id not in taken:
                for key in keys_of(form):
                    free[key].append(form)
        done = {id(forms) for forms, _ in found}
        for forms in gone:
            if id(forms) in done:
                continue
            keys = [key for form in forms for key in keys_of(form)]
            partner = _first_of([free[key] for key in keys if key in free], taken)
            if partner is not None:
                taken.add(partner.id)
                found.append((forms, partner))
    return found


def _first_of(queues: Iterable[deque[FormFound]], taken: Collection[str]) -> FormFound | None:
    for queue in queues:
        while queue:
            form = queue.popleft()
            if form.id not in taken:
                return form
    return None


def _place(form: FormFound) -> list[tuple[str, ...]]:
    return [tuple(sorted(form.places))]


def _places(form: FormFound) -> list[tuple[str, ...]]:
    return [(one,) for one in form.places]


def _anywhere(_: FormFound) -> list[tuple[str, ...]]:
    return [()]


def _was_bought(forms: Iterable[FormFound]) -> bool:
    return any(not form.is_held for form in forms)


def settle(session: Session, names: Iterable[str]) -> list[Moved]:
    """Lets the forms of these lineages take each other's place as the rule has it, and says which of them did."""
    session.flush()
    by_lineage: dict[str, list[FormStored]] = defaultdict(list)
    for one in lineages.stored(session, names):
        by_lineage[one.lineage].append(one)
    changed: list[Moved] = []
    for forms in by_lineage.values():
        after = successors([Form(one.id, one.number, one.is_settled) for one in forms])
        changed += [(one, after[one.id]) for one in forms if after[one.id] != one.replaced_in]
    lineages.replace(session, changed)
    lineages.concerned(
        session,
        [(by, one.contract_id) for one, by in changed if by is not None and one.contract_id is not None],
    )
    return changed
