"""What people see: Qt only, no SQL, no keyring, no reportlab."""

from bt_desktop.views.none_guard import keep_none_alive

keep_none_alive()
