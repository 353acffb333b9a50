"""The form of the mails: safe, whole, narrow enough, and the same facts in text and HTML."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from notifications.messages import ContractReminders, Handover, OwnerReminders, Reminder
from notifications.render import MAILTO_LENGTH, TEXT_WIDTH, Mail, _environment, one_line, render
from tests.notifications.sample_mails import REMINDERS, handover, reminded, several, state

LANGUAGES = ("fi", "sv", "en")
MAILS = [
    *(
        reminded(kind, language, upcoming=upcoming)
        for kind in REMINDERS
        for language in LANGUAGES
        for upcoming in (0, 1)
    ),
    *(several(language) for language in LANGUAGES),
    *(handover(language) for language in LANGUAGES),
]
NASTY = '<script>alert("1")</script> & {{ 7*7 }} {% x %} %(date)s %s'
VOID = {"meta", "br", "hr", "img", "link", "input"}


@cache
def rendered(message: OwnerReminders | Handover) -> Mail:
    return render(message)


class Page(HTMLParser):
    """Checks that tags close in order and collects what the tests ask for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "title" not in self.open:
            self.shown.append(data)

    def levels(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch("h[1-6]", tag)]


@pytest.mark.parametrize("message", MAILS, ids=range(len(MAILS)))
def test_every_mail_is_whole_in_text_and_html(message: OwnerReminders | Handover) -> None:
    mail = rendered(message)
    page = Page(mail.html)
    for part in (mail.subject, mail.text, "".join(page.shown)):
        assert not re.search(r"\{\{|\}\}|\{%|%\(|None|Undefined", part)
        assert "  " not in mail.text.replace("\n  ", "\n")
    assert mail.html.startswith("<!DOCTYPE html>")
    levels = page.levels()
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert f'<html lang="{message.language}">' in mail.html


@pytest.mark.parametrize("message", MAILS, ids=range(len(MAILS)))
def test_no_line_of_the_text_is_too_wide_but_a_link(message: OwnerReminders | Handover) -> None:
    for line in rendered(message).text.split("\n"):
        assert len(line) <= TEXT_WIDTH or re.fullmatch(r"https?://\S+", line)
        assert line == line.rstrip()


@pytest.mark.parametrize("message", MAILS, ids=range(len(MAILS)))
def test_dates_and_counts_never_break_across_lines(message: OwnerReminders | Handover) -> None:
    page = " ".join(Page(rendered(message).html).shown)
    assert not re.search(r"\d (January|February|March|April|May|June|November) ", page)
    assert not re.search(
        r"\b\d+ (päivä|kuuka|työsuh|sopimuk|dag|månad|anställning|avtal(?!ad)|day|month|position)", page
    )
    text = rendered(message).text
    assert not re.search(r"\d\n(May|June|päivä|kuuka|dagar|månader|days|months)", text)


def test_the_html_asks_nothing_of_another_host() -> None:
    for message in (reminded("window_closing"), handover()):
        html = render(message).html
        for tag, attributes in Page(html).tags:
            assert tag not in {"img", "link", "script", "iframe", "object", "form"}
            assert "src" not in attributes
            assert "background" not in attributes
        assert "url(" not in html
        assert "@import" not in html


def test_markup_in_any_text_is_shown_as_text() -> None:
    message = reminded("window_closing", title=NASTY, supplier_name=NASTY, reference=NASTY, sentences=(NASTY, NASTY))
    for nasty in (message, replace(handover(title=NASTY), note=NASTY, recipient_name=NASTY)):
        mail = render(nasty)
        assert "<script" not in mail.html
        assert NASTY in "".join(Page(mail.html).shown).replace("\u00a0", " ")
        assert NASTY in " ".join(mail.text.split())


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\x00", "\x0b", "\x1b", "\u0085", "\u2028", "\u2029", "\t"])
def test_a_title_with_a_line_end_stays_on_the_line_of_the_subject(break_: str) -> None:
    mail = render(reminded("window_closing", title=f"Siivous{break_}Bcc: all@example.org"))
    assert mail.subject == "Työntekijän on aloitettava viimeistään 1.6.2026 – Siivous Bcc: all@example.org"
    assert len(mail.subject.splitlines()) == 1


def test_invisible_marks_cannot_turn_a_title_around() -> None:
    assert one_line("Siivous\u202egnp.exe\u200b") == "Siivousgnp.exe"


def test_a_long_title_is_cut_in_the_subject_only() -> None:
    title = "Kiinteistönhoitopalvelut " * 9
    mail = render(reminded("window_closing", title=title))
    assert len(mail.subject) < 150
    assert mail.subject.endswith("…")
    assert title.strip() in " ".join(mail.text.split())


def test_a_note_keeps_its_paragraphs() -> None:
    mail = render(replace(handover(), note="Yksi.\r\n\r\nKaksi."))
    assert "Yksi.\n\nKaksi." in mail.text
    assert ">Yksi.</p>" in mail.html


def test_an_unknown_language_is_answered_in_finnish() -> None:
    mail = render(replace(reminded("window_closing"), language="de"))
    assert mail.language == "fi"
    assert '<html lang="fi">' in mail.html


def test_the_same_message_gives_the_same_mail() -> None:
    assert render(several("sv")) == render(several("sv"))


def test_a_variable_that_a_template_does_not_get_is_an_error() -> None:
    for medium in ("text", "html"):
        with pytest.raises(UndefinedError):
            _environment("fi", medium).from_string("{{ suplier }}").render()


def mailto_of(html: str) -> str:
    hrefs = [attributes.get("href") or "" for tag, attributes in Page(html).tags if tag == "a"]
    return next(href for href in hrefs if href.startswith("mailto:") and "?" in href)


def test_one_link_opens_the_text_for_the_supplier_as_a_mail() -> None:
    link = urlsplit(mailto_of(render(reminded("window_closing")).html))
    query = parse_qs(link.query)
    assert link.path == "aino@esimerkkisiivous.example"
    assert query["subject"] == ["Työllistämisehto: Siivouspalvelut, itäiset toimipisteet"]
    assert query["body"][0].startswith("Hei Aino Esimerkki\r\n\r\nSopimuksessa")


def test_that_link_leaves_the_text_out_where_programs_would_cut_it() -> None:
    link = mailto_of(render(reminded("window_closing", supplier_sentences=("Pitkä lause. " * 200,))).html)
    assert "body=" not in link
    assert len(link) < MAILTO_LENGTH


@pytest.mark.parametrize("kind", REMINDERS)
def test_a_reminder_without_what_its_sentence_needs_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=f"{kind} needs on"):
        Reminder(kind)


def test_messages_that_say_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="no reminder of the kind"):
        Reminder("handover", date(2026, 1, 1))
    with pytest.raises(ValueError, match="without a reminder"):
        ContractReminders(state(), ())
    with pytest.raises(ValueError, match="at least one contract"):
        OwnerReminders("fi", "Maija", date(2026, 1, 1), ())
    with pytest.raises(ValueError, match="no status"):
        state(status="lost")
    with pytest.raises(ValueError, match="must begin with https"):
        state(page_url="javascript:alert(1)")


anything = st.text(max_size=60)


@settings(max_examples=25, deadline=None)
@given(title=anything, name=anything, sentence=anything, language=st.sampled_from(LANGUAGES))
def test_no_text_whatever_breaks_a_mail(title: str, name: str, sentence: str, language: str) -> None:
    changes = {"title": title, "supplier_name": name, "sentences": (sentence,), "supplier_sentences": (sentence,)}
    mail = render(reminded("window_closing", language, **changes))
    Page(mail.html)
    assert len(mail.subject.splitlines()) == 1
    assert mail.subject == one_line(mail.subject)
    for part in (mail.subject, mail.text, mail.html):
        part.encode("utf-8")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", part)
