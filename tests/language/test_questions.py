"""What is doubtful in figures, in words."""

from decimal import Decimal

import pytest

from app.language.catalogues import SUPPORTED
from app.language.questions import either, percent, question_sentence
from app.rules.outcomes import FundingFacts, ObservationFacts, ProjectFacts
from app.rules.plausibility import questions
from app.rules.questions import QuestionCode
from tests.rules.outcome_facts import indicator, months, project, seen, share

PEOPLE = indicator("finished", dimensions="next_step")
SHARE = indicator("agree", "percent", dimensions="situation")
SCORE = indicator("grade", "score")
EUROS = indicator("saved", "euros", dimensions="measure")
STAGES = (
    indicator("started", stage="started"),
    indicator("dropped_out", stage="dropped_out"),
    indicator("finished", stage="finished"),
)
AMONG = SHARE._replace(counted_among="finished")


def monthly(values: list[int]) -> list[ObservationFacts]:
    days = months("4.2019", len(values))
    return [seen("agree", value, *period) for value, period in zip(values, days, strict=True)]


def situations(*percents: int, n: int | None = None) -> list[ObservationFacts]:
    return [seen("agree", value, n=n, situation=name) for value, name in zip(percents, "abcdefg", strict=False)]


CASES: dict[str, tuple[ProjectFacts, str]] = {
    "share_impossible": (
        project(SHARE, PEOPLE, *situations(80, 7, 6, 6, 2, n=62)),
        "Kun n on 62, mikään kokonaisluku ei anna osuutta 80 % tai 7 %. Kun n on enintään 92, taulukon kaikki luvut "
        "sopivat yhteen vain, jos se on 54, 88, 89 tai 90. Tarkista n ja osuudet.",
    ),
    "sum impossible": (
        project(AMONG, PEOPLE, seen("finished", 2, end="30.9.2019"), *situations(33, 33, 33, n=100)),
        "Kun n on 100, jokainen osuus on yksinään mahdollinen, mutta kaikki yhdessä eivät: osien summa ei olisi n. "
        "Taulukon kaikki luvut eivät sovi yhteen millään n:llä, joka on enintään 2. Tarkista n ja osuudet.",
    ),
    "mean_impossible": (
        project(SCORE, seen("grade", "4.34", n=3)),
        "Kun n on 3, kokonaislukuina annettujen vastausten keskiarvo ei voi olla 4,34. Kun n on enintään 33, taulukon "
        "kaikki luvut sopivat yhteen vain, jos se on 29 tai 32. Tarkista n ja keskiarvot.",
    ),
    "share_over_100": (
        project(SHARE, seen("agree", "100.50")),
        "Osuus on 100,50 %, siis enemmän kuin kaikki. Tarkista luku ja se, minkä osuus se on.",
    ),
    "counted over 100": (
        project(SHARE, share("agree", 63, 62)),
        "Osoittaja on suurempi kuin nimittäjä: 63/62. Tarkista molemmat.",
    ),
    "part_exceeds_whole": (
        project(PEOPLE, seen(value=118), seen(value=195, next_step="a")),
        "Osa on suurempi kuin kokonaisuus: osa on 195, kokonaisuus 118. Tarkista molemmat luvut ja se, lasketaanko "
        "niissä samaa asiaa samalla tavalla.",
    ),
    "parts_do_not_add_up": (
        project(PEOPLE, seen(value=21), seen(value=4, next_step="a"), seen(value=18, next_step="b")),
        "Osien summa on 22, mutta kokonaisuus on 21: osissa on 1 liikaa. Tarkista osat ja kokonaisuus.",
    ),
    "parts are missing": (
        project(EUROS, seen("saved", 2100), seen("saved", 1, measure="a"), seen("saved", "999.50", measure="b")),
        "Osien summa on 1 000,50 €, mutta kokonaisuus on 2 100 €: osista puuttuu 1 099,50 €. Tarkista osat ja "
        "kokonaisuus, tai kirjaa puuttuvat omaksi osakseen.",
    ),
    "shares do not add up": (
        project(SHARE, *situations(80, 30)),
        "Osien osuudet ovat yhteensä 110 %, eikä pyöristys selitä eroa lukuun 100 %. Tarkista osuudet ja se, onko "
        "jokainen ihminen laskettu vain yhteen osaan.",
    ),
    "parts_rounded": (
        project(SHARE, *situations(80, 7, 6, 6, 2)),
        "Osien osuudet ovat yhteensä 101 %. Ero lukuun 100 % johtuu pyöristyksestä, joten mitään ei tarvitse korjata.",
    ),
    "cohort_does_not_add_up": (
        project(*STAGES, seen("started", 27), seen("dropped_out", 6), seen(value=22)),
        "Keskeyttäneitä ja päättäneitä on enemmän kuin aloittaneita: aloittaneita 27, keskeyttäneitä 6 ja päättäneitä "
        "22. Tarkista luvut ja niiden jaksot.",
    ),
    "some are lost": (
        project(*STAGES, seen("started", 27), seen("dropped_out", 6), seen(value=19)),
        "Aloittaneita on 27, keskeyttäneitä 6 ja päättäneitä 19: jäljelle jää 2, joista ei kerrota. Tarkista luvut, "
        "tai merkitse ne alustaviksi, jos osa on vielä mukana.",
    ),
    "n_beyond_group": (
        project(AMONG, PEOPLE, seen(value=90), share("agree", 50, 91)),
        "Luvut koskevat 91 ihmistä, mutta joukossa, johon he kuuluvat, on enintään 90. Tarkista n ja joukon koko.",
    ),
    "n_shrinks": (
        project(AMONG, PEOPLE, seen(value=90), share("agree", 50, 62)),
        "Luvut koskevat 62 ihmistä, kun joukossa on 90. Puuttuvat voivat poiketa muista: ota se huomioon, kun luet "
        "lukuja.",
    ),
    "a count fell": (
        project(PEOPLE, seen(value=27), seen(value=25, end="30.11.2019")),
        "Päivästä 1.4.2019 päivään 31.10.2019 määrä oli 27, mutta päivään 30.11.2019 mennessä vain 25. Samasta "
        "päivästä laskettu määrä ei voi pienentyä. Tarkista molemmat luvut ja niiden jaksot.",
    ),
    "funding_does_not_add_up": (
        project(funding=FundingFacts(1_226_000_00, (1_022_000_00, 204_400_00))),
        "Rahoituslähteiden summa on 1 226 400 €, mutta budjetti on 1 226 000 €: lähteissä on 400 € liikaa. Tarkista, "
        "kumpi summa on oikein.",
    ),
    "funding is missing": (
        project(funding=FundingFacts(100_00, (99_50,))),
        "Rahoituslähteiden summa on 99,50 €, mutta budjetti on 100 €: lähteistä puuttuu 0,50 €. Tarkista, kumpi summa "
        "on oikein.",
    ),
    "spent_beyond_budget": (
        project(funding=FundingFacts(100_00, (), 101_00)),
        "Rahaa on käytetty 101 €, mikä on 1 € enemmän kuin budjetti, joka on 100 €. Tarkista summat.",
    ),
    "period_outside_project": (
        project(PEOPLE, seen(value=1, start="1.1.2018", end="31.12.2018")),
        "Luku koskee jaksoa 1.1.2018–31.12.2018, mutta hanke kestää 1.3.2019–28.2.2021. Tarkista päivät. Jos luku "
        "koskee tarkoituksella aikaa ennen hanketta tai sen jälkeen, kerro se vastauksessa.",
    ),
    "before the project": (
        project(PEOPLE, seen(value=1, start="1.1.2018", end="31.12.2018"), ends_on=None),
        "Luku koskee jaksoa 1.1.2018–31.12.2018, mutta hanke alkaa 1.3.2019. Tarkista päivät. Jos luku koskee "
        "tarkoituksella aikaa ennen hanketta, kerro se vastauksessa.",
    ),
    "jump": (
        project(SHARE, *monthly([80, 80, 80, 80, 50])),
        "Luku 50 % on kaukana edellisistä: aiempien lukujen (4) perusteella odottaisi lukua väliltä 62,5 %–97,5 %. "
        "Tarkista luku ja sen jakso.",
    ),
}
"""One case for each sentence: the figures, and what is said of them in Finnish."""


@pytest.mark.parametrize("case", CASES)
def test_a_question_in_finnish(case: str) -> None:
    facts, text = CASES[case]
    question = questions(facts)[0]
    assert question_sentence(question.code, question.values, "fi").replace("\u00a0", " ") == text


def test_there_is_a_case_for_every_code() -> None:
    assert {question.code for facts, _ in CASES.values() for question in questions(facts)} == set(QuestionCode)


@pytest.mark.parametrize("language", SUPPORTED)
@pytest.mark.parametrize("case", CASES)
def test_every_question_renders_whole(case: str, language: str) -> None:
    for question in questions(CASES[case][0]):
        text = question_sentence(question.code, question.values, language)
        assert text.endswith(".")
        assert "{" not in text
        assert "None" not in text
        assert text[0].isupper() or text[0].isdigit() or text[0] == "€"


def test_a_question_in_english_and_swedish() -> None:
    question = questions(CASES["share_impossible"][0])[0]
    assert question_sentence(question.code, question.values, "en").replace("\u00a0", " ") == (
        "If n is 62, no whole number gives 80 % or 7 %. With n up to 92, all figures of the table fit only if it is "
        "54, 88, 89 or 90. Check the n and the shares."
    )
    assert question_sentence(question.code, question.values, "sv").replace("\u00a0", " ") == (
        "När n är 62 ger inget heltal andelen 80 % eller 7 %. När n är högst 92 passar alla tal i tabellen ihop bara "
        "om det är 54, 88, 89 eller 90. Kontrollera n och andelarna."
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [("78", "78 %"), ("78.0", "78,0 %"), ("7.25", "7,25 %"), ("33.33333", "33,33 %"), ("1234.5", "1 234,5 %")],
)
def test_a_percentage_keeps_its_decimals(value: str, text: str) -> None:
    assert percent(Decimal(value), "fi").replace("\u00a0", " ") == text


def test_long_rows_of_numbers_are_told_by_their_ends() -> None:
    values = {"n": 2, "percents": (Decimal(33),), "up_to": 1000, "fitting_n": (3, 6, 7, 8, *range(99, 1001))}
    text = question_sentence("share_impossible", values, "en")
    assert "only if it is 3, 6, 7, 8 or 99–1,000." in text


def test_one_of_several() -> None:
    assert either(["54"], "fi") == "54"
    assert either(["54", "88"], "sv") == "54 eller 88"
    assert either(["54", "88", "89", "90"], "fi") == "54, 88, 89 tai 90"


def test_what_is_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match="whatever"):
        question_sentence("whatever", {}, "fi")
    with pytest.raises(KeyError):
        question_sentence("n_beyond_group", {"n": 1}, "fi")
