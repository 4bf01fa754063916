"""Events that are joined, deadlines, calendar, classes, photos, who saw what, finding things."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("event_link", "student_move", "opening", "violent_incident")

LISTED_BY = (
    ("record", "form", "event_us", "id"),
    ("record", "state", "event_us", "id"),
    ("record", "form", "state", "event_us", "id"),
    ("record", "reported_by", "event_us", "id"),
    ("record", "place", "event_us", "id"),
    ("record", "record_class", "event_us", "id"),
    ("record", "number_count"),
    ("record", "entered_by"),
    ("draft_part", "owner_user"),
    ("revision", "signer_user"),
    ("student", "family", "given", "id"),
)
READ_ANEW = (
    "INSERT OR REPLACE INTO text_indexed (record_id, updated_us) VALUES (ROW.record_id, -1); END"
)
TEXT_COMES_BY = (
    ("revision", "INSERT", "NEW"),
    ("notice", "INSERT", "NEW"),
    ("draft_part", "INSERT", "NEW"),
    ("draft_part", "DELETE", "OLD"),
)


def upgrade() -> None:
    """Add the tables and columns of the work that follows a report."""
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("bell", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_term",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("bell", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_term")),
    )
    op.create_table(
        "opening",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("at_us", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("student_id", sa.Text(), nullable=True),
        sa.Column("record_id", sa.Text(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
    )
    op.create_index(op.f("ix_opening_batch"), "opening", ["batch"], unique=False)
    op.create_index(op.f("ix_opening_record_id"), "opening", ["record_id"], unique=False)
    op.create_index(
        op.f("ix_opening_student_id_at_us"), "opening", ["student_id", "at_us"], unique=False
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_user_id"), "saved_view", ["user_id"], unique=False)
    op.create_table(
        "school_class",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_class")),
        sa.UniqueConstraint("source_id", name=op.f("uq_school_class_source_id")),
    )
    op.create_table(
        "violent_incident",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violent_incident")),
        sa.UniqueConstraint("year", "count", name=op.f("uq_violent_incident_year_count")),
    )
    op.create_table(
        "caseload",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("student_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_caseload_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_caseload_student_id_student")
        ),
        sa.PrimaryKeyConstraint("staff_id", "student_id", name=op.f("pk_caseload")),
    )
    op.create_index(op.f("ix_caseload_student_id"), "caseload", ["student_id"], unique=False)
    op.create_table(
        "class_member",
        sa.Column("class_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["school_class.id"], name=op.f("fk_class_member_class_id_school_class")
        ),
        sa.PrimaryKeyConstraint("class_id", "person_id", name=op.f("pk_class_member")),
    )
    op.create_index(op.f("ix_class_member_person_id"), "class_member", ["person_id"], unique=False)
    op.create_table(
        "event_link",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_link_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["event.id"], name=op.f("fk_event_link_other_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_link")),
    )
    op.create_index(op.f("ix_event_link_event_id"), "event_link", ["event_id"], unique=False)
    op.create_index(op.f("ix_event_link_other_id"), "event_link", ["other_id"], unique=False)
    op.create_table(
        "event_offer",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_event_offer_record_id_record")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["record.id"], name=op.f("fk_event_offer_source_id_record")
        ),
        sa.PrimaryKeyConstraint("record_id", "source_id", name=op.f("pk_event_offer")),
    )
    op.create_table(
        "student_move",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("student_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on", sa.Text(), nullable=False),
        sa.Column("from_grade", sa.Text(), nullable=False),
        sa.Column("to_grade", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_student_move_student_id_student")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_move")),
    )
    op.create_index(
        op.f("ix_student_move_student_id"), "student_move", ["student_id"], unique=False
    )
    op.create_table(
        "student_photo",
        sa.Column("student_id", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("thumb", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_student_photo_student_id_student")
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_student_photo")),
    )
    op.create_table(
        "deadline",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("cite", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("within", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("fallback", sa.Boolean(), nullable=False),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("anchor_at", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("due_us", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_note", sa.Text(), nullable=False),
        sa.Column("done_at", sa.Text(), nullable=True),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("late_by", sa.Text(), nullable=False),
        sa.Column("late_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_deadline_record_id_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint(
            "record_id",
            "rule",
            "task",
            "slot",
            name=op.f("uq_deadline_record_id_rule_task_slot"),
        ),
    )
    op.create_index(op.f("ix_deadline_record_id"), "deadline", ["record_id"], unique=False)
    op.create_index(op.f("ix_deadline_state_due_us"), "deadline", ["state", "due_us"], unique=False)
    op.create_table(
        "text_indexed",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("updated_us", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_text_indexed_record_id_record")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_text_indexed")),
    )
    op.create_index(
        op.f("ix_text_indexed_updated_us"), "text_indexed", ["updated_us"], unique=False
    )
    op.create_table(
        "text_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("part_key", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("hurt", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_text_part_record_id_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_part")),
    )
    op.create_index(op.f("ix_text_part_record_id"), "text_part", ["record_id"], unique=False)
    _reviews()
    _copies()
    op.add_column("attachment", sa.Column("thumb", sa.LargeBinary(), nullable=True))
    op.add_column(
        "record", sa.Column("record_class", sa.Text(), server_default="education", nullable=False)
    )
    op.create_index(
        op.f("ix_record_subject_id_event_us"), "record", ["subject_id", "event_us"], unique=False
    )
    op.add_column("student", sa.Column("allergies", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "student", sa.Column("medical_alert", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "student", sa.Column("custody_alert", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "student", sa.Column("sensitive", sa.Boolean(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("student", sa.Column("phone", sa.Text(), server_default="", nullable=False))
    op.add_column("student", sa.Column("case_manager", sa.Text(), nullable=True))
    op.add_column("student", sa.Column("left_on", sa.Text(), nullable=True))
    for table, *columns in LISTED_BY:
        name = op.f("_".join(("ix", table, *columns)))
        op.create_index(name, table, columns, unique=False)
    op.execute(
        "CREATE VIRTUAL TABLE record_text USING fts5("
        "text, also, prefix = '2 3', "
        'tokenize = "unicode61 remove_diacritics 2")'
    )
    for table, deed, row in TEXT_COMES_BY:
        op.execute(
            f"CREATE TRIGGER {table}_text_{deed.lower()} AFTER {deed} ON {table} BEGIN "
            + READ_ANEW.replace("ROW", row)
        )
    op.execute(
        "CREATE TRIGGER student_text_name AFTER UPDATE OF given, middle, family, preferred "
        "ON student BEGIN INSERT OR REPLACE INTO text_indexed (record_id, updated_us) "
        "SELECT id, -1 FROM record WHERE subject_id = 'student:' || NEW.id; END"
    )
    op.execute("INSERT INTO text_indexed (record_id, updated_us) SELECT id, -1 FROM record")
    for table in APPEND_ONLY:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )
    op.execute(
        "CREATE TRIGGER record_no_delete BEFORE DELETE ON record "
        "BEGIN SELECT RAISE(ABORT, 'no record is ever deleted'); END"
    )


def _copies() -> None:
    """What is kept of papers for parents: which one, what was overridden, who received it."""
    op.add_column("copy", sa.Column("paper", sa.Text(), server_default="", nullable=False))
    op.add_column("copy", sa.Column("override", sa.JSON(), nullable=True))
    op.add_column("copy_mark", sa.Column("detail", sa.JSON(), nullable=True))


def _reviews() -> None:
    """What records wait for: signed ones for a review, returned ones for their author. Drafts of a
    review belong to whoever writes them."""
    op.create_table(
        "waiting",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("since_us", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_waiting_record_id_record")
        ),
        sa.PrimaryKeyConstraint("record_id", "part", name=op.f("pk_waiting")),
    )
    op.create_index(op.f("ix_waiting_part_since_us"), "waiting", ["part", "since_us"], unique=False)
    op.add_column("draft_part", sa.Column("amend_at", sa.Text(), nullable=True))
    op.add_column("draft_part", sa.Column("base", sa.Text(), server_default="", nullable=False))
    op.execute(
        "UPDATE draft_part SET part_key = part_key || '@' || owner_user "
        "WHERE part_key IN ('review', 'follow_up', 'debrief')"
    )
    op.execute(
        "INSERT INTO waiting (record_id, part, since, since_us) "
        "SELECT id, CASE state WHEN 'signed' THEN 'review' ELSE 'report' END, updated_at, "
        "updated_us FROM record WHERE state IN ('signed', 'returned')"
    )
