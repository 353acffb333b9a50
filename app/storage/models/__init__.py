"""The tables, by noun; importing this package registers them all."""

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
from app.storage.models.surveys import Survey, SurveyAnswer, SurveyCallback
from app.storage.models.table import Table, new_id
from app.storage.models.trail import AuditEntry, AuditHead, AuditPayload, JobRun, RememberedAnswer

__all__ = [
    "Adjustment",
    "AnsweredQuestion",
    "AuditEntry",
    "AuditHead",
    "AuditPayload",
    "BrowserSession",
    "Clause",
    "Closure",
    "Contract",
    "ContractOption",
    "Correction",
    "Feedback",
    "Funding",
    "Grant",
    "IdentityGroup",
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
