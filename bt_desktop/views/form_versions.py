"""What can be done with what is signed: review it, return it, amend it, compare its versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from bt_desktop.errors import KnownError
from bt_desktop.services.problems import AnotherRecord
from bt_desktop.views.amend import AmendSheet, Chosen, Part, parts_of
from bt_desktop.views.compare import ComparePage
from bt_desktop.views.feedback import Tone, ask
from bt_desktop.views.record_top import IN_ERROR, Beside, RecordTop, read_beside
from bt_desktop.views.review_page import REVIEW, ReviewPage
from bt_desktop.views.sign import SignDialog
from bt_desktop.views.state_words import KINDS, kind_title, part_words
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.tab_order import tab_as_laid_out

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.results.records import OpenRecord, PartState
    from bt_desktop.views.check_answers import CheckAnswers
    from bt_desktop.views.form_draft import Draft
    from bt_desktop.views.form_page import FormPage

_ALL_KINDS = tuple(kind.word for kind in KINDS)
COUNTERSIGNS = "I reviewed this report and countersign it."
RETURNS = "I reviewed this report and return it to its author with my remarks."


class VersionDeeds(QObject):
    """The deeds of one page about signed versions. `top` stands above its questions."""

    def __init__(self, page: FormPage) -> None:
        super().__init__(page)
        self._page = page
        self.top = RecordTop(page.desk.clock.now, page)
        self.top.asked.connect(self.do)
        self.top.jumped.connect(page.jump)
        self.sheet: AmendSheet | None = None
        self.review_page: ReviewPage | None = None
        self.compare_page: ComparePage | None = None
        self.beside: Beside | None = None
        self.written_anew = ""

    @property
    def _draft(self) -> Draft:
        assert self._page.draft is not None  # noqa: S101 - the head is shown only with a record
        return self._page.draft

    @property
    def _record(self) -> OpenRecord:
        return self._draft.record

    def deeds(self) -> dict[str, Callable[[], None]]:
        """What the head may ask for, by its word."""
        return {
            "review": self.review,
            "correct": self.correct,
            "amend": self.amend,
            "compare": self.compare,
            "both": self.print_both,
        }

    def do(self, deed: str) -> None:
        """Do what a card asked for: a word of the head, or a word with the part it is about."""
        word, _, key = deed.partition(":")
        about: dict[str, Callable[[str], None]] = {
            "change": self.change,
            "changes": self.see_changes,
            "discard": self.discard,
        }
        if key:
            about[word](key)
        else:
            self._page.deeds.do(word)

    def follow(self, record: OpenRecord) -> None:
        """Read and show what stands beside a record that was opened."""
        page = self._page
        if record.state == "draft":
            self.top.hide()
            return
        copies = "copy_log" in record.may

        def show(beside: Beside) -> None:
            self.beside = beside
            if self._page.draft is not None and self._record is record:
                self.top.show_record(record, beside)
                tab_as_laid_out(self.top, after=page.sidebar.fold)

        page.desk.tasks.run(
            page,
            lambda: read_beside(page.workspace, page.record_id, copies=copies),
            show,
            lane=Lane.READ,
        )

    # --- review ----------------------------------------------------------------------------------

    def review(self) -> None:
        """Begin (or go on with) one's own review, the author's facts beside it."""
        page = self._page
        records, record_id = page.workspace.records, page.record_id
        page.flush()
        page.desk.tasks.run(
            page,
            lambda: records.begin(record_id, REVIEW),
            lambda _: page.show_over_after_reload(self._review_over),
            self._refused,
        )

    def _review_over(self, draft: Draft) -> ReviewPage:
        page = self._page
        shown = ReviewPage(page, draft, page)
        self.review_page = shown

        def leave() -> None:
            self.review_page = None
            page.show_form(shown)

        shown.back.connect(leave)
        shown.sign_asked.connect(lambda: self._sign_review(shown))
        shown.compare_asked.connect(lambda older, newer: self._compare_from(shown, older, newer))
        shown.discard_asked.connect(lambda: self.discard(REVIEW))
        shown.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        return shown

    def _sign_review(self, shown: ReviewPage) -> None:
        page = self._page
        page.flush()
        back = self._draft.view("/review_result").value == "returned"
        dialog = SignDialog(
            page.desk,
            page.workspace,
            page.record_id,
            REVIEW,
            RETURNS if back else COUNTERSIGNS,
            page,
        )
        page.deeds.sign_dialog = dialog
        dialog.signed.connect(lambda signed: page.deeds.signed(shown, signed))
        dialog.unfinished.connect(lambda _: shown.banner.tell("Something is open.", Tone.WARN))
        dialog.rejected.connect(shown.look)
        dialog.open()
        dialog.signature.name.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- amend -----------------------------------------------------------------------------------

    def amend(self) -> None:
        """Ask which part, of what kind and why; then the part is open again."""
        parts = parts_of(self._record)
        if parts:
            self._open_sheet(self._sheet(parts))

    def correct(self) -> None:
        """Answer the remarks with which the report came back."""
        remarks = self.beside.review.remarks if self.beside is not None else ()
        texts = [f"{one.title}: {one.text}" if one.title else one.text for one in remarks]
        part = Part("report", "Report", ("correction",))
        self._open_sheet(self._sheet((part,), answers=texts or ("The report",)))

    def change(self, key: str) -> None:
        """Give the amendment in progress another kind or reason."""
        state = self._record.part(key)
        words = part_words(key)
        kinds = _ALL_KINDS if state.amend_kinds == () else state.amend_kinds
        part = Part(key, words.capitalize(), kinds)
        self._open_sheet(self._sheet((part,), change=(state.amending, state.reason)))

    def _sheet(
        self,
        parts: Sequence[Part],
        *,
        change: tuple[str, str] | None = None,
        answers: Sequence[str] = (),
    ) -> AmendSheet:
        page = self._page
        return AmendSheet(
            page.desk, page.workspace, page.record_id, parts, page, change=change, answers=answers
        )

    def _open_sheet(self, sheet: AmendSheet) -> None:
        self._page.flush()
        self.sheet = sheet
        sheet.saved.connect(self._begun)
        sheet.open_sheet()

    def _begun(self, chosen: Chosen) -> None:
        """Go on in the part: typing, or straight to the signature where nothing is typed."""
        page = self._page
        page.part_key = chosen.part_key
        if chosen.kind == IN_ERROR:
            page.show_over_after_reload(lambda _: page.deeds.check_sheet(chosen.part_key))
        else:
            page.open_part(chosen.part_key)

    def discard(self, key: str) -> None:
        """Throw away what is typed and not signed, once asked."""
        page = self._page
        state = self._record.part(key)
        what = f"{kind_title(state.amending).lower()} of the " if state.amending else "unsigned "
        question = (
            f"Throw away your {what}{part_words(key)}? What was signed stays as it is. "
            "The history shows that something was thrown away, not what."
        )
        if not ask(page, question, "Throw away", "Keep it"):
            return
        records, record_id = page.workspace.records, page.record_id

        def gone(_: object) -> None:
            over, self.review_page = self.review_page, None
            if over is not None:
                page.show_form(over)
            page.part_key = ""
            page.reload()
            page.banner.tell("Thrown away. What was signed is as it was.", Tone.OK)

        page.desk.tasks.run(page, lambda: records.discard(record_id, key), gone)

    def _refused(self, problem: BaseException) -> None:
        page = self._page
        if isinstance(problem, KnownError):
            page.banner.tell(str(problem), Tone.WARN)
        else:
            page.desk.feedback.report(page, problem)

    def another_record(self, sheet: CheckAnswers, problem: AnotherRecord) -> None:
        """An amendment that would file the record elsewhere: offer to write it anew."""
        page = self._page
        state = self._record.part(sheet.part_key)
        if not ask(
            page,
            f"{problem.sentence} Write it anew with all that is typed, and mark this record as "
            "entered in error? Its number is kept and not used again.",
            "Write it anew",
            "Go back",
        ):
            return
        records, record_id, key = page.workspace.records, page.record_id, sheet.part_key

        def work() -> str:
            new = records.write_anew(record_id)
            records.change_amendment(record_id, key, IN_ERROR, state.reason)
            return new

        def begun(new: str) -> None:
            page.show_form(sheet)
            self.written_anew = new
            page.show_over_after_reload(lambda _: page.deeds.check_sheet(key))

        page.desk.tasks.run(page, work, begun)

    # --- compare and print -----------------------------------------------------------------------

    def compare(self) -> None:
        """The newest version of the report (or of another part) beside the one before."""
        amended = [part for part in self._record.parts if part.version > 1]
        newest = max(amended, key=_last, default=None)
        self._show_compare(self._compare_page(_key(newest)))

    def _compare_page(self, key: str, pair: tuple[int, int] | None = None) -> ComparePage:
        page = self._page
        return ComparePage(page.desk, page.workspace, page.record_id, page, part_key=key, pair=pair)

    def _compare_from(self, over: ReviewPage, older: int, newer: int) -> None:
        shown = self._compare_page("report", (older, newer))
        self._show_compare(shown, over)

    def _show_compare(self, shown: ComparePage, back: ReviewPage | None = None) -> None:
        page = self._page
        page.flush()
        self.compare_page = shown

        def leave() -> None:
            self.compare_page = None
            page.show_form(shown)
            if back is not None:
                page.show_over(back)

        shown.back.connect(leave)
        page.show_over(shown)
        shown.back_link.setFocus(Qt.FocusReason.OtherFocusReason)

    def see_changes(self, key: str) -> None:
        """The answers before the signature; what changes stands at their head."""
        self._page.deeds.check_part(key)

    def tell_changes(self, sheet: CheckAnswers) -> None:
        """At the head of the page before the signature: what the amendment changes."""
        page, key = self._page, sheet.part_key
        state = next((part for part in self._record.parts if part.key == key), None)
        if state is None or not state.amending:
            return
        versions, record_id = page.workspace.records.versions, page.record_id
        page.desk.tasks.run(  # on the lane that writes: after what was typed is kept
            sheet, lambda: versions.compare(record_id, key, state.version, 0), sheet.show_changes
        )

    def print_both(self) -> None:
        """The school's copy with the earlier versions, whole."""
        page = self._page
        copies, record_id = page.workspace.copies, page.record_id
        page.desk.tasks.run(
            page,
            lambda: copies.school_copy(record_id, both=True),
            self._preview_both,
        )

    def _preview_both(self, copy: PrintedCopy) -> None:
        self._page.deeds.preview(copy, "Both versions")


def _last(part: PartState) -> float:
    return part.signed_last.timestamp() if part.signed_last is not None else 0.0


def _key(part: PartState | None) -> str:
    return part.key if part is not None else ""
