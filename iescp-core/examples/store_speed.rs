//! quick measure
use iescp_core::store::*;
use std::{sync::Arc, time::Instant};
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let dir = tempfile::tempdir_in("/root").unwrap();
    let kept: u64 = std::env::args().nth(1).map_or(65_536, |s| s.parse().unwrap());
    let store: Arc<dyn Store> =
        Arc::new(SledStore::open(dir.path().join("s"), SledOptions { kept_commits: kept, ..Default::default() }).unwrap());
    for writers in [1usize, 16, 64, 256] {
        let total = if writers == 1 { 3000 } else { 100_000 };
        let began = Instant::now();
        let mut set = tokio::task::JoinSet::new();
        for w in 0..writers {
            let store = store.clone();
            set.spawn(async move {
                for i in 0..total / writers {
                    let id = uuid::Uuid::now_v7();
                    let k = Key(format!("a/{id}").into_bytes());
                    let k2 = Key(format!("i/{w}/{i}/{writers}").into_bytes());
                    store
                        .commit(Batch {
                            expect: vec![Expect::Absent(k.clone())],
                            writes: vec![Write::Put(k, vec![7; 200]), Write::Put(k2, vec![])],
                            id: None,
                        })
                        .await
                        .unwrap();
                }
            });
        }
        while let Some(r) = set.join_next().await {
            r.unwrap();
        }
        let t = began.elapsed();
        println!("{writers:4} writers: {:.0}/s", (total / writers * writers) as f64 / t.as_secs_f64());
    }
    let began = Instant::now();
    let n = 200_000;
    for i in 0..n {
        let k = Key(format!("i/{}/{}/256", i % 256, i / 256 % 390).into_bytes());
        let _ = store.read(vec![Read::Get(k)]).await.unwrap();
    }
    println!("gets {:.0}/s", n as f64 / began.elapsed().as_secs_f64());
    let began = Instant::now();
    for i in 0..20_000 {
        let k = Key(format!("i/{}/", i % 256).into_bytes());
        let _ =
            store.read(vec![Read::Scan(Scan { from: k, to: Key(b"j".to_vec()), descending: false, limit: 50 })]).await.unwrap();
    }
    println!("scans50 {:.0}/s", 20_000f64 / began.elapsed().as_secs_f64());
}
