"""Imports in every state that has a page of its own, beside the one that the demo has brought in."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.http.state import State
from app.jobs import imports as importing
from app.rules.codes import ImportKind
from app.services import demo, import_runs, imports
from app.services.acting import Act
from app.services.import_runs import NewFile
from app.sources.demo.city import COMPANIES
from app.storage import units

GROWING = "Y-tunnus;Summa ilman ALV;Kirjauspäivä;Tosite\n{supplier};{amount};{on};1\n{supplier};x;{on};2\n"


def put_in_every_state(state: State, folder: Path) -> None:
    """One that is ready and would let an obligation grow, one being read, one nobody reads any more, one that failed,
    one discarded, one undone."""
    now = state.clock()
    with state.database.reading() as session:
        act = Act(demo.actor_named(session, "officer"), now, state.day_at(now))
    root_id = units.ids_on_path(act.actor.grants[0].path)[0]
    for name in ("undone", "discarded", "ready"):
        path = folder / f"ostot-{name}.csv"
        supplier = COMPANIES["henkilovoima"].business_id
        path.write_text(GROWING.format(supplier=supplier, amount="20000,00", on=act.today.isoformat()))
        import_id = importing.start(state.database, ImportKind.PURCHASES, path, path.name, root_id, act)
        importing.read(state.database, import_id, path, lambda: act)
        with state.database.writing() as session:
            if name == "undone":
                imports.activate(session, import_id, act)
                session.flush()
                imports.undo(session, import_id, "Väärän kuukauden tiedosto", act)
            elif name == "discarded":
                imports.discard(session, import_id, act)
        importing.tidy(state.database, lambda: act)
    with state.database.writing() as session:
        for name, before in (("luetaan", timedelta()), ("keskeytyi", timedelta(seconds=imports.STALE_SECONDS))):
            earlier = replace(act, now=now - before)
            run = imports.start(session, ImportKind.CONTRACTS, NewFile(f"{name}.xlsx", "0" * 64, 900), root_id, earlier)
            run.read_bytes, run.rows = 400, 17
        failed = imports.start(session, ImportKind.OCDS, NewFile("data.json", "1" * 64, 5), root_id, act)
        import_runs.fail(session, failed, "ocds_not_json", {"line": 3}, act)
