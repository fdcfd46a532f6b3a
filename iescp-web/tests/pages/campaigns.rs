//! Campaigns, from the draft to the end, and what others see of them.

use crate::browser::{Browser, Seen};
use crate::house::House;
use poem::http::Method;

/// Drafts a campaign that can be published, on the page for it. Answers where it is.
pub async fn drafted(house: &House, sponsor: &mut Browser<'_>, title: &str) -> String {
    let page = sponsor.get("/campaigns/new").await;
    let (start, end) = (house.day(2), house.day(40));
    let values = [
        ("title", title),
        ("goals", "Tell people how good it tastes."),
        ("hashtags", "#tea, #spring"),
        ("niches", "food"),
        ("platforms", "instagram"),
        ("start", &start),
        ("end", &end),
        ("budget", "$2,000.50"),
        ("visibility", "public"),
    ];
    let made = sponsor.send(&page, "/campaigns/new", &values).await;
    made.says("Your draft is saved");
    made.path
}

/// The same, paid in and published.
pub async fn published(house: &House, sponsor: &mut Browser<'_>, title: &str) -> String {
    let path = drafted(house, sponsor, title).await;
    let form = sponsor.get(&format!("{path}/fund")).await;
    sponsor.send(&form, &format!("{path}/fund"), &[]).await.says("$2,000.50 is paid in");
    let page = sponsor.get(&path).await;
    sponsor.send(&page, &format!("{path}/publish"), &[]).await.says("It is published");
    path
}

async fn does(sponsor: &mut Browser<'_>, path: &str, verb: &str) -> Seen {
    let action = format!("{path}/{verb}");
    let page = sponsor.get(&action).await;
    sponsor.send(&page, &action, &[]).await
}

#[tokio::test]
async fn a_sponsor_drafts_pays_in_publishes_pauses_resumes_and_completes() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    sponsor.get("/campaigns").await.says("Your first campaign");
    let path = published(&house, &mut sponsor, "Spring tea").await;
    let page = sponsor.get(&path).await;
    page.says("Paid in $2,000.50").says("Available $2,000.50").says("#tea");
    let paused = sponsor.send(&page, &format!("{path}/pause"), &[]).await;
    paused.says("It is paused").says("Paused");
    assert!(!paused.has(&format!("form[action='{path}/pause']")), "what cannot be done now has no button");
    sponsor.send(&paused, &format!("{path}/resume"), &[]).await.says("It takes requests again");
    let sure = sponsor.get(&format!("{path}/complete")).await;
    sure.says("It cannot be opened again").says("$2,000.50 that is left goes back to you");
    sponsor.send(&sure, &format!("{path}/complete"), &[]).await.says("Completed");
    let mine = sponsor.get("/campaigns?state=completed").await;
    mine.says("Spring tea");
    assert!(mine.has(".tabs a[aria-current=page][href='/campaigns?state=completed']"));
    sponsor.get("/campaigns?state=draft").await.says("No campaign here");
}

#[tokio::test]
async fn what_is_missing_for_publishing_is_asked_for_in_the_form() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    let page = sponsor.get("/campaigns/new").await;
    let made = sponsor.send(&page, "/campaigns/new", &[("title", "Bare")]).await;
    let refused = sponsor.send(&made, &format!("{}/publish", made.path), &[]).await;
    refused.refuses(422, "A published campaign needs this");
    for field in ["goals", "niches", "start", "end", "budget"] {
        assert!(refused.has(&format!(".summary a[href='#f-{field}']")) && refused.has(&format!("#f-{field}")), "{field}");
    }
}

#[tokio::test]
async fn u_04_a_draft_that_is_refused_keeps_everything_that_was_typed() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    let page = sponsor.get("/campaigns/new").await;
    let values =
        [("title", ""), ("goals", "Line one\n\nLine <two>"), ("budget", "a lot"), ("niches", "food"), ("end", "2020-01-01")];
    let refused = sponsor.send(&page, "/campaigns/new", &values).await;
    refused.refuses(422, "Please write an amount");
    for field in ["title", "budget", "end"] {
        assert!(refused.has(&format!("#f-{field}[aria-invalid=true]")), "{field}");
    }
    assert!(refused.has("#f-budget[value='a lot']") && refused.has("input[value=food][checked]"));
    assert_eq!(refused.all("textarea[name=goals]"), ["Line one Line <two>"]);
}

#[tokio::test]
async fn who_edits_what_somebody_has_changed_is_told_and_loses_nothing() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    let path = drafted(&house, &mut sponsor, "Spring tea").await;
    let edit = format!("{path}/edit");
    let (here, there) = (sponsor.get(&edit).await, sponsor.get(&edit).await);
    sponsor.send(&there, &edit, &[("title", "Summer tea")]).await.says("Your changes are saved");
    let stale = sponsor.send(&here, &edit, &[("title", "Autumn tea")]).await;
    assert_eq!(stale.status, 412);
    assert!(stale.title().starts_with("Error: ") && stale.has("#f-title[value='Autumn tea']"));
    assert!(stale.all(".stored").join(" ").contains("Summer tea"), "{}", stale.text());
    assert!(!stale.all(".stored").join(" ").contains("Tell people"), "what is the same is not repeated");
    sponsor.send(&stale, &edit, &[]).await.says("Your changes are saved").says("Autumn tea");
}

#[tokio::test]
async fn others_find_a_campaign_once_it_is_published_and_see_no_money_of_it() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    let (mut ada, mut visitor) = (house.influencer("ada").await, house.visitor());
    let draft = drafted(&house, &mut sponsor, "Secret tea").await;
    assert_eq!(visitor.get(&draft).await.status, 404);
    assert_eq!(ada.get(&draft).await.status, 404);
    ada.get("/campaigns").await.says("No campaign fits");
    let path = published(&house, &mut sponsor, "Spring tea").await;
    let found = ada.get("/campaigns?q=spring&niche=food&platform=instagram&budget_min=1000&sort=newest").await;
    found.says("Spring tea").says("leaf of old");
    assert!(
        found.has("#f-q[value=spring]") && found.has("input[name=niche][value=food][checked]"),
        "the address holds the search"
    );
    assert!(found.has("a.chip[href='/campaigns?q=spring&platform=instagram&budget_min=1000&sort=newest']"), "one filter less");
    ada.get("/campaigns?q=spring&budget_min=5000").await.says("No campaign fits");
    let page = ada.follow(&found, "Spring tea").await;
    assert_eq!(page.path, path);
    page.says("Apply").says("Must be labelled");
    assert!(page.has(&format!("a[href='{path}/apply']")) && page.has("a[href^='/report?about=campaign']"));
    for hidden in ["Paid in", "Available", "What you can do"] {
        assert!(!page.text().contains(hidden), "{hidden}");
    }
    let seen = visitor.get(&path).await;
    assert!(seen.has(&format!("a[href='/sign-in?next={path}/apply']")));
    assert!(seen.has("meta[property='og:description']"));
    visitor.get("/").await.says("Spring tea");
}

#[tokio::test]
async fn a_search_that_cannot_be_read_says_so_and_keeps_its_filters() {
    let house = House::open();
    let mut visitor = house.visitor();
    let wrong = visitor.get("/campaigns?budget_min=plenty&niche=food").await;
    wrong.refuses(422, "Please write an amount");
    assert!(wrong.has("#f-budget_min[value=plenty][aria-invalid=true]") && wrong.has("input[value=food][checked]"));
    visitor.get("/campaigns?niche=no-such-thing").await.refuses(422, "There is no such choice");
    let begun_again = visitor.get("/campaigns?after=nonsense&q=tea").await;
    assert_eq!((begun_again.path.as_str(), begun_again.status.as_u16()), ("/campaigns?q=tea", 200));
}

#[tokio::test]
async fn u_08_a_long_list_has_real_pages() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    for number in 0..20 {
        let path = drafted(&house, &mut sponsor, &format!("Tea {number:02}")).await;
        let page = sponsor.get(&path).await;
        sponsor.send(&page, &format!("{path}/publish"), &[]).await;
    }
    let mut visitor = house.visitor();
    let first = visitor.get("/campaigns?q=tea&sort=newest").await;
    assert_eq!(first.all("li.market").len(), 18);
    let second = visitor.follow(&first, "Next page").await;
    assert_eq!(second.all("li.market").len(), 2);
    assert!(second.path.starts_with("/campaigns?q=tea&sort=newest&after="), "{}", second.path);
    assert_eq!(visitor.follow(&second, "To the beginning").await.path, "/campaigns?q=tea&sort=newest");
    assert_eq!(sponsor.get("/campaigns").await.all("li.run").len(), 12);
}

#[tokio::test]
async fn a_sponsor_who_waits_for_approval_prepares_drafts_and_publishes_nothing() {
    let house = House::open();
    let mut sponsor = house.pending("leaf").await;
    let path = drafted(&house, &mut sponsor, "Spring tea").await;
    let page = sponsor.get(&path).await;
    page.says("waits for an admin's approval");
    assert!(!page.has(&format!("form[action='{path}/publish']")));
    let refused = sponsor.post(&format!("{path}/publish"), &[]).await;
    refused.refuses(403, "Only");
    let refused = sponsor.post(&format!("{path}/fund"), &[("amount".to_owned(), "5".to_owned())]).await;
    refused.refuses(403, "Only");
}

#[tokio::test]
async fn nobody_does_anything_to_the_campaign_of_another() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    let path = published(&house, &mut sponsor, "Spring tea").await;
    let (mut rival, mut ada) = (house.sponsor("rival").await, house.influencer("ada").await);
    for verb in ["edit", "fund", "complete", "cancel", "remove", "flag"] {
        for other in [&mut rival, &mut ada] {
            assert_eq!(other.get(&format!("{path}/{verb}")).await.status, 404, "{verb}");
        }
    }
    for verb in ["edit", "fund", "publish", "pause", "complete", "cancel", "remove", "flag", "unflag"] {
        for other in [&mut rival, &mut ada] {
            let answer = other.post(&format!("{path}/{verb}"), &[("title".to_owned(), "Mine".to_owned())]).await;
            assert!(answer.status.is_client_error(), "{verb}: {}", answer.status);
        }
    }
    sponsor.get(&path).await.says("Spring tea").says("Open");
    let mut visitor = house.visitor();
    assert!(visitor.get("/campaigns/new").await.path.starts_with("/sign-in"));
    assert_eq!(ada.get("/campaigns/new").await.status, 404);
}

#[tokio::test]
async fn an_admin_flags_with_a_reason_that_the_sponsor_reads_and_takes_the_flag_off() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    let path = published(&house, &mut sponsor, "Spring tea").await;
    let mut admin = house.admin("root").await;
    let form = admin.get(&format!("{path}/flag")).await;
    admin.send(&form, &format!("{path}/flag"), &[("reason", "")]).await.refuses(422, "");
    admin.send(&form, &format!("{path}/flag"), &[("reason", "It promises health.")]).await.says("It is flagged");
    sponsor.get(&path).await.says("It promises health.").says("Flagged");
    let mut visitor = house.visitor();
    assert_eq!(visitor.get(&path).await.status, 404);
    let page = admin.get(&path).await;
    admin.send(&page, &format!("{path}/unflag"), &[]).await.says("The flag is off");
    visitor.get(&path).await.says("Spring tea");
}

#[tokio::test]
async fn a_draft_is_removed_for_good_and_one_with_money_is_kept_as_cancelled() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    let path = drafted(&house, &mut sponsor, "Never mind").await;
    does(&mut sponsor, &path, "remove").await.says("The draft is gone").says("Your first campaign");
    assert_eq!(sponsor.get(&path).await.status, 404);
    let path = drafted(&house, &mut sponsor, "Paid already").await;
    does(&mut sponsor, &path, "fund").await.says("is paid in");
    does(&mut sponsor, &path, "remove").await;
    sponsor.get(&path).await.says("Cancelled").says("Paid in $0.00");
    let again = sponsor.post(&format!("{path}/complete"), &[]).await;
    assert_eq!(again.status, 409);
    assert!(again.title().starts_with("Error: ") && again.has(".summary"));
}

#[tokio::test]
async fn paying_in_twice_by_the_same_form_is_one_payment() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    let path = drafted(&house, &mut sponsor, "Spring tea").await;
    let action = format!("{path}/fund");
    let form = sponsor.get(&action).await;
    assert!(form.has("#f-amount[value='2000.50']"), "what is missing is suggested");
    sponsor.send(&form, &action, &[("amount", "-5")]).await.refuses(422, "");
    let form = sponsor.get(&action).await;
    let fields = form.form(&action, &[("amount", "100")]);
    sponsor.post(&action, &fields).await.says("Paid in $100.00");
    sponsor.post(&action, &fields).await.says("Paid in $100.00");
}

#[tokio::test]
async fn a_search_by_htmx_answers_the_view_alone() {
    let house = House::open();
    let mut visitor = house.visitor();
    let headers = [("hx-request", "true"), ("hx-request-type", "partial"), ("hx-target", "div#view")];
    let view = visitor.ask(Method::GET, "/campaigns?q=tea", &headers, None).await;
    assert!(view.html.starts_with("<title>") && view.html.contains("hx-push-url=\"true\""));
}
