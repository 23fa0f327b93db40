# shellcheck shell=bash
# Read by ./run, ./test and scripts/*: how an environment is made. Needs Python 3.11, venv and pip, nothing else.

readonly uv=.uv/bin/uv
export PIP_DISABLE_PIP_VERSION_CHECK=1

fail() {
  printf '%s\n' "$1" >&2
  exit 2
}

# The first interpreter that is new enough, on standard output.
find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  fail "Piramide needs Python 3.11 or newer; on Debian or Ubuntu: apt-get install python3 python3-venv"
}

make_venv() {
  local python=$1 folder=$2
  "$python" -c 'import ensurepip, venv' 2>/dev/null \
    || fail "Piramide needs the venv module of Python; on Debian or Ubuntu: apt-get install python3-venv"
  "$python" -m venv --clear "$folder"
}

# One word that changes when the interpreter, a lock or the way the project is packaged does.
# Settings of the tools in pyproject.toml do not count: they need no installation.
fingerprint() {
  "$1" - "${@:2}" <<'PYTHON'
import hashlib, json, pathlib, sys, tomllib

project = tomllib.loads(pathlib.Path("pyproject.toml").read_text(encoding="utf-8"))
packaging = [project["build-system"], project["project"], project["tool"]["hatch"]]
parts = [sys.version, json.dumps(packaging), *(pathlib.Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])]
print(hashlib.sha256("\0".join(parts).encode()).hexdigest())
PYTHON
}

# uv lives in a venv of its own: it is the installer, never one of the product's packages.
ensure_uv() {
  local python stamp
  python=$(find_python)
  stamp=$(fingerprint "$python" requirements/installer.txt)
  [[ -f .uv/.stamp && $(<.uv/.stamp) == "$stamp" ]] && return
  make_venv "$python" .uv
  .uv/bin/python -m pip install -qq --require-hashes --requirement requirements/installer.txt \
    || fail "uv could not be installed: can this machine reach a package index?"
  printf '%s' "$stamp" >.uv/.stamp
}

# ensure_venv FOLDER LOCK: a venv that holds exactly what the lock says, and the product itself, editable.
ensure_venv() {
  local folder=$1 lock=$2 python stamp
  python=$(find_python)
  stamp="$lock $(fingerprint "$python" "requirements/$lock.txt" requirements/build.txt)"
  [[ -f $folder/.stamp && $(<"$folder/.stamp") == "$stamp" ]] && return
  ensure_uv
  if [[ $("$folder/bin/python" --version 2>/dev/null) != "$("$python" --version)" ]]; then
    make_venv "$python" "$folder"
  fi
  printf 'Installing what Piramide needs into %s ...\n' "$folder" >&2
  "$uv" pip sync --quiet --python "$folder/bin/python" --require-hashes "requirements/$lock.txt" \
    || fail "The packages of requirements/$lock.txt could not be installed: can this machine reach a package index?"
  "$uv" pip install --quiet --python "$folder/bin/python" --no-deps --build-constraints requirements/build.txt --editable . \
    || fail "Piramide itself could not be installed into $folder: the lines above say why"
  printf '%s' "$stamp" >"$folder/.stamp"
}

# ensure_assets [--omit=dev]: what browsers load, from npm by the lock; npm of the machine, else the one that Python brings.
ensure_assets() {
  local npm=npm stamp
  stamp="${1-all} $(cksum <package-lock.json)"
  [[ -f node_modules/.stamp ]] && { [[ $(<node_modules/.stamp) == "$stamp" || $(<node_modules/.stamp) == "all $(cksum <package-lock.json)" ]] && return; }
  if ! command -v npm >/dev/null || (($(node --version | sed 's/^v\([0-9]*\).*/\1/') < 20)); then
    make_venv "$(find_python)" .node
    .node/bin/python -m pip install -qq --require-hashes --requirement requirements/assets.txt \
      || fail "Node could not be installed: can this machine reach a package index?"
    npm=.node/bin/npm
    PATH=$PWD/.node/bin:$PATH
  fi
  printf 'Installing what browsers load into node_modules ...\n' >&2
  "$npm" ci --silent "$@" || fail "The packages of package-lock.json could not be installed: can npm reach its registry?"
  printf '%s' "$stamp" >node_modules/.stamp
}

# ensure_debian_packages COMMAND=PACKAGE...: what the tests call and Python packages do not bring.
ensure_debian_packages() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  ((${#missing[@]} == 0)) && return
  if ! command -v apt-get >/dev/null || ((EUID != 0)); then
    fail "The tests need these Debian packages, and only root can install them: apt-get install ${missing[*]}"
  fi
  printf 'Installing %s ...\n' "${missing[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null && apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null \
    || fail "apt-get could not install: ${missing[*]}"
}
