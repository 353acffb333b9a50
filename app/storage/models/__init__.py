"""The tables, by noun; importing this package registers them all."""

from app.storage.models.alerts import Alert
from app.storage.models.contracts import (
    Adjustment,
    Clause,
    Closure,
    Contract,
    ContractOption,
    Note,
    OwnershipChange,
    Party,
    Procurement,
    Supplier,
)
from app.storage.models.feedback import Feedback
from app.storage.models.imports import (
    AttachmentRule,
    Draft,
    HeldRow,
    HiddenImport,
    ImportedContract,
    ImportedThing,
    ImportRun,
    RefusedRow,
)
from app.storage.models.obligations import JudgementChange, StoredJudgement
from app.storage.models.outbox import Message, Told
from app.storage.models.people import (
    BrowserSession,
    Grant,
    IdentityGroup,
    Owner,
    SignInIdentity,
    Token,
    Unit,
    UnknownSignIn,
    User,
)
from app.storage.models.projects import (
    AnsweredQuestion,
    Correction,
    Funding,
    Indicator,
    Milestone,
    Observation,
    Project,
    ProjectReporter,
    ProjectUnit,
    Risk,
)
from app.storage.models.public_tables import PublicTable
from app.storage.models.records import Position, Purchase
from app.storage.models.registers import CalendarFeed, Company
from app.storage.models.retention import ArchivedJobs, Dispute, ErasedContract
from app.storage.models.surveys import Survey, SurveyAnswer, SurveyCallback
from app.storage.models.table import Table, new_id
from app.storage.models.trail import AuditEntry, AuditHead, AuditPayload, JobRun, RememberedAnswer

__all__ = [
    "Adjustment",
    "Alert",
    "AnsweredQuestion",
    "ArchivedJobs",
    "AttachmentRule",
    "AuditEntry",
    "AuditHead",
    "AuditPayload",
    "BrowserSession",
    "CalendarFeed",
    "Clause",
    "Closure",
    "Company",
    "Contract",
    "ContractOption",
    "Correction",
    "Dispute",
    "Draft",
    "ErasedContract",
    "Feedback",
    "Funding",
    "Grant",
    "HeldRow",
    "HiddenImport",
    "IdentityGroup",
    "ImportRun",
    "ImportedContract",
    "ImportedThing",
    "Indicator",
    "JobRun",
    "JudgementChange",
    "Message",
    "Milestone",
    "Note",
    "Observation",
    "Owner",
    "OwnershipChange",
    "Party",
    "Position",
    "Procurement",
    "Project",
    "ProjectReporter",
    "ProjectUnit",
    "PublicTable",
    "Purchase",
    "RefusedRow",
    "RememberedAnswer",
    "Risk",
    "SignInIdentity",
    "StoredJudgement",
    "Supplier",
    "Survey",
    "SurveyAnswer",
    "SurveyCallback",
    "Table",
    "Token",
    "Told",
    "Unit",
    "UnknownSignIn",
    "User",
    "new_id",
]
