"""Schemathesis against the real server: whatever is asked, the answer is one that the document tells of, and never a 500.

    python strangers.py PROGRAM [EXAMPLES [ROLE...]]
        EXAMPLES for each operation, 5 if nothing is said; as sponsor, influencer and admin, or as those that are named
"""

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


def surprises(tools: Path, person: Person, document: Path, examples: str) -> int:
    """Asks as a person; how the run ended."""
    token = person.do("make_token", body={"name": "strangers", "scope": "write", "expires_in_days": 1}).token
    spared = [option for operation in SPARED for option in ("--exclude-operation-id", operation)]
    return subprocess.run(
        [tools / "schemathesis", "run", document, "--url", person.url, "--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]
        + ["--max-examples", examples, "--seed", "1", "--workers", "2", "--generation-database", "none", "--no-color"]
        + ["--header", f"Authorization: Bearer {token}", *spared],
        cwd=document.parent,
    ).returncode


def main(program: Path, examples: str = "5", *roles: str) -> None:
    tools = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as place, Server(program, Path(place)) as server:
        api = Api(server.command("openapi"), Path(place))
        server.start("--rate-limit", "1000000", "--log", "error")
        of_roles = people(server, api)
        document = Path(place) / "openapi.json"
        ends = {role: surprises(tools, of_roles[role], document, examples) for role in roles or of_roles}
        server.check()
    assert not any(ends.values()), f"surprises: {ends}"


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), *sys.argv[2:])
