#!/bin/sh
# Debian packages that checks and tests need: a browser without its own screens (a whole one does as well), gettext, a PDF reader.
# Installed where this runs as root; named in a sentence where it does not.
set -eu
wanted=""
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || wanted="$wanted chromium-headless-shell"
command -v msgfmt >/dev/null || wanted="$wanted gettext"
command -v pdftoppm >/dev/null || wanted="$wanted poppler-utils"
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "Missing for the tests:$wanted. Install them once: sudo apt-get install -y --no-install-recommends$wanted" >&2
    exit 1
fi
command -v apt-get >/dev/null || { echo "Missing for the tests:$wanted, and there is no apt-get here." >&2; exit 1; }
echo "Installing$wanted…" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends $wanted >/dev/null
