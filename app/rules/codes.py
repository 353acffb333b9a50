"""Codes that the rules do not judge by but everyone shares: languages, roles, kinds, channels, states of a message."""

from enum import StrEnum

LANGUAGES = ("fi", "sv", "en")
DEFAULT_LANGUAGE = "fi"

BUSINESS_ID_SCHEME = "FI-PRO"
"""Scheme of Finnish business IDs in org-id.guide's register, as OCDS writes it."""


class Role(StrEnum):
    PROCUREMENT_OFFICER = "procurement_officer"
    BUSINESS_LIAISON = "business_liaison"
    CONTRACT_OWNER = "contract_owner"
    PROJECT_REPORTER = "project_reporter"
    VIEWER = "viewer"
    ADMIN = "admin"


class TokenScope(StrEnum):
    """What an API token opens, of what its user may do."""

    READ = "read"
    WRITE = "write"
    IMPORT = "import"
    """Bringing in files, and reading how that went: enough for a program that sends the ledger."""


class ProcurementKind(StrEnum):
    SERVICES = "services"
    GOODS = "goods"
    WORKS = "works"


class PartyRole(StrEnum):
    """Beside the lead, who is the contract's supplier."""

    MEMBER = "member"
    SUBCONTRACTOR = "subcontractor"


class Channel(StrEnum):
    """How the person was found."""

    TE_OFFICE = "te_office"
    TEAM = "team"
    TYORASTI = "tyorasti"
    OSAAMISKESKUS = "osaamiskeskus"
    EMPLOYMENT_PROJECT = "employment_project"
    SUPPLIER_OWN = "supplier_own"
    OTHER = "other"


class EndReason(StrEnum):
    """Why a job ended: a list, because free text about a person is never stored; nothing about health."""

    RESIGNED = "resigned"
    TRIAL_PERIOD = "trial_period"
    EMPLOYER_TERMINATED = "employer_terminated"
    FIXED_TERM_ENDED = "fixed_term_ended"
    OTHER_JOB = "other_job"
    STUDIES = "studies"
    OTHER = "other"


class MessageStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class MessageKind(StrEnum):
    REMINDERS = "reminders"
    HANDOVER = "handover"


class FeedbackTopic(StrEnum):
    ACCESSIBILITY = "accessibility"
    OTHER = "other"


class SignInMethod(StrEnum):
    """How someone showed who they are."""

    PASSWORD = "password"  # noqa: S105 - a code
    OIDC = "oidc"


class GrantSource(StrEnum):
    """Who gave a role: an administrator here, or the groups of the identity provider."""

    LOCAL = "local"
    IDENTITY = "identity"


class FigureUnit(StrEnum):
    """What an indicator's figures are. Money is in euros, a percentage in percent, not in parts of one."""

    PEOPLE = "people"
    COUNT = "count"
    EUROS = "euros"
    PERCENT = "percent"
    SCORE = "score"
    YES_NO = "yes_no"


class Direction(StrEnum):
    """Which way an indicator is to go."""

    UP = "up"
    DOWN = "down"


class Dimension(StrEnum):
    """What an indicator's figures may be broken down by."""

    AGE_GROUP = "age_group"
    POSTCODE_AREA = "postcode_area"
    LANGUAGE = "language"
    TARGET_GROUP = "target_group"
    NEXT_STEP = "next_step"
    SITUATION = "situation"
    MEASURE = "measure"
    PHASE = "phase"


class FigureStatus(StrEnum):
    PRELIMINARY = "preliminary"
    FINAL = "final"


class CohortStage(StrEnum):
    """What became of those who started: they dropped out or finished; the rest is still taking part."""

    STARTED = "started"
    DROPPED_OUT = "dropped_out"
    FINISHED = "finished"


class Computation(StrEnum):
    """An indicator whose figures come from the contracts of the project's programme, and are never typed."""

    TENDERS_WITH_CLAUSE = "tenders_with_clause"
    POSITIONS_PROMISED = "positions_promised"
    POSITIONS_FILLED = "positions_filled"
    INNOVATIVE_SHARE = "innovative_share"
    CLAUSE_CONSIDERED = "clause_considered"


class RelationKind(StrEnum):
    """How another project is related to this one."""

    PREDECESSOR = "predecessor"
    SUCCESSOR = "successor"
    COOPERATES = "cooperates"


class FundingKind(StrEnum):
    """Money that a project gets, or has used."""

    SOURCE = "source"
    USE = "use"


class SurveyStatus(StrEnum):
    """A draft is worded, an open survey is answered, a closed one is read."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class QuestionKind(StrEnum):
    """How a survey's question is answered: one or several of its options, a point on a scale, yes or no, agreeing or
    not with a statement, or words of one's own."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    YES_NO = "yes_no"
    AGREEMENT = "agreement"
    TEXT = "text"


class AnswerFlow(StrEnum):
    """What of a question's answers becomes figures of an indicator: the share of those who chose certain options, the
    mean, or how many or which share chose each option, by a dimension."""

    SHARE = "share"
    MEAN = "mean"
    COUNTS_BY = "counts_by"
    SHARES_BY = "shares_by"


class ImportKind(StrEnum):
    """What a file brings in."""

    PURCHASES = "purchases"
    CONTRACTS = "contracts"
    POSITIONS = "positions"
    EFORMS = "eforms"
    OCDS = "ocds"


class ImportStatus(StrEnum):
    """An import is read, then ready for a person to look at, then active or discarded; an active one may be undone."""

    READING = "reading"
    READY = "ready"
    ACTIVE = "active"
    UNDONE = "undone"
    DISCARDED = "discarded"
    FAILED = "failed"


class HeldReason(StrEnum):
    """Why a person must say to which contract a purchase of a ledger belongs."""

    AMBIGUOUS = "ambiguous"
    """Several contracts of the supplier fit."""
    CONTRACT_NUMBER_UNKNOWN = "contract_number_unknown"
    """It names a contract that is not known here, while the supplier has one that fits."""
    SUPPLIER_DIFFERS = "supplier_differs"
    """It names a contract of another supplier."""
    LOOKS_RECORDED = "looks_recorded"
    """A purchase of the same day and amount is there already, from elsewhere."""


class DraftStatus(StrEnum):
    """A draft waits for a person, who registers it or leaves it out."""

    WAITING = "waiting"
    REGISTERED = "registered"
    LEFT_OUT = "left_out"


class CompanySituation(StrEnum):
    """What the company register says that puts an obligation at risk."""

    BANKRUPTCY = "bankruptcy"
    LIQUIDATION = "liquidation"
    RESTRUCTURING = "restructuring"


ERASED_JOBS = "erased"
"""The group of jobs of which nothing is kept but that there were so many."""


class ArchivedBy(StrEnum):
    """By what erased jobs are still counted; each alone."""

    TARGET_GROUP = "target_group"
    EMPLOYMENT_FORM = "employment_form"
    CHANNEL = "channel"
