"""The proofs from outside: a real server, a client generated from its document, and people who use it rightly and wrongly.

    python journey.py PROGRAM        where PROGRAM is the iescp-web that is to be proven
"""

import sys
import tempfile
from pathlib import Path

import privacy
import story
import wrong_turns
from client import PASSWORD, Api, Person
from server import Server


def admin_by_link(server: Server, api: Api) -> Person:
    """The first admin, made by whoever reads the terminal."""
    token = server.printed(r"/setup\?token=(\S+)")
    admin = Person(api, server.address, "ada")
    admin.do("set_up", body={**admin.credentials(), "email": "ada@example.com", "token": token})
    return admin.sign_in()


def admin_by_command(server: Server, api: Api) -> Person:
    """Another admin, made on the command line while the server serves."""
    server.command("admin", "create", "--username", "alan", given=PASSWORD + "\n")
    return Person(api, server.address, "alan").sign_in()


def main(program: Path) -> None:
    with tempfile.TemporaryDirectory() as place, Server(program, Path(place)) as server:
        api = Api(server.command("openapi"), Path(place))
        print(f"a client was generated: {len(api.operations)} operations")
        server.start("--rate-limit", "1000000", "--log", "warn")
        admin = admin_by_link(server, api)
        assert admin_by_command(server, api).do("list_accounts").items
        told = story.tell(server, api, admin)
        print("the journey was made")
        turns = wrong_turns.take(server, api, admin, told)
        print(f"{turns} wrong turns were refused, each with a sentence, and changed nothing")
        answers = privacy.look_around(api, told)
        print(f"{answers} answers to strangers told nothing private")
        server.check()
        server.stop()
        server.check()
        print("the store is as it should be, while serving and after")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
