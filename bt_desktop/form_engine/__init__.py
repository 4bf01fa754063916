"""How a form thinks: definitions, expressions, answers and their problems. No Qt, no SQL."""

from bt_desktop.form_engine.definition import Choice, Field, Form, Repeat, Section, say
from bt_desktop.form_engine.evaluation import evaluate
from bt_desktop.form_engine.expressions import compile_expression
from bt_desktop.form_engine.grammar import ExpressionError
from bt_desktop.form_engine.issues import Code, Issue
from bt_desktop.form_engine.kinds import KINDS
from bt_desktop.form_engine.loader import (
    FormFaults,
    available_forms,
    available_packs,
    check_files,
    load_form,
    load_pack,
)
from bt_desktop.form_engine.packs import Pack
from bt_desktop.form_engine.session import FormSession
from bt_desktop.form_engine.trial import try_form
from bt_desktop.form_engine.views import FieldView, SectionView
from bt_desktop.form_engine.yaml_tree import Fault

__all__ = [
    "KINDS",
    "Choice",
    "Code",
    "ExpressionError",
    "Fault",
    "Field",
    "FieldView",
    "Form",
    "FormFaults",
    "FormSession",
    "Issue",
    "Pack",
    "Repeat",
    "Section",
    "SectionView",
    "available_forms",
    "available_packs",
    "check_files",
    "compile_expression",
    "evaluate",
    "load_form",
    "load_pack",
    "say",
    "try_form",
]
