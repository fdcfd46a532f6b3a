use super::*;

/// Documents of which every combination of filters finds some, few or none.
fn large() -> Index {
    let mut index = Index::new(COLUMNS, 0);
    for n in 0..30_000u128 {
        let rare = n % 1_000 == 7;
        let mut document = document(n, ["a", "b", "c"][n as usize % 3], if rare { "rare" } else { "usual" }, [0, 0, 0]);
        // The third column rises where the second falls: two common ranges that no document is in together.
        document.numbers = vec![(n * 7919 % 30_011) as i64, n as i64, 30_000 - n as i64];
        document.text = vec![(1, format!("common word{}", n % 2_000))];
        index.insert(document);
    }
    index
}

fn worst_queries() -> Vec<Query> {
    let upper = |column| Range { column, min: Some(15_100), max: None };
    let group = |niche: &str| AnyOf(vec![Facet::new(NICHE, niche)]);
    let texts = [None, Some("common"), Some("c w"), Some("word19"), Some("comnon wrod19")];
    let ranges = [vec![], vec![upper(1), upper(2)], vec![upper(1)], vec![Range { column: 1, min: Some(5), max: Some(40) }]];
    let groups =
        [vec![], vec![group("a"), group("b")], vec![group("c")], vec![AnyOf(vec![Facet::new(COUNTRY, "rare")]), group("c")]];
    let sorts = [Sort::Relevance, by(0, true), by(0, false), by(1, true)];
    let mut queries = Vec::new();
    for text in texts {
        for ranges in &ranges {
            for facets in &groups {
                for sort in sorts {
                    let (facets, ranges, text) = (facets.clone(), ranges.clone(), text.map(str::to_owned));
                    queries.push(Query { text, facets, ranges, sort, after: None, limit: 20 });
                }
            }
        }
    }
    queries
}

#[test]
fn no_query_takes_more_steps_than_its_bounds() {
    let mut index = large();
    index.bounds = plan::Bounds { walk: 2_000, fetch: 1_000, score: 1_500 };
    for query in worst_queries() {
        let (page, steps) = find::find(&index, &query);
        assert!(steps <= 2_000 + 64, "{steps} steps: {query:?}");
        assert!(!page.unfinished || page.next.is_some());
    }
}

#[test]
fn unfinished_pages_lead_to_the_same_answer() {
    let mut index = large();
    let queries: Vec<_> = worst_queries().into_iter().filter(|query| query.sort != Sort::Relevance).step_by(3).collect();
    let expected: Vec<_> = queries.iter().map(|query| all(&index, &Query { limit: 200, ..query.clone() })).collect();
    index.bounds = plan::Bounds { walk: 2_000, fetch: 1_000, score: 1_000 };
    for (query, expected) in queries.iter().zip(expected) {
        assert_eq!(all(&index, &Query { limit: 200, ..query.clone() }), expected, "{query:?}");
    }
}

#[test]
fn a_page_that_stops_early_says_so() {
    let mut index = large();
    index.bounds = plan::Bounds { walk: 500, fetch: 100, score: 100 };
    let upper = |column| Range { column, min: Some(15_100), max: None };
    let page = index.find(&Query { ranges: vec![upper(1), upper(2)], sort: by(0, true), limit: 20, ..Query::default() });
    assert!(page.unfinished && page.next.is_some() && page.ids.is_empty());
}

#[test]
fn common_filters_take_hardly_any_steps() {
    let index = large();
    let group = AnyOf(vec![Facet::new(NICHE, "a")]);
    let (page, steps) = find::find(&index, &Query { facets: vec![group], sort: by(0, true), limit: 20, ..Query::default() });
    assert!(page.ids.len() == 20 && steps < 64, "{steps}");
}
