"""`python -m bt_desktop` does what `bt-desktop` does."""

from bt_desktop.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
