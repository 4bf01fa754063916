"""bt_desktop: exact, sealed, encrypted records of what happened to a child at school."""

__version__ = "0.1.0"
