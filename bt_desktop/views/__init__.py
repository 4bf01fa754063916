"""What people see: Qt only, no SQL, no keyring, no reportlab."""

from bt_desktop.views.import_hook import import_past_qt
from bt_desktop.views.none_guard import keep_none_alive

import_past_qt()
keep_none_alive()
