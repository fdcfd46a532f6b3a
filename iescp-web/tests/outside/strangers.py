"""Schemathesis against the real server: whatever is asked, the answer is one that the document tells of, and never a 500.

    python strangers.py PROGRAM [EXAMPLES [ROLE...]]
        EXAMPLES for each operation, 5 if nothing is said; as sponsor, influencer and admin, or as those that are named
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from client import Api, Person
from journey import admin_by_link
from server import Server

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

SPARED = ["follow_events", "close_me", "revoke_tokens", "revoke_token", "end_session", "end_other_sessions", "log_out"]
"""A stream without end, and what would end the role's own token."""


def people(server: Server, api: Api) -> dict[str, Person]:
    admin = admin_by_link(server, api)
    sponsor = Person(api, server.address, "teahouse").register("sponsor")
    admin.do("approve_account", sponsor.id)
    influencer = Person(api, server.address, "ines").register("influencer")
    return {"sponsor": sponsor, "influencer": influencer, "admin": admin}


def begin(tools: Path, person: Person, document: Path, directory: Path, examples: str) -> subprocess.Popen[str]:
    """Begins to ask as a person. With one worker each: with more it trips over itself now and then."""
    directory.mkdir()
    token = person.do("make_token", body={"name": "strangers", "scope": "write", "expires_in_days": 1}).token
    spared = [option for operation in SPARED for option in ("--exclude-operation-id", operation)]
    return subprocess.Popen(
        [tools / "schemathesis", "run", document, "--url", person.url, "--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]
        + ["--max-examples", examples, "--seed", "1", "--workers", "1", "--generation-database", "none", "--no-color"]
        + ["--header", f"Authorization: Bearer {token}", *spared],
        cwd=directory,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def ended(role: str, run: subprocess.Popen[str]) -> int:
    """Waits for its end; how many requests were made. All that it said, if there was a surprise."""
    said, _ = run.communicate()
    made = re.search(r"(\d+) generated, \1 passed", said)
    assert run.returncode == 0 and made, f"surprises for the {role}: {said}"
    return int(made[1])


def main(program: Path, examples: str = "5", *roles: str) -> None:
    tools = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as place, Server(program, Path(place)) as server:
        api = Api(server.command("openapi"), Path(place))
        server.start("--rate-limit", "1000000", "--log", "error")
        of_roles = people(server, api)
        document = Path(place) / "openapi.json"
        runs = {role: begin(tools, of_roles[role], document, Path(place) / role, examples) for role in roles or of_roles}
        try:
            made = sum(ended(role, run) for role, run in runs.items())
        finally:
            for run in runs.values():
                run.kill()
        server.check()
    print(f"{made} requests that no person would send were answered as the document says")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), *sys.argv[2:])
