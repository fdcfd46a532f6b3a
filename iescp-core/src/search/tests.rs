use super::{query::Place, *};
use proptest::prelude::*;
use uuid::Uuid;

mod paging;
mod text;
mod work;

const NICHE: u8 = 0;
const COUNTRY: u8 = 1;
const COLUMNS: usize = 3;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn document(number: u128, niche: &str, country: &str, numbers: [i64; COLUMNS]) -> Document {
    let facets = vec![Facet::new(NICHE, niche), Facet::new(COUNTRY, country)];
    Document { id: id(number), facets, numbers: numbers.to_vec(), text: Vec::new() }
}

fn by(column: usize, descending: bool) -> Sort {
    Sort::Column { column, descending }
}

/// All pages of an answer, one after the other.
fn all(index: &Index, query: &Query) -> Vec<Uuid> {
    let mut query = query.clone();
    let mut ids = Vec::new();
    for _ in 0..10_000 {
        let page = index.find(&query);
        assert!(page.ids.len() <= query.limit.clamp(1, MAX_LIMIT));
        assert!(page.unfinished || page.next.is_none() || page.ids.len() == query.limit.clamp(1, MAX_LIMIT));
        ids.extend(page.ids);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return ids,
        }
    }
    panic!("the pages never end");
}

/// What the index should answer to a query without text.
fn naive(documents: &[Document], query: &Query) -> Vec<Uuid> {
    let Sort::Column { column, descending } = query.sort else { panic!("no order") };
    let fits = |document: &&Document| {
        query.facets.iter().all(|group| group.0.iter().any(|facet| document.facets.contains(facet)))
            && query.ranges.iter().all(|range| {
                let number = document.numbers[range.column];
                number != MISSING && range.min.is_none_or(|min| min <= number) && range.max.is_none_or(|max| number <= max)
            })
    };
    let mut found: Vec<_> = documents.iter().filter(fits).map(|document| (document.numbers[column], document.id)).collect();
    found.sort();
    if descending {
        found.reverse();
    }
    found.sort_by_key(|(number, _)| *number == MISSING);
    found.into_iter().map(|(_, id)| id).collect()
}

#[derive(Clone, Debug)]
enum Step {
    Insert(Document),
    Remove(u128),
}

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![1 => Just(MISSING), 6 => 0..20i64, 3 => any::<i64>()]
}

fn some_document() -> impl Strategy<Value = Document> {
    (0..400u128, "[a-d]", "[a-z]", [number(), number(), number()])
        .prop_map(|(number, niche, country, numbers)| document(number, &niche, &country, numbers))
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![4 => some_document().prop_map(Step::Insert), 1 => (0..400u128).prop_map(Step::Remove)];
    prop::collection::vec(step, 0..600)
}

fn some_query() -> impl Strategy<Value = Query> {
    let facet =
        prop_oneof!["[a-e]".prop_map(|value| Facet::new(NICHE, value)), "[a-z]".prop_map(|value| Facet::new(COUNTRY, value))];
    let groups = prop::collection::vec(prop::collection::vec(facet, 1..4).prop_map(AnyOf), 0..3);
    let range = (0..COLUMNS, prop::option::of(number()), prop::option::of(number())).prop_map(|(column, min, max)| Range {
        column,
        min,
        max,
    });
    let sort = (0..COLUMNS, any::<bool>()).prop_map(|(column, descending)| by(column, descending));
    (groups, prop::collection::vec(range, 0..3), sort, 1..50usize).prop_map(|(facets, ranges, sort, limit)| Query {
        facets,
        ranges,
        sort,
        limit,
        ..Query::default()
    })
}

fn build(steps: &[Step]) -> (Index, Vec<Document>) {
    let mut index = Index::new(COLUMNS, 0);
    let mut documents: Vec<Document> = Vec::new();
    for step in steps {
        let gone = match step {
            Step::Insert(document) => document.id,
            Step::Remove(number) => id(*number),
        };
        let known = documents.iter().position(|document| document.id == gone);
        let document = known.map(|at| documents.swap_remove(at));
        match step {
            Step::Insert(new) => {
                assert_eq!(index.insert(new.clone()), document.is_some());
                documents.push(new.clone());
            }
            Step::Remove(_) => assert_eq!(index.remove(gone), document.is_some()),
        }
    }
    (index, documents)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_filters_in_any_order_answer_what_a_plain_filter_and_sort_does(steps in steps(), queries in prop::collection::vec(some_query(), 12)) {
        let (mut index, documents) = build(&steps);
        let usual = index.bounds;
        let mut built = Index::build(COLUMNS, 0, [documents.clone(), documents.iter().take(9).cloned().collect()].concat());
        for document in documents.iter().step_by(3) {
            built.remove(document.id);
            built.insert(document.clone());
        }
        for query in queries {
            let expected = naive(&documents, &query);
            prop_assert_eq!(&all(&built, &query), &expected, "built at once, {:?}", query);
            for (walk, fetch) in [(usual.walk, usual.fetch), (usual.walk, 0), (1, 0), (7, 20)] {
                index.bounds = plan::Bounds { walk, fetch, score: fetch };
                prop_assert_eq!(&all(&index, &query), &expected, "bounds {} {}, {:?}", walk, fetch, query);
            }
        }
        prop_assert_eq!(index.len(), documents.len());
    }

    #[test]
    fn whatever_was_there_all_along_comes_exactly_once(
        steps in steps(), query in some_query(), changes in prop::collection::vec(steps_of_others(), 1..20), fetch in prop::bool::ANY
    ) {
        let (mut index, documents) = build(&steps);
        index.bounds.fetch *= usize::from(fetch);
        let expected = naive(&documents, &query);
        let mut asked = query.clone();
        let mut seen = Vec::new();
        for change in changes.iter().cycle().take(1000) {
            let page = index.find(&asked);
            seen.extend(page.ids);
            let Some(next) = page.next else { break };
            asked.after = Some(next);
            for step in change {
                match step {
                    Step::Insert(document) => index.insert(document.clone()),
                    Step::Remove(number) => index.remove(id(*number)),
                };
            }
        }
        let old: Vec<_> = seen.into_iter().filter(|id| id.as_u128() < 400).collect();
        prop_assert_eq!(old, expected);
    }

    #[test]
    fn any_text_is_taken_in_found_and_taken_out(texts in prop::collection::vec("\\PC{0,40}", 1..20), asked in "\\PC{0,12}") {
        let mut index = Index::new(1, 0);
        for (number, text) in texts.iter().enumerate() {
            index.insert(Document { id: id(number as u128), text: vec![(1, text.clone())], ..Document::default() });
        }
        let built = Index::build(1, 0, texts.iter().enumerate().map(|(number, text)| {
            Document { id: id(number as u128), text: vec![(1, text.clone())], ..Document::default() }
        }));
        let query = Query { text: Some(asked), limit: 3, ..Query::default() };
        prop_assert_eq!(all(&index, &query), all(&built, &query));
        for (number, text) in texts.iter().enumerate() {
            let found = all(&index, &Query { text: Some(text.clone()), limit: 3, ..Query::default() });
            prop_assert!(found.contains(&id(number as u128)), "{text:?}");
        }
        for number in 0..texts.len() {
            prop_assert!(index.remove(id(number as u128)));
        }
        prop_assert!(index.is_empty() && index.vocabulary.is_empty() && index.orders.iter().all(|order| order.len() == 0));
    }
}

/// Comings and goings of documents that were not there at first.
fn steps_of_others() -> impl Strategy<Value = Vec<Step>> {
    let other = some_document().prop_map(|document| Document { id: id(document.id.as_u128() + 1000), ..document });
    let step = prop_oneof![other.prop_map(Step::Insert), (1000..1400u128).prop_map(Step::Remove)];
    prop::collection::vec(step, 0..60)
}

#[test]
fn an_empty_index_answers_nothing() {
    let index = Index::new(0, 9);
    assert_eq!(index.find(&Query::default()), Page::default());
    let query = Query { text: Some("word".into()), ranges: vec![Range { column: 5, ..Range::default() }], ..Query::default() };
    assert_eq!(index.find(&query), Page::default());
}

#[test]
fn a_document_without_a_number_comes_last_and_is_in_no_range() {
    let mut index = Index::new(COLUMNS, 0);
    index.insert(document(1, "a", "x", [MISSING, 0, 0]));
    index.insert(document(2, "a", "x", [5, 0, 0]));
    index.insert(Document { id: id(3), ..Document::default() });
    for (descending, expected) in [(false, [id(2), id(1), id(3)]), (true, [id(2), id(3), id(1)])] {
        let query = Query { sort: by(0, descending), limit: 1, ..Query::default() };
        assert_eq!(all(&index, &query), expected);
        let open = Range { column: 0, min: None, max: None };
        assert_eq!(all(&index, &Query { ranges: vec![open], ..query }), [id(2)]);
    }
}

#[test]
fn a_group_without_facets_or_with_unknown_ones_is_satisfied_by_nobody() {
    let mut index = Index::new(COLUMNS, 0);
    index.insert(document(1, "a", "x", [1, 1, 1]));
    for group in [vec![], vec![Facet::new(NICHE, "b")], vec![Facet::new(COUNTRY, "a")]] {
        assert_eq!(index.find(&Query { facets: vec![AnyOf(group)], ..Query::default() }), Page::default());
    }
}

#[test]
fn a_replaced_document_is_found_by_what_it_is_now() {
    let mut index = Index::new(COLUMNS, 0);
    assert!(!index.insert(document(1, "a", "x", [1, 1, 1])));
    assert!(index.insert(document(1, "b", "x", [2, 2, 2])));
    let niche = |niche| Query { facets: vec![AnyOf(vec![Facet::new(NICHE, niche)])], ..Query::default() };
    assert_eq!((all(&index, &niche("a")), all(&index, &niche("b")), index.len()), (vec![], vec![id(1)], 1));
    assert!(index.contains(id(1)) && !index.contains(id(2)));
}

#[test]
fn facets_that_become_common_and_rare_again_stay_right() {
    let mut index = Index::new(COLUMNS, 0);
    let documents: Vec<_> =
        (0..3000).map(|n| document(n, if n % 3 == 0 { "a" } else { "b" }, "x", [n as i64 % 97, 0, 0])).collect();
    documents.iter().for_each(|document| {
        index.insert(document.clone());
    });
    let query = Query {
        facets: vec![AnyOf(vec![Facet::new(NICHE, "a"), Facet::new(NICHE, "c")])],
        sort: by(0, true),
        limit: 50,
        ..Query::default()
    };
    assert_eq!(all(&index, &query), naive(&documents, &query));
    let (gone, left): (Vec<_>, Vec<_>) = documents.into_iter().partition(|document| document.id.as_u128() % 100 != 0);
    assert!(gone.iter().all(|document| index.remove(document.id)));
    assert_eq!(all(&index, &query), naive(&left, &query));
    assert!(index.orders[0].len() <= 4, "emptied blocks melt together");
}

#[test]
fn places_are_ordered_by_score_then_number_then_id() {
    let place = |score, value, number| Place { score, key: query::Key { value, id: id(number) } };
    let mut places = [place(1, 9, 1), place(2, MISSING, 1), place(2, 3, 2), place(2, 3, 1), place(2, 4, 1)];
    places.sort_by(|one, other| one.order(other, true));
    assert_eq!(places, [place(2, 4, 1), place(2, 3, 2), place(2, 3, 1), place(2, MISSING, 1), place(1, 9, 1)]);
}
