"""Reviewing and amending: who may do it now, and if not, why not, in a sentence.

Nobody countersigns their own record: not its reporter, not whoever signed a version of it (on the
reporter's behalf, too), not whoever began it and handed it on (security design §6). Amending goes
by part: an account is amended by whoever gave it, a check or a follow-up by whoever may fill one,
and a mistaken record can be withdrawn by those who review it, should its author be gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bt_desktop.security.permissions import Action
from bt_desktop.services import record_standing as standing
from bt_desktop.services.record_parts import REPORT, REVIEW, STATEMENT, part_of, statement_key

if TYPE_CHECKING:
    from bt_desktop.services.record_rights import Rights

OWN_REVIEW = "Nobody reviews their own report."
_BY_ANYBODY = frozenset(("nurse", "follow_up", "debrief"))
"""Parts that are work rather than an account: whoever may fill one may put it right."""


def wrote_it(rights: Rights) -> bool:
    """Whether the report is the person's own: theirs, signed by them, or begun and given away."""
    loaded, actor = rights.loaded, rights.context.actor
    signed = {one.row.signer_user for one in loaded.versions.get(REPORT, ())}
    unsigned = loaded.report is None and loaded.row.owner_user == actor.user_id
    return (
        loaded.row.reported_by == actor.staff_id
        or actor.user_id in signed | loaded.gave_away
        or unsigned
    )


def why_not_review(rights: Rights) -> str:
    """Empty where the person may review (and countersign) the record now."""
    loaded = rights.loaded
    own = wrote_it(rights)
    if not _may_review(rights, own=own):
        may = _may_review(rights, own=False)
        return OWN_REVIEW if own and may else "This part is signed by whoever reviews it."
    if loaded.report is None:
        return "The report is not signed by its author yet."
    if loaded.row.state == standing.ERROR:
        return "This record was entered in error."
    if loaded.row.state == standing.RETURNED:
        return "The report went back to its author. It is reviewed again once it is corrected."
    if not standing.may_be_reviewed(loaded):
        return "This record is reviewed."
    return ""


def _may_review(rights: Rights, *, own: bool) -> bool:
    return rights.may(Action.RECORD_SIGN, REVIEW, own=own) and rights.may(
        Action.RECORD_COUNTERSIGN, REVIEW, own=own
    )


def why_not_name_another(rights: Rights) -> str:
    """Empty unless the review names somebody else as its reviewer: whoever reviews, signs."""
    named = rights.loaded.part_answers(REVIEW).get("reviewer")
    if named in (None, "", rights.context.actor.staff_id):
        return ""
    return "The review names somebody else as its reviewer. Whoever reviews signs it."


def why_not_amend(rights: Rights, key: str, kind: str = "correction") -> str:
    """Empty where the person may amend this signed part now."""
    loaded, part = rights.loaded, part_of(key)
    frozen = loaded.frozen.get(key)
    if frozen is None:
        return "Only what is signed is amended; what is not can simply be changed."
    if loaded.row.state == standing.ERROR:
        return "This record was entered in error; it stays as it is."
    if not loaded.stands(key):
        return "This version no longer counts; the part is written anew."
    draft = loaded.drafts.get(key)
    if draft is not None:
        return "This part is being amended already."
    if rights.may(Action.RECORD_AMEND) and _gave_it(rights, key):
        return ""
    if kind == standing.IN_ERROR and part in (REPORT, REVIEW) and withdraws(rights):
        return ""
    return "A part is amended by whoever signed it."


def _gave_it(rights: Rights, key: str) -> bool:
    """Whether the part is the person's to put right."""
    loaded, actor, part = rights.loaded, rights.context.actor, part_of(key)
    own = loaded.frozen[key].row.signer_user == actor.user_id
    if part == REPORT:
        own = own or loaded.row.reported_by == actor.staff_id
    elif part == STATEMENT:
        own = own or key == statement_key(actor.staff_id)
    if part not in _BY_ANYBODY and not own:
        return False
    return rights.may(Action.RECORD_EDIT, part, own=own or rights.owns_part(key))


def withdraws(rights: Rights) -> bool:
    """Whether the person may mark somebody else's record as entered in error."""
    return rights.may(Action.RECORD_AMEND) and rights.may(
        Action.RECORD_COUNTERSIGN, own=wrote_it(rights)
    )


def may_type_amendment(rights: Rights, key: str) -> bool:
    """Whether an open amendment is the person's to type into; what withdraws changes no answer."""
    draft = rights.loaded.drafts[key]
    mine = draft.owner_user == rights.context.actor.user_id
    return mine and draft.amend_kind != standing.IN_ERROR


def why_not_sign_amendment(rights: Rights, key: str) -> str:
    """Empty where the person signs this amendment: whoever opened it."""
    mine = rights.loaded.drafts[key].owner_user == rights.context.actor.user_id
    return "" if mine else "An amendment is signed by whoever writes it."


def may_discard(rights: Rights, key: str) -> bool:
    """Whether the person may throw away what is typed and not signed in this part.

    Never a first report or statement: those are begun records. Somebody else's amendment may be
    thrown away by who may hand drafts over, should its writer be gone.
    """
    draft = rights.loaded.drafts.get(key)
    if draft is None or (draft.amends is None and part_of(key) not in rights.personal):
        return False
    mine = draft.owner_user == rights.context.actor.user_id
    return mine or rights.may(Action.RECORD_HAND_OVER, own=False)


def words(rights: Rights) -> dict[str, bool]:
    """What the person may do with what is signed, as words a window goes by."""
    loaded = rights.loaded
    amends = any(not why_not_amend(rights, key, one) for key in loaded.frozen for one in _ANY_KIND)
    back = loaded.row.state == standing.RETURNED
    return {
        "amend": amends,
        "correct": back and not why_not_amend(rights, REPORT),
        "review": REVIEW in loaded.form.parts() and not why_not_review(rights),
        "compare": any(
            len(found) > 1 and rights.reads(key) for key, found in loaded.versions.items()
        ),
    }


_ANY_KIND = ("correction", standing.IN_ERROR)
"""Whoever may add a correction may add an addendum and a late entry, too."""
