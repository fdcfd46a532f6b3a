"""The main job, from registering to reviews."""

import time
from dataclasses import dataclass
from typing import Any

from client import Api, Person, usd
from market import campaign, terms, work
from server import PATIENCE, Server

SECRET_NOTE = "between-us-note"
SECRET_MESSAGE = "between-us-message"
SECRET_TITLE = "between-us-campaign"


@dataclass
class Told:
    """Who took part, and what came of it."""

    sponsor: Person
    influencer: Person
    admin: Person
    campaign: Any
    request: Any
    collaboration: Any


def tell(server: Server, api: Api, admin: Person) -> Told:
    sponsor = Person(api, server.address, "teahouse").register("sponsor")
    influencer = Person(api, server.address, "ines").register("influencer")
    assert sponsor.do("show_me").state == "pending"
    admin.do("approve_account", sponsor.id)
    assert sponsor.do("show_me").state == "active"
    describe(influencer)

    published = publish(sponsor)
    request = negotiate(sponsor, influencer, published)
    collaboration = deliver(sponsor, influencer, request)
    settle(influencer)
    review(sponsor, influencer, collaboration)
    talk(sponsor, influencer)
    told = Told(sponsor, influencer, admin, published, request, collaboration)
    supervise(admin)
    return told


def describe(influencer: Person) -> None:
    """A profile that can be found."""
    own, version = influencer.versioned("/me")
    assert own["username"] == "ines"
    channel = {"platform": "instagram", "handle": "ines", "url": "https://instagram.com/ines", "followers": 12_000}
    patch = {"niches": ["food"], "channels": [channel], "bio": "Tea, mostly."}
    edited = influencer.do("edit_me", body=patch, if_match=version)
    assert edited.niches == ["food"]


def publish(sponsor: Person) -> Any:
    made = sponsor.do("draft_campaign", body=campaign("Tea for all", 500_000))
    assert made.state == "draft"
    funded = sponsor.do("fund_campaign", made.id, body={"amount": usd(400_000)})
    assert (funded.state, funded.amount.amount) == ("settled", 400_000)
    assert sponsor.do("show_campaign", made.id).money.available.amount == 400_000
    assert sponsor.do("publish_campaign", made.id).state == "active"
    private = {**campaign(SECRET_TITLE, 1000), "visibility": "private"}
    sponsor.do("draft_campaign", body=private)
    return made.id


def negotiate(sponsor: Person, influencer: Person, published: Any) -> Any:
    found = eventually(lambda: influencer.do("search_campaigns", q="tea", niche="food").items)
    assert [one.id for one in found] == [published]
    assert influencer.do("show_campaign", published).money == influencer.api.unset

    asked = influencer.do("ask_in_campaign", published, body=terms(120_000, note=SECRET_NOTE))
    assert (asked.direction, asked.turn) == ("application", "sponsor")
    waiting = sponsor.do("list_requests").items
    assert [(one.id, one.your_turn) for one in waiting] == [(asked.id, True)]
    countered = sponsor.do("counter_offer", asked.id, body=terms(100_000, offer=1))
    assert (countered.offer.number, countered.turn) == (2, "influencer")
    accepted = influencer.do("accept_offer", asked.id, body={"offer": 2, "name": "Ines Influencer"})
    assert accepted.state == "accepted"
    money = sponsor.do("show_campaign", published).money
    assert (money.held.amount, money.available.amount) == (100_000, 300_000)
    return accepted


def deliver(sponsor: Person, influencer: Person, request: Any) -> Any:
    collaboration = request.collaboration_id
    agreement = sponsor.do("show_agreement", collaboration)
    assert (agreement.amount.amount, agreement.influencer_signed.name) == (100_000, "Ines Influencer")
    assert influencer.do("submit_work", collaboration, body=work()).state == "submitted"
    back = sponsor.do("request_changes", collaboration, body={"reasons": "More steam over the cup."})
    assert (back.state, back.rounds) == ("active", 1)
    influencer.do("submit_work", collaboration, body=work())
    approved = sponsor.do("approve_work", collaboration)
    assert (approved.state, approved.end.paid.amount) == ("completed", 100_000)
    return collaboration


def settle(influencer: Person) -> None:
    balances = influencer.do("show_balances")
    assert (balances.earnings.amount, balances.earned.amount) == (100_000, 100_000)
    payout = influencer.do("request_payout", body={"amount": usd(60_000)})
    assert payout.amount.amount == 60_000
    eventually(lambda: influencer.do("list_payouts").items[0].state == "sent")
    assert influencer.do("show_balances").earnings.amount == 40_000
    assert [transfer.cause for transfer in influencer.do("list_transfers").items][-2:] == ["paid", "held"]


def review(sponsor: Person, influencer: Person, collaboration: Any) -> None:
    results = {"deliverable": 0, "views": 12_000, "source": "Instagram insights"}
    assert influencer.do("report_results", collaboration, body=results).views == 12_000
    influencer.do("leave_review", collaboration, body={"rating": 5, "text": "Clear and kind."})
    assert sponsor.do("show_collaboration", collaboration).reviews == [], "not before both wrote"
    sponsor.do("leave_review", collaboration, body={"rating": 4})
    assert len(sponsor.do("show_collaboration", collaboration).reviews) == 2
    assert [one.rating for one in sponsor.do("list_influencer_reviews", influencer.id).items] == [4]


def talk(sponsor: Person, influencer: Person) -> None:
    sponsor.do("send_message", influencer.id, body={"text": SECRET_MESSAGE})
    said = [message.text for message in influencer.do("list_messages", sponsor.id).items]
    assert SECRET_MESSAGE in said
    assert influencer.do("list_threads").items[0].unread > 0
    influencer.do("mark_thread_read", sponsor.id)
    assert influencer.do("list_threads").items[0].unread == 0
    for person in (sponsor, influencer):
        told = eventually(lambda: person.do("list_notifications").items)
        assert all(notification.text for notification in told)
        person.do("mark_notifications_read", body={"up_to": str(told[0].id)})
        assert person.do("show_me").unread_notifications == 0


def supervise(admin: Person) -> None:
    assert admin.do("show_statistics")
    causes = {entry.action for entry in admin.do("list_audit", limit=100).items}
    assert {"accept_offer", "approve_work", "fund_campaign"} <= causes, causes
    verified = admin.do("verify_audit")
    assert verified.broken == admin.api.unset


def eventually(look: Any) -> Any:
    """What comes of itself, soon; looks until it is there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if seen := look():
            return seen
        time.sleep(0.05)
    raise AssertionError("it never came")
