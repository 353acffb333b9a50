"""The clause of a tender in Finnish: its numbers, months and groups inflected as the sentences need them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.language.clause_terms import WordedTerms
from app.language.formats import NO_BREAK_SPACE, number
from app.rules.facts import ClauseType, Completion, EmploymentForm

HEADING = "Työllistämisehto"

NOMINATIVE = (
    "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän", "kymmenen",
)  # fmt: skip
GENITIVE = (
    "yhden", "kahden", "kolmen", "neljän", "viiden", "kuuden", "seitsemän", "kahdeksan", "yhdeksän", "kymmenen",
)  # fmt: skip
FORMS = {
    "employment": "palkkasuhde",
    "apprenticeship": "oppisopimus",
    "work_trial": "työkokeilu",
    "on_the_job_learning": "työssäoppiminen",
    "internship": "työharjoittelu",
}
GROUPS = {
    "long_term_unemployed": "pitkäaikaistyötön",
    "immigrant": "maahanmuuttaja",
    "partial_work_ability": "osatyökykyinen",
    "youth": "työuraansa aloittava nuori",
    "other_weak_position": "muu vaikeassa työmarkkina-asemassa oleva henkilö",
}
WEAK_POSITION = "vaikeassa työmarkkina-asemassa"


def paragraphs(terms: WordedTerms) -> Iterator[str]:
    """The clause, paragraph by paragraph."""
    yield _obligation(terms)
    yield _people(terms)
    yield _work(terms)
    yield _time(terms)
    yield _replacement(terms)
    yield (
        "Toimittaja ilmoittaa tilaajalle viipymättä, kun työ alkaa, keskeytyy tai päättyy. Ilmoituksessa kerrotaan "
        "päivät, työn muoto, viikkotyöaika ja henkilöryhmä mutta ei henkilön nimeä eikä muita tietoja, joista hänet "
        "voi tunnistaa. Tilaaja auttaa toimittajaa löytämään sopivia henkilöitä."
    )


def _word(count: int, words: Sequence[str]) -> str:
    return words[count - 1] if 1 <= count <= len(words) else number(count, "fi")


def _counted(count: int, one: str, many: str, words: Sequence[str] = NOMINATIVE) -> str:
    """A number with its noun: as a word up to ten, else in digits held to the noun."""
    space = " " if count <= len(words) else NO_BREAK_SPACE
    return f"{_word(count, words)}{space}{one if count == 1 else many}"


def employed(count: int, before: str = "") -> str:
    """People as the object of the whole deed: yhden henkilön, kolme henkilöä."""
    if count == 1:
        return f"yhden {before and f'{before} olevan '}henkilön"
    return _counted(count, "", f"{before and f'{before} olevaa '}henkilöä")


def lasting(months: int) -> str:
    """How long something must last: yksi kuukausi, yhdeksän kuukautta."""
    return _counted(months, "kuukausi", "kuukautta")


def within(months: int) -> str:
    """A time limit: yhden kuukauden kuluessa, kuuden kuukauden kuluessa, 12 kuukauden kuluessa."""
    return f"{_counted(months, 'kuukauden', 'kuukauden', GENITIVE)} kuluessa"


def points(count: Decimal) -> str:
    return f"{number(count, 'fi')}{NO_BREAK_SPACE}{'piste' if count == 1 else 'pistettä'}"


def hours(count: Decimal) -> str:
    return "yksi tunti" if count == 1 else f"{number(count, 'fi')}{NO_BREAK_SPACE}tuntia"


def euros(cents: int) -> str:
    """Partitive: 500 000 euroa."""
    amount = number(cents // 100, "fi") if cents % 100 == 0 else f"{number(cents // 100, 'fi')},{cents % 100:02}"
    return f"{amount}{NO_BREAK_SPACE}euroa"


def listed(words: Sequence[str], last: str) -> str:
    """a, b {last} c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _obligation(terms: WordedTerms) -> str:
    match terms.type:
        case ClauseType.FIXED_COUNT:
            return f"Toimittaja sitoutuu työllistämään vähintään {employed(terms.positions or 1, WEAK_POSITION)}."
        case ClauseType.PURCHASE_THRESHOLD:
            cap = "" if terms.max_positions is None else f", kuitenkin enintään {employed(terms.max_positions)}"
            return (
                f"Toimittaja sitoutuu työllistämään {employed(terms.positions_per_threshold or 1, WEAK_POSITION)} "
                f"tilaajan ostojen jokaista täyttä {euros(terms.threshold_cents or 0)} kohden{cap}. Ostoiksi lasketaan "
                "sopimuskaudella tämän sopimuksen perusteella tehdyt ostot ilman arvonlisäveroa; hyvitykset vähentävät "
                "niitä. Velvoite syntyy sinä päivänä, jona ostot saavuttavat rajan."
            )
        case ClauseType.AWARD_CRITERION:
            return (
                f"Tarjoaja voi tarjouksessaan sitoutua työllistämään {WEAK_POSITION} olevia henkilöitä. "
                f"{_scored(terms)} Tarjouksen voi jättää myös ilman sitoumusta. Tarjouksessa annettu sitoumus on osa "
                "sopimusta ja velvoittaa toimittajaa."
            )


def _scored(terms: WordedTerms) -> str:
    most = terms.max_points
    if terms.points_per_position is not None:
        cap = "" if most is None else f", kuitenkin yhteensä enintään {points(most)}"
        return (
            "Jokaisesta henkilöstä, jonka tarjoaja sitoutuu työllistämään, annetaan "
            f"{points(terms.points_per_position)}{cap}."
        )
    cap = "" if most is None else f", yhteensä enintään {points(most)}"
    return f"Sitoumuksesta annetaan lisäpisteitä tarjouspyynnössä kuvatulla tavalla{cap}."


def _people(terms: WordedTerms) -> str:
    groups = terms.named_groups
    if not groups:
        return (
            "Vaikeassa työmarkkina-asemassa olevalla henkilöllä tarkoitetaan esimerkiksi pitkäaikaistyötöntä, "
            "maahanmuuttajaa, osatyökykyistä tai työuraansa aloittavaa nuorta."
        )
    words = [GROUPS[group] for group in groups]
    if groups == ["other_weak_position"]:
        words = [WEAK_POSITION]
    return f"Työllistettävän henkilön on työn alkamista edeltävänä päivänä oltava {listed(words, 'tai')}."


def _work(terms: WordedTerms) -> str:
    forms = [FORMS[form] for form in EmploymentForm if form in terms.employment_forms]
    only = "" if len(forms) == len(FORMS) else "ainoastaan "
    sentences = [
        f"Velvoitteeseen luetaan {only}{listed(forms, 'ja')}.",
        f"Työn on kestettävä vähintään {lasting(terms.min_duration_months)} (vähimmäiskesto).",
    ]
    if terms.min_weekly_hours is not None:
        sentences.append(f"Työajan on oltava vähintään {hours(terms.min_weekly_hours)} viikossa.")
    return " ".join(sentences)


def _time(terms: WordedTerms) -> str:
    if terms.completion == Completion.WITHIN_CONTRACT:
        start = (
            "Työn on alettava sopimuskaudella ja niin ajoissa, että vähimmäiskesto täyttyy viimeistään sopimuksen "
            "päättymispäivänä."
        )
    else:
        start = "Työn on alettava sopimuskaudella. Vähimmäiskesto voi täyttyä myös sopimuksen päättymisen jälkeen."
    option = "Jos optio käytetään, sopimuksen päättymispäivänä pidetään optiokauden viimeistä päivää."
    if terms.start_within_months is None:
        return f"{start} {option} Muutoin toimittaja päättää, milloin työ alkaa."
    by_purchases = terms.type == ClauseType.PURCHASE_THRESHOLD
    since = "siitä, kun ostot saavuttavat rajan" if by_purchases else "sopimuskauden alkamisesta"
    return f"{start} {option} Työn on lisäksi alettava {within(terms.start_within_months)} {since}."


def _replacement(terms: WordedTerms) -> str:
    if not terms.replacement_allowed:
        return (
            "Jos työ päättyy ennen kuin vähimmäiskesto täyttyy, sitä ei lueta velvoitteeseen, ja toimittaja työllistää "
            "uuden henkilön koko vähimmäiskeston ajaksi."
        )
    if terms.completion == Completion.WITHIN_CONTRACT:
        limit = "Vähimmäiskeston on tällöinkin täytyttävä viimeistään sopimuksen päättymispäivänä."
    else:
        limit = (
            "Uuden henkilön työn on alettava sopimuskaudella tai "
            f"{within(terms.replacement_within_months)} edellisen työn päättymisestä."
        )
    return (
        "Jos työ päättyy ennen kuin vähimmäiskesto täyttyy, toimittaja voi täyttää puuttuvan ajan työllistämällä "
        f"tilalle toisen henkilön, joka täyttää samat edellytykset. Jo kertynyt aika luetaan hyväksi. {limit}"
    )
