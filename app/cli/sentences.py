"""What went wrong in a command, as a sentence."""

import traceback
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError

from app.config import SettingWrong
from app.language.errors import ERROR_CODES, error_sentence
from app.rules.errors import DomainError
from app.services.wrong_fields import PYDANTIC_CODES
from app.sources.outcomes.tables import OutcomesUnreadable
from app.storage.session import KeepsNoText


def sentence_of(error: Exception) -> str:
    """What went wrong, in a sentence that repeats nothing of what was typed."""
    match error:
        case SettingWrong() | OutcomesUnreadable() | KeepsNoText():
            return str(error)
        case DomainError():
            return _at(error.field, error_sentence(error.code, error.values, "en"))
        case ValidationError():
            return _sentence_of_input(error)
        case OperationalError() | InterfaceError():
            return error_sentence("database_unavailable", {}, "en")
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"Something went wrong in siepp itself: {type(error).__name__} at {where}."


def _sentence_of_input(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    code = PYDANTIC_CODES.get(first["type"], first["type"])
    context = first.get("ctx", {})
    limits = {"minimum": context.get("min_length"), "maximum": context.get("max_length")}
    known = code if code in ERROR_CODES else "wrong_format"
    return _at(".".join(str(part) for part in first["loc"]), error_sentence(known, limits, "en"))


def _at(field: str, sentence: str) -> str:
    return f"{field}: {sentence}" if field else sentence
