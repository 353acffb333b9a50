"""The words of the service in its three languages, side by side, and what each means in the reader's."""

from typing import NamedTuple

from app.language.catalogues import msgid, translated


class Term(NamedTuple):
    """A word in Finnish, Swedish and English, and its meaning as a marked text."""

    fi: str
    sv: str
    en: str
    meaning: str


GLOSSARY: dict[str, Term] = {
    "employment_clause": Term(
        "työllistämisehto",
        "sysselsättningsvillkor",
        "employment clause",
        msgid(
            "A special condition in a tender and a contract. It obliges the supplier to employ people whose position "
            "in the labour market is weak."
        ),
    ),
    "fixed_count": Term(
        "ehdoton työllistämisehto",
        "ovillkorlig klausul",
        "fixed count",
        msgid("A clause that asks for an exact number of people."),
    ),
    "purchase_threshold": Term(
        "ostorajaan perustuva ehto",
        "inköpsgränsbaserad klausul",
        "purchase threshold",
        msgid(
            "A clause for framework contracts: so many people for each sum of euros that the city has bought for from "
            "the supplier."
        ),
    ),
    "award_criterion": Term(
        "vertailuperuste, lisäpisteet",
        "tilldelningskriterium",
        "award criterion",
        msgid(
            "Bidders earn points by committing to employ people. A bid without a commitment is allowed, and what was "
            "promised binds."
        ),
    ),
    "procurement": Term(
        "hankinta",
        "upphandling",
        "procurement",
        msgid("The purchase that was put out to tender. The clause belongs to it."),
    ),
    "contract": Term(
        "sopimus",
        "avtal",
        "contract",
        msgid("One procurement with one supplier. It carries the obligation, the period and the owner."),
    ),
    "supplier": Term(
        "sopimuskumppani, toimittaja",
        "leverantör",
        "supplier",
        msgid("The company or organisation that the city has the contract with, identified by its business ID."),
    ),
    "position": Term(
        "työpaikka, työsuhde",
        "anställning",
        "position",
        msgid(
            "One job filled under a contract. It counts as complete when it has lasted as many months as the clause "
            "asks."
        ),
    ),
    "contract_owner": Term(
        "sopimusvastuuhenkilö",
        "avtalsansvarig",
        "contract owner",
        msgid("The city employee who answers for the contract and receives its reminders."),
    ),
    "procurement_officer": Term(
        "hankinta-asiantuntija",
        "upphandlare",
        "procurement officer",
        msgid("Registers procurements and contracts."),
    ),
    "business_liaison": Term(
        "yritysluotsi",
        "företagslots",
        "business liaison",
        msgid("Helps suppliers to find people and records the positions."),
    ),
    "unit": Term(
        "organisaatioyksikkö, toimiala",
        "enhet, sektor",
        "unit",
        msgid("A part of the organisation. You see your own unit and everything below it."),
    ),
    "option": Term(
        "optiokausi",
        "option",
        "option",
        msgid("An extension agreed in the contract. It counts only once the city has taken it."),
    ),
    "municipal_share": Term(
        "työmarkkinatuen kuntaosuus",
        "kommunandel av arbetsmarknadsstödet",
        "labour-market subsidy, municipal share",
        msgid("What the municipality pays towards the benefit of a resident who has long been unemployed."),
    ),
    "project": Term(
        "hanke",
        "projekt",
        "project",
        msgid("Work for a time and with a goal of its own, whose outcomes are followed here. SIEPP itself is one."),
    ),
    "indicator": Term(
        "mittari",
        "mätare",
        "indicator",
        msgid(
            "What exactly is counted in a project, in which unit and towards which target. Figures of two indicators "
            "are never added up."
        ),
    ),
    "observation": Term(
        "luku",
        "siffra",
        "figure",
        msgid(
            "The value of an indicator over a period, with its source and, where it speaks of people, how many they "
            "were (n)."
        ),
    ),
    "figure_status": Term(
        "alustava, lopullinen",
        "preliminär, slutlig",
        "preliminary, final",
        msgid("A preliminary figure may still change. A final one is changed only by a correction that says why."),
    ),
    "question": Term(
        "kysymys",
        "fråga",
        "question",
        msgid(
            "What the service asks where figures cannot be right together. It hinders nothing, and stays until someone "
            "answers it or the figures change."
        ),
    ),
    "confidence_interval": Term(
        "luottamusväli",
        "konfidensintervall",
        "confidence interval",
        msgid(
            "The share among all would lie between its ends in nineteen surveys out of twenty, had those who answered "
            "been drawn by lot. The fewer answered, the wider it is."
        ),
    ),
}


def meaning(key: str, language: str) -> str:
    """What a word means; raises KeyError where the word or the language is unknown."""
    return translated(GLOSSARY[key].meaning, language)
