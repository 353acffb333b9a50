"""Believable messages, in every language and of every kind; invented people and firms."""

from dataclasses import replace
from datetime import date

from notifications.messages import (
    Contact,
    ContractReminders,
    ContractState,
    Handover,
    HistoryEntry,
    OwnerReminders,
    Reminder,
    ServiceTrouble,
    StandIn,
)

LIAISON = Contact("Liisa Luotsi", "liisa.luotsi@example.org", "09 310 12345")
SUPPLIER_CONTACT = Contact("Aino Esimerkki", "aino@esimerkkisiivous.example", "040 123 4567")
FORMER_OWNER = Contact("Pekka Pekkanen", "pekka.pekkanen@example.org")

SENTENCES = {
    "fi": (
        "Kaksi kolmesta on katettu. Kolmannen on aloitettava viimeistään 1.6.2026, jotta 9 kuukautta täyttyy ennen "
        "kuin sopimus päättyy 28.2.2027.",
        "Jos optio 28.2.2028 asti otetaan käyttöön, aikaa on 31.5.2027 asti.",
    ),
    "sv": (
        "Två av tre är täckta. Den tredje måste börja senast 1.6.2026 för att 9 månader ska vara fulla innan avtalet "
        "upphör 28.2.2027.",
        "Om optionen till 28.2.2028 utnyttjas finns det tid till 31.5.2027.",
    ),
    "en": (
        "Two of three are covered. The third must start by 1 June 2026 for the 9 months to be full before the contract "
        "ends on 28 February 2027.",
        "If the option to 28 February 2028 is taken, there is time until 31 May 2027.",
    ),
}

REMINDERS = {
    "window_closing": Reminder("window_closing", date(2026, 6, 1), days_left=30),
    "overdue": Reminder("overdue", date(2026, 6, 1)),
    "cannot_be_met": Reminder("cannot_be_met", date(2026, 6, 1)),
    "breached": Reminder("breached", date(2027, 2, 28)),
    "threshold_reached": Reminder("threshold_reached", date(2026, 4, 30), count=3),
    "position_interrupted": Reminder("position_interrupted", date(2026, 4, 17)),
    "nine_months_reached": Reminder("nine_months_reached", date(2026, 4, 30)),
    "fulfilled": Reminder("fulfilled", date(2026, 4, 30), count=3),
    "no_news": Reminder("no_news", date(2025, 11, 3), count=180),
    "erasure_ahead": Reminder("erasure_ahead", date(2029, 3, 28)),
}

STATUS_OF = {"overdue": "overdue", "cannot_be_met": "cannot_be_met", "breached": "breached", "fulfilled": "fulfilled"}


def state(language: str = "fi", **changes: object) -> ContractState:
    """A contract at risk: two of three covered."""
    whole = ContractState(
        title="Siivouspalvelut, itäiset toimipisteet",
        reference="S-2024-017",
        supplier_name="Esimerkkisiivous Oy",
        status="at_risk",
        required=3,
        completed=1,
        running=1,
        upcoming=0,
        covered=2,
        missing=1,
        latest_start_on=date(2026, 6, 1),
        effective_end_on=date(2027, 2, 28),
        min_duration_months=9,
        sentences=SENTENCES[language],
        supplier_sentences=(),
        liaison=LIAISON,
        supplier_contact=SUPPLIER_CONTACT,
        supplier_language=language,
        page_url="https://siepp.example.org/contracts/8f14e45f",
        act_url="https://siepp.example.org/act/IjhmMTRlNDVmIg.aBcDeF.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def reminded(kind: str, language: str = "fi", **changes: object) -> OwnerReminders:
    """The mail of one contract with one reminder."""
    if kind == "fulfilled":
        changes = {"completed": 3, "running": 0, "covered": 3, "missing": 0, "latest_start_on": None, **changes}
    changes = {"status": STATUS_OF.get(kind, "at_risk"), **changes}
    contract = ContractReminders(state(language, **changes), (REMINDERS[kind],))
    return OwnerReminders(language, "Maija Mallikas", date(2026, 5, 2), (contract,))


def several(language: str = "fi") -> OwnerReminders:
    """The mail of three contracts, one of them with two reminders."""
    return OwnerReminders(
        language,
        "Maija Mallikas",
        date(2026, 5, 2),
        (
            ContractReminders(
                state(language, title="Kiinteistönhoito, pohjoinen", reference="S-2023-101", status="overdue"),
                (REMINDERS["overdue"], REMINDERS["position_interrupted"]),
            ),
            ContractReminders(state(language), (REMINDERS["window_closing"],)),
            ContractReminders(
                state(
                    language,
                    title="Ateriapalvelut",
                    reference="S-2022-7",
                    status="fulfilled",
                    missing=0,
                    completed=3,
                    running=0,
                    latest_start_on=None,
                    supplier_contact=None,
                    liaison=None,
                    act_url=None,
                ),
                (REMINDERS["fulfilled"],),
            ),
        ),
    )


def handover(language: str = "fi", **changes: object) -> Handover:
    return Handover(
        language=language,
        recipient_name="Maija Mallikas",
        former_owner=FORMER_OWNER,
        note="Aino vastaa parhaiten aamuisin.\n\nSeuraava seurantakokous on 20.5.2026.",
        state=state(language, **changes),
        history=(
            HistoryEntry(date(2024, 3, 1), "Sopimus alkoi."),
            HistoryEntry(date(2025, 6, 1), "Ensimmäinen työsuhde täytti 9 kuukautta."),
            HistoryEntry(date(2026, 1, 13), "Kirjattiin oppisopimus, joka jatkaa 31.7.2025 päättynyttä."),
        ),
    )


def trouble(kind: str = "check_missing", language: str = "fi", **changes: object) -> ServiceTrouble:
    """To an administrator, of what the service does not do."""
    whole = ServiceTrouble(language, "Anna Admin", kind, date(2026, 11, 21), 3, "https://siepp.example.org/messages")
    return replace(whole, **changes)  # type: ignore[arg-type]


def stand_in(why: str = "left", role: str = "admin") -> StandIn:
    """Why an administrator or a deputy reads the mail of Olli Omistaja."""
    return StandIn("Olli Omistaja", why, role, "https://siepp.example.org/owners/0123")
