"""A real mail server of somebody else's (aiosmtpd), and what it was given, read by Python's own parser."""

import re
import socket
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from server import PATIENCE

ALWAYS = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted"}
"""The headers that every mail has."""

STOPPABLE = {"List-Unsubscribe", "List-Unsubscribe-Post"}
"""Those of mails that people can do without."""


class MailServer:
    """Takes every mail, while it runs."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.taken: list[tuple[list[str], bytes]] = []
        self.controller: Controller | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append((envelope.rcpt_tos, envelope.content))
        return "250 taken"

    def __enter__(self) -> "MailServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()
        self.controller = None

    def mails(self) -> list[EmailMessage]:
        """Everything that was taken, each mail proven to be a good one."""
        return [good(to, raw) for to, raw in list(self.taken)]

    def wait(self, to: str, about: str) -> EmailMessage:
        """Waits for a mail to this address whose subject says this."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for mail in self.mails():
                if str(mail["To"]) == to and re.search(about, str(mail["Subject"])):
                    return mail
            time.sleep(0.05)
        subjects = sorted((str(mail["To"]), str(mail["Subject"])) for mail in self.mails())
        raise AssertionError(f"no mail to {to} about {about!r} came; these did: {subjects}")


def good(recipients: list[str], raw: bytes) -> EmailMessage:
    """The mail, after all is well with it."""
    mail = message_from_bytes(raw, policy=policy.default)
    defects = [defect for part in mail.walk() for defect in part.defects]
    defects += [defect for part in mail.walk() for header in part.values() for defect in header.defects]
    assert not defects, f"{defects}: {raw!r}"
    names = list(mail.keys())
    assert len(names) == len(set(names)), f"a header stands twice: {names}"
    assert set(names) in (ALWAYS, ALWAYS | STOPPABLE), f"unexpected headers: {names}"
    assert [str(mail["To"])] == recipients, f"{mail['To']} is not {recipients}"
    assert mail["From"].addresses[0].addr_spec == "no-reply@iescp.invalid", mail["From"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "\n" not in str(mail["Subject"]) and len(raw.splitlines()) > 20
    assert max(len(line) for line in raw.splitlines()) <= 998, "a line is longer than mails may have"
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"], kinds
    assert "<script" not in html(mail) and "<img" not in html(mail)
    assert "\n-- \n" in text(mail).replace("\r\n", "\n")
    return mail


def text(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def html(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()


def link(mail: EmailMessage, pattern: str) -> str:
    """The part in parentheses of what the text says."""
    found = re.search(pattern, text(mail))
    assert found, f"{pattern} is not in {text(mail)}"
    return found[1]
