"""The school, its accounts and its log, as the services hand them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bt_desktop.security.permissions import Role


@dataclass(frozen=True, slots=True)
class School:
    """The school as it heads a page. `pack` names the rules in force (`us-ca`)."""

    name: str
    address: str
    phone: str
    contact_name: str
    pack: str
    pack_title: str
    logo: bytes | None
    training_program: str
    timezone: str
    vault_id: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that set-up still lacks, shown on the home page until it is there."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `last_sign_in` is aware; `own` marks the account that is signed in."""

    user_id: str
    sign_in_name: str
    staff_id: str
    name: str
    title: str
    role: Role
    active: bool
    created_at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the audit trail, without any name of a student or parent.

    `actor` is the staff member's name where the account is known; `object` is an id.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    object: str
    detail: str
    hash: str
