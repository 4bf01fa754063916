#!/bin/sh
# Tries the keyring for real: a session bus of its own, gnome-keyring unlocked with a throw-away
# password in a throw-away home, so that nobody's own keyring is touched.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-$here/.venv/bin/python}
for need in dbus-run-session gnome-keyring-daemon; do
    command -v "$need" >/dev/null || { echo "missing: $need (apt-get install gnome-keyring dbus)"; exit 2; }
done
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home" XDG_RUNTIME_DIR="$home" XDG_DATA_HOME="$home" BT_REAL_KEYRING=1
cd "$here"
dbus-run-session -- sh -c '
    printf throw-away | gnome-keyring-daemon --unlock --components=secrets >/dev/null
    exec "$0" -m pytest tests/security/test_keyring_real.py -m keyring_real -q -p no:cacheprovider "$@"
' "$python" "$@"
