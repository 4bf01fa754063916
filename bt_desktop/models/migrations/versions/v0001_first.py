"""The first version: people, records, copies, accounts, audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "revision",
    "notice",
    "attachment",
    "handover",
    "copy",
    "copy_mark",
    "audit",
)


def upgrade() -> None:
    """Make every table, and the triggers that keep logs append-only."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sig", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_key",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("retired_seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_audit_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_audit_key_user_id"), "audit_key", ["user_id"], unique=False)
    op.create_table(
        "audit_system_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_system_key_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_system_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_table(
        "form_text",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_form_text")),
    )
    op.create_table(
        "guardian",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("middle", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("preferred", sa.Text(), nullable=False),
        sa.Column("family_first", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("needs_interpreter", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sa.UniqueConstraint("source_id", name=op.f("uq_guardian_source_id")),
    )
    op.create_table(
        "school",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vault_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("training_program", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_school_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
    )
    op.create_table(
        "school_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ca_cert_pem", sa.LargeBinary(), nullable=False),
        sa.Column("seal_cert_pem", sa.LargeBinary(), nullable=False),
        sa.Column("seal_key_pem", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_seal")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("middle", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("preferred", sa.Text(), nullable=False),
        sa.Column("family_first", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("source_id", name=op.f("uq_staff_source_id")),
    )
    op.create_table(
        "student",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("middle", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("preferred", sa.Text(), nullable=False),
        sa.Column("family_first", sa.Boolean(), nullable=False),
        sa.Column("birth_date", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        sa.Column("student_number", sa.Text(), nullable=False),
        sa.Column("home_language", sa.Text(), nullable=False),
        sa.Column("plans", sa.Text(), nullable=False),
        sa.Column("health_note", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student")),
        sa.UniqueConstraint("source_id", name=op.f("uq_student_source_id")),
    )
    op.create_table(
        "account",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("sign_in_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_account_staff_id_staff")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_account")),
    )
    op.create_index(op.f("ix_account_staff_id"), "account", ["staff_id"], unique=False)
    op.create_table(
        "guardianship",
        sa.Column("student_id", sa.Text(), nullable=False),
        sa.Column("guardian_id", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("may_receive_copies", sa.Boolean(), nullable=False),
        sa.Column("no_contact", sa.Boolean(), nullable=False),
        sa.Column("custody_note", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardian.id"], name=op.f("fk_guardianship_guardian_id_guardian")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_guardianship_student_id_student")
        ),
        sa.PrimaryKeyConstraint("student_id", "guardian_id", name=op.f("pk_guardianship")),
    )
    op.create_index(
        op.f("ix_guardianship_guardian_id"), "guardianship", ["guardian_id"], unique=False
    )
    op.create_table(
        "letter",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("student_id", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_letter_event_id_event")),
        sa.PrimaryKeyConstraint("event_id", "student_id", name=op.f("pk_letter")),
        sa.UniqueConstraint("event_id", "letter", name=op.f("uq_letter_event_id_letter")),
    )
    op.create_table(
        "record",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("form_digest", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_prefix", sa.Text(), nullable=True),
        sa.Column("number_year", sa.Integer(), nullable=True),
        sa.Column("number_count", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=True),
        sa.Column("event_at", sa.Text(), nullable=True),
        sa.Column("event_us", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("owner_user", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_us", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_record_event_id_event")),
        sa.ForeignKeyConstraint(
            ["form_digest"], ["form_text.digest"], name=op.f("fk_record_form_digest_form_text")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("number", name=op.f("uq_record_number")),
        sa.UniqueConstraint(
            "number_prefix",
            "number_year",
            "number_count",
            name=op.f("uq_record_number_prefix_number_year_number_count"),
        ),
    )
    op.create_index(op.f("ix_record_event_id"), "record", ["event_id"], unique=False)
    op.create_index(op.f("ix_record_event_us_id"), "record", ["event_us", "id"], unique=False)
    op.create_index(op.f("ix_record_owner_user"), "record", ["owner_user"], unique=False)
    op.create_index(op.f("ix_record_reported_by"), "record", ["reported_by"], unique=False)
    op.create_index(
        op.f("ix_record_state_updated_us"), "record", ["state", "updated_us"], unique=False
    )
    op.create_index(op.f("ix_record_subject_id"), "record", ["subject_id"], unique=False)
    op.create_index(op.f("ix_record_updated_us"), "record", ["updated_us"], unique=False)
    op.create_table(
        "training",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_training_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    op.create_index(op.f("ix_training_staff_id"), "training", ["staff_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_attachment_record_id_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_record_id"), "attachment", ["record_id"], unique=False)
    op.create_table(
        "copy",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("guardian_id", sa.Text(), nullable=True),
        sa.Column("for_whom", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("record_digest", sa.Text(), nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("settled", sa.JSON(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardian.id"], name=op.f("fk_copy_guardian_id_guardian")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_copy_record_id_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy")),
        sa.UniqueConstraint("record_id", "number", name=op.f("uq_copy_record_id_number")),
    )
    op.create_index(op.f("ix_copy_record_id"), "copy", ["record_id"], unique=False)
    op.create_index(op.f("ix_copy_sha256"), "copy", ["sha256"], unique=False)
    op.create_table(
        "handover",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("from_user", sa.Text(), nullable=False),
        sa.Column("to_user", sa.Text(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_handover_record_id_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_record_id"), "handover", ["record_id"], unique=False)
    op.create_table(
        "involved",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_involved_record_id_record")
        ),
        sa.PrimaryKeyConstraint("record_id", "staff_id", name=op.f("pk_involved")),
    )
    op.create_index(op.f("ix_involved_staff_id"), "involved", ["staff_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_notice_record_id_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_record_id"), "notice", ["record_id"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("part_key", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("ink", sa.JSON(), nullable=False),
        sa.Column("signer_user", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_revision_record_id_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("digest", name=op.f("uq_revision_digest")),
        sa.UniqueConstraint(
            "record_id", "part_key", "count", name=op.f("uq_revision_record_id_part_key_count")
        ),
    )
    op.create_index(op.f("ix_revision_record_id"), "revision", ["record_id"], unique=False)
    op.create_table(
        "seal_authority",
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["seal_id"], ["school_seal.id"], name=op.f("fk_seal_authority_seal_id_school_seal")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.user_id"], name=op.f("fk_seal_authority_user_id_account")
        ),
        sa.PrimaryKeyConstraint("seal_id", "user_id", name=op.f("pk_seal_authority")),
    )
    op.create_table(
        "copy_mark",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("copy_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_copy_mark_copy_id_copy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_mark")),
    )
    op.create_index(op.f("ix_copy_mark_copy_id"), "copy_mark", ["copy_id"], unique=False)
    op.create_table(
        "draft_part",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("part_key", sa.Text(), nullable=False),
        sa.Column("owner_user", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("amends", sa.Text(), nullable=True),
        sa.Column("amend_kind", sa.Text(), nullable=False),
        sa.Column("amend_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amends"], ["revision.id"], name=op.f("fk_draft_part_amends_revision")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_draft_part_record_id_record")
        ),
        sa.PrimaryKeyConstraint("record_id", "part_key", name=op.f("pk_draft_part")),
    )
    for table in APPEND_ONLY:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )
