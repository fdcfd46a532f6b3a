"""The journey by a Rust client that progenitor makes from the API's document.

    python rust.py PROGRAM
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from server import PATIENCE, Server

HERE = Path(__file__).parent / "rust"
#: Compiling a client and what it needs, once, on a busy machine.
COMPILING = 1500


def main(program: Path) -> None:
    with tempfile.TemporaryDirectory() as place, Server(program, Path(place)) as server:
        work = Path(place) / "client"
        shutil.copytree(HERE, work)
        (work / "openapi.json").write_text(server.command("openapi"))
        target = Path(os.environ.get("CARGO_TARGET_DIR", Path.home() / ".cache" / "iescp" / "target")) / "outside"
        cargo = ["cargo", "build", "--locked", "--quiet", "--target-dir", str(target)]
        subprocess.run(cargo, cwd=work, check=True, timeout=COMPILING)
        server.start("--log", "warn")
        client = [target / "debug" / "iescp-outside", server.address, server.printed(r"/setup\?token=(\S+)")]
        done = subprocess.run(client, text=True, capture_output=True, timeout=2 * PATIENCE)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        print(done.stdout, end="")
        server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
