"""The proofs about mails from outside: the real server writes every kind of mail to a real mail server.

    python mails.py PROGRAM        where PROGRAM is the iescp-web that is to be proven

What comes by the clock alone comes from a server that believes it is a day later, then three. One kind is left: a payout that fails, which
the sandbox's never do; its words are proven beside the worker.
"""

import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from client import PASSWORD, Api, Person, Refused, usd
from journey import admin_by_link
from mail_server import STOPPABLE, MailServer, link, text
from market import campaign, day, published, terms, work
from server import Server
from story import eventually

HOSTILE = [
    "=?utf-8?q?=0D=0ABcc:_thief=40example.com?=",
    "Bcc: thief@example.com",
    "<script>planted()</script> & \"quotes\"",
    "شاي للجميع",
    "🍵 Tee für alle 🍵",
    "ö" * 60,
]
"""Names that nobody means well by, or that programs stumble over."""

REFUSED = ["tea\r\nBcc: thief@example.com", "tea\u2028Bcc: thief@example.com", "tea\u202eelihw", "tea\x00"]
"""Names that nobody may have."""


class Post:
    """The people of the proof and their mail server."""

    def __init__(self, server: Server, api: Api, mail: MailServer, options: tuple[str, ...]):
        self.server, self.api, self.mail, self.options = server, api, mail, options
        server.start(*options)
        self.admin = admin_by_link(server, api)
        self.prove(self.admin)

    def person(self, role: str, name: str) -> Person:
        """Somebody who has proven their address."""
        person = Person(self.api, self.server.address, name).register(role)
        self.prove(person)
        return person

    def prove(self, person: Person) -> None:
        mail = self.mail.wait(address(person), "confirm your e-mail address")
        Person(self.api, self.server.address).do("verify_email", body={"token": link(mail, r"/verify-email\?token=(\S+)")})

    def gets(self, person: Person, about: str) -> Any:
        return self.mail.wait(address(person), about)


def address(person: Person) -> str:
    return f"{person.name}@example.com"


def approval(post: Post) -> Person:
    sponsor = post.person("sponsor", "teahouse")
    post.gets(post.admin, "teahouse waits for approval")
    post.admin.do("reject_account", sponsor.id, body={"reason": "Bcc: thief@example.com\nWhich tea?"})
    refused = post.gets(sponsor, "was not approved")
    assert "> Which tea?" in text(refused)
    sponsor.do("apply_again")
    post.admin.do("approve_account", sponsor.id)
    post.gets(sponsor, "your account was approved")
    post.admin.do("verify_account", sponsor.id, body={"checked": "The register of companies."})
    post.gets(sponsor, " security: ")
    return sponsor


def negotiation(post: Post, sponsor: Person, ines: Person, otto: Person) -> Any:
    made = published(sponsor, "Tea for all", 500_000)
    request = sponsor.do("ask_in_campaign", made, body=terms(50_000, influencer_id=str(ines.id))).id
    post.gets(ines, "invites you to “Tea for all”")
    ines.do("counter_offer", request, body=terms(60_000, offer=1))
    post.gets(sponsor, "ines made a new offer")
    _, version = sponsor.versioned(f"/campaigns/{made}")
    sponsor.do("change_campaign", made, body={"goals": "Show the tea to everybody."}, if_match=version)
    post.gets(ines, "Please confirm your offer")
    ines.do("confirm_offer", request, body={"offer": 2})
    post.gets(sponsor, "ines confirmed the offer")
    sponsor.do("reject_request", request, body={"offer": 2, "reason": "Too dear.\n-- \nBcc: thief@example.com"})
    assert "> Too dear." in text(post.gets(ines, "declined"))
    request = otto.do("ask_in_campaign", made, body=terms(10_000)).id
    post.gets(sponsor, "otto applied to “Tea for all”")
    otto.do("withdraw_request", request, body={})
    post.gets(sponsor, "otto withdrew")
    post.admin.do("flag_campaign", made, body={"reason": "What is this?"})
    post.gets(sponsor, "“Tea for all” was flagged")
    post.admin.do("unflag_campaign", made)
    post.gets(sponsor, "no longer flagged")
    return made


def agreed(sponsor: Person, influencer: Person, title: str) -> Any:
    made = published(sponsor, title, 100_000)
    request = influencer.do("ask_in_campaign", made, body=terms(40_000)).id
    return sponsor.do("accept_offer", request, body={"offer": 1, "name": "Tea House"}).collaboration_id


def collaboration(post: Post, sponsor: Person, ines: Person) -> None:
    one = agreed(sponsor, ines, "Green tea")
    post.gets(ines, "accepted your offer for “Green tea”")
    ines.do("submit_work", one, body=work())
    post.gets(sponsor, "ines submitted work")
    sponsor.do("request_changes", one, body={"reasons": "More steam."})
    assert "> More steam." in text(post.gets(ines, "asks for changes"))
    ines.do("submit_work", one, body=work())
    sponsor.do("approve_work", one)
    assert "400.00 USD" in text(post.gets(ines, "was approved"))
    ines.do("leave_review", one, body={"rating": 5, "text": "Kind."})
    sponsor.do("leave_review", one, body={"rating": 4})
    post.gets(ines, "reviewed you")
    post.gets(sponsor, "reviewed you")
    ines.do("request_payout", body={"amount": usd(40_000)})
    post.gets(ines, "payout is on its way")

    two = agreed(sponsor, ines, "Black tea")
    ines.do("step_down", two, body={"reason": "I am ill."})
    post.gets(sponsor, "was cancelled")

    three = agreed(sponsor, ines, "White tea")
    sponsor.do("propose_split", three, body={"to_influencer": usd(10_000)})
    post.gets(ines, "proposes how to end")
    sponsor.do("withdraw_split", three)
    post.gets(ines, "took back the proposal")
    ines.do("open_dispute", three, body={"reason": "No word."})
    post.gets(sponsor, "opened a dispute")
    post.gets(post.admin, "dispute was opened")
    ines.do("withdraw_dispute", three)
    post.gets(sponsor, "withdrew the dispute")
    post.gets(post.admin, "dispute was withdrawn")
    ines.do("open_dispute", three, body={"reason": "Still no word."})
    post.admin.do("rule_dispute", three, body={"to_influencer": usd(10_000), "reasons": "Half done."})
    post.gets(ines, "was decided")
    post.gets(sponsor, "was decided")

    four = published(sponsor, "Red tea", 100_000)
    ines.do("ask_in_campaign", four, body=terms(10_000))
    sponsor.do("complete_campaign", four)
    post.gets(ines, "has expired")


def talk(post: Post, sponsor: Person, ines: Person) -> None:
    for said in ("Hello!", "Are you there?"):
        sponsor.do("send_message", ines.id, body={"text": said})
    mail = post.gets(ines, "New message from")
    assert "Hello!" not in text(mail), "what was written stands on the page alone"
    report = {"kind": "account", "id": str(sponsor.id), "category": "spam", "text": "They write too much."}
    ines.do("report_abuse", body=report)
    post.gets(post.admin, "reported abuse")
    reports = post.admin.do("list_abuse_reports").items
    post.admin.do("resolve_abuse_report", reports[0].id, body={"outcome": "dismiss", "reason": "They do not."})
    post.gets(ines, "report was looked at")


def security(post: Post, ines: Person, otto: Person) -> None:
    nobody = Person(post.api, post.server.address, "otto-too")
    nobody.do("register", body={**nobody.credentials(), "email": address(otto), "role": "influencer", "display_name": "Otto"})
    post.gets(otto, "You have an account")
    nobody.do("forget_password", body={"email": address(ines)})
    post.gets(ines, "Choose a new password")
    otto.do("make_token", body={"name": "script", "scope": "read"})
    post.gets(otto, " security: ")
    otto.do("change_password", body={"current_password": PASSWORD, "new_password": PASSWORD + "-more"})
    eventually(lambda: any("password of your account was changed" in text(mail) for mail in post.mail.mails()))
    post.admin.do("flag_account", otto.id, body={"reason": "Fraud."})
    eventually(lambda: any("An admin suspended" in text(mail) for mail in post.mail.mails()))


def hostility(post: Post, sponsor: Person, ines: Person, made: Any) -> None:
    """Names that mean no good change nothing but the words."""
    for number, name in enumerate(REFUSED):
        try:
            person = Person(post.api, post.server.address, f"refused{number}")
            account = {**person.credentials(), "email": address(person), "role": "influencer", "display_name": name}
            person.do("register", body=account)
        except Refused as refused:
            assert refused.problem.status == 422, refused
        else:
            raise AssertionError(f"somebody is called {name!r}")
    for number, name in enumerate(HOSTILE):
        person = Person(post.api, post.server.address, f"hostile{number}")
        account = {**person.credentials(), "email": address(person), "role": "influencer", "display_name": name}
        person.do("register", body=account)
        person.sign_in().do("ask_in_campaign", made, body=terms(1_000 + number, note=name))
        person.do("send_message", sponsor.id, body={"text": f"{name}\r\nBcc: thief@example.com"})
        titled = published(sponsor, name, 10_000)
        sponsor.do("ask_in_campaign", titled, body=terms(1_000, influencer_id=str(ines.id)))
    for name in HOSTILE:
        post.gets(sponsor, f"^{re.escape(name)} applied to “Tea for all”$")
        post.gets(sponsor, f"^New message from {re.escape(name)}$")
        post.gets(ines, f"^teahouse invites you to “{re.escape(name)}”$")


def outage(post: Post, sponsor: Person, made: Any) -> None:
    """A mail server that is down for a while."""
    post.mail.stop()
    for number in range(8):
        person = Person(post.api, post.server.address, f"patient{number}").register("influencer")
        person.do("ask_in_campaign", made, body=terms(2_000 + number))
    time.sleep(3)
    post.mail.start()
    for number in range(8):
        post.gets(sponsor, f"patient{number} applied")


def one_click(post: Post, ines: Person) -> None:
    """Ends mails as Gmail does: no cookie, no origin."""
    mail = post.gets(ines, "New message from")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = str(mail["List-Unsubscribe"]).strip("<>")
    assert httpx.get(url).status_code == 200 and ines.do("show_preferences").to_dict()["mail"]["messages"]
    sent = httpx.post(url, content="List-Unsubscribe=One-Click", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert sent.status_code == 200, sent.text
    assert ines.do("show_preferences").to_dict()["mail"]["messages"] is False


def days_later(post: Post, sponsor: Person, ines: Person) -> None:
    """A day, and two more, in which nobody does anything."""
    waits = agreed(sponsor, ines, "Patient tea")
    ines.do("submit_work", waits, body=work())
    disputed = agreed(sponsor, ines, "Cold tea")
    ines.do("open_dispute", disputed, body={"reason": "No word at all."})
    ending = sponsor.do("draft_campaign", body={**campaign("Brief tea", 10_000), "end": day(1)}).id
    sponsor.do("fund_campaign", ending, body={"amount": usd(10_000)})
    sponsor.do("publish_campaign", ending)
    post.gets(post.admin, "dispute was opened about “Cold tea”")
    post.server.stop()
    # The clock of a review starts once its notice is delivered, at the next full minute.
    post.server.start(*post.options, later="+2m")
    again = Person(post.api, post.server.address, sponsor.name).sign_in()
    eventually(lambda: "review_ends_at" in again.do("show_collaboration", waits).to_dict())
    post.server.stop()
    post.server.start(*post.options, later="+25h")
    post.gets(sponsor, "Work by ines waits for your review")
    post.server.stop()
    post.server.start(*post.options, later="+73h")
    post.gets(post.admin, "A dispute waits for a ruling")
    post.gets(sponsor, "^“Brief tea” has ended$")


def all_told(mail: MailServer) -> tuple[int, int]:
    """How many mails there were, of how many subjects; none twice."""
    mails = mail.mails()
    ids = [str(one["Message-ID"]) for one in mails]
    assert len(ids) == len(set(ids)), "a mail came twice"
    messages = [one for one in mails if str(one["Subject"]).startswith("New message from teahouse")]
    assert len(messages) == 1, "one mail for a thread until it is read"
    for one in mails:
        safe = any(word in str(one["Subject"]) for word in ("confirm your e-mail", "Choose a new", " security: ", "have an account"))
        assert (set(one.keys()) >= STOPPABLE) != safe, one["Subject"]
    return len(mails), len({str(one["Subject"]) for one in mails})


def main(program: Path) -> None:
    with tempfile.TemporaryDirectory() as place, MailServer() as mail, Server(program, Path(place)) as server:
        api = Api(server.command("openapi"), Path(place))
        smtp = f"smtp://127.0.0.1:{mail.port}"
        post = Post(server, api, mail, ("--rate-limit", "1000000", "--log", "warn", "--smtp", smtp, "--mails-per-hour", "100000"))
        sponsor = approval(post)
        ines, otto = post.person("influencer", "ines"), post.person("influencer", "otto")
        made = negotiation(post, sponsor, ines, otto)
        collaboration(post, sponsor, ines)
        talk(post, sponsor, ines)
        one_click(post, ines)
        hostility(post, sponsor, ines, made)
        outage(post, sponsor, made)
        security(post, ines, otto)
        days_later(post, sponsor, ines)
        server.stop()
        mails, subjects = all_told(mail)
        print(f"{mails} mails with {subjects} subjects were sent by SMTP; Python finds no defect in any, none came twice, none was lost")
        server.check()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
