"""The command behind scripts/bench."""

import argparse
import json
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import structlog

from app.jobs.daily_check import judge_all
from app.storage.session import Database
from bench import bulk, check, cities, ledgers, portfolio
from bench.answers import answers
from bench.databases import POSTGRESQL, SQLITE, empty
from bench.load import load
from bench.measuring import QUICK, Effort, Figure

CONTRACTS, QUICK_CONTRACTS = 100_000, 400
CHECK, ANSWERS, LEDGERS = PARTS = ("check", "answers", "ledgers")
ROWS, QUICK_ROWS = 1_000_000, 2_000
SAMPLE = 500
"""Contracts whose stored judgement is compared with the live one at the end."""


def main(arguments: Sequence[str]) -> int:
    asked = _arguments(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    contracts = QUICK_CONTRACTS if asked.quick else asked.contracts
    effort = QUICK if asked.quick else Effort(rounds=asked.rounds)
    figures: list[Figure] = []
    for kind in asked.databases or [SQLITE, POSTGRESQL]:
        with empty(kind, 2) as (url, smaller_url):
            _fill(url, contracts, asked.cities or 1)
            figures += _measured(url, smaller_url, contracts, effort, asked)
            wrong = _untrue(url, contracts)
        if wrong:
            print(f"{kind}: what is stored is not what the rule says of {wrong}", file=sys.stderr)
            return 1
    print(_table(figures, contracts, meaningless=asked.quick))
    if asked.json:
        _write(asked.json, figures, contracts)
    return 0


def _measured(
    url: str, smaller_url: str, contracts: int, effort: Effort, asked: argparse.Namespace
) -> Iterator[Figure]:
    """The figures asked for, on a filled database; the other one is still empty."""
    if asked.load:
        yield from load(url, contracts, asked.load)
        return
    if asked.cities:
        _fill(smaller_url, contracts // asked.cities)
        yield from cities.figures(url, smaller_url, asked.cities, effort)
        return
    parts = asked.only or PARTS
    if CHECK in parts:
        _fill(smaller_url, contracts // 10)
        yield from check.figures(url, smaller_url, effort)
    if ANSWERS in parts:
        yield from answers(url, effort)
    if LEDGERS in parts:
        yield from ledgers.figures(url, *_ledger_rows(asked), effort)


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("scripts/bench", description="Measures the service against its floors.")
    parser.add_argument("--contracts", type=int, default=CONTRACTS, help="size of the portfolio (%(default)s)")
    parser.add_argument("--ledger-rows", type=int, default=ROWS, help="rows of the ledger (%(default)s)")
    parser.add_argument("--memory-rows", type=int, help="rows of the one whose peak memory is taken (as many)")
    parser.add_argument("--rounds", type=int, default=Effort().rounds, help="interleaved rounds (%(default)s)")
    parser.add_argument("--database", dest="databases", action="append", choices=[SQLITE, POSTGRESQL])
    parser.add_argument("--only", action="append", choices=PARTS, help="a part of the figures; may be given again")
    parser.add_argument("--ledger", dest="only", action="append_const", const=LEDGERS, help="short for --only ledgers")
    parser.add_argument("--cities", type=int, metavar="COUNT", help="instead, one city among so many")
    parser.add_argument("--load", type=float, metavar="SECONDS", help="instead, fifty people at once for so long")
    parser.add_argument("--quick", action="store_true", help="only see that everything runs and the answers are true")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    return parser.parse_args(arguments)


def _ledger_rows(asked: argparse.Namespace) -> tuple[int, int]:
    """Rows of the ledger whose import is timed, and of the one whose memory is taken."""
    if asked.quick:
        return QUICK_ROWS, QUICK_ROWS
    return asked.ledger_rows, asked.memory_rows or asked.ledger_rows


def _fill(url: str, contracts: int, of_cities: int = 1) -> None:
    """A portfolio on which the service has been running: told what was to be told, and judged."""
    portfolio.fill(url, contracts, of_cities)
    database = Database(url)
    check.tell_all(database, portfolio.TODAY)
    judge_all(database, check.act_on(portfolio.TODAY))
    bulk.settle(database.engine)  # once more: how obligations stand is what lists are looked up by
    database.dispose()


def _untrue(url: str, contracts: int) -> list[str]:
    """Judged once more for a later day, then compared."""
    database = Database(url)
    day = portfolio.TODAY + timedelta(days=400)
    judge_all(database, check.act_on(day))
    step = max(1, contracts // SAMPLE)
    wrong = check.differing(database, day, [portfolio.key(8, number) for number in range(0, contracts, step)])
    database.dispose()
    return wrong


def _table(figures: Sequence[Figure], contracts: int, *, meaningless: bool) -> str:
    lines = [f"{contracts} contracts; {platform.python_implementation()} {platform.python_version()}", ""]
    lines += ["| what | database | measured | target | |", "| --- | --- | ---: | ---: | --- |"]
    for one in figures:
        target = "" if one.target is None else f"{'≥' if one.at_least else '≤'} {one.target:g} {one.unit}".rstrip()
        verdict = "" if meaningless or one.met is None else "met" if one.met else "missed"
        lines.append(f"| {one.what} | {one.database} | {one.value:.3g} {one.unit} | {target} | {verdict} |")
    return "\n".join(lines)


def _write(file: Path, figures: Sequence[Figure], contracts: int) -> None:
    found = {"contracts": contracts, "python": platform.python_version(), "figures": [asdict(one) for one in figures]}
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
