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
