"""Ways another child's name could get onto a one-page paper for a parent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.services.problems import CopyRefused, UnsettledNames
from bt_desktop.services.results.people import NewGuardian
from tests.conftest import AFTERNOON
from tests.factory import School
from tests.first_aid import signed_first_aid

Ready = tuple[School, str, str]


@pytest.fixture(scope="module")
def ready(founded: School, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    """A head injury of Łucja's, for many attempts: none of them leaves anything behind."""
    school = founded.copied_to(tmp_path_factory.mktemp("notices") / "vault", SetClock(AFTERNOON))
    anna = school.sign_in("tom").people.add_guardian(
        school.ids["lucja"], NewGuardian("Anna", "Kowalczyk", "mother")
    )
    yield school, signed_first_aid(school, "A"), anna
    school.close()


@pytest.mark.parametrize(
    "hidden",
    ["Mateo", "mateo", "MATEO", "Mateo's", "Mat\u200beo", "Ma-\nteo", "M a t e o", "Mateoo",
     "Matoe", "Maeo", "Nunez", "Okafor", "Huy", "huy's", "Nguyen", "Rosa"],
)  # fmt: skip
def test_a_name_in_an_added_text_is_marked_first(ready: Ready, hidden: str) -> None:
    school, record, anna = ready
    nurse = school.sign_in("maria").copies
    told = f"She fell over {hidden} and sat down."
    for deed in (
        lambda: nurse.release_parent_copy(record, anna, told, ()),
        lambda: nurse.draft_parent_print(record, told),
    ):
        with pytest.raises(UnsettledNames):
            deed()


def test_a_paper_of_another_record_is_refused(ready: Ready) -> None:
    school, record, anna = ready
    nurse = school.sign_in("maria").copies
    for name in ("", "first_aid", "incident", "../restraint"):
        with pytest.raises(CopyRefused):
            nurse.release_parent_copy(record, anna, "", (), paper=name)


def test_a_guardian_of_another_child_gets_none(ready: Ready) -> None:
    school, record, _ = ready
    with pytest.raises(CopyRefused, match="not entered"):
        school.sign_in("maria").copies.release_parent_copy(record, school.ids["rosa"], "", ())
