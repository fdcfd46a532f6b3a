"""The program itself, as whoever installs it meets it: its commands, what it prints, its address."""

import os
import re
import subprocess
import uuid
from pathlib import Path

PATIENCE = 60
"""Seconds after which something that should be instant counts as hanging."""


class Server:
    """A server in a directory of its own."""

    def __init__(self, program: Path, directory: Path):
        self.program = program
        self.directory = directory
        self.log = directory / "log"
        self.process: subprocess.Popen[str] | None = None
        self.address = ""
        self.setup_token = ""
        self.store = empty_store()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def command(self, *arguments: str, given: str = "") -> str:
        """Runs a command to its end; what it printed."""
        done = subprocess.run(
            [self.program, *arguments],
            cwd=self.directory,
            env=self.surroundings(),
            input=given,
            text=True,
            capture_output=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{arguments}: {done.returncode} {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, *options: str, later: str = "") -> None:
        """Starts serving, and reads the address. `later` is how much later it is for the server, such as `+73h`."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [self.program, "serve", "--listen", "127.0.0.1:0", *options],
                cwd=self.directory,
                env={**self.surroundings(), **(clock(later) if later else {})},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.address = self.printed(r"listening on (http://\S+)")

    def surroundings(self) -> dict[str, str]:
        """The environment of the program."""
        return {**surroundings(), **({"IESCP_STORE": self.store} if self.store else {})}

    def printed(self, pattern: str) -> str:
        """Waits for a line; the part of it in parentheses."""
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError(f"it ended without printing {pattern}: {self.log.read_text()}")

    def stop(self) -> None:
        """Asks it to stop, and expects that it does, well."""
        self.process.terminate()
        code = self.process.wait(timeout=PATIENCE)
        assert code == 0, f"it ended with {code}: {self.log.read_text()}"

    def check(self) -> None:
        """Expects that nothing is wrong in the store."""
        said = self.command("check")
        assert "nothing is wrong" in said, said


def empty_store() -> str | None:
    """A database of its own on the server that IESCP_TEST_POSTGRES names, if one does; otherwise the program's own default."""
    server = os.environ.get("IESCP_TEST_POSTGRES")
    if not server:
        return None
    name = f"outside_{uuid.uuid4().hex}"
    subprocess.run([os.environ["IESCP_TEST_PSQL"], server, "-q", "-c", f"CREATE DATABASE {name}"], check=True)
    return f"{server.rsplit('/', 1)[0]}/{name}"


def clock(later: str) -> dict[str, str]:
    """Lets a program believe that it is later, by faketime's library; its own command would stand between us and the program."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": str(library), "FAKETIME": later, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def surroundings() -> dict[str, str]:
    """The environment, without settings that somebody may have in theirs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("IESCP_")}
