"""Renders a page in a language, under a policy that lets the browser load nothing from elsewhere."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.filters import do_mark_safe
from starlette.responses import HTMLResponse

from app.language.catalogues import SUPPORTED, translations
from app.language.formats import capitalised, day, euros, instant, number, size
from app.language.labels import label

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
STATIC = Path(__file__).parent / "static"
LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


@cache
def asset(name: str) -> str:
    """The address of a static file, which changes with its content: browsers may keep it for good."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("app.web"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # templates come with the release: no need to look at their files at every page
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"gettext": _gettext(language), "asset": asset}
    environment.globals |= {"language": language, "languages": [(one, LANGUAGE_NAMES[one]) for one in SUPPORTED]}

    def in_words(on: date) -> str:
        return day(on, language)

    def word_for(code: str, kind: str) -> str:
        return capitalised(label(kind, code, language))

    def money(cents: int) -> str:
        return euros(cents, language)

    def digits(value: int | Decimal) -> str:
        return number(value, language)

    def moment(at: datetime, timezone: ZoneInfo) -> str:
        return instant(at.astimezone(timezone), language)

    def bytes_of(count: int) -> str:
        return size(count, language)

    filters = {"day": in_words, "label": word_for, "money": money, "number": digits, "instant": moment}
    environment.filters |= filters | {"size": bytes_of}
    return environment


def _gettext(language: str) -> Callable[..., str]:
    """What the extension installs, for pages that always escape: a page asks for some hundreds of texts, most of them
    without values, and those are looked up once. The texts are our own, as the extension takes them; values are
    escaped."""
    found = translations(language).gettext

    @lru_cache(maxsize=8192)
    def whole(text: str) -> str:
        return do_mark_safe(found(text)) % {}

    def gettext(text: str, /, **values: Any) -> str:
        return do_mark_safe(found(text)) % values if values else whole(text)

    return gettext


def fragment(template: str, language: str, **variables: Any) -> str:
    """A piece of a page, or a whole one, as HTML."""
    return _environment(language).get_template(template).render(variables)


def piece(template: str, language: str, **variables: Any) -> HTMLResponse:
    """A piece of a page as an answer of its own, for a script that puts it into the page."""
    return HTMLResponse(fragment(template, language, **variables), headers={"Content-Security-Policy": POLICY})


def page(template: str, language: str, status_code: int = 200, **variables: Any) -> HTMLResponse:
    """A page with its status; whatever it shows, it is for its reader alone."""
    html = fragment(template, language, **variables)
    return HTMLResponse(html, status_code, headers={"Content-Security-Policy": POLICY, "Content-Language": language})
