"""What each kind of mail says, in each language."""

from dataclasses import replace
from datetime import date

import pytest

from notifications.messages import ContractReminders, OwnerReminders, Reminder, SupplierText
from notifications.render import render, supplier_text
from tests.notifications.sample_mails import handover, reminded, several, state

SUBJECTS = {
    "window_closing": (
        "Työntekijän on aloitettava viimeistään 1.6.2026",
        "En anställd måste börja senast 1.6.2026",
        "An employee must start by 1 June 2026",
    ),
    "overdue": (
        "Työntekijän piti aloittaa viimeistään 1.6.2026",
        "En anställd skulle ha börjat senast 1.6.2026",
        "An employee should have started by 1 June 2026",
    ),
    "cannot_be_met": (
        "Työllistämisehto ei ole enää kokonaan täytettävissä: viimeinen aloituspäivä oli 1.6.2026",
        "Sysselsättningsvillkoret kan inte längre uppfyllas helt: sista dagen att börja var 1.6.2026",
        "The employment clause can no longer be fully met: the last day to start was 1 June 2026",
    ),
    "breached": (
        "Työllistämisehto jäi täyttymättä 28.2.2027 mennessä",
        "Sysselsättningsvillkoret blev inte uppfyllt senast 28.2.2027",
        "The employment clause was not met by 28 February 2027",
    ),
    "threshold_reached": (
        "Ostoraja täyttyi 30.4.2026: nyt vaaditaan 3 työpaikkaa",
        "Inköpsgränsen nåddes 30.4.2026: nu krävs 3 anställningar",
        "Purchases reached the threshold on 30 April 2026: 3 positions are now required",
    ),
    "position_interrupted": (
        "Työsuhde päättyi ennen aikojaan 17.4.2026",
        "En anställning upphörde i förtid 17.4.2026",
        "A position ended early on 17 April 2026",
    ),
    "nine_months_reached": (
        "Työsuhteen vaaditut 9 kuukautta täyttyivät 30.4.2026",
        "En anställning nådde de 9 månader som krävs 30.4.2026",
        "A position completed the required 9 months on 30 April 2026",
    ),
    "fulfilled": (
        "Työllistämisehto täyttyi 30.4.2026: 3 työsuhdetta",
        "Sysselsättningsvillkoret uppfylldes 30.4.2026: 3 anställningar",
        "The employment clause was fulfilled on 30 April 2026 with 3 positions",
    ),
    "no_news": (
        "Sopimukseen ei ole kirjattu mitään 3.11.2025 jälkeen",
        "Inget har antecknats om avtalet sedan 3.11.2025",
        "Nothing has been recorded on the contract since 3 November 2025",
    ),
    "erasure_ahead": (
        "Sopimuksen työsuhteiden tiedot poistetaan 28.3.2029",
        "Uppgifterna om avtalets anställningar raderas 28.3.2029",
        "The single jobs of the contract will be erased on 28 March 2029",
    ),
}

# The one thing to do, in Finnish, as the state of the sample has it.
TO_DO = {
    "window_closing": "Ota nyt yhteyttä toimittajaan ja sovi, minä päivänä työntekijä aloittaa.",
    "overdue": "Ota tänään yhteyttä toimittajaan ja sovi uusi aloituspäivä.",
    "cannot_be_met": "Päätä yhdessä hankinta-asiantuntijan kanssa, pidättekö velvoitteen ennallaan,",
    "breached": "Päätä yhdessä hankinta-asiantuntijan kanssa, mitä velvoitteen täyttymättä jäämisestä seuraa.",
    "threshold_reached": "Kerro toimittajalle, että velvoite kasvoi: 1 työpaikka puuttuu vielä.",
    "position_interrupted": "Sovi toimittajan kanssa uudesta työntekijästä, joka aloittaa viimeistään 1.6.2026.",
    "nine_months_reached": "Sovi toimittajan kanssa seuraavasta työntekijästä, joka aloittaa viimeistään 1.6.2026.",
    "fulfilled": "Kerro toimittajalle, että ehto on täyttynyt.",
    "no_news": "Kysy toimittajalta, miten työllistäminen etenee, ja huolehdi, että vastaus kirjataan.",
    "erasure_ahead": "Jos riita tai muutoksenhaku on kesken, pyydä hankinta-asiantuntijaa merkitsemään se",
}

CASES = [
    (kind, language, sentence)
    for kind, sentences in SUBJECTS.items()
    for language, sentence in zip(("fi", "sv", "en"), sentences, strict=True)
]


def flowing(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("kind", "language", "sentence"), CASES, ids=[f"{c[1]}: {c[2]}" for c in CASES])
def test_the_subject_and_the_first_sentence_say(kind: str, language: str, sentence: str) -> None:
    mail = render(reminded(kind, language))
    assert mail.subject == f"{sentence} – Siivouspalvelut, itäiset toimipisteet"
    assert f" {sentence}. " in flowing(mail.text)
    assert mail.language == language


@pytest.mark.parametrize("kind", TO_DO, ids=list(TO_DO.values()))
def test_the_one_thing_to_do_is(kind: str) -> None:
    assert f"Tee näin: {TO_DO[kind]}" in flowing(render(reminded(kind)).text)


def test_the_last_day_says_that_it_is_today() -> None:
    reminder = Reminder("window_closing", date(2026, 6, 1), days_left=0)
    message = OwnerReminders("fi", "Maija", date(2026, 6, 1), (ContractReminders(state(), (reminder,)),))
    assert "viimeistään 1.6.2026. Se päivä on tänään." in flowing(render(message).text)


def test_with_several_missing_the_day_is_that_of_the_next_employee() -> None:
    assert render(reminded("window_closing", missing=2)).subject.startswith("Seuraavan työntekijän on aloitettava")


def test_the_months_are_those_of_the_clause() -> None:
    assert "vaaditut 12 kuukautta" in render(reminded("nine_months_reached", min_duration_months=12)).subject


def test_a_grown_obligation_that_is_covered_asks_for_no_new_employee() -> None:
    text = flowing(render(reminded("threshold_reached", missing=0, status="on_track", latest_start_on=None)).text)
    assert "sovitut työsuhteet riittävät toistaiseksi" in text
    assert "vielä yksi henkilö" not in text


def test_a_completed_position_asks_for_nothing_where_nothing_is_missing() -> None:
    text = flowing(render(reminded("nine_months_reached", missing=0, status="on_track", latest_start_on=None)).text)
    assert "Tee näin: Sinun ei tarvitse nyt tehdä mitään." in text


def test_no_day_that_has_passed_is_set_for_a_replacement() -> None:
    text = flowing(render(reminded("position_interrupted", status="cannot_be_met")).text)
    assert "Selvitä toimittajan kanssa, voiko joku vielä jatkaa työsuhdetta." in text
    assert "joka aloittaa viimeistään" not in text


def test_several_contracts_stand_in_one_mail_the_first_in_the_subject() -> None:
    mail = render(several())
    assert mail.subject == "Työntekijän piti aloittaa viimeistään 1.6.2026 – Kiinteistönhoito, pohjoinen (+2)"
    assert mail.text.startswith("Muistutuksia 3 sopimuksesta\n")
    assert "Lisäksi:\n- Työsuhde päättyi ennen aikojaan 17.4.2026." in mail.text
    assert mail.html.count("<h1") == 1
    assert mail.html.count("<h2") == 3


def test_the_reasons_come_in_the_order_given_the_main_one_before_what_to_do() -> None:
    text = flowing(render(reminded("window_closing")).text)
    places = [text.index(part) for part in ("Kaksi kolmesta", "Tee näin", "Avaa sopimus", "Jos optio", "Hei Aino")]
    assert places == sorted(places)


def test_both_links_are_in_both_parts() -> None:
    mail = render(reminded("window_closing"))
    for part in (mail.text, mail.html):
        assert "https://siepp.example.org/contracts/8f14e45f" in part
        assert "https://siepp.example.org/act/" in part


def test_without_a_signed_link_nothing_offers_one() -> None:
    mail = render(reminded("window_closing", act_url=None))
    assert "Kuittaa" not in mail.text + mail.html


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_handover_greets_the_new_owner_with_state_note_and_history(language: str) -> None:
    mail = render(handover(language))
    text = flowing(mail.text)
    for part in ("Maija Mallikas, ", "Pekka Pekkanen", "Seuraava seurantakokous on 20.5.2026.", "Sopimus alkoi."):
        assert part in text
        assert part in mail.html
    assert mail.subject.endswith(" – Siivouspalvelut, itäiset toimipisteet")


def test_a_handover_has_no_signed_link_because_the_former_owner_reads_it_too() -> None:
    mail = render(handover())
    assert "/act/" not in mail.text + mail.html


def test_a_handover_without_former_owner_note_and_history_leaves_them_out() -> None:
    text = render(replace(handover(), former_owner=None, note=None, history=())).text
    for absent in ("Aiempi", "Viesti sopimuksen siirtäjältä", "Mitä on tapahtunut"):
        assert absent not in text


@pytest.mark.parametrize("status", ["closed", "not_started", "no_obligation"])
def test_a_handover_of_a_contract_in_any_state_is_worded(status: str) -> None:
    mail = render(handover(status=status, required=0, missing=0, latest_start_on=None))
    assert "Tarkista, että sopimuksen sivun tiedot ovat oikein." in flowing(mail.text)
    assert ("Teksti toimittajalle" in mail.text) == (status == "not_started")


def test_the_supplier_reads_its_own_language() -> None:
    mail = render(reminded("window_closing", "fi", supplier_language="sv"))
    assert "Hej Aino Esimerkki" in mail.text
    assert "En anställd måste börja senast 1.6.2026." in flowing(mail.text)
    assert '<blockquote lang="sv"' in mail.html
    assert '<html lang="fi">' in mail.html


def test_the_supplier_is_told_the_sentences_meant_for_it() -> None:
    sentences = ("Yksi puuttuu.", "Aikaa on 1.6.2026 asti.")
    forwarded = supplier_text(SupplierText("Maija Mallikas", state(supplier_sentences=sentences)))
    assert "Yksi puuttuu. Aikaa on 1.6.2026 asti." in forwarded.text
    assert "Ehto edellyttää" not in forwarded.text
    assert forwarded.subject == "Työllistämisehto: Siivouspalvelut, itäiset toimipisteet"


def test_the_supplier_never_sees_links_or_what_is_for_the_owner() -> None:
    forwarded = supplier_text(SupplierText("Maija Mallikas", state()))
    assert "http" not in forwarded.text
    assert "optio" not in forwarded.text


@pytest.mark.parametrize(
    ("status", "missing", "sentence"),
    [
        ("open", 1, "Työntekijän on aloitettava viimeistään 1.6.2026."),
        ("at_risk", 2, "Seuraavan työntekijän on aloitettava viimeistään 1.6.2026."),
        ("overdue", 1, "Työntekijän piti aloittaa viimeistään 1.6.2026."),
        ("cannot_be_met", 1, "Ehto ei ole enää kokonaan täytettävissä."),
        ("breached", 1, "Ehto jäi täyttymättä."),
        ("fulfilled", 0, "Kiitos yhteistyöstä."),
        ("on_track", 0, "jatkuvatko työsuhteet sovitusti"),
    ],
)
def test_the_supplier_is_told_by_status(status: str, missing: int, sentence: str) -> None:
    forwarded = supplier_text(SupplierText("Maija Mallikas", state(status=status, missing=missing)))
    assert sentence in forwarded.text.replace("\u00a0", " ")


def test_without_contact_and_liaison_the_texts_still_read_well() -> None:
    forwarded = supplier_text(SupplierText("Maija Mallikas", state(supplier_contact=None, liaison=None))).text
    assert forwarded.startswith("Hei\n\n")
    assert "Kysykää yhteystiedot minulta." in forwarded
    mail = render(reminded("window_closing", supplier_contact=None, liaison=None))
    assert "mailto:" not in mail.html
    assert "hankinta-asiantuntijalta" in mail.text
