"""What is kept: tables, opening, migrations."""
