"""Renders a page in a language, under a policy that lets the browser load nothing from elsewhere."""

from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from app.language.catalogues import translations
from app.language.formats import capitalised, day
from app.language.labels import label

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("app.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["language"] = language

    def in_words(on: date) -> str:
        return day(on, language)

    def word_for(code: str, kind: str) -> str:
        return capitalised(label(kind, code, language))

    environment.filters |= {"day": in_words, "label": word_for}
    return environment


def page(template: str, language: str, status: int = 200, **variables: Any) -> HTMLResponse:
    """A page with its status; whatever it shows, it is for its reader alone."""
    html = _environment(language).get_template(template).render(variables)
    return HTMLResponse(html, status, headers={"Content-Security-Policy": POLICY, "Content-Language": language})
