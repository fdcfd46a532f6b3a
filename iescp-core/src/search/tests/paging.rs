use super::*;

fn index_of(numbers: impl IntoIterator<Item = i64>) -> Index {
    let mut index = Index::new(COLUMNS, 0);
    for (at, number) in numbers.into_iter().enumerate() {
        index.insert(document(at as u128, "a", "x", [number, 0, 0]));
    }
    index
}

#[test]
fn a_cursor_survives_its_way_through_a_client() {
    let mut index = index_of(0..10);
    index.insert(Document { id: id(99), text: vec![(1, "night train".into())], ..Document::default() });
    index.insert(Document { id: id(98), text: vec![(1, "night bus".into())], ..Document::default() });
    let page = index.find(&Query { text: Some("nigth".into()), limit: 1, ..Query::default() });
    let cursor = page.next.expect("there is another");
    let sent = serde_json::to_string(&cursor).expect("a cursor can be written");
    assert_eq!(serde_json::from_str::<Cursor>(&sent).expect("and read"), cursor);
}

#[test]
fn the_document_a_cursor_stands_on_may_be_removed() {
    let mut index = index_of(0..10);
    let mut query = Query { sort: by(0, false), limit: 4, ..Query::default() };
    let page = index.find(&query);
    assert!(index.remove(page.ids[3]));
    query.after = page.next;
    assert_eq!(index.find(&query).ids, [id(4), id(5), id(6), id(7)]);
}

#[test]
fn a_full_last_page_has_no_next() {
    let index = index_of(0..8);
    let mut query = Query { sort: by(0, true), limit: 4, ..Query::default() };
    query.after = index.find(&query).next;
    let page = index.find(&query);
    assert_eq!((page.ids.len(), page.next, page.unfinished), (4, None, false));
}

#[test]
fn a_cursor_of_another_query_does_no_harm() {
    let index = index_of((0..500).chain([MISSING; 20]));
    for start in [Sort::Relevance, by(0, true), by(0, false), by(1, true)] {
        let after = index.find(&Query { sort: start, limit: 100, ..Query::default() }).next;
        for sort in [Sort::Relevance, by(0, true), by(0, false), by(2, false)] {
            for (min, max) in [(None, None), (Some(10), Some(20)), (Some(490), None), (Some(3), Some(2))] {
                let ranges = vec![Range { column: 0, min, max }];
                let query = Query { sort, ranges, after: after.clone(), limit: 200, ..Query::default() };
                assert!(all(&index, &query).len() <= 500);
            }
        }
    }
}

#[test]
fn a_limit_of_nothing_means_one_and_a_huge_one_is_cut() {
    let index = index_of(0..500);
    assert_eq!(index.find(&Query::default()).ids.len(), 1);
    assert_eq!(index.find(&Query { limit: usize::MAX, ..Query::default() }).ids.len(), MAX_LIMIT);
}

#[test]
fn documents_arriving_in_order_fill_their_blocks() {
    assert_eq!(index_of(0..6400).orders[0].len(), 100);
    assert!(index_of((0..6400).rev()).orders[0].len() <= 201);
}
