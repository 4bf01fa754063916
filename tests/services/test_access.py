"""The way in: set up, sign in, lock, recover."""

from __future__ import annotations

from tests.factory import School


def test_everybody_of_the_school_signs_in_as_what_they_are(school: School) -> None:
    for who in school.users:
        workspace = school.sign_in(who)
        assert workspace.actor.staff_id == school.ids[who]
        workspace.lock()
