"""Make a real vault of the version as it stands, for tests/zoo: `python -m tests.models.zoo_maker`.

Done once for each version before it is released; what lies there is never made again.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from bt_desktop.clock import SetClock
from bt_desktop.models import schema
from bt_desktop.services.privacy import replace_all
from tests.conftest import AFTERNOON
from tests.factory import PASSWORD, School, found_school, ink, notice_rows, signed_report
from tests.health.month_kit import Month, over

ZOO = Path(__file__).parents[1] / "zoo"


def told(school: School, record: str) -> None:
    """The two calls to the mother."""
    dana = school.sign_in("dana")
    for row in notice_rows(dana, record, school.ids):
        dana.records.add_notice(record, row)


def health(school: School) -> Month:
    """A week of a controlled medicine: given, late, refused, its month closed."""
    month = Month(school, school.sign_in("maria"))
    month.begin(amount=20)
    for day in (4, 5, 7):
        month.give(date(2027, 1, day))
    month.give(date(2027, 1, 6), outcome="R", reason="His stomach hurt", parent_called=True)
    school.clock.set(over())
    month.maria.health.months.close(
        month.order, date(2027, 1, 1), PASSWORD, signed_as="Maria Chen", reason="Made for keeping"
    )
    return month


def make(folder: Path) -> dict[str, object]:
    """A school with one of each: what it holds, for those who will look for it."""
    school = found_school(folder, SetClock(AFTERNOON))
    record = signed_report(school)
    told(school, record)
    olga = school.sign_in("olga")
    begun = olga.copies.begin_parent_text(record)
    text = replace_all(begun.text, begun.findings, begun.letters)
    copy = olga.copies.release_parent_copy(record, school.ids["rosa"], text, ())
    dana = school.sign_in("dana")
    draft = dana.records.start()
    dana.records.save_draft(draft, "report", {"event_date": "2026-11-12"})
    dana.records.amend(record, "report", "addendum", "The second call was left out.")
    dana.records.sign_part(record, "report", PASSWORD, ink())
    month = health(school)
    school.close()
    return {
        "ids": school.ids,
        "users": school.users,
        "record": record,
        "draft": draft,
        "copy_sha256": copy.sha256,
        "order": month.order,
        "doses": [dose.id for dose in month.doses.values()],
        "recovery_key": school.recovery_key,
    }


def main() -> int:
    """Make `tests/zoo/VERSION`; refuses where one lies already."""
    target = ZOO / schema.VERSIONS[-1]
    if target.exists():
        print(f"{target.name} is there already; a released vault is never made again.")
        return 1
    with tempfile.TemporaryDirectory() as parent:
        about = make(Path(parent) / "vault")
        shutil.copytree(Path(parent) / "vault", target)
    (target / "about.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
