"""What people see: Qt only, no SQL, no keyring, no reportlab."""
