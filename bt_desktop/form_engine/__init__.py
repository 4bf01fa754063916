"""How a form thinks: definition, expressions, session; no Qt, no SQL, no clock of its own."""
