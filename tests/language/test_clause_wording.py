"""The clause's wording for a tender: every combination renders, and numbers, months and groups are inflected."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from app.language import clause_wording_fi, clause_wording_sv
from app.language.clause_terms import WordedTerms
from app.language.clause_wording import WORDED, clause_wording
from app.rules.facts import ClauseType, Completion, EmploymentForm, TargetGroup

OF_TYPE: dict[ClauseType, list[dict[str, Any]]] = {
    ClauseType.FIXED_COUNT: [{"positions": count} for count in (1, 3, 12)],
    ClauseType.PURCHASE_THRESHOLD: [
        {"threshold_cents": cents, "positions_per_threshold": per, "max_positions": cap}
        for cents, per, cap in product((500_000_00, 99_999_50), (1, 2), (None, 1, 5))
    ],
    ClauseType.AWARD_CRITERION: [
        {"points_per_position": one, "max_points": most}
        for one, most in product((None, Decimal(1), Decimal("2.50")), (None, Decimal(10)))
    ],
}


def worded(kind: ClauseType = ClauseType.FIXED_COUNT, **changes: Any) -> WordedTerms:
    common: dict[str, Any] = {
        "type": kind,
        "completion": Completion.WITHIN_CONTRACT,
        "min_duration_months": 9,
        "min_weekly_hours": None,
        "employment_forms": ["employment", "apprenticeship"],
        "target_groups": None,
        "replacement_allowed": True,
        "start_within_months": None,
        "replacement_within_months": 3,
    }
    return WordedTerms(**common | OF_TYPE[kind][0] | changes)


def text(language: str, **changes: Any) -> str:
    return clause_wording(worded(**changes), language).text.replace("\N{NO-BREAK SPACE}", " ")


def combinations() -> Iterator[WordedTerms]:
    for kind, own in OF_TYPE.items():
        for terms, completion, hours, forms, groups, replaced, within in product(
            own,
            Completion,
            (None, Decimal(1), Decimal("18.50")),
            (list(EmploymentForm), ["work_trial"]),
            (None, list(TargetGroup), ["other_weak_position"], ["youth", "immigrant"]),
            (True, False),
            (None, 1, 12),
        ):
            yield worded(
                kind,
                **terms,
                completion=completion,
                min_weekly_hours=hours,
                employment_forms=forms,
                target_groups=groups,
                replacement_allowed=replaced,
                start_within_months=within,
            )


@pytest.mark.parametrize("language", WORDED)
def test_every_combination_of_terms_renders_as_whole_sentences(language: str) -> None:
    for terms in combinations():
        wording = clause_wording(terms, language)
        assert len(wording.paragraphs) == 6
        for paragraph in wording.paragraphs:
            assert re.fullmatch(r"[A-ZÅÄÖ].*\.", paragraph), paragraph
            assert not re.search(r"  |\{|None|\.\.| [.,;]|!", paragraph), paragraph


def test_the_finnish_clause_as_it_is_copied() -> None:
    assert text("fi") == (
        "Työllistämisehto\n\n"
        "1. Toimittaja sitoutuu työllistämään vähintään yhden vaikeassa työmarkkina-asemassa olevan henkilön.\n\n"
        "2. Vaikeassa työmarkkina-asemassa olevalla henkilöllä tarkoitetaan esimerkiksi pitkäaikaistyötöntä, "
        "maahanmuuttajaa, osatyökykyistä tai työuraansa aloittavaa nuorta.\n\n"
        "3. Velvoitteeseen luetaan ainoastaan palkkasuhde ja oppisopimus. Työn on kestettävä vähintään yhdeksän "
        "kuukautta (vähimmäiskesto).\n\n"
        "4. Työn on alettava sopimuskaudella ja niin ajoissa, että vähimmäiskesto täyttyy viimeistään sopimuksen "
        "päättymispäivänä. Jos optio käytetään, sopimuksen päättymispäivänä pidetään optiokauden viimeistä päivää. "
        "Muutoin toimittaja päättää, milloin työ alkaa.\n\n"
        "5. Jos työ päättyy ennen kuin vähimmäiskesto täyttyy, toimittaja voi täyttää puuttuvan ajan työllistämällä "
        "tilalle toisen henkilön, joka täyttää samat edellytykset. Jo kertynyt aika luetaan hyväksi. "
        "Vähimmäiskeston on tällöinkin täytyttävä viimeistään sopimuksen päättymispäivänä.\n\n"
        "6. Toimittaja ilmoittaa tilaajalle viipymättä, kun työ alkaa, keskeytyy tai päättyy. Ilmoituksessa kerrotaan "
        "päivät, työn muoto, viikkotyöaika ja henkilöryhmä mutta ei henkilön nimeä eikä muita tietoja, joista hänet "
        "voi tunnistaa. Tilaaja auttaa toimittajaa löytämään sopivia henkilöitä."
    )


@pytest.mark.parametrize(
    ("count", "people"),
    [
        (1, "yhden tuetun olevan henkilön"),
        (2, "kaksi tuetun olevaa henkilöä"),
        (10, "kymmenen tuetun olevaa henkilöä"),
        (11, "11\N{NO-BREAK SPACE}tuetun olevaa henkilöä"),
    ],
)
def test_people_in_finnish(count: int, people: str) -> None:
    assert clause_wording_fi.employed(count, "tuetun") == people


@pytest.mark.parametrize(
    ("months", "lasting", "within"),
    [
        (1, "yksi kuukausi", "yhden kuukauden kuluessa"),
        (6, "kuusi kuukautta", "kuuden kuukauden kuluessa"),
        (9, "yhdeksän kuukautta", "yhdeksän kuukauden kuluessa"),
        (12, "12\N{NO-BREAK SPACE}kuukautta", "12\N{NO-BREAK SPACE}kuukauden kuluessa"),
    ],
)
def test_months_in_finnish(months: int, lasting: str, within: str) -> None:
    assert clause_wording_fi.lasting(months) == lasting
    assert clause_wording_fi.within(months) == within


def test_a_threshold_in_both_languages() -> None:
    terms: dict[str, Any] = {"kind": ClauseType.PURCHASE_THRESHOLD, "max_positions": 5}
    assert (
        "työllistämään yhden vaikeassa työmarkkina-asemassa olevan henkilön tilaajan ostojen jokaista täyttä "
        "500 000 euroa kohden, kuitenkin enintään viisi henkilöä."
    ) in text("fi", **terms)
    assert (
        "att sysselsätta en person i svag ställning på arbetsmarknaden för varje fullt belopp om 500 000 euro i "
        "beställarens köp, dock högst fem personer."
    ) in text("sv", **terms)
    assert "99 999,50 euroa kohden" in text("fi", **terms | {"threshold_cents": 99_999_50})


def test_points_of_an_award_criterion() -> None:
    terms: dict[str, Any] = {"kind": ClauseType.AWARD_CRITERION, "max_points": Decimal("10.0")}
    one, some = terms | {"points_per_position": Decimal("1.0")}, terms | {"points_per_position": Decimal("2.5")}
    assert "annetaan 1 piste, kuitenkin yhteensä enintään 10 pistettä." in text("fi", **one)
    assert "annetaan 2,5 pistettä, kuitenkin" in text("fi", **some)
    assert "ges 2,5 poäng, dock sammanlagt högst 10 poäng." in text("sv", **some)


def test_groups_and_forms_are_listed_in_one_order() -> None:
    groups = {"target_groups": ["youth", "long_term_unemployed", "immigrant"]}
    assert "oltava pitkäaikaistyötön, maahanmuuttaja tai työuraansa aloittava nuori." in text("fi", **groups)
    assert "vara långtidsarbetslös, invandrare eller en ung person i början av arbetslivet." in text("sv", **groups)
    assert "oltava vaikeassa työmarkkina-asemassa." in text("fi", target_groups=["other_weak_position"])
    assert "luetaan palkkasuhde, oppisopimus, työkokeilu, työssäoppiminen ja työharjoittelu." in text(
        "fi", employment_forms=list(EmploymentForm)
    )


def test_deadlines_say_what_they_run_from() -> None:
    late = {"completion": Completion.MAY_FOLLOW_CONTRACT, "start_within_months": 6, "replacement_within_months": 1}
    assert "alettava kuuden kuukauden kuluessa sopimuskauden alkamisesta." in text("fi", **late)
    assert "tai yhden kuukauden kuluessa edellisen työn päättymisestä." in text("fi", **late)
    assert "inom sex månader från avtalsperiodens början." in text("sv", **late)
    assert "inom en månad från det att det föregående arbetet upphörde." in text("sv", **late)
    bought = late | {"kind": ClauseType.PURCHASE_THRESHOLD}
    assert "kuuden kuukauden kuluessa siitä, kun ostot saavuttavat rajan." in text("fi", **bought)


def test_hours_in_both_languages() -> None:
    assert clause_wording_fi.hours(Decimal("18.00")) == "18\N{NO-BREAK SPACE}tuntia"
    assert clause_wording_fi.hours(Decimal("1.0")) == "yksi tunti"
    assert clause_wording_sv.hours(Decimal("37.50")) == "37,5\N{NO-BREAK SPACE}timmar"


def test_no_clause_is_worded_in_english() -> None:
    with pytest.raises(KeyError):
        clause_wording(worded(), "en")
