"""A project's presentation: what it is about, when, with what money, for whom, where, and whom to ask."""

from collections.abc import Iterable, Iterator

from app.language.catalogues import msgid
from app.language.formats import capitalised, day, euros
from app.language.labels import label
from app.language.own_words import own_words
from app.language.questions import percent
from app.rules.codes import RelationKind
from app.storage.funding import amount_of
from app.storage.models import Funding
from app.web.report_pdf.blocks import Block, Cell, Column, Heading, Table, Terms, plain
from app.web.report_pdf.chapter_words import PERIOD, SOURCE, ChapterWords

PRESENTATION = msgid("Presentation of the project")
BUDGET, TARGET_GROUPS, AREAS = msgid("Whole budget"), msgid("Target groups"), msgid("Areas")
RELATED, CARRIED_BY, CONTACT = msgid("Related projects"), msgid("Carried by"), msgid("Contact")
MAY_CONTINUE = msgid("may continue until {day}")
MONEY = msgid("Money")
SUM, SHARE = msgid("Sum"), msgid("Share of the budget")
SOURCES_TOGETHER, USED_TOGETHER = msgid("Sources together"), msgid("Used together")
USED_UNTIL = msgid("used by {day}")
SUM_UNKNOWN = msgid("not known")


def presentation(words: ChapterWords) -> Iterable[Block]:
    yield Heading(2, words.say(PRESENTATION))
    yield from plain(own_words(words.project.summary or {}, words.language))
    yield Terms(tuple((words.say(term), tuple(told)) for term, told in _facts(words) if told))
    table = _money(words)
    if table is not None:
        yield table


def _facts(words: ChapterWords) -> Iterator[tuple[str, list[str]]]:
    project = words.project
    period = [words.period]
    if project.may_continue_until is not None:
        period.append(words.say(MAY_CONTINUE, day=day(project.may_continue_until, words.language)))
    yield PERIOD, [", ".join(period)]
    yield BUDGET, [] if project.budget_cents is None else [_budget(words, project.budget_cents)]
    yield TARGET_GROUPS, words.own(project.target_groups)
    yield AREAS, [", ".join(words.own(project.areas))] if project.areas else []
    yield RELATED, [_relation(words, one) for one in project.relations]
    yield CARRIED_BY, list(words.found.units)
    contact = (project.contact_name, project.contact_email, project.contact_phone)
    yield CONTACT, [", ".join(one for one in contact if one)] if any(contact) else []


def _budget(words: ChapterWords, cents: int) -> str:
    told = euros(cents, words.language)
    source = words.project.budget_source
    return told if source is None else f"{told} [{words.sources.number(source)}]"


def _relation(words: ChapterWords, relation: dict[str, object]) -> str:
    name = relation["name"]
    told = own_words(name, words.language) if isinstance(name, dict) else str(name)
    kind = label("relation_kind", RelationKind(str(relation["kind"])), words.language)
    return f"{told} ({kind})"


def _money(words: ChapterWords) -> Table | None:
    money = words.found.summary.money
    if not money.sources and not money.uses:
        return None
    titles = ((MONEY, 5.0, False), (SUM, 2.2, True), (SHARE, 2.6, True), (SOURCE, 1.2, False))
    columns = tuple(Column(words.say(title), width, figures) for title, width, figures in titles)
    rows = [_funding(words, row) for row in money.sources]
    if len(money.sources) > 1 and money.sources_cents is not None:
        rows.append(_together(words, SOURCES_TOGETHER, money.sources_cents))
    rows += [_funding(words, row) for row in money.uses]
    if len(money.uses) > 1:
        rows.append(_together(words, USED_TOGETHER, money.used_cents))
    return Table(words.say(MONEY), columns, tuple(rows))


def _funding(words: ChapterWords, row: Funding) -> tuple[Cell, ...]:
    cents = amount_of(row, words.project.budget_cents)
    share = row.share_percent
    kind = capitalised(label("funding_kind", row.kind, words.language))
    until = () if row.until_on is None else (words.say(USED_UNTIL, day=day(row.until_on, words.language)),)
    return (
        Cell(own_words(row.name, words.language), (kind, *until)),
        Cell(words.say(SUM_UNKNOWN) if cents is None else euros(cents, words.language)),
        Cell("" if share is None else percent(share, words.language)),
        Cell(sources=() if row.source is None else (words.sources.number(row.source),)),
    )


def _together(words: ChapterWords, text: str, cents: int) -> tuple[Cell, ...]:
    return (Cell(words.say(text)), Cell(euros(cents, words.language)), Cell(), Cell())
