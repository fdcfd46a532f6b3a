"""What people say in the proofs: a campaign, an offer, finished work; and all that somebody has."""

import datetime
from typing import Any

from client import Person, Refused, usd


def day(days: int) -> str:
    """The day it is in so many days."""
    return (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=days)).isoformat()


def campaign(title: str, budget: int) -> dict[str, Any]:
    return {
        "title": title,
        "goals": "Show the tea to those who drink coffee.",
        "niches": ["food"],
        "start": day(0),
        "end": day(60),
        "budget": usd(budget),
        "label": "Ad",
    }


def terms(amount: int, **more: Any) -> dict[str, Any]:
    deliverables = [{"format": "reel", "platform": "instagram", "count": 1}]
    return {"amount": usd(amount), "due": day(20), "deliverables": deliverables, **more}


def work() -> dict[str, Any]:
    return {"works": [{"deliverable": 0, "url": "https://example.com/reel/1"}], "label_shown": True}


def published(sponsor: Person, title: str, budget: int) -> Any:
    """A campaign's id, funded and published."""
    made = sponsor.do("draft_campaign", body=campaign(title, budget)).id
    sponsor.do("fund_campaign", made, body={"amount": usd(budget)})
    sponsor.do("publish_campaign", made)
    return made


def picture(*people: Person) -> list[Any]:
    """All that these people have, to see whether something changed."""
    lists = ["list_requests", "list_collaborations", "list_transfers", "show_balances", "list_payouts", "list_own_campaigns"]
    seen = []
    for person in people:
        for operation in lists:
            try:
                seen.append(person.do(operation).to_dict())
            except Refused as refused:
                seen.append(refused.problem.code)
    return seen
