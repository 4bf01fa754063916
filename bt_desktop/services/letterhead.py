"""The school's letterhead, out of the store."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bt_desktop.models.school import school_row
from bt_desktop.paper.document import Letterhead


def letterhead(session: Session) -> Letterhead:
    """The school as it heads every page."""
    row = school_row(session)
    return Letterhead(row.name, row.address, row.phone, row.contact_name, row.logo)
