"""The document in order by its linter, and the journey by a TypeScript client made from it.

    python typescript.py PROGRAM TOOLS        where TOOLS has the node_modules of typescript/package-lock.json
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from server import PATIENCE, Server

HERE = Path(__file__).parent / "typescript"


def main(program: Path, tools: Path) -> None:
    with tempfile.TemporaryDirectory(dir=tools) as place, Server(program, Path(place)) as server:
        work = Path(place)
        for file in HERE.glob("*.*"):
            shutil.copy(file, work)
        (work / "openapi.json").write_text(server.command("openapi"))
        made = tools / "node_modules"
        run(work, "lint.mjs", "openapi.json")
        print("the linter finds nothing in the document")
        run(work, made / "openapi-typescript" / "bin" / "cli.js", "openapi.json", "--default-non-nullable", "false", "--output", "api.d.ts")
        run(work, made / "typescript" / "bin" / "tsc")
        server.start("--log", "warn")
        print(run(work, "journey.js", server.address, server.printed(r"/setup\?token=(\S+)")), end="")
        server.stop()


def run(work: Path, *command: str | Path) -> str:
    """Runs a script to its end; what it printed."""
    done = subprocess.run(["node", *command], cwd=work, text=True, capture_output=True, timeout=2 * PATIENCE)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
