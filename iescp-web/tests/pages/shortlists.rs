//! Shortlists: made, filled, noted on, renamed, deleted; nobody else's business.

use crate::house::House;

#[tokio::test]
async fn a_list_is_made_for_somebody_and_notes_are_kept_on_it() {
    let house = House::open();
    let ana = house.influencer("ana").await.id;
    let mut sponsor = house.sponsor("leaf").await;
    sponsor.get("/shortlists").await.says("No shortlists yet");
    let choose = sponsor.get(&format!("/shortlists?for={ana}")).await;
    choose.says("Add ana of old to a shortlist");
    let added = sponsor.send(&choose, "/shortlists", &[("name", "Summer")]).await;
    assert_eq!(added.path, format!("/influencers/{ana}"));
    added.says("Added to “Summer”");
    let lists = sponsor.get("/shortlists").await;
    let list = sponsor.follow(&lists, "Summer").await;
    list.says("ana of old").says("1 creator");
    let noted = sponsor.send(&list, &format!("{}/note", list.path), &[("note", "Ask her in May.")]).await;
    noted.says("Your note is saved");
    assert_eq!(noted.all("textarea"), ["Ask her in May."]);
    let choose = sponsor.get(&format!("/shortlists?for={ana}")).await;
    choose.says("On this list");
    assert!(!choose.has("form[action$='/add']"), "who is on it is not added again: the note stays");
    let dropped = sponsor.send(&noted, &format!("{}/drop", list.path), &[]).await;
    dropped.says("Taken off the list").says("Nobody is on this list yet");
    let back = sponsor.send(&dropped, &format!("{}/note", list.path), &[]).await;
    back.says("Back on the list").says("ana of old");
    assert_eq!(back.all("textarea"), ["Ask her in May."], "the note came back with her");
    sponsor.send(&back, &format!("{}/drop", list.path), &[]).await.says("Nobody is on this list yet");
    let choose = sponsor.get(&format!("/shortlists?for={ana}")).await;
    sponsor.send(&choose, &format!("{}/add", list.path), &[]).await.says("Added to the list").says("ana of old");
}

#[tokio::test]
async fn a_list_is_renamed_and_deleted_after_a_question() {
    let house = House::open();
    let mut sponsor = house.sponsor("leaf").await;
    let page = sponsor.get("/shortlists").await;
    sponsor.send(&page, "/shortlists", &[("name", " ")]).await.refuses(422, "");
    let list = sponsor.send(&page, "/shortlists", &[("name", "Summer")]).await;
    let path = list.path.clone();
    let refused = sponsor.send(&list, &format!("{path}/rename"), &[("name", "")]).await;
    refused.refuses(422, "");
    assert!(refused.has("details[open] #f-name[aria-invalid=true]"), "the form is open where something is wrong");
    let renamed = sponsor.send(&list, &format!("{path}/rename"), &[("name", "Winter")]).await;
    renamed.says("The list has a new name").says("Winter");
    let sure = sponsor.get(&format!("{path}/remove")).await;
    sure.says("Delete “Winter”?").says("gone for good");
    sponsor.send(&sure, &format!("{path}/remove"), &[]).await.says("The list is gone").says("No shortlists yet");
    assert_eq!(sponsor.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_list_is_nobody_elses_business() {
    let house = House::open();
    let ana = house.influencer("ana").await.id;
    let mut sponsor = house.sponsor("leaf").await;
    let page = sponsor.get("/shortlists").await;
    let path = sponsor.send(&page, "/shortlists", &[("name", "Summer")]).await.path;
    let (mut rival, mut ada) = (house.sponsor("rival").await, house.influencer("ada").await);
    for other in [&mut rival, &mut ada] {
        assert_eq!(other.get(&path).await.status, 404);
        for (verb, name) in [("add", "for"), ("note", "influencer"), ("drop", "influencer"), ("rename", "name"), ("remove", "x")]
        {
            let answer = other.post(&format!("{path}/{verb}"), &[(name.to_owned(), ana.to_string())]).await;
            assert_eq!(answer.status, 404, "{verb}");
        }
    }
    assert_eq!(ada.get("/shortlists").await.status, 404);
    assert!(house.visitor().get("/shortlists").await.path.starts_with("/sign-in"));
    sponsor.get(&path).await.says("Summer");
}

#[tokio::test]
async fn who_is_gone_stays_on_the_list_as_gone() {
    let house = House::open();
    let ana = house.influencer("ana").await.id;
    let mut sponsor = house.sponsor("leaf").await;
    let choose = sponsor.get(&format!("/shortlists?for={ana}")).await;
    sponsor.send(&choose, "/shortlists", &[("name", "Summer")]).await;
    house.suspend(ana).await;
    let lists = sponsor.get("/shortlists").await;
    let list = sponsor.follow(&lists, "Summer").await;
    list.says("This profile is no longer here");
    assert!(!list.text().contains("ana of old") && !list.has(&format!("a[href='/influencers/{ana}']")));
    assert_eq!(sponsor.get(&format!("/shortlists?for={ana}")).await.status, 404);
}
