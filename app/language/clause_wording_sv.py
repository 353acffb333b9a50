"""The clause of a tender in the Swedish of Finland."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.language.clause_terms import WordedTerms
from app.language.formats import NO_BREAK_SPACE, number
from app.rules.facts import ClauseType, Completion, EmploymentForm

HEADING = "Sysselsättningsvillkor"

NUMBERS = ("en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio")
FORMS = {
    "employment": "anställning med lön",
    "apprenticeship": "läroavtal",
    "work_trial": "arbetsprövning",
    "on_the_job_learning": "inlärning i arbetet",
    "internship": "arbetspraktik",
}
GROUPS = {
    "long_term_unemployed": "långtidsarbetslös",
    "immigrant": "invandrare",
    "partial_work_ability": "partiellt arbetsför",
    "youth": "en ung person i början av arbetslivet",
    "other_weak_position": "på annat sätt i svag ställning på arbetsmarknaden",
}
WEAK_POSITION = "i svag ställning på arbetsmarknaden"


def paragraphs(terms: WordedTerms) -> Iterator[str]:
    """The clause, paragraph by paragraph."""
    yield _obligation(terms)
    yield _people(terms)
    yield _work(terms)
    yield _time(terms)
    yield _replacement(terms)
    yield (
        "Leverantören meddelar utan dröjsmål beställaren när ett arbete börjar, avbryts eller upphör. I meddelandet "
        "anges datum, arbetets form, veckoarbetstid och persongrupp, men inte personens namn eller andra uppgifter "
        "som personen kan identifieras med. Beställaren hjälper leverantören att hitta lämpliga personer."
    )


def _counted(count: int, one: str, many: str) -> str:
    """A number with its noun: as a word up to ten, else in digits held to the noun."""
    if count <= len(NUMBERS):
        return f"{NUMBERS[count - 1]} {one if count == 1 else many}"
    return f"{number(count, 'sv')}{NO_BREAK_SPACE}{many}"


def people(count: int, which: str = "") -> str:
    return f"{_counted(count, 'person', 'personer')}{which and f' {which}'}"


def months(count: int) -> str:
    return _counted(count, "månad", "månader")


def points(count: Decimal) -> str:
    return f"{number(count, 'sv')}{NO_BREAK_SPACE}poäng"


def hours(count: Decimal) -> str:
    return "en timme" if count == 1 else f"{number(count, 'sv')}{NO_BREAK_SPACE}timmar"


def euros(cents: int) -> str:
    amount = number(cents // 100, "sv") if cents % 100 == 0 else f"{number(cents // 100, 'sv')},{cents % 100:02}"
    return f"{amount}{NO_BREAK_SPACE}euro"


def listed(words: Sequence[str], last: str) -> str:
    """a, b {last} c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _obligation(terms: WordedTerms) -> str:
    match terms.type:
        case ClauseType.FIXED_COUNT:
            return f"Leverantören förbinder sig att sysselsätta minst {people(terms.positions or 1, WEAK_POSITION)}."
        case ClauseType.PURCHASE_THRESHOLD:
            cap = "" if terms.max_positions is None else f", dock högst {people(terms.max_positions)}"
            who = people(terms.positions_per_threshold or 1, WEAK_POSITION)
            return (
                f"Leverantören förbinder sig att sysselsätta {who} för varje fullt belopp om "
                f"{euros(terms.threshold_cents or 0)} i beställarens köp{cap}. Som köp räknas de köp utan "
                "mervärdesskatt som under avtalsperioden görs med stöd av detta avtal; krediteringar minskar dem. "
                "Skyldigheten uppstår den dag då köpen når gränsen."
            )
        case ClauseType.AWARD_CRITERION:
            return (
                f"Anbudsgivaren kan i sitt anbud förbinda sig att sysselsätta personer {WEAK_POSITION}. "
                f"{_scored(terms)} Anbud kan lämnas även utan ett sådant åtagande. Ett åtagande i anbudet är en del av "
                "avtalet och binder leverantören."
            )


def _scored(terms: WordedTerms) -> str:
    most = terms.max_points
    if terms.points_per_position is not None:
        cap = "" if most is None else f", dock sammanlagt högst {points(most)}"
        return (
            "För varje person som anbudsgivaren förbinder sig att sysselsätta ges "
            f"{points(terms.points_per_position)}{cap}."
        )
    cap = "" if most is None else f", sammanlagt högst {points(most)}"
    return f"För åtagandet ges tilläggspoäng på det sätt som beskrivs i anbudsförfrågan{cap}."


def _people(terms: WordedTerms) -> str:
    groups = terms.named_groups
    if not groups:
        return (
            "Med personer i svag ställning på arbetsmarknaden avses till exempel långtidsarbetslösa, invandrare, "
            "partiellt arbetsföra och unga i början av arbetslivet."
        )
    words = [GROUPS[group] for group in groups]
    if groups == ["other_weak_position"]:
        words = [WEAK_POSITION]
    return f"Den som sysselsätts ska dagen innan arbetet börjar vara {listed(words, 'eller')}."


def _work(terms: WordedTerms) -> str:
    forms = [FORMS[form] for form in EmploymentForm if form in terms.employment_forms]
    only = "" if len(forms) == len(FORMS) else "endast "
    sentences = [
        f"Skyldigheten kan uppfyllas {only}genom {listed(forms, 'eller')}.",
        f"Arbetet ska pågå i minst {months(terms.min_duration_months)} (minimitid).",
    ]
    if terms.min_weekly_hours is not None:
        sentences.append(f"Arbetstiden ska vara minst {hours(terms.min_weekly_hours)} i veckan.")
    return " ".join(sentences)


def _time(terms: WordedTerms) -> str:
    if terms.completion == Completion.WITHIN_CONTRACT:
        start = (
            "Arbetet ska börja under avtalsperioden och i så god tid att minimitiden är fullgjord senast den dag då "
            "avtalet upphör."
        )
    else:
        start = "Arbetet ska börja under avtalsperioden. Minimitiden kan fullgöras även efter att avtalet har upphört."
    option = "Om en option utnyttjas räknas optionsperiodens sista dag som den dag då avtalet upphör."
    if terms.start_within_months is None:
        return f"{start} {option} I övrigt bestämmer leverantören när arbetet börjar."
    by_purchases = terms.type == ClauseType.PURCHASE_THRESHOLD
    since = "från det att köpen når gränsen" if by_purchases else "från avtalsperiodens början"
    return f"{start} {option} Arbetet ska dessutom börja inom {months(terms.start_within_months)} {since}."


def _replacement(terms: WordedTerms) -> str:
    if not terms.replacement_allowed:
        return (
            "Om arbetet upphör innan minimitiden är fullgjord räknas det inte som uppfyllelse av skyldigheten, och "
            "leverantören ska sysselsätta en ny person under hela minimitiden."
        )
    if terms.completion == Completion.WITHIN_CONTRACT:
        limit = "Minimitiden ska även då vara fullgjord senast den dag då avtalet upphör."
    else:
        limit = (
            "Den nya personens arbete ska börja under avtalsperioden eller inom "
            f"{months(terms.replacement_within_months)} från det att det föregående arbetet upphörde."
        )
    return (
        "Om arbetet upphör innan minimitiden är fullgjord kan leverantören fullgöra den återstående tiden genom att "
        f"sysselsätta en annan person som uppfyller samma villkor. Den tid som redan har fullgjorts räknas till godo. "
        f"{limit}"
    )
