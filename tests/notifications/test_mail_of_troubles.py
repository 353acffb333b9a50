"""Mails to those who stand in for an owner, and to those who run the service."""

import re
from dataclasses import replace
from datetime import date

import pytest

from notifications.messages import Handover, OwnerReminders, ServiceTrouble, StandIn
from notifications.render import Mail, render
from tests.notifications.sample_mails import handover, reminded, stand_in, trouble

LANGUAGES = ("fi", "sv", "en")
SUBJECTS = {
    "check_missing": (
        "Palvelun päivittäinen tarkistus on tekemättä, viimeisin on päivältä 21.11.2026",
        "Tjänstens dagliga kontroll har inte gjorts, den senaste är från 21.11.2026",
        "The daily check of the service has not been done, the last one is of 21 November 2026",
    ),
    "mail_waiting": (
        "3 palvelun viestiä odottaa lähettämistä, vanhin päivästä 21.11.2026 lähtien",
        "3 meddelanden från tjänsten väntar på att bli skickade, det äldsta sedan 21.11.2026",
        "3 messages of the service wait to be sent, the oldest since 21 November 2026",
    ),
    "clock_doubted": (
        "Palvelu ei toistaiseksi poista tietoja eikä julkaise taulukoita: ei ole varmaa, että tänään on 21.11.2026",
        "Tjänsten raderar inga uppgifter och publicerar inga tabeller tills vidare: "
        "det är inte säkert att det i dag är 21.11.2026",
        "The service erases nothing and publishes no tables for now: it is not sure that today is 21 November 2026",
    ),
    "mail_refused": (
        "3 palvelun viestiä ei tavoittanut ketään",
        "3 meddelanden från tjänsten nådde ingen",
        "3 messages of the service reached nobody",
    ),
}


def words(mail: Mail) -> tuple[str, str]:
    """Both versions as one line each, the HTML without its tags."""
    html = re.sub(r"<style.*?</style>|<[^>]+>", " ", mail.html, flags=re.DOTALL)
    return " ".join(mail.text.split()), " ".join(html.replace("&#39;", "'").replace("\u00a0", " ").split())


@pytest.mark.parametrize("kind", SUBJECTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subject_says_what_is_wrong(kind: str, language: str) -> None:
    mail = render(trouble(kind, language))
    assert mail.subject == SUBJECTS[kind][LANGUAGES.index(language)]
    for version in words(mail):
        assert mail.subject in version
    assert "https://siepp.example.org/messages" in mail.text
    assert 'href="https://siepp.example.org/messages"' in mail.html


def test_one_mail_is_told_in_the_singular() -> None:
    assert render(trouble("mail_refused", count=1)).subject == "1 palvelun viesti ei tavoittanut ketään"


def test_a_check_that_never_was_has_no_day() -> None:
    subjects = [render(trouble("check_missing", language, on=None)).subject for language in LANGUAGES]
    assert len(set(subjects)) == 3
    assert not any("None" in subject for subject in subjects)


def test_an_unknown_trouble_and_a_link_to_elsewhere_are_no_message() -> None:
    with pytest.raises(ValueError, match="no trouble"):
        trouble("weather")
    with pytest.raises(ValueError, match="https"):
        ServiceTrouble("fi", "A", "check_missing", date(2026, 1, 1), 0, "javascript:alert(1)")


@pytest.mark.parametrize("message", [reminded("overdue"), handover()], ids=["reminders", "handover"])
@pytest.mark.parametrize("role", ["deputy", "admin"])
@pytest.mark.parametrize("why", ["left", "undeliverable"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_stands_in_reads_first_why_and_what_to_do(
    message: OwnerReminders | Handover, role: str, why: str, language: str
) -> None:
    """Each combination says something else, in each language, in both versions; the subject stays the owner's."""
    plain = replace(message, language=language)
    mail = render(replace(plain, stand_in=stand_in(why, role)))
    assert mail.subject == render(plain).subject
    for version, without in zip(words(mail), words(render(plain)), strict=True):
        assert "Olli Omistaja" in version
        assert "https://siepp.example.org/owners/0123" in version
        assert "owners/0123" not in without
    assert mail.text.index("Olli Omistaja") < mail.text.index(plain_title(plain))


def plain_title(message: OwnerReminders | Handover) -> str:
    state = message.state if isinstance(message, Handover) else message.contracts[0].state
    return state.title


def test_the_reasons_differ() -> None:
    reasons = {
        words(render(replace(reminded("overdue"), stand_in=stand_in(why, role))))[0]
        for why in ("left", "undeliverable")
        for role in ("deputy", "admin")
    }
    assert len(reasons) == 4


def test_a_stand_in_for_no_reason_is_none() -> None:
    with pytest.raises(ValueError, match="for a reason"):
        stand_in("bored")
    with pytest.raises(ValueError, match="https"):
        StandIn("Olli", "left", "deputy", "ftp://x")
