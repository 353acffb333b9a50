"""What a mail says: one frozen dataclass per kind of mail. Their fields are the templates' only variables.

All dates are calendar dates, all counts are whole people, positions or days. Text that a reader sees (`sentences`,
`note`, `HistoryEntry.text`) comes ready in the reader's language; everything else is worded by the templates.
"""

from dataclasses import dataclass
from datetime import date

STATUSES = frozenset(
    {
        "closed",
        "not_started",
        "no_obligation",
        "fulfilled",
        "on_track",
        "breached",
        "cannot_be_met",
        "overdue",
        "at_risk",
        "open",
    }
)

# Which fields each kind of reminder needs beside its kind; a mail must never say "None days".
REMINDER_FIELDS: dict[str, tuple[str, ...]] = {
    "window_closing": ("on", "days_left"),
    "overdue": ("on",),
    "cannot_be_met": ("on",),
    "breached": ("on",),
    "threshold_reached": ("on", "count"),
    "position_interrupted": ("on",),
    "nine_months_reached": ("on",),
    "fulfilled": ("on", "count"),
    "no_news": ("on", "count"),
    "erasure_ahead": ("on",),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone to turn to; an empty `phone` is None."""

    name: str
    email: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reason to write about a contract.

    `on` by kind: window_closing the last day to start, overdue the day to start that passed, cannot_be_met the last
    day on which everything could still have been met, breached the limit day, threshold_reached the day reached,
    position_interrupted its end, nine_months_reached its completion, fulfilled the day of that, no_news the day of
    the last record, erasure_ahead the first day on which the jobs may be erased. `days_left` is for window_closing
    (0 = today). `count`: threshold_reached the number required since then, fulfilled the number required, no_news the
    days since the last record.

    Raises ValueError for an unknown kind or where a field that the kind needs is missing.
    """

    kind: str
    on: date | None = None
    days_left: int | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in REMINDER_FIELDS:
            raise ValueError(f"There is no reminder of the kind {self.kind!r}.")
        for field in REMINDER_FIELDS[self.kind]:
            if getattr(self, field) is None:
                raise ValueError(f"A reminder of the kind {self.kind} needs {field}.")


@dataclass(frozen=True, slots=True)
class ContractState:
    """A contract and its judgement on the day of the mail.

    `sentences` are the reasons in the reader's language, the main one first; `supplier_sentences` the same in
    `supplier_language`, and only what the supplier may see (they may be empty). `act_url` is the signed page that
    offers acknowledge and snooze. Raises ValueError for an unknown status or a link that is not http(s).
    """

    title: str
    reference: str
    supplier_name: str
    status: str
    required: int
    completed: int
    running: int
    upcoming: int
    covered: int
    missing: int
    latest_start_on: date | None
    effective_end_on: date
    min_duration_months: int
    sentences: tuple[str, ...]
    supplier_sentences: tuple[str, ...]
    liaison: Contact | None
    supplier_contact: Contact | None
    supplier_language: str
    page_url: str
    act_url: str | None

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"There is no status {self.status!r}.")
        for url in (self.page_url, self.act_url):
            if url is not None and not url.startswith(("https://", "http://")):
                raise ValueError("A link in a mail must begin with https:// or http://.")


@dataclass(frozen=True, slots=True)
class ContractReminders:
    """What is told about one contract, most urgent first. Raises ValueError when there is nothing to tell."""

    state: ContractState
    reminders: tuple[Reminder, ...]

    def __post_init__(self) -> None:
        if not self.reminders:
            raise ValueError("A contract without a reminder does not belong in the mail.")


@dataclass(frozen=True, slots=True)
class StandIn:
    """Why someone else reads the mail of an owner: `why` is "left" or "undeliverable", `role` "deputy" or "admin".
    `owner_url` is the owner's page, from which the contracts are handed over. Raises ValueError for others."""

    owner_name: str
    why: str
    role: str
    owner_url: str

    def __post_init__(self) -> None:
        if self.why not in {"left", "undeliverable"} or self.role not in {"deputy", "admin"}:
            raise ValueError("Whoever stands in for an owner is a deputy or an administrator, and for a reason.")
        if not self.owner_url.startswith(("https://", "http://")):
            raise ValueError("A link in a mail must begin with https:// or http://.")


@dataclass(frozen=True, slots=True)
class OwnerReminders:
    """The one mail a day to a contract owner, contracts most urgent first. Raises ValueError when there is none."""

    language: str
    recipient_name: str
    on: date
    contracts: tuple[ContractReminders, ...]
    stand_in: StandIn | None = None

    def __post_init__(self) -> None:
        if not self.contracts:
            raise ValueError("A mail of reminders needs at least one contract.")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a contract's history, in the reader's language."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Handover:
    """Sent at once to the new owner of a contract, the former one in copy. `note` may have several lines."""

    language: str
    recipient_name: str
    former_owner: Contact | None
    note: str | None
    state: ContractState
    history: tuple[HistoryEntry, ...]
    stand_in: StandIn | None = None


TROUBLES = frozenset({"check_missing", "mail_waiting", "clock_doubted", "mail_refused"})


@dataclass(frozen=True, slots=True)
class ServiceTrouble:
    """To those who run the service: it does not do its work.

    `trouble` is "check_missing" (`on` the last day whose check came to its end, or None), "mail_waiting" (`on` the day
    since which the oldest waits, `count` how many wait), "clock_doubted" (`on` the day that the clock says, `count` on
    how many days there must be checks before it is believed again) or "mail_refused" (`count` how many reached nobody).
    Raises ValueError for another one, or a link that is not http(s).
    """

    language: str
    recipient_name: str
    trouble: str
    on: date | None
    count: int
    page_url: str

    def __post_init__(self) -> None:
        if self.trouble not in TROUBLES:
            raise ValueError(f"There is no trouble {self.trouble!r}.")
        if not self.page_url.startswith(("https://", "http://")):
            raise ValueError("A link in a mail must begin with https:// or http://.")


@dataclass(frozen=True, slots=True)
class SupplierText:
    """The short text that an owner forwards to the supplier, in `state.supplier_language`.

    `sender_name` is the owner, who signs it.
    """

    sender_name: str
    state: ContractState
