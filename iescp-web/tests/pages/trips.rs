//! How often a page goes to the store: counted for every address that can be read and everyone who reads it, and printed as
//! `docs/trips.txt`.

use crate::browser::Browser;
use crate::deals::{agreed, apply, campaign, deliver, does};
use crate::house::House;
use iescp_core::Actor;
use iescp_core::export::RequestExport;
use iescp_core::message::SendMessage;
use iescp_core::notification::{Topic, unsubscribe_token};
use iescp_core::report::{MakePlatformReport, ReportMonth};
use iescp_core::store::{Batch, Change, Found, MemoryStore, Pending, Read, Store, StoreError};
use iescp_core::value::Email;
use iescp_web::pages;
use iescp_web::routes::Routes;
use poem::http::Method;
use poem::{Request, Response};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::watch;

/// What a page may cost, and a page that lists things of which each names others.
const MOST: usize = 3;
const MOST_OF_A_LIST: usize = 4;
/// What no link leads to is refused, and that is noted.
const MOST_OF_A_REFUSAL: usize = 5;

/// The pages that are such lists.
const LISTS: [&str; 11] = [
    "/admin/abuse-reports",
    "/admin/accounts",
    "/admin/audit",
    "/admin/campaigns",
    "/admin/disputes",
    "/collaborations",
    "/earnings",
    "/messages",
    "/notifications",
    "/requests",
    "/shortlists",
];

/// A store that counts how often it is gone to.
struct Counting {
    store: MemoryStore,
    trips: Arc<AtomicUsize>,
}

impl Counting {
    fn count(&self) -> &MemoryStore {
        self.trips.fetch_add(1, Ordering::Relaxed);
        &self.store
    }
}

impl Store for Counting {
    fn read(&self, reads: Vec<Read>) -> Pending<'_, Vec<Found>> {
        self.count().read(reads)
    }

    fn commit(&self, batch: Batch) -> Pending<'_, u64> {
        self.count().commit(batch)
    }

    fn changes(&self, after: u64, limit: usize) -> Pending<'_, Vec<Change>> {
        self.count().changes(after, limit)
    }

    fn latest(&self) -> u64 {
        self.store.latest()
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.store.watch()
    }

    fn health(&self) -> Result<(), StoreError> {
        self.store.health()
    }
}

/// A market with two or more of everything, so that what is read for each of many is seen.
pub struct Market<'h> {
    house: &'h House,
    pub people: [(&'static str, Browser<'h>); 4],
    /// What stands for `:id`, by the beginning of the pattern.
    ids: BTreeMap<&'static str, String>,
    /// Who is written to, by who writes.
    written_to: BTreeMap<&'static str, String>,
}

fn id_in(path: &str) -> String {
    path.split(['/', '?']).find(|part| part.len() == 36).unwrap_or_else(|| panic!("no id in {path}")).to_owned()
}

impl<'h> Market<'h> {
    pub async fn open(house: &'h House) -> Self {
        let (mut sponsor, mut ines) = (house.sponsor("teahouse").await, house.influencer("ines").await);
        let (mut otto, mut olga) = (house.influencer("otto").await, house.influencer("olga").await);
        let mut other = house.sponsor("coffee").await;
        for browser in [&mut ines, &mut otto, &mut olga] {
            let profile = browser.get("/settings").await;
            let values = [
                ("bio", "Tea."),
                ("location", "Berlin"),
                ("niches", "food"),
                ("channels/0/handle", "one"),
                ("channels/0/followers", "5000"),
            ];
            browser.send(&profile, "/settings", &values).await.says("Saved.");
        }
        let open = campaign(house, &sponsor, 500_000).await;
        let second = campaign(house, &other, 500_000).await;
        for of in [open, second] {
            apply(house, &mut otto, of, "600").await.says("on its way");
            apply(house, &mut olga, of, "650").await.says("on its way");
        }
        apply(house, &mut ines, second, "700").await.says("on its way");
        let request = apply(house, &mut ines, open, "700").await.path;
        does(&mut sponsor, &request, "counter", &[("amount", "650"), ("note", "Two?")]).await.says("on the table");
        agreed(house, &mut other, &mut ines, "800").await;
        agreed(house, &mut sponsor, &mut otto, "800").await;
        let work = agreed(house, &mut sponsor, &mut ines, "900").await;
        deliver(&mut ines, &work).await;
        does(&mut sponsor, &work, "dispute", &[("reason", "It shows coffee.")]).await.says("The dispute is open");
        for (who, to) in [(&sponsor, ines.id), (&sponsor, otto.id), (&other, ines.id), (&ines, sponsor.id)] {
            house.run(who.id, SendMessage { to: to.into(), text: "Hello!".into() }).await;
        }
        let lists = sponsor.get("/shortlists").await;
        sponsor.send(&lists, "/shortlists", &[("name", "Autumn")]).await;
        let lists = sponsor.get("/shortlists").await;
        let list = sponsor.send(&lists, "/shortlists", &[("name", "Summer")]).await.path;
        for who in [ines.id, otto.id] {
            let choose = sponsor.get(&format!("/shortlists?for={who}")).await;
            sponsor.send(&choose, &format!("{list}/add"), &[]).await.says("Added");
        }
        for browser in [&mut otto, &mut olga] {
            let report = browser.get(&format!("/report?about=account&id={}", sponsor.id)).await;
            browser.send(&report, "/report", &[("category", "harassment"), ("text", "They insult me.")]).await.says("Thank you.");
        }
        house.pending("late").await;
        let admin = house.admin("ada").await;
        let month = ReportMonth::parse("2026-04").unwrap();
        house.platform.run(&Actor::system("test"), MakePlatformReport { month }).await.unwrap();
        let export = house.run(sponsor.id, RequestExport { kind: "requests".into(), format: None }).await;
        let to = Email::parse("ines@example.com").unwrap();
        let in_a_mail = unsubscribe_token(house.platform.secret(), ines.id.into(), &to, Topic::Requests);
        let ids = BTreeMap::from([
            ("/campaigns/", open.to_string()),
            ("/influencers/", ines.id.to_string()),
            ("/sponsors/", sponsor.id.to_string()),
            ("/shortlists/", id_in(&list)),
            ("/requests/", id_in(&request)),
            ("/collaborations/", id_in(&work)),
            ("/reports/", "2026-04".to_owned()),
            ("/exports/", export.id.to_string()),
            ("/notifications/", sponsor.id.to_string()),
            ("/settings/", ines.id.to_string()),
            ("/admin/accounts/", ines.id.to_string()),
            ("/admin/campaigns/", open.to_string()),
            ("/admin/abuse-reports/", ines.id.to_string()),
            ("/admin/disputes/", id_in(&work)),
            ("/admin/mails/", "a.0.eml".to_owned()),
            ("/admin/jobs/", ines.id.to_string()),
            ("/unsubscribe/", in_a_mail.unwrap().reveal().to_owned()),
        ]);
        let written_to =
            BTreeMap::from([("visitor", ines.id), ("influencer", sponsor.id), ("sponsor", ines.id), ("admin", ines.id)]);
        let written_to = written_to.into_iter().map(|(who, to)| (who, to.to_string())).collect();
        let people = [("visitor", house.visitor()), ("influencer", ines), ("sponsor", sponsor), ("admin", admin)];
        Self { house, people, ids, written_to }
    }

    /// An address for a pattern, as somebody would ask for it.
    pub fn address(&self, pattern: &str, role: &str) -> String {
        if !pattern.contains(":id") {
            return pattern.to_owned();
        }
        let known = self.ids.iter().find(|(start, _)| pattern.starts_with(*start)).map(|(_, id)| id);
        let id = known.or_else(|| self.written_to.get(role).filter(|_| pattern.starts_with("/messages/")));
        pattern.replace(":id", id.unwrap_or_else(|| panic!("{pattern} is new: tests/pages/trips.rs needs an id for it")))
    }

    /// How the addresses are written that show a page from another side.
    fn variants(&self, pattern: &str) -> Vec<&'static str> {
        match pattern {
            "/campaigns" => vec!["", "?q=tea", "?state=active"],
            "/influencers" => vec!["", "?q=ines"],
            "/requests" => vec!["", "?state=accepted", "?campaign=/campaigns/"],
            "/collaborations" => vec!["", "?state=active"],
            "/shortlists" => vec!["", "?for=/influencers/"],
            "/earnings" => vec!["", "?view=movements", "?campaign=/campaigns/"],
            "/notifications" => vec!["", "?show=unread", "?show=all"],
            "/admin/accounts" => vec!["", "?state=pending", "?named=ines"],
            "/admin/campaigns" => vec!["", "?flagged=yes"],
            "/admin/audit" => vec!["", "?kind=by&id=/influencers/"],
            "/report" => vec!["?about=account&id=/influencers/"],
            _ => vec![""],
        }
    }

    /// What one of the people is answered, led nowhere on.
    pub async fn answer(&self, at: usize, address: &str) -> Response {
        let mut request = Request::builder().method(Method::GET).uri_str(address);
        let cookies = &self.people[at].1.cookies;
        if !cookies.is_empty() {
            let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        self.house.answer(request.finish()).await
    }
}

const ABOUT: &str = "How often each page goes to the store before it answers: at most 3 times, lists (*) 4.

A trip reads any number of keys and ranges at once. The first tells who asks and what is unread; a session whose last use was
noted more than five minutes ago costs three more, once. What is not 200 is written behind the number. An admin who looks at what
is between others is noted in the audit trail, which is one trip of its own; so is what is refused (403), where no link leads.

";

#[tokio::test]
async fn u_02_every_page_takes_at_most_three_round_trips_and_lists_four() {
    let trips = Arc::new(AtomicUsize::new(0));
    let house = House::over(Arc::new(Counting { store: MemoryStore::new(), trips: Arc::clone(&trips) }), &[]);
    let market = Market::open(&house).await;
    let mut table = ABOUT.to_owned();
    write!(table, "{:<46}", "").unwrap();
    market.people.iter().for_each(|(role, _)| write!(table, " {role:>10}").unwrap());
    table.push('\n');
    let (mut wrong, mut shown) = (Vec::new(), 0);
    for place in pages::routes(Routes::new()).finish().1.places() {
        let pattern = place.pattern.as_str();
        if !place.knows(&Method::GET) || pattern == "/live" {
            continue;
        }
        for variant in market.variants(pattern) {
            let list = LISTS.contains(&pattern);
            let (start, after) = variant.split_at(variant.find("=/").map_or(variant.len(), |at| at + 1));
            let (query, name) = match market.ids.get(after) {
                Some(id) => (format!("{start}{id}"), format!("{start}…")),
                None => (variant.to_owned(), variant.to_owned()),
            };
            write!(table, "{:<46}", format!("{pattern}{name}{}", if list { " *" } else { "" })).unwrap();
            for (at, (role, _)) in market.people.iter().enumerate() {
                house.platform.warm().await.unwrap();
                let address = format!("{}{query}", market.address(pattern, role));
                let before = trips.load(Ordering::Relaxed);
                let status = market.answer(at, &address).await.status().as_u16();
                let count = trips.load(Ordering::Relaxed) - before;
                shown += usize::from(status == 200);
                let most = if status == 403 {
                    MOST_OF_A_REFUSAL
                } else if list {
                    MOST_OF_A_LIST
                } else {
                    MOST
                };
                if count > most || status >= 500 {
                    wrong.push(format!("{role} {address}: {count} trips, {status}"));
                }
                let cell = if status == 200 { count.to_string() } else { format!("{count} ({status})") };
                write!(table, " {cell:>10}").unwrap();
            }
            table.push('\n');
        }
    }
    assert!(shown > 100, "only {shown} pages were shown");
    assert!(wrong.is_empty(), "{}\n{table}", wrong.join("\n"));
    let printed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/trips.txt");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&printed, &table).unwrap();
    }
    let before = std::fs::read_to_string(&printed).unwrap_or_default();
    assert!(table == before, "not as docs/trips.txt says; look, then run this test with UPDATE_DOCS=1:\n{table}");
}
