//! Two platforms on one database: what was acknowledged at one is seen at the other by the next who asks.

use super::cluster::Cluster;
use crate::{
    Actor, PageRequest, Platform, Settings,
    campaign::ViewCampaign,
    discovery::{CampaignSearch, SearchCampaigns},
    fixture::Market,
    store::{PostgresOptions, PostgresStore, Store},
};
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_at_one_of_two_nodes_is_found_at_the_other_at_once() {
    let cluster = Cluster::start();
    let connect = async || PostgresStore::connect(&cluster.url(), PostgresOptions::default()).await.unwrap();
    let one = Market::over(connect().await, Settings::default());
    let store: Arc<dyn Store> = Arc::new(connect().await);
    let other = Platform::over(store).clock(one.clock.clone()).open().unwrap();
    let (sponsor, influencer) = (one.sponsor().await, one.influencer().await);
    let reader = Actor::account(influencer.id);
    let search = || SearchCampaigns { search: CampaignSearch::default(), page: PageRequest::new(100, None) };
    for number in 1..=40 {
        let before = other.run(&reader, search()).await.unwrap().items.len();
        let campaign = one.campaign(&sponsor, 100).await;
        let after = other.run(&reader, search()).await.unwrap().items.len();
        assert_eq!((before, after), (number - 1, number));
        // An answer that was kept ends with what it rests on.
        let mut basis = other.basis();
        other.run_on(&mut basis, &reader, ViewCampaign { campaign }).await.unwrap();
        assert!(other.holds(&basis).await.unwrap());
        one.run(&sponsor, crate::campaign::PauseCampaign { campaign }).await.unwrap();
        assert!(!other.holds(&basis).await.unwrap());
        one.run(&sponsor, crate::campaign::ResumeCampaign { campaign }).await.unwrap();
    }
}
