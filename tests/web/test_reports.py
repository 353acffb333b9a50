"""The report of the projects as a PDF: every figure in it, readable by whoever does not see it, harmless whatever
people typed; the public form without small counts; and the figures as files."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from app.language import figures
from app.language.formats import NO_BREAK_SPACE
from app.language.own_words import own_words
from app.rules.policy import SMALL_COUNT
from app.schemas.outcomes import OutcomesDocument
from app.schemas.reports import ReportForm, ReportQuestion
from app.services import outcome_imports, project_summaries, reports
from app.services.project_summaries import ProjectSummary
from app.storage.audit import verify
from app.storage.models import AuditEntry, AuditPayload, Observation, Project, User
from app.storage.session import Database
from app.web.report_pdf import typesetting
from app.web.report_pdf.blocks import Bullets, Document, Heading, Table, Title, Words
from app.web.report_pdf.document import document_of
from app.web.report_pdf.typesetting import TypesettingFailed, readable
from tests.conftest import SetClock
from tests.portfolio import Portfolio, settle
from tests.surveys import GRADE, SITUATION, USEFUL, WORDS, a_survey, answered, closed
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]
DAY = date(2026, 11, 27)
LANGUAGES = ("fi", "sv", "en")
HOSTILE = '#read("/etc/passwd") *bold* _under_ $x^2$ @cite <label> \\n #import "@preview/x:1.0.0" ` // /* 😀 العربية'


@pytest.fixture
def clock() -> SetClock:
    return SetClock(DAY)


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """A city with the five projects and every figure of its report and plan, made once. What a report says does not
    depend on the database."""
    path = tmp_path_factory.mktemp("reports") / "template.db"
    copy(sqlite_template, path)
    made = settle(Database(f"sqlite:///{path}"), SetClock(DAY))
    with made.database.writing() as session:
        outcome_imports.import_seeds(session, made.root, made.act())
    made.database.dispose()
    return made


@pytest.fixture
def database_url(template: Portfolio, tmp_path: Path) -> str:
    """A copy of it for one test."""
    copy(str(template.database.engine.url.database), tmp_path / "siepp.db")
    return f"sqlite:///{tmp_path / 'siepp.db'}"


@pytest.fixture
def portfolio(template: Portfolio, database: Database, clock: SetClock) -> Portfolio:
    return replace(template, database=database, clock=clock)


@pytest.fixture
def reported(portfolio: Portfolio) -> Portfolio:
    return portfolio


def pdf(browser: SignedInBrowser, address: str) -> PdfReader:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text[:2000]
    assert answer.headers["content-type"] == "application/pdf"
    return PdfReader(BytesIO(answer.content))


def words_of(reader: PdfReader) -> str:
    """All text of the report on one line, whatever broke its lines."""
    text = " ".join(page.extract_text() for page in reader.pages)
    return squeezed(text)


def squeezed(text: str) -> str:
    """Without blanks and without hyphens: lines break at any of them."""
    return "".join(sign for sign in text if not sign.isspace() and sign not in f"-‐\xad{NO_BREAK_SPACE}")


def summary_of(portfolio: Portfolio, slug: str, until: date | None = None) -> ProjectSummary:
    with portfolio.database.reading() as session:
        return project_summaries.summarise_project(session, slug, portfolio.act(), None, until)


def figures_of(summary: ProjectSummary, language: str) -> Iterator[tuple[str, str]]:
    """Every figure of a summary as it is written, with the name of its indicator."""
    for one in summary.indicators:
        name = own_words(one.row.name, language)
        parts = [one.figure_of(part) for parts in one.parts.values() for part in parts]
        for figure in (*one.history, *one.others, *parts):
            if figure.facts.figure is not None:
                yield name, figures.figure(one.facts, figure.facts, language)


def elements(reader: PdfReader) -> list[Any]:
    """The structure elements of the tags, in their order."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict) and "/S" in node:
            found.append(node)
            if "/K" in node:
                walk(node["/K"])

    root: Any = reader.trailer["/Root"]
    for child in root["/StructTreeRoot"]["/K"]:
        walk(child)
    return found


# --- What a screen reader gets


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_tagged_and_says_so(reported: Portfolio, browser_of: BrowserOf, language: str) -> None:
    reader = pdf(browser_of("viewer"), f"/projects/report.pdf?year=2019&language={language}")
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or bool(root["/MarkInfo"]["/Marked"])
    assert str(root["/Lang"]).split("-")[0] == language
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert root["/Metadata"].get_data().count(b"pdfuaid:part") >= 1
    assert reader.metadata is not None
    assert "2019" in str(reader.metadata.title)
    assert "Helsinki" in str(reader.metadata.author)


def test_headings_tables_and_charts_are_told_as_such(reported: Portfolio, browser_of: BrowserOf) -> None:
    reader = pdf(browser_of("viewer"), "/projects/report.pdf?year=2019&language=en")
    kinds = [str(one["/S"]) for one in elements(reader)]
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/L", "/TOC"} <= set(kinds)
    assert kinds.count("/Table") > 20
    alternatives = [str(one["/Alt"]) for one in elements(reader) if one["/S"] == "/Figure"]
    assert len(alternatives) == kinds.count("/Figure")
    flow = next(text for text in alternatives if "Dropped out" in text)
    assert flow.startswith("Bar chart. Started: 27; Finished: 21")
    assert any("Course participants: 90" in text for text in alternatives)
    assert any("85.4–96.8" in text for text in alternatives)
    titles = [str(entry["/Title"]) for entry in reader.outline if isinstance(entry, dict)]
    assert [title.partition(" ")[2] for title in titles] == [
        *("Introduction", "SIEPP", "Työkyky käyttöön (Work ability into use)", "Women to work", "Digirasti", "Summary")
    ]


# --- What it says


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_every_summary_is_in_the_report(
    reported: Portfolio, browser_of: BrowserOf, language: str
) -> None:
    """The programme of 2020 and the projects of 2019 that went on were running in 2020."""
    text = words_of(pdf(browser_of("viewer"), f"/projects/report.pdf?year=2020&language={language}"))
    for slug in ("women-to-work", "digirasti", "tyokyky-kayttoon", "siepp", "tyokykyohjelma"):
        known = list(figures_of(summary_of(reported, slug, date(2020, 12, 31)), language))
        assert len(known) >= 5
        for name, figure in known:
            assert squeezed(name) in text, (slug, name)
            assert squeezed(figure) in text, (slug, name, figure)


def test_the_chapter_of_one_project_is_a_report_of_its_own(reported: Portfolio, browser_of: BrowserOf) -> None:
    reader = pdf(browser_of("viewer"), "/projects/women-to-work/report.pdf?language=en")
    text = words_of(reader)
    for name, figure in figures_of(summary_of(reported, "women-to-work"), "en"):
        assert squeezed(name) in text, name
        assert squeezed(figure) in text, (name, figure)
    assert "Digirasti" in text  # related
    assert squeezed("Advice clients") not in text


def test_the_year_of_the_citys_report_has_the_projects_of_then(reported: Portfolio, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    text = words_of(pdf(viewer, "/projects/report.pdf?year=2019&language=en"))
    assert squeezed("Women to work") in text
    assert squeezed("There is no figure yet to hold against a target.") in text  # Työkyky käyttöön: 1,700 to be reached
    assert squeezed("There is no target yet") not in text
    assert squeezed("Total 1 226 000") not in text  # the work-ability programme began in 2020
    later = words_of(pdf(viewer, "/projects/report.pdf?year=2020&language=en"))
    assert squeezed("1,226,000") in later


def test_doubtful_figures_are_marked_and_their_doubt_is_told(reported: Portfolio, browser_of: BrowserOf) -> None:
    text = words_of(pdf(browser_of("viewer"), "/projects/digirasti/report.pdf?language=en"))
    assert squeezed("to be checked") in text
    assert squeezed("54, 88, 89 or 90") in text


def test_a_report_between_two_days_leaves_out_what_ended_before(reported: Portfolio, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    whole = words_of(pdf(viewer, "/projects/siepp/report.pdf?language=en"))
    later = words_of(pdf(viewer, "/projects/siepp/report.pdf?from_on=2018-01-01&to_on=2019-12-31&language=en"))
    asked_in_2017 = squeezed("Companies' attitude to the clause by situation")
    assert asked_in_2017 in whole
    assert asked_in_2017 not in later
    assert squeezed("1 January 2018") in later


def test_a_closed_survey_is_told_question_by_question_and_nobody_is_quoted(
    reported: Portfolio, browser_of: BrowserOf
) -> None:
    of_figures = {"indicator", "flow", "shared", "dimension"}
    asked = [{name: one[name] for name in one.keys() - of_figures} for one in (USEFUL, GRADE, SITUATION, WORDS)]
    found = a_survey(reported, key="later", questions=asked)
    people = [{"useful": "agree", "grade": 4, "situation": "at_work", "words": "Kiitos opettajalle"}] * 7
    answered(reported, found, *people, {"useful": "disagree", "grade": 2, "situation": "unemployed"})
    viewer = browser_of("viewer")
    before = words_of(pdf(viewer, "/projects/digirasti/report.pdf?language=en"))
    assert squeezed("Survey: End-of-course survey") not in before
    closed(reported, found)
    text = words_of(pdf(viewer, "/projects/digirasti/report.pdf?language=en"))
    assert squeezed("Survey: End-of-course survey") in text
    assert squeezed("8 answered.") in text
    assert squeezed("mean 3.75") in text
    assert squeezed("87.5 %") in text  # agree
    assert squeezed("Options with small counts are left out.") in text
    assert "opettajalle" not in text


# --- What people typed


def test_whatever_people_typed_is_text(reported: Portfolio, browser_of: BrowserOf) -> None:
    with reported.database.writing() as session:
        session.execute(update(Project).values(name={"en": f"P {HOSTILE}"}, summary={"en": HOSTILE}))
        session.execute(update(Observation).values(note={"en": HOSTILE}, source=HOSTILE))
    reader = pdf(browser_of("viewer"), "/projects/report.pdf?year=2019&language=en")
    text = words_of(reader)
    assert (
        squeezed('#read("/etc/passwd") *bold* _under_ $x^2$ @cite <label> \\n #import "@preview/x:1.0.0" ` // /*')
        in text
    )
    assert "root:" not in text
    assert "😀" not in text


def test_signs_that_the_fonts_do_not_have_are_marked_and_the_others_stay() -> None:
    assert readable({"a": ["Ääkköset – §", "Здравствуйте", "مرحبا", 1, None]}) == {
        "a": ["Ääkköset – §", "Здравствуйте", "مرحبا", 1, None]
    }
    assert readable("\x01 😀 中 \u202e") == "\N{REPLACEMENT CHARACTER} " * 3 + "\N{REPLACEMENT CHARACTER}"


def test_every_sign_that_is_left_can_be_set() -> None:
    """Typst refuses a text with a sign that no font of ours has."""
    signs = [sign for sign in map(chr, range(0x20, 0x1_2000)) if readable(sign) == sign]
    assert len(signs) > 2000
    title = Title("Helsinki", "All signs", "2026", "", (), "")
    chapter = [Heading(1, "All signs"), Bullets(tuple(f"a{sign}b" for sign in signs))]
    made = Document("fi", DAY, title, Words("Sisällys", "Taulukko", "Kuvio", "sivu"), [chapter])
    assert typesetting.pdf_of(made).startswith(b"%PDF-")


def test_a_report_that_takes_too_long_is_given_up_and_the_next_one_is_made(
    reported: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = document(reported, ReportForm.INTERNAL, "en")
    monkeypatch.setattr(typesetting, "LONGEST_SECONDS", 0.01)
    for _ in range(typesetting.AT_ONCE + 1):
        with pytest.raises(TypesettingFailed):
            typesetting.pdf_of(made)
    monkeypatch.undo()
    assert typesetting.pdf_of(made).startswith(b"%PDF-")


def test_whoever_asks_while_too_many_are_being_made_is_told_so(
    reported: Portfolio, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "WAIT_SECONDS", 0.01)
    turns = [typesetting._turns.acquire(blocking=False) for _ in range(typesetting.AT_ONCE)]
    try:
        assert all(turns)
        assert browser_of("viewer").get("/projects/report.pdf?year=2019").status_code == 409
    finally:
        for _ in turns:
            typesetting._turns.release()


# --- The public form


def document(portfolio: Portfolio, form: ReportForm, language: str) -> Document:
    act = portfolio.act()
    with portfolio.database.reading() as session:
        wanted = reports.wanted_report(ReportQuestion(year=2020, form=form), act.today)
        return document_of(reports.report_of_projects(session, wanted, act), language)


def counts_by_part(made: Document) -> list[int]:
    """What the tables of parts have in their columns of counts."""
    tables = [block for chapter in made.chapters for block in chapter if isinstance(block, Table)]
    return [
        int("".join(filter(str.isdigit, row[place].text)))
        for table in tables
        for place, column in enumerate(table.columns)
        if column.title in {"Lukumäärä", "Antal", "Count"}
        for row in table.rows
        if row[place].text
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_form_counts_nobody_by_part_under_the_limit(reported: Portfolio, language: str) -> None:
    inside = counts_by_part(document(reported, ReportForm.INTERNAL, language))
    outside = counts_by_part(document(reported, ReportForm.PUBLIC, language))
    things = [20, 1, 1]  # companies by what they think of the clause
    assert {1, 2, 3, 4} <= set(inside)
    assert [count for count in outside if count < SMALL_COUNT] == [count for count in things if count < SMALL_COUNT]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_form_names_no_small_part_and_quotes_no_note_on_people(
    reported: Portfolio, browser_of: BrowserOf, language: str
) -> None:
    viewer = browser_of("viewer")
    inside = words_of(pdf(viewer, f"/projects/report.pdf?year=2019&language={language}&form=internal"))
    outside = words_of(pdf(viewer, f"/projects/report.pdf?year=2019&language={language}&form=public"))
    known = {one.row.key: one for one in summary_of(reported, "women-to-work").indicators}
    names = known["finished"].row.category_names["next_step"]
    note = known["follow_up_plan"].history[0].row
    assert note is not None
    assert note.note is not None
    for words in (names["opso_period"], names["recruitment_training"], names["other_city"], note.note):
        text = squeezed(own_words(words, language)).lower()
        assert text in inside.lower(), text
        assert text not in outside.lower(), text


def test_the_public_form_says_what_it_leaves_out(reported: Portfolio, browser_of: BrowserOf) -> None:
    text = words_of(pdf(browser_of("viewer"), "/projects/report.pdf?year=2019&language=en&form=public"))
    assert squeezed("counts of fewer than five people are not told") in text
    assert squeezed("Employed with a wage subsidy") in text
    assert squeezed("not told: a small count") in text
    assert squeezed("54, 88, 89 or 90") not in text  # the sentence of a doubt holds counts


# --- What was asked, by whom


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("year=2027", "year"),
        ("year=2026&form=public", "year"),
        ("form=public&from_on=2019-01-01", "form"),
        ("from_on=2019-02-01&to_on=2019-01-31", "to_on"),
        ("year=soon", "year"),
        ("language=de", "language"),
    ],
)
def test_a_question_that_does_not_fit_is_told_beside_its_field(
    reported: Portfolio, browser_of: BrowserOf, query: str, code: str
) -> None:
    viewer = browser_of("viewer")
    answer = viewer.get(f"/projects/report.pdf?{query}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/projects/report?{query}")
    page = viewer.get(answer.headers["location"])
    assert page.status_code == 422
    assert f'id="{code}-error"' in page.text


def test_the_last_year_that_is_over_has_a_public_form(reported: Portfolio, browser_of: BrowserOf) -> None:
    assert pdf(browser_of("viewer"), "/projects/report.pdf?year=2025&form=public").pages


def test_the_page_offers_the_reports_and_the_files(reported: Portfolio, browser_of: BrowserOf) -> None:
    page = browser_of("viewer").get("/projects/report")
    assert page.status_code == 200
    for address in ("/projects.csv", "/projects.xlsx", "/projects.json", "/projects/digirasti/report.pdf"):
        assert f'href="{address}"' in page.text


def test_nobody_of_another_city_gets_anything(reported: Portfolio, browser_of: BrowserOf) -> None:
    stranger = browser_of("stranger")
    assert stranger.get("/projects/digirasti/report.pdf").status_code == 404
    text = words_of(pdf(stranger, "/projects/report.pdf?year=2019&language=en"))
    assert squeezed("No project that you can see ran in this period.") in text
    assert "Digirasti" not in text
    assert rows_of_csv(stranger) == []
    assert stranger.get("/projects.json").json() == {"projects": []}


@pytest.mark.parametrize(
    "address",
    ["/projects/report", "/projects/report.pdf", "/projects/digirasti/report.pdf", "/projects.csv", "/projects.json"],
)
def test_strangers_sign_in_first(reported: Portfolio, client: Any, address: str) -> None:
    assert client.get(address, follow_redirects=False).headers["location"].startswith("/sign-in")


def test_the_trail_says_who_took_which_report(reported: Portfolio, browser_of: BrowserOf, database: Database) -> None:
    browser_of("viewer").get("/projects/report.pdf?year=2019&language=sv&form=public")
    entry, payload = taken(database, "report")
    assert entry.subject_id == "2019-12-31"
    assert {name: payload[name] for name in payload if not name.startswith("@")} == {
        "form": "public",
        "from": None,
        "to": "2019-12-31",
        "language": "sv",
        "projects": ["siepp", "tyokyky-kayttoon", "women-to-work", "digirasti"],
    }


def taken(database: Database, subject: str) -> tuple[AuditEntry, Any]:
    """The one entry of the trail about something taken by the viewer."""
    with database.reading() as session:
        entry, payload = session.execute(
            select(AuditEntry, AuditPayload.payload)
            .join(AuditPayload, AuditPayload.seq == AuditEntry.seq)
            .where(AuditEntry.action == "exported", AuditEntry.subject == subject)
        ).one()
        assert session.get_one(User, entry.actor).email == "viewer@example.org"
        assert verify(session).broken_at is None
        return entry, payload


# --- The figures as files


def rows_of_csv(browser: SignedInBrowser) -> list[dict[str, str]]:
    answer = browser.get("/projects.csv")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_every_figure_has_a_row_with_its_definition_n_and_source(
    reported: Portfolio, browser_of: BrowserOf, database: Database
) -> None:
    rows = rows_of_csv(browser_of("viewer"))
    with database.reading() as session:
        typed = len(session.scalars(select(Observation.id)).all())
    computed = [row for row in rows if row["Source"] == "The service's own contracts"]
    assert len(rows) == typed + len(computed)
    assert {row["Project's name in addresses"] for row in computed} == {"siepp"}
    skills = next(row for row in rows if row["Indicator's key"] == "skills_better")
    assert (skills["Figure"], skills["Number of people (n)"], skills["Unit of figure"]) == ("78", "62", "percent")
    assert (skills["Period begins"], skills["Period ends"]) == ("2019-04-01", "2019-10-31")
    assert (skills["Status of figure"], skills["To be checked"]) == ("preliminary", "yes")
    assert skills["Source"].startswith("Strategisten hankkeiden raportti 2019")
    assert skills["What is counted"]
    course = next(row for row in rows if row["Part in codes"] == "next_step=language_course")
    assert (course["Figure"], course["Part of the whole"]) == ("4", "next step: language course")
    grade = next(row for row in rows if row["Project"] == "Digirasti" and row["Indicator's key"] == "grade")
    assert grade["Figure"] == "4,3"
    told = taken(database, "observation")[1]
    assert (told["kind"], told["rows"]) == ("csv", len(rows))


def test_the_workbook_has_the_same_rows_with_numbers_and_days(reported: Portfolio, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    listed = rows_of_csv(viewer)
    answer = viewer.get("/projects.xlsx")
    with closing(CalamineWorkbook.from_filelike(BytesIO(answer.content))) as book:
        header, *rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == len(listed)
    for row, told in zip(rows, listed, strict=True):
        cells = dict(zip(header, row, strict=True))
        assert cells["Period ends"] == date.fromisoformat(told["Period ends"])
        assert cells["Figure"] == (float(told["Figure"].replace(",", ".")) if told["Figure"] else "")
        assert cells["Indicator"] == told["Indicator"]


def test_no_text_becomes_a_formula(reported: Portfolio, browser_of: BrowserOf) -> None:
    with reported.database.writing() as session:
        session.execute(update(Observation).values(source='=HYPERLINK("https://example.org")'))
    typed = [row for row in rows_of_csv(browser_of("viewer")) if "HYPERLINK" in row["Source"]]
    assert typed
    assert all(row["Source"].startswith("'=") for row in typed)


def test_the_document_is_what_an_import_reads(reported: Portfolio, browser_of: BrowserOf, database: Database) -> None:
    answer = browser_of("viewer").get("/projects.json")
    assert answer.headers["content-type"] == "application/json"
    document = OutcomesDocument.model_validate(json.loads(answer.content))
    assert len(document.projects) == 5
    assert taken(database, "project")[1]["projects"] == 5


def test_the_api_gives_the_same_document(
    reported: Portfolio, client: Any, browser_of: BrowserOf, database: Database
) -> None:
    answer = client.get("/api/v1/projects/export", headers=reported.viewer)
    assert answer.status_code == 200
    assert taken(database, "project")[1]["projects"] == 5
    assert answer.json() == browser_of("viewer").get("/projects.json").json()
    assert client.get("/api/v1/projects/export", headers=reported.stranger).json() == {"projects": []}
    assert client.get("/api/v1/projects/export").status_code == 401
