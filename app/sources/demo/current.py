"""Contracts of today, dated from the day of installation, so that every status of an obligation is there on any day.

Contracts begin on the first and end on the last day of a month, as they do; what must be so many days away from today
is counted in days. Month-ends leave room of a month to either side: tests go through the awkward ones.
"""

from datetime import date, timedelta

from app.rules.dates import ONE_DAY, add_months
from app.sources.demo.shapes import (
    Bought,
    Clause,
    Deal,
    Decision,
    Job,
    NewOwner,
    Option,
    Party,
    Remark,
    Tender,
)

LONG, IMMIGRANT, YOUTH = "long_term_unemployed", "immigrant", "youth"
PARTIAL, OTHER = "partial_work_ability", "other_weak_position"
PROGRAMME = "Työllistämisehto"


class Calendar:
    """Days around the day of installation."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._month = today.replace(day=1)

    def first(self, months: int) -> date:
        """First day of the month so many months from this one."""
        return add_months(self._month, months)

    def last(self, months: int) -> date:
        """Last day of that month."""
        return self.first(months + 1) - ONE_DAY

    def ago(self, days: int) -> date:
        """A working day, so many days ago or up to two more."""
        on = self.today - timedelta(days=days)
        return on - timedelta(days=max(0, on.weekday() - 4))

    def ahead(self, days: int) -> date:
        return self.today + timedelta(days=days)


def current(today: date) -> tuple[Tender, ...]:
    """The procurements of today."""
    at = Calendar(today)
    return (*_of_elina(at), *_of_fredrik(at), *_of_others(at), _without_clause(at))


def _fixed(positions: int, **terms: object) -> Clause:
    return {"type": "fixed_count", "positions": positions, **terms}


def _award() -> Clause:
    return {"type": "award_criterion", "points_per_position": "2.0", "max_points": "8.0"}


def _tender(at: Calendar, number: int, title: str, unit: str, clause: Clause, *deals: Deal, **fields: str) -> Tender:
    """Signed six weeks before the first contract begins, or three weeks ago where that is still to come."""
    signed_on = min(deals[0].starts_on - timedelta(days=42), at.ago(21))
    return Tender(
        reference=f"HEL {signed_on.year}-{number:06}",
        title=title,
        unit=unit,
        kind=fields.get("kind", "services"),
        value=sum(deal.value or 0 for deal in deals),
        signed_on=signed_on,
        clause=clause,
        deals=deals,
        programme=PROGRAMME,
        method=fields.get("method"),
    )


# --- Elina Martikainen's: what an owner's mail of a bad day looks like


def _of_elina(at: Calendar) -> tuple[Tender, ...]:
    return (_at_risk(at), _interrupted(at), _overdue(at), _saved_by_option(at), _by_purchases(at))


def _at_risk(at: Calendar) -> Tender:
    """Two of three promised jobs are covered, and the third must begin within two months; an option would help."""
    deal = Deal(
        "S-101",
        "ateriakaari",
        at.first(-13),
        at.last(10),
        "elina",
        value=2_600_000,
        committed=3,
        options=(Option(at.last(22)),),
        jobs=(
            Job(at.ago(330), LONG, "te_office"),
            Job(at.ago(150), IMMIGRANT, "osaamiskeskus", planned_end_on=at.ahead(215)),
        ),
    )
    return _tender(at, 1101, "Kotihoidon ateriapalvelut", "hoiva", _award(), deal, method="markkinavuoropuhelu")


def _interrupted(at: Calendar) -> Tender:
    """Nobody new could complete nine months, but someone can still go on with the job that broke off."""
    deal = Deal(
        "S-102",
        "puhtola",
        at.first(-20),
        at.last(3),
        "elina",
        value=640_000,
        jobs=(Job(at.ago(235), LONG, "team", ended_on=at.ago(18), end_reason="other_job"),),
        remarks=(Remark(at.ago(10), "Toimittaja hakee tehtävään uutta työntekijää ja toivoo ehdokkaita Teamsiltä."),),
    )
    return _tender(at, 1102, "Päiväkotien siivous, koillinen alue", "varhaiskasvatus", _fixed(1), deal)


def _overdue(at: Calendar) -> Tender:
    """Someone should have begun within six months, nobody has, and nothing was heard since."""
    deal = Deal("S-103", "valopylvas", at.first(-9), at.last(27), "elina", value=1_150_000)
    return _tender(at, 1103, "Ulkovalaistuksen kunnossapito", "yleiset", _fixed(1, start_within_months=6), deal)


def _saved_by_option(at: Calendar) -> Tender:
    """One of two can no longer be met, unless the option is taken."""
    deal = Deal(
        "S-104",
        "nurmitaito",
        at.first(-20),
        at.last(4),
        "elina",
        value=980_000,
        options=(Option(at.last(16)),),
        jobs=(Job(at.ago(420), YOUTH, "te_office", planned_end_on=at.ago(55), form="apprenticeship"),),
        remarks=(Remark(at.ago(40), "Optiosta päätetään, kun ensi vuoden määrärahat ovat selvillä."),),
    )
    return _tender(at, 1104, "Leikkipuistojen kunnossapito", "yleiset", _fixed(2), deal)


def _by_purchases(at: Calendar) -> Tender:
    """A framework: one supplier has just reached its second threshold, the other is close to its first."""
    reached = Deal(
        "S-105",
        "keikkakaari",
        at.first(-14),
        at.last(9),
        "elina",
        value=2_000_000,
        jobs=(Job(at.ago(170), YOUTH, "tyorasti", hours="30.0"),),
        purchases=(
            Bought(at.last(-12), 96_450),
            Bought(at.last(-9), 164_210),
            Bought(at.last(-7), -12_300),
            Bought(at.last(-6), 141_880),
            Bought(at.last(-3), 83_040),
            Bought(at.last(-1), 91_530),
        ),
    )
    near = Deal(
        "S-106",
        "henkilovoima",
        at.first(-14),
        at.last(9),
        "elina",
        value=1_200_000,
        purchases=(
            Bought(at.last(-9), 71_900),
            Bought(at.last(-6), 88_260),
            Bought(at.last(-3), 44_115),
            Bought(at.last(-1), 32_050),
        ),
    )
    clause = {"type": "purchase_threshold", "threshold_eur": "250000.00", "max_positions": 6}
    return _tender(at, 1105, "Varhaiskasvatuksen sijaiset, puitejärjestely", "varhaiskasvatus", clause, reached, near)


# --- Fredrik Åkerblom's: contracts that ended or end early, and one he has just been given


def _of_fredrik(at: Calendar) -> tuple[Tender, ...]:
    return (_terminated(at), _breached(at), _handed_over(at))


def _terminated(at: Calendar) -> Tender:
    """Terminated before the one who works there can complete: the city must decide on what is owed."""
    deal = Deal(
        "S-107",
        "strandberg",
        at.first(-10),
        at.last(25),
        "fredrik",
        value=1_900_000,
        terminated_on=at.last(1),
        termination_decided_on=at.ago(12),
        jobs=(Job(at.ago(100), LONG, "te_office"),),
    )
    return _tender(at, 1106, "Matkapalvelun kuljetukset", "perhe", _fixed(1), deal)


def _breached(at: Calendar) -> Tender:
    """Ended with one of two met."""
    deal = Deal(
        "S-108",
        "nordvik",
        at.first(-26),
        at.last(-2),
        "fredrik",
        value=870_000,
        jobs=(
            Job(at.ago(620), IMMIGRANT, "osaamiskeskus", planned_end_on=at.ago(256)),
            Job(at.ago(410), LONG, "team", ended_on=at.ago(300), end_reason="resigned"),
        ),
        remarks=(Remark(at.ago(35), "Toimittajalta on pyydetty selvitys täyttämättä jääneestä paikasta."),),
    )
    return _tender(at, 1107, "Kirjastojen siivous", "kirjastot", _fixed(2), deal)


def _handed_over(at: Calendar) -> Tender:
    """A consortium; one goes on with the months of another, employed by a member."""
    deal = Deal(
        "S-109",
        "sporrgard",
        at.first(-12),
        at.last(12),
        "riitta",
        value=5_200_000,
        committed=2,
        parties=(Party("saneerauslinja", "member"), Party("kukkaketo", "subcontractor")),
        jobs=(
            Job(at.ago(320), YOUTH, "supplier_own", ended_on=at.ago(120), end_reason="studies"),
            Job(at.ago(60), IMMIGRANT, "te_office", replaces=0, party=0),
            Job(at.ago(140), LONG, "employment_project", hours="30.0"),
        ),
        handover=NewOwner(at.ago(1), "fredrik", "En medlem i konsortiet anställer den ena av de två."),
    )
    clause = {**_award(), "min_weekly_hours": "25.0"}
    title = "Katualueiden rakentaminen, Kalliorinne"
    return _tender(at, 1108, title, "yleiset", clause, deal, kind="works", method="allianssi")


# --- Of others: quiet ones, and what did not count


def _of_others(at: Calendar) -> tuple[Tender, ...]:
    return (_fulfilled(at), _too_short(at), _not_started(at), _closed(at), _open(at))


def _fulfilled(at: Calendar) -> Tender:
    """Nine months were full a few days ago; a decision had made two jobs one, and a work trial did not count."""
    deal = Deal(
        "S-110",
        "aulavieno",
        at.first(-19),
        at.last(6),
        "grace",
        value=760_000,
        counts_from=at.first(-20),
        jobs=(
            Job(at.ago(400), YOUTH, "team", form="work_trial", planned_end_on=at.ago(340)),
            Job(add_months(at.ago(2), -9), LONG, "te_office"),
        ),
        decisions=(
            Decision(
                at.ago(200),
                f"HEL {at.ago(200).year}-000931",
                "Aulapalveluista jäi pois kaksi toimipistettä; velvoitetta kevennetään yhdellä paikalla.",
                -1,
            ),
        ),
    )
    return _tender(at, 1109, "Liikuntahallien aulapalvelut", "liikunta", _fixed(2), deal)


def _too_short(at: Calendar) -> Tender:
    """One is to end after six months and one works too few hours; there is time to mend both."""
    deal = Deal(
        "S-111",
        "pesulahti",
        at.first(-7),
        at.last(28),
        "grace",
        value=1_480_000,
        jobs=(
            Job(at.ago(130), LONG, "te_office", hours="30.0"),
            Job(at.ago(100), IMMIGRANT, "osaamiskeskus", planned_end_on=at.ahead(80), hours="37.5"),
            Job(at.ago(70), PARTIAL, "employment_project", hours="12.0"),
        ),
    )
    return _tender(at, 1110, "Työ- ja potilastekstiilit", "terveys", _fixed(3, min_weekly_hours="18.0"), deal)


def _not_started(at: Calendar) -> Tender:
    deal = Deal("S-112", "kiertolaite", at.first(2), at.last(37), "riitta", value=3_300_000)
    return _tender(at, 1111, "Kierrätyskalusteet ja -laitteet", "hankinnat", _fixed(3), deal, kind="goods")


def _closed(at: Calendar) -> Tender:
    deal = Deal(
        "S-113",
        "pikkubussi",
        at.first(-15),
        at.last(20),
        "kari",
        value=820_000,
        jobs=(Job(at.ago(210), OTHER, "tyorasti", ended_on=at.ago(62), end_reason="employer_terminated"),),
        decisions=(
            Decision(
                at.ago(25),
                f"HEL {at.ago(25).year}-001207",
                "Toimittaja on asetettu konkurssiin, eikä konkurssipesä jatka sopimusta.",
            ),
        ),
    )
    return _tender(at, 1112, "Iltapäivätoiminnan kuljetukset", "hallinto", _fixed(1), deal)


def _open(at: Calendar) -> Tender:
    """A year's work, as the work condition asks for today; one has agreed to begin."""
    deal = Deal(
        "S-114",
        "hirsimaki",
        at.first(-2),
        at.last(33),
        "petri",
        value=8_400_000,
        jobs=(Job(at.ahead(20), LONG, "te_office", agreed_on=at.ago(6)),),
        options=(Option(at.last(45)),),
    )
    clause = _fixed(3, min_duration_months=12)
    return _tender(at, 1113, "Koulun laajennus, pääurakka", "rakennukset", clause, deal, kind="works")


def _without_clause(at: Calendar) -> Tender:
    return Tender(
        reference=f"HEL {at.ago(75).year}-001114",
        title="Laboratoriolaitteiden huolto",
        unit="terveys",
        kind="services",
        value=310_000,
        signed_on=at.ago(75),
        programme=PROGRAMME,
        no_clause_reason="Työ vaatii laitevalmistajan koulutuksen, ja toimittajalla on kaupungissa yksi huoltaja.",
    )
