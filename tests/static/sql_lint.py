"""Lint the SQL that has changed since it last passed: `python tests/static/sql_lint.py`.

A file is linted again when it, a macro that it reaches by name, or the linter's settings changed;
what passed once under the same text would pass again. A clean clone lints everything.
"""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("models", "tests/singular")
PASSED = ROOT / ".sqlfluff_passed.json"


def keys() -> dict[str, str]:
    """Return for each SQL file the hash of all that its lint depends on."""
    macros = {path.stem: path.read_text() for path in (ROOT / "macros").rglob("*.sql")}
    called = {name: set(re.findall(r"\w+", text)) & set(macros) for name, text in macros.items()}
    stubs = sorted((ROOT / "tests" / "static" / "lint_stubs").rglob("*.py"))
    version = subprocess.run(["sqlfluff", "--version"], capture_output=True, check=True).stdout
    settings = version + b"".join(path.read_bytes() for path in (ROOT / ".sqlfluff", *stubs))
    found = {}
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.sql")):
        text = path.read_text()
        reached, waiting = set(), set(re.findall(r"\w+", text)) & set(macros)
        while waiting:
            reached |= waiting
            waiting = {name for one in waiting for name in called[one]} - reached
        parts = [text, *(macros[name] for name in sorted(reached))]
        content = settings + "\0".join(parts).encode()
        found[str(path.relative_to(ROOT))] = hashlib.sha256(content).hexdigest()
    return found


def main() -> int:
    """Lint what has not passed yet; return the linter's exit code."""
    now = keys()
    try:
        passed = json.loads(PASSED.read_text())
    except (OSError, ValueError):
        passed = {}
    changed = [name for name, key in now.items() if passed.get(name) != key]
    if not changed:
        return 0
    command = ["sqlfluff", "lint", "--disable-progress-bar", *changed]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    sys.stdout.write(result.stdout)
    sys.stderr.write(result.stderr)
    failed = set(re.findall(r"^== \[(.+)\] FAIL$", result.stdout, re.MULTILINE))
    # A linter that broke down said nothing of any file.
    if result.returncode == 0 or failed:
        good = {name: key for name, key in now.items() if name not in failed}
        PASSED.write_text(json.dumps(good, indent=0))
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
