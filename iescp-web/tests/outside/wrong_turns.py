"""What people do wrong: each is refused with the right status and a sentence, and changes nothing."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from client import Api, Person, Refused, usd
from market import campaign, picture, published, terms, work
from server import Server
from story import Told


class Table:
    """Two who negotiate, others who interfere, and a count of what was tried."""

    def __init__(self, server: Server, api: Api, admin: Person, told: Told):
        self.told = told
        self.admin = admin
        self.sponsor, self.influencer = told.sponsor, told.influencer
        self.rival = Person(api, server.address, "coffeehouse").register("sponsor")
        admin.do("approve_account", self.rival.id)
        self.other = Person(api, server.address, "otto").register("influencer")
        self.pending = Person(api, server.address, "newcomer").register("sponsor")
        self.people = (self.sponsor, self.influencer, self.rival, self.other)
        self.turns = 0

    def refused(self, status: int, code: str, who: Person, operation: str, *path: Any, **more: Any) -> None:
        before = picture(*self.people)
        try:
            answer = who.do(operation, *path, **more)
        except Refused as refused:
            problem = refused.problem
            assert (problem.status, problem.code) == (status, code), f"{operation}: {refused}"
            sentence(problem.detail)
        else:
            raise AssertionError(f"{operation} was done: {answer}")
        self.unchanged(before, operation)

    def refused_raw(self, statuses: set[int], who: Person, method: str, path: str, content: Any = None, **headers: str) -> None:
        before = picture(*self.people)
        answer = who.raw(method, path, content, **headers)
        is_problem(answer, statuses)
        self.unchanged(before, f"{method} {path} {content!r:.80}")

    def unchanged(self, before: Any, what: str) -> None:
        assert picture(*self.people) == before, f"{what} was refused and changed something"
        self.turns += 1


def sentence(detail: str) -> None:
    assert detail.endswith(".") and " " in detail and len(detail) > 10, f"no sentence: {detail!r}"


def is_problem(answer: httpx.Response, statuses: set[int]) -> None:
    assert answer.status_code in statuses, f"{answer.request.url}: {answer.status_code} {answer.text[:300]}"
    assert answer.headers["content-type"] == "application/problem+json", answer.headers
    problem = answer.json()
    assert problem["status"] == answer.status_code
    sentence(problem["detail"])


def take(server: Server, api: Api, admin: Person, told: Told) -> int:
    table = Table(server, api, admin, told)
    out_of_turn(table)
    over_budget(table)
    anothers(table)
    what_is_over(table)
    nonsense(table)
    without_leave(table)
    expired(table)
    return table.turns


def out_of_turn(table: Table) -> None:
    sponsor, influencer = table.sponsor, table.influencer
    campaign_id = published(sponsor, "Out of turn", 100_000)
    request = influencer.do("ask_in_campaign", campaign_id, body=terms(10_000)).id
    accept = {"offer": 1, "name": "Somebody"}
    table.refused(409, "taken", influencer, "ask_in_campaign", campaign_id, body=terms(1))
    table.refused(409, "not_your_turn", influencer, "accept_offer", request, body=accept)
    table.refused(409, "not_your_turn", influencer, "counter_offer", request, body=terms(11_000, offer=1))
    table.refused(409, "not_your_turn", influencer, "reject_request", request, body={"offer": 1, "reason": "No."})
    table.refused(409, "your_turn", sponsor, "amend_offer", request, body=terms(9_000))
    influencer.do("amend_offer", request, body=terms(12_000))
    table.refused(409, "offer_changed", sponsor, "accept_offer", request, body=accept)
    accept = {"offer": 2, "name": "Sam Sponsor"}
    made = sponsor.do("accept_offer", request, body=accept)
    table.refused(409, "request_state", sponsor, "accept_offer", request, body=accept)
    work_id = made.collaboration_id
    table.refused(409, "collaboration_state", sponsor, "approve_work", work_id)
    table.refused(403, "forbidden", sponsor, "submit_work", work_id, body=work())
    influencer.do("submit_work", work_id, body=work())
    table.refused(403, "forbidden", influencer, "approve_work", work_id)
    sponsor.do("approve_work", work_id)
    table.refused(409, "collaboration_state", sponsor, "approve_work", work_id)


def over_budget(table: Table) -> None:
    sponsor, influencer = table.sponsor, table.influencer
    campaign_id = published(sponsor, "A small budget", 10_000)
    first = influencer.do("ask_in_campaign", campaign_id, body=terms(8_000)).id
    second = table.other.do("ask_in_campaign", campaign_id, body=terms(8_000)).id
    sponsor.do("accept_offer", first, body={"offer": 1, "name": "Sam"})
    table.refused(409, "over_budget", sponsor, "accept_offer", second, body={"offer": 1, "name": "Sam"})
    _, version = sponsor.versioned(f"/campaigns/{campaign_id}")
    lower = {"budget": usd(7_999)}
    table.refused(422, "invalid", sponsor, "change_campaign", campaign_id, body=lower, if_match=version)
    table.refused(412, "stale", sponsor, "change_campaign", campaign_id, body={"goals": "Else."}, if_match='"0-0"')
    table.refused(409, "insufficient_earnings", influencer, "request_payout", body={"amount": usd(100_000_000)})
    for amount in (-1, 0, 2**53, 2**63 - 1):
        table.refused(422, "invalid", sponsor, "fund_campaign", campaign_id, body={"amount": usd(amount)})
        table.refused(422, "invalid", influencer, "request_payout", body={"amount": usd(amount)})
    for amount in (2**63, 2**64, -(2**63) - 1, 1.5, 1e300, "100", None, True, [1], {}):
        body = json.dumps({"amount": {"amount": amount, "currency": "USD"}})
        table.refused_raw({400, 422}, sponsor, "POST", f"/campaigns/{campaign_id}/fund", body)


def anothers(table: Table) -> None:
    told = table.told
    for who in (table.rival, table.other):
        table.refused(404, "not_found", who, "show_request", told.request.id)
        table.refused(404, "not_found", who, "show_collaboration", told.collaboration)
        table.refused(404, "not_found", who, "show_agreement", told.collaboration)
        table.refused(404, "not_found", who, "reject_request", told.request.id, body={"offer": 1, "reason": "No."})
    mine = table.sponsor.do("draft_campaign", body=campaign("Mine", 1000)).id
    table.refused(404, "not_found", table.rival, "publish_campaign", mine)
    table.refused(404, "not_found", table.rival, "fund_campaign", mine, body={"amount": usd(1)})
    table.refused(404, "not_found", table.other, "show_campaign", mine)
    table.refused(403, "forbidden", table.sponsor, "list_accounts")
    table.refused(404, "not_found", table.sponsor, "approve_account", table.pending.id)
    table.refused(403, "forbidden", table.influencer, "draft_campaign", body=campaign("Not mine", 1000))


def what_is_over(table: Table) -> None:
    told = table.told
    table.refused(409, "request_state", table.sponsor, "withdraw_request", told.request.id, body={})
    table.refused(409, "collaboration_state", table.influencer, "submit_work", told.collaboration, body=work())
    table.refused(409, "reviewed", table.influencer, "leave_review", told.collaboration, body={"rating": 1})


def nonsense(table: Table) -> None:
    sponsor = table.sponsor
    drafted = json.dumps(campaign("Tea", 1000))
    texts = ["x" * 121, "Tea\u0007", "Tea\u202eaeT", "Tea\ntime", "", " "]
    for title in texts:
        table.refused_raw({422}, sponsor, "POST", "/campaigns", json.dumps({"title": title}))
    for body in ('{"title":"a","title":"b"}', "[" * 10_000, '{"a":' * 10_000, "", "{", "nul", "NaN", b'{"title":"\xff"}'):
        table.refused_raw({400, 422}, sponsor, "POST", "/campaigns", body)
    for body in ('{"title":7}', '{"title":null}', "[]", '"Tea"', '{"title":"Tea","colour":"green"}'):
        table.refused_raw({422}, sponsor, "POST", "/campaigns", body)
    table.refused_raw({413}, sponsor, "POST", "/campaigns", json.dumps({"title": "x" * 100_000}))
    table.refused_raw({415}, sponsor, "POST", "/campaigns", drafted, Content_Type="text/plain")
    table.refused_raw({415}, sponsor, "POST", "/campaigns", drafted, Content_Encoding="gzip")
    funding = json.dumps({"amount": usd(1)})
    table.refused_raw({400}, sponsor, "POST", f"/campaigns/{table.told.campaign}/fund", funding, Idempotency_Key="")
    table.refused_raw({405}, sponsor, "DELETE", "/campaigns")
    table.refused_raw({404}, sponsor, "GET", "/nowhere")
    for path in ("/campaigns?limit=0", "/campaigns?limit=101", "/campaigns?cursor=x", "/campaigns?colour=x", "/campaigns/17"):
        table.refused_raw({400}, sponsor, "GET", path)
    for title in ("Tea 🍵 for 👩‍👩‍👧", "<script>alert(1)</script>", "'; DROP TABLE tea; --", "चाय"):
        made = sponsor.do("draft_campaign", body=campaign(title, 1000))
        assert sponsor.do("show_campaign", made.id).title == title
    same_key_other_body(table)


def same_key_other_body(table: Table) -> None:
    sponsor = table.sponsor
    first = sponsor.do("draft_campaign", body=campaign("Once", 1000), idempotency_key="once")
    assert sponsor.do("draft_campaign", body=campaign("Once", 1000), idempotency_key="once").id == first.id
    table.refused(422, "invalid", sponsor, "draft_campaign", body=campaign("Twice", 1000), idempotency_key="once")


def without_leave(table: Table) -> None:
    body = campaign("Too early", 1000)
    made = table.pending.do("draft_campaign", body=body).id
    table.refused(403, "forbidden", table.pending, "publish_campaign", made)
    table.admin.do("flag_account", table.rival.id, body={"reason": "Sold what was never made."})
    table.people = (table.sponsor, table.influencer, table.other)
    table.refused_raw({401, 403}, table.rival, "POST", "/campaigns", json.dumps(body))
    nobody = Person(table.rival.api, table.rival.url.removesuffix("/api/v1"))
    table.refused_raw({401}, nobody, "POST", "/campaigns", json.dumps(body))
    nobody.use("eyJhbGciOiJub25lIn0.e30.")
    table.refused_raw({401}, nobody, "POST", "/campaigns", json.dumps(body))
    again = Person(table.rival.api, table.rival.url.removesuffix("/api/v1"), "coffeehouse")
    try:
        again.sign_in()
    except Refused as refused:
        assert refused.problem.status in (401, 403), refused
        sentence(refused.problem.detail)
    else:
        raise AssertionError("a suspended account signed in")


def expired(table: Table) -> None:
    campaign_id = published(table.sponsor, "Soon over", 10_000)
    expires = datetime.now(UTC) + timedelta(seconds=1)
    asked = table.influencer.do("ask_in_campaign", campaign_id, body=terms(1_000, expires_at=expires.isoformat()))
    while datetime.now(UTC) <= asked.expires_at:
        time.sleep(0.05)
    table.refused(409, "expired", table.sponsor, "accept_offer", asked.id, body={"offer": 1, "name": "Sam"})
