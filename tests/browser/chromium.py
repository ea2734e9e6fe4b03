"""Find the Chromium that the browser tests use, or install one.

``python -m tests.browser.chromium`` prints where it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

VARIABLE = "LAGESBILD_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge")
PLAYWRIGHT = [[sys.executable, "-m", "playwright", "install", "chromium"]]
SYSTEM = {
    "apt-get": [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]],
    "dnf": [["dnf", "install", "-y", "chromium"]],
}


def find() -> str | None:
    """The program to use: the one asked for, one on PATH, or Playwright's own."""
    asked_for = os.environ.get(VARIABLE)
    if asked_for:
        return shutil.which(asked_for)
    on_path = [path for name in NAMES if (path := shutil.which(name))]
    return on_path[0] if on_path else _playwrights_own()


def ensure() -> str:
    """Find Chromium, install it when there is none; SystemExit when that is impossible."""
    path = find()
    if path is None and os.environ.get(VARIABLE):
        sys.exit(
            f"{VARIABLE} är {os.environ[VARIABLE]!r}, som inte är ett program som går att köra."
        )
    for commands in [PLAYWRIGHT, *_system_commands()] if path is None else []:
        _say(f"Chromium saknas. Installerar med: {commands[-1][0]} {' '.join(commands[-1][1:])}")
        if all(_succeeds(command) for command in commands):
            path = find()
        if path:
            break
    return path or sys.exit(
        "Chromium finns inte och gick inte att installera. Installera chromium för hand, "
        f"eller ange var programmet finns i miljövariabeln {VARIABLE}."
    )


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        return None
    # On Linux its files can be there and the system libraries that it needs not.
    return path if os.name == "nt" or _succeeds([path, "--version"]) else None


def _system_commands() -> list[list[list[str]]]:
    """The commands of the package managers that this machine has."""
    return [
        [as_root() + command for command in commands]
        for manager, commands in SYSTEM.items()
        if shutil.which(manager)
    ]


def as_root() -> list[str]:
    """What stands before a command that needs to be root."""
    is_root = getattr(os, "geteuid", lambda: 0)() == 0
    return [] if is_root else ["sudo", "-n"]


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0
    except OSError:  # the program does not exist, sudo for one
        return False


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    sys.stdout.write(ensure() + "\n")
