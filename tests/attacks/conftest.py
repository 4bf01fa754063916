"""What attackers share: the event signed, and copies of it released, once for all of them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.services.privacy import replace_all
from tests.conftest import AFTERNOON
from tests.factory import School, signed_report


@dataclass(frozen=True)
class Released:
    """Two genuine copies of the event for its mother, the school's own, and the certificate."""

    mother: bytes
    again: bytes
    schools: bytes
    ca: bytes


@pytest.fixture
def record(school: School) -> str:
    """The record of the event, its report signed by its author."""
    return signed_report(school)


@pytest.fixture(scope="session")
def released(founded: School, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """Copies made by the services over a real store, as the office makes them."""
    folder = tmp_path_factory.mktemp("released") / "vault"
    school = founded.copied_to(folder, SetClock(AFTERNOON))
    record = signed_report(school)
    copies = school.sign_in("olga").copies
    begun = copies.begin_parent_text(record)
    text = replace_all(begun.text, begun.findings, begun.letters)
    mother = copies.release_parent_copy(record, school.ids["rosa"], text, ()).pdf
    again = copies.release_parent_copy(record, school.ids["rosa"], text + " Call us.", ()).pdf
    schools = copies.school_copy(record).pdf
    ca = copies.school_ca_pem()
    school.close()
    return Released(mother, again, schools, ca)
