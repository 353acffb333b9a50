"""Messages to mails: subject, plain text and HTML in the reader's language."""

import re
import textwrap
import unicodedata
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.filters import do_mark_safe

from notifications.catalogues import language_of, words
from notifications.messages import Contact, ContractState, Handover, OwnerReminders, ServiceTrouble, SupplierText

TEXT_WIDTH = 76
# The subject's title; inboxes show some 60 characters, and the date stands before it.
TITLE_LENGTH = 80
# Some mail programs and browsers cut mailto links at about 2000 characters.
MAILTO_LENGTH = 1900

_TEMPLATES = Path(__file__).parent / "templates"
_DATE_FORMATS = {"fi": "d.M.y", "sv": "d.M.y", "en": "d MMMM y"}
_SEVERAL_LINES = frozenset({"note"})

NO_BREAK = "\u00a0"

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Mail:
    """A rendered mail; `subject` is one line without control characters, `text` has lines ended by "\\n"."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True, slots=True)
class ForwardableText:
    """What an owner sends on to the supplier; `text` has an empty line between paragraphs."""

    subject: str
    text: str
    language: str


FOLDERS: dict[type, str] = {
    OwnerReminders: "owner_reminders",
    Handover: "handover",
    ServiceTrouble: "service_trouble",
}


def render(message: OwnerReminders | Handover | ServiceTrouble) -> Mail:
    """Words a message in its language; one that the service does not speak becomes Finnish."""
    language = language_of(message.language)
    folder = FOLDERS[type(message)]
    variables = _variables(message)
    text = _environment(language, "text")
    html = _environment(language, "html")
    subject = one_line(_plain_spaces(text.get_template(f"{folder}/subject.txt").render(variables)))
    body = text.get_template(f"{folder}/body.txt").render(variables)
    return Mail(
        subject=subject,
        text=_plain_spaces(_wrapped(body)),
        html=_without_empty_lines(html.get_template(f"{folder}/body.html").render(variables, subject=subject)),
        language=language,
    )


def supplier_text(message: SupplierText) -> ForwardableText:
    """The text to forward, in the supplier's language; its lines are not wrapped."""
    language = language_of(message.state.supplier_language)
    variables = _variables(message)
    environment = _environment(language, "text")
    return ForwardableText(
        subject=one_line(_plain_spaces(environment.get_template("supplier_text/subject.txt").render(variables))),
        text=_one_empty_line(environment.get_template("supplier_text/body.txt").render(variables)),
        language=language,
    )


def one_line(text: str) -> str:
    """`text` without line ends, control characters and the invisible marks that turn the direction of writing."""
    line = text if text.isprintable() else "".join(_shown(sign) for sign in text)
    return re.sub(r" {2,}", " ", line).strip(" ")


def _shown(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    # Lone surrogates (Cs) cannot be encoded, and format marks (Cf) can make a text read as another.
    return "" if category in {"Cf", "Cs"} else sign


def _variables(message: OwnerReminders | Handover | ServiceTrouble | SupplierText) -> dict[str, Any]:
    clean = _clean(message)
    return {field.name: getattr(clean, field.name) for field in fields(clean)}


def _clean(thing: Thing, several_lines: bool = False) -> Thing:
    """The same message with printable texts; only `_SEVERAL_LINES` keep their line ends."""
    if isinstance(thing, str):
        lines = thing.splitlines() if several_lines else [thing]
        return "\n".join(one_line(line) for line in lines)  # type: ignore[return-value]
    if isinstance(thing, tuple):
        return tuple(_clean(part) for part in thing)  # type: ignore[return-value]
    if is_dataclass(thing) and not isinstance(thing, type):
        parts = {field.name: getattr(thing, field.name) for field in fields(thing)}
        return replace(thing, **{name: _clean(part, name in _SEVERAL_LINES) for name, part in parts.items()})
    return thing


@cache
def _environment(language: str, medium: str) -> Environment:
    html = medium == "html"
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=html,  # noqa: S701 (plain text must not be escaped)
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(words(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        day=partial(_day, language=language, tag="span" if html else None),
        key_day=partial(_day, language=language, tag="strong" if html else None),
        unbroken=_unbroken,
        shortened=_shortened,
        paragraphs=_paragraphs,
        underlined=_underlined,
        joined=_joined,
        tel=_tel,
    )
    environment.globals.update(lang=language, text_width=TEXT_WIDTH, forwardable=_forwardable, mailto=mailto)
    return environment


def _forwardable(state: ContractState, sender_name: str) -> ForwardableText:
    return supplier_text(SupplierText(sender_name=sender_name, state=state))


def _day(on: date, *, language: str, tag: str | None) -> str:
    written = format_date(on, format=_DATE_FORMATS[language], locale=language).replace(" ", NO_BREAK)
    return do_mark_safe('<{0} style="white-space:nowrap">{1}</{0}>').format(tag, written) if tag else written


def _unbroken(sentence: str) -> str:
    """A sentence from outside, with its English dates and its counts kept on one line."""
    sentence = re.sub(r"\b(\d{1,2}) ([^\W\d_]+) (\d{4})\b", rf"\1{NO_BREAK}\2{NO_BREAK}\3", sentence)
    return re.sub(r"(?<![\d.])(\d+) (?=[^\W\d_])", rf"\1{NO_BREAK}", sentence)


def _shortened(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1].rstrip() + "…"


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n") if paragraph]


def _underlined(heading: str, sign: str = "=") -> str:
    """A heading of the text part, wrapped here so that the line below it is as long as its longest line."""
    lines = textwrap.wrap(heading, TEXT_WIDTH, break_on_hyphens=False)
    return "\n".join([*lines, sign * min(max(map(len, lines), default=0), TEXT_WIDTH)])


def _joined(phone: str) -> str:
    return phone.replace(" ", NO_BREAK)


def _tel(phone: str) -> str:
    return "tel:" + re.sub(r"[^\d+]", "", phone)


def mailto(contact: Contact, forwardable: ForwardableText) -> str:
    """A link that opens a written mail; without the body where the link would grow too long for some programs."""
    start = f"mailto:{quote(contact.email, safe='@')}?subject={quote(forwardable.subject)}"
    body = _plain_spaces(forwardable.text).replace("\n", "\r\n")
    whole = f"{start}&body={quote(body)}"
    return whole if len(whole) <= MAILTO_LENGTH else start


def _wrapped(text: str) -> str:
    """Lines of at most TEXT_WIDTH columns; a list item hangs, a link is never broken."""
    lines: list[str] = []
    for line in re.sub(r"(?<=\S) {2,}", " ", _one_empty_line(text)).split("\n"):
        bullet = re.match(r"(?:[-•]|\d+\.) ", line)
        hang = " " * len(bullet.group()) if bullet else ""
        lines += textwrap.wrap(
            line, TEXT_WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(lines) + "\n"


def _one_empty_line(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()


def _without_empty_lines(html: str) -> str:
    return "\n".join(line for line in html.split("\n") if line.strip()) + "\n"


def _plain_spaces(text: str) -> str:
    # Once the lines are set, a no-break space only makes searching and copying harder.
    return text.replace(NO_BREAK, " ")
