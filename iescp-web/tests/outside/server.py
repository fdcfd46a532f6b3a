"""The program itself, as whoever installs it meets it: its commands, what it prints, its address."""

import os
import re
import subprocess
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
            env=surroundings(),
            input=given,
            text=True,
            capture_output=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{arguments}: {done.returncode} {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, *options: str, later: str = "") -> None:
        """Starts serving, and reads the address. `later` is how much later it is for the server, such as `+73h`."""
        clock = ["faketime", "-m", "-f", later] if later else []
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*clock, self.program, "serve", "--listen", "127.0.0.1:0", *options],
                cwd=self.directory,
                env=surroundings(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.address = self.printed(r"listening on (http://\S+)")

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


def surroundings() -> dict[str, str]:
    """The environment, without settings that somebody may have in theirs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("IESCP_")}
