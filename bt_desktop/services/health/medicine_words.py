"""A medicine in words for people: the form as the lists call it, never its code. Pure."""

from __future__ import annotations

from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import Medicine


def medicine_words(medicine: Medicine) -> str:
    """“Epinephrine 0.15 mg auto-injector”."""
    form = medication_lists().forms.get(medicine.form)
    said = form.said.lower() if form is not None else medicine.form
    return " ".join(part for part in (medicine.name, medicine.strength, said) if part)
