#!/bin/sh
# Set up booklet: system libraries, fonts, and a Python environment in .venv.
# It ends at once, without a word, where nothing has changed since the last time.
set -eu

usage() {
    cat <<'END'
Usage: scripts/setup.sh [--test] [--no-system] [--dry-run]

  --test        add what the tests need
  --no-system   leave libraries and fonts to you
  -n, --dry-run say what would be installed, and change nothing
END
}

PYTHONS='python3 python3.13 python3.12 python3.11'
PYTHON_IS_NEW_ENOUGH='import sys; sys.exit(sys.version_info < (3, 11))'

APT_RUNTIME='fontconfig fonts-lxgw-wenkai fonts-noto-cjk fonts-noto-cjk-extra
    fonts-sil-andika ghostscript libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0'
APT_TEST='mupdf-tools poppler-utils qpdf'
APT_JAVA='default-jre-headless'
APT_NODE='nodejs npm'
APT_CHROMIUM='chromium'
# Some releases lack these, and booklet works without, if less well: Python subsets the fonts, another face stands in,
# the ink of a press file stays unmeasured, no judge of accessibility is asked.
APT_OPTIONAL=' chromium fonts-lxgw-wenkai fonts-noto-cjk-extra fonts-sil-andika ghostscript libharfbuzz-subset0 nodejs npm '

# The ICC profile of coated paper, for the press edition: zlib licence, (c) basICColor GmbH, the same file for years.
# Of the package that brings it, nothing else is needed.
PROFILE='ISOcoated_v2_300_bas.icc'
PROFILE_PACKAGE='scribus-data'
PROFILE_FOLDER='usr/share/scribus/profiles'
PROFILE_DIGEST='b424c77f40c3423c925536f8ae08634985ccd0fe80eb253d5d229197ded7e886'

BREW_RUNTIME='pango libffi ghostscript'
BREW_FONTS='font-noto-serif-cjk-sc font-noto-sans-cjk-sc font-lxgw-wenkai font-andika'
BREW_TEST='mupdf-tools poppler qpdf'
BREW_JAVA='openjdk'
BREW_NODE='node'
BREW_CHROMIUM='google-chrome'

OTHER_RUNTIME='Pango 1.44 or newer, HarfBuzz, fontconfig, Ghostscript, Noto Serif CJK SC, Noto Sans CJK SC, LXGW WenKai and Andika'
OTHER_TEST='MuPDF (mutool), Poppler (pdftotext, pdftoppm), qpdf, a Java runtime (for EPUBCheck),
    Node 18 or newer with npm and Chromium (for Ace and reading systems)'

# The judge of accessibility and the reading systems are packages of Node; Puppeteer's own Chromium stays away.
NODE_LOCK='requirements/node/package-lock.json'
NODE_FOLDER='.venv/share/node'
NODE_IS_NEW_ENOUGH='process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'
CHROMIUMS='chromium chromium-browser google-chrome google-chrome-stable'
CHROMIUM_APPS='/Applications/Chromium.app /Applications/Google?Chrome.app'

say() { printf 'setup: %s\n' "$1"; }

fail() {
    printf 'error: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '  hint: %s\n' "$2" >&2
    exit 1
}

# Run a command with its noise in the log; show the end of the log only if it fails.
quietly() {
    printf '\n$ %s\n' "$*" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null && return
    tail -n 20 "$log" | sed 's/^/  | /' >&2
    return 1
}

digest() {
    if command -v sha256sum >/dev/null; then
        sha256sum
    elif command -v shasum >/dev/null; then
        shasum -a 256
    else
        cksum
    fi
}

# The system is part of the key, so that an upgraded or another machine is set up anew.
# So is the folder, since an environment cannot be moved.
key() {
    {
        printf '%s\n' "$root" "$system"
        uname -sm
        if [ -r /etc/os-release ]; then cat /etc/os-release; fi
        cat scripts/setup.sh pyproject.toml "$1"
    } | digest
}

is_up_to_date() {
    [ -x .venv/bin/python ] && [ -r "$stamp" ] && [ "$(cat "$stamp")" = "$(key "$lock")" ]
}

# macOS has a `java` that only says where to get one, so being on PATH is not enough.
has_java() { java -version >/dev/null 2>&1; }

has_node() { command -v npm >/dev/null && node -e "$NODE_IS_NEW_ENOUGH" >/dev/null 2>&1; }

has_chromium() {
    for name in $CHROMIUMS; do
        if command -v "$name" >/dev/null; then return; fi
    done
    for app in $CHROMIUM_APPS; do
        if [ -d "$app" ]; then return; fi
    done
    return 1
}

# Another Node, or one at last, is a reason to install its packages anew.
node_key() {
    {
        printf '%s\n' "$root"
        if has_node; then node --version; fi
        cat requirements/node/package.json "$NODE_LOCK"
    } | digest
}

node_is_up_to_date() {
    [ "$kind" != dev ] ||
        { [ -r "$NODE_FOLDER/.setup" ] && [ "$(cat "$NODE_FOLDER/.setup")" = "$(node_key)" ]; }
}

# --- Python ---------------------------------------------------------------------------------------

# The names of all that would do, best first.
pythons() {
    for name in $PYTHONS; do
        if "$name" -c "$PYTHON_IS_NEW_ENOUGH" 2>/dev/null; then echo "$name"; fi
    done
}

no_python() {
    fail "Python 3.11 or newer is needed, and none of $(echo "$PYTHONS" | sed 's/ /, /g') is one" \
        "put one on PATH"
}

venv_works() {
    [ -x .venv/bin/python ] && .venv/bin/python -c "$PYTHON_IS_NEW_ENOUGH; import pip" 2>/dev/null &&
        grep -qsF "$root/.venv/" .venv/bin/pip
}

# Only making one tells whether a Python can: Debian's may lack half of its `venv` module.
make_venv() {
    for python in $(pythons); do
        printf '\n$ %s -m venv .venv\n' "$python" >>"$log"
        if "$python" -m venv --clear "$root/.venv" >>"$log" 2>&1 </dev/null && venv_works; then
            return
        fi
    done
    return 1
}

# The package that completes Debian's own Python; its name carries the version unless it is the default one.
apt_venv() {
    for python in $(pythons); do
        "$python" - <<'END' && return
import os.path
import sys

if sys.base_prefix != "/usr":
    sys.exit(1)
name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
default = os.path.basename(os.path.realpath("/usr/bin/python3")) == name
print("python3-venv" if default else f"{name}-venv")
END
    done
    return 1
}

can_make_venv() {
    for python in $(pythons); do
        "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    done
    return 1
}

# --- Debian and Ubuntu ----------------------------------------------------------------------------

apt_wanted() {
    # shellcheck disable=SC2086  # lists of words
    printf '%s\n' $APT_RUNTIME
    if [ "$kind" = dev ]; then
        # shellcheck disable=SC2086
        printf '%s\n' $APT_TEST
        if ! has_java; then echo "$APT_JAVA"; fi
        # shellcheck disable=SC2086
        if ! has_node; then printf '%s\n' $APT_NODE; fi
        if ! has_chromium; then echo "$APT_CHROMIUM"; fi
    fi
}

apt_has() {
    [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = 'install ok installed' ]
}

apt_missing() {
    for package in $(apt_wanted); do
        apt_has "$package" || printf '%s ' "$package"
    done
}

apt_offers() {
    LC_ALL=C apt-cache policy "$1" | grep -q '^  Candidate: [^(]'
}

apt_command() { echo "apt-get update && apt-get install -y --no-install-recommends $*"; }

# Install the packages given, as whoever may.
apt_install() {
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null; then
        as_root=sudo
    else
        fail "these packages are missing, and only an administrator can install them: $*" \
            "ask one to run \`$(apt_command "$@")\`"
    fi
    say "system packages: $*"
    # A broken list of some other vendor must not stop us; if one of ours is broken, the install fails.
    # shellcheck disable=SC2086  # may be empty
    quietly $as_root apt-get update -q || say 'apt-get update failed, going on with the lists at hand'
    chosen=
    for package in "$@"; do
        case $APT_OPTIONAL in
        *" $package "*)
            if ! apt_offers "$package"; then
                say "this release does not offer $package, going on without"
                continue
            fi
            ;;
        esac
        chosen="$chosen $package"
    done
    [ -n "$chosen" ] || return 0
    # Another apt at work, such as an unattended upgrade, is waited for.
    # shellcheck disable=SC2086
    quietly $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
        --no-install-recommends -o DPkg::Lock::Timeout=300 $chosen ||
        fail "installing system packages failed; all of it is in $log" \
            "as an administrator, run \`$(apt_command "$@")\`"
}

# --- The steps, for each kind of system -----------------------------------------------------------

platform() {
    if [ "$(uname -s)" = Darwin ]; then
        echo macos
    elif command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
        echo debian
    else
        echo other
    fi
}

brew_formulae() {
    list=$BREW_RUNTIME
    if [ "$kind" = dev ]; then
        list="$list $BREW_TEST"
        has_java || list="$list $BREW_JAVA"
        has_node || list="$list $BREW_NODE"
    fi
    echo "$list"
}

brew_casks() {
    list=$BREW_FONTS
    if [ "$kind" = dev ] && ! has_chromium; then list="$list $BREW_CHROMIUM"; fi
    echo "$list"
}

brew_command() { echo "brew install $(brew_formulae) && brew install --cask $(brew_casks)"; }

# A font that was put in by hand makes its cask fail, so no failure here ends the set-up.
brew_install() {
    if ! command -v brew >/dev/null; then
        say "Homebrew is missing; with it, run: $(brew_command)"
        return
    fi
    for formula in $(brew_formulae); do
        brew list --formula "$formula" >/dev/null 2>&1 && continue
        say "Homebrew formula: $formula"
        quietly brew install "$formula" || say "Homebrew could not install $formula, going on"
    done
    for cask in $(brew_casks); do
        brew list --cask "$cask" >/dev/null 2>&1 && continue
        say "Homebrew cask: $cask"
        quietly brew install --cask "$cask" || say "Homebrew could not install $cask, going on"
    done
    if [ "$kind" = dev ] && ! has_java; then
        say "for EPUBCheck, put Java on PATH: $(brew --prefix)/opt/openjdk/bin"
    fi
}

other_needs() {
    echo "booklet needs $OTHER_RUNTIME"
    if [ "$kind" = dev ]; then echo "its tests need $OTHER_TEST"; fi
}

# Take one file out of a package, without installing it; no failure here ends the set-up.
fetch_profile() {
    target=.venv/share/color/icc
    if [ -e "/$PROFILE_FOLDER/$PROFILE" ] || [ -e "$target/$PROFILE" ]; then return; fi
    command -v dpkg-deb >/dev/null || return 0
    say "ICC profile $PROFILE, out of $PROFILE_PACKAGE"
    rm -rf build/profile
    mkdir -p build/profile "$target"
    if download_profile && dpkg-deb --fsys-tarfile build/profile/*.deb |
        tar -xO "./$PROFILE_FOLDER/$PROFILE" >build/profile/icc &&
        [ "$(digest <build/profile/icc)" = "$PROFILE_DIGEST  -" ]; then
        mv build/profile/icc "$target/$PROFILE"
    else
        say 'no profile could be had, going on: the press edition will ask for one'
    fi
    rm -rf build/profile
}

download_profile() {
    for attempt in as-it-is updated; do
        if [ "$attempt" = updated ]; then
            [ "$(id -u)" = 0 ] && apt-get update -q >>"$log" 2>&1 || return 1
        fi
        if (cd build/profile && apt-get download -q "$PROFILE_PACKAGE") >>"$log" 2>&1; then return; fi
    done
    return 1
}

install_system() {
    case $(platform) in
    debian)
        missing=$(apt_missing)
        if [ "$crippled" = yes ] && package=$(apt_venv); then missing="$missing$package"; fi
        # shellcheck disable=SC2086
        if [ -n "$missing" ]; then apt_install $missing; fi
        ;;
    macos) brew_install ;;
    other) other_needs | while read -r line; do say "$line"; done ;;
    esac
}

install_python_packages() {
    say "Python packages of $lock"
    quietly .venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off \
        --require-hashes -r "$lock" ||
        fail "installing Python packages failed; all of it is in $log"
    say 'booklet itself'
    quietly .venv/bin/python -m pip install --disable-pip-version-check --no-input \
        --no-deps --no-build-isolation -e . ||
        fail "installing booklet failed; all of it is in $log"
}

# Ace and the reading systems judge e-books in tests and in `booklet check`; nothing else needs them, so that no
# failure here ends the set-up. Scripts of strangers are not run.
install_node_packages() {
    if ! has_node; then
        say 'no Node of 18 or newer with npm, going on: Ace and the reading systems will not be asked'
    else
        say "Node packages of $NODE_LOCK"
        mkdir -p "$NODE_FOLDER"
        cp requirements/node/package.json "$NODE_LOCK" "$NODE_FOLDER/"
        if ! quietly env PUPPETEER_SKIP_DOWNLOAD=1 npm ci --prefix "$NODE_FOLDER" --ignore-scripts --no-audit \
            --no-fund --no-progress --fetch-retries=1; then
            say "no packages of Node could be had, going on; all of it is in $log"
            return
        fi
    fi
    if ! has_chromium; then say 'no Chromium, going on: Ace and the reading systems will not be asked'; fi
    mkdir -p "$NODE_FOLDER"
    node_key >"$NODE_FOLDER/.setup"
}

no_venv() {
    tail -n 20 "$log" | sed 's/^/  | /' >&2
    fail "none of these can make a virtual environment: $(pythons | tr '\n' ' ')" \
        "install Python's venv and ensurepip modules; on Debian they are in python3-venv"
}

check_pango() {
    quietly .venv/bin/python -c 'import weasyprint' && return
    case $(platform) in
    macos) hint="export DYLD_FALLBACK_LIBRARY_PATH=\"\$(brew --prefix)/lib\", or use Homebrew's Python" ;;
    *) hint='install Pango where the linker finds it' ;;
    esac
    fail 'WeasyPrint does not find the libraries that it needs' "$hint"
}

dry_run() {
    echo "python: $(command -v "$(pythons | head -n 1)")"
    if [ "$system" = no ]; then
        echo 'system packages: left to you'
    else
        case $(platform) in
        debian)
            for package in $(apt_wanted); do
                if apt_has "$package"; then echo "installed: $package"; else echo "missing: $package"; fi
            done
            if ! can_make_venv && package=$(apt_venv); then echo "missing: $package"; fi
            ;;
        macos) brew_command ;;
        other) other_needs ;;
        esac
    fi
    echo "python packages: $lock"
    if [ "$kind" = dev ]; then echo "node packages: $NODE_LOCK"; fi
}

# --- Main -----------------------------------------------------------------------------------------

kind=runtime
system=yes
dry=no
for argument in "$@"; do
    case $argument in
    --test) kind=dev ;;
    --no-system) system=no ;;
    -n | --dry-run) dry=yes ;;
    -h | --help)
        usage
        exit
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
done

cd "$(dirname "$0")/.."
root=$(pwd -P)
log=build/setup.log
lock=requirements/$kind.txt
stamp=.venv/.setup-$kind

[ -n "$(pythons)" ] || no_python
if [ "$dry" = yes ]; then
    dry_run
    exit
fi
if is_up_to_date && node_is_up_to_date; then
    exit
fi

mkdir -p build
: >"$log"
if ! is_up_to_date; then
    crippled=no
    if ! venv_works; then
        say 'Python environment in .venv'
        make_venv || crippled=yes
    fi
    if [ "$system" = yes ]; then install_system; fi
    # What Python lacked has come with the system packages, so that an administrator is asked but once.
    if [ "$crippled" = yes ]; then make_venv || no_venv; fi
    install_python_packages
    check_pango
    if [ "$system" = yes ] && [ "$(platform)" = debian ]; then fetch_profile; fi
    key "$lock" >"$stamp"
    # The development lock holds all of the other, at the same versions.
    if [ "$kind" = dev ]; then key requirements/runtime.txt >.venv/.setup-runtime; fi
fi
if ! node_is_up_to_date; then install_node_packages; fi
say 'done'
