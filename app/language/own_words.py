"""What people have written in several languages: each reader gets their own, or the first there is."""

from collections.abc import Iterable, Mapping

from app.language.catalogues import SUPPORTED


def own_words(words: Mapping[str, str], language: str) -> str:
    """The text in a language, else in Finnish, Swedish or English, whichever comes first; "" where there is none."""
    return next((words[one] for one in (language, *SUPPORTED) if one in words), next(iter(words.values()), ""))


def breakdown_name(
    names: Mapping[str, Mapping[str, Mapping[str, str]]], breakdown: Iterable[tuple[str, str]], language: str
) -> str:
    """Which part of the whole: the names of its values, by dimension; "" is the whole."""
    return ", ".join(category_name(names, dimension, value, language) for dimension, value in breakdown)


def category_name(
    names: Mapping[str, Mapping[str, Mapping[str, str]]], dimension: str, value: str, language: str
) -> str:
    """The name of a value of a dimension; the value itself, made readable, where nobody named it."""
    return own_words(names.get(dimension, {}).get(value, {}), language) or value.replace("_", " ")
