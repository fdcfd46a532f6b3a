use super::*;

fn index_of(texts: &[&[(u8, &str)]]) -> Index {
    let mut index = Index::new(1, 0);
    for (at, text) in texts.iter().enumerate() {
        let text = text.iter().map(|(weight, text)| (*weight, (*text).to_owned())).collect();
        index.insert(Document { id: id(at as u128), numbers: vec![at as i64], text, ..Document::default() });
    }
    index
}

fn found(index: &Index, text: &str) -> Vec<u128> {
    all(index, &Query { text: Some(text.into()), limit: 2, ..Query::default() }).iter().map(Uuid::as_u128).collect()
}

#[test]
fn every_word_must_be_found_as_the_beginning_of_one() {
    let index = index_of(&[&[(1, "Slow travel by night train")], &[(1, "Travelling with dogs")], &[(1, "Training dogs")]]);
    assert_eq!(found(&index, "trav"), [1, 0]);
    assert_eq!(found(&index, "train"), [0, 2]);
    assert_eq!(found(&index, "dogs TRAIN"), [2]);
    assert_eq!(found(&index, "t d"), [2, 1]);
    assert!(found(&index, "avel").is_empty());
}

#[test]
fn accents_and_case_do_not_matter() {
    let index = index_of(&[&[(1, "Crème brûlée in Łódź")]]);
    for text in ["creme", "BRÛLÉE", "lodz", "łodz creme"] {
        assert_eq!(found(&index, text), [0], "{text}");
    }
}

#[test]
fn a_slip_of_the_finger_is_forgiven_from_five_letters_on() {
    let index = index_of(&[&[(1, "photographer")], &[(1, "cats")]]);
    for text in ["photograhper", "hotographer", "photograpfer", "photografpher", "pphotographer", "photographerx", "phtograpfer"]
    {
        let expected: &[u128] = if text == "phtograpfer" { &[] } else { &[0] };
        assert_eq!(found(&index, text), expected, "{text}");
    }
    assert_eq!(found(&index, "phoot"), [0], "also in what is only a beginning");
    assert!(found(&index, "cast").is_empty());
}

#[test]
fn nothing_is_forgiven_when_the_word_is_there_as_written() {
    let index = index_of(&[&[(1, "trail")], &[(1, "train")]]);
    assert_eq!(found(&index, "train"), [1]);
    assert_eq!(found(&index, "traim"), [1, 0]);
}

#[test]
fn a_later_page_reads_words_as_the_first_did() {
    let mut index = index_of(&[&[(1, "trail")], &[(1, "train")], &[(1, "braim")]]);
    let mut query = Query { text: Some("traim".into()), limit: 1, ..Query::default() };
    let page = index.find(&query);
    assert_eq!(page.ids, [id(2)]);
    index.insert(Document { id: id(9), numbers: vec![0], text: vec![(1, "traim".into())], ..Document::default() });
    query.after = page.next;
    query.limit = 9;
    assert_eq!(index.find(&query).ids, [id(1), id(0)]);
}

#[test]
fn relevance_puts_weight_then_exactness_then_popularity_first() {
    let index = index_of(&[
        &[(3, "Anna"), (1, "cooks")],
        &[(3, "Annabel"), (1, "cooks")],
        &[(3, "Bob"), (1, "cooks with Anna")],
        &[(3, "Bea"), (1, "cooks with Anna")],
    ]);
    assert_eq!(found(&index, "anna"), [0, 1, 3, 2]);
    assert_eq!(found(&index, "cooks"), [3, 2, 1, 0]);
}

#[test]
fn rarer_words_count_more() {
    let mut texts: Vec<&[(u8, &str)]> = vec![&[(1, "yoga"), (2, "fashion")], &[(2, "yoga"), (1, "fashion")]];
    texts.resize(60, &[(1, "fashion")]);
    assert_eq!(found(&index_of(&texts), "fashion yoga"), [1, 0]);
}

#[test]
fn chinese_japanese_arabic_and_hebrew_words_are_found() {
    let index = index_of(&[&[(1, "東京の旅行ブログ")], &[(1, "مدونة سفر")], &[(1, "בלוג מסעות")], &[(1, "여행 블로그 🎒")]]);
    for (text, expected) in
        [("旅行", 0), ("京", 0), ("ブログ", 0), ("سفر", 1), ("مدو", 1), ("מסעות", 2), ("여행", 3), ("🎒 블로", 3)]
    {
        assert_eq!(found(&index, text), [expected], "{text}");
    }
    assert!(found(&index, "行東").is_empty());
}

#[test]
fn a_text_without_words_filters_nothing() {
    let index = index_of(&[&[(1, "one")], &[]]);
    assert_eq!(found(&index, " … 🎉 "), [1, 0]);
}

#[test]
fn text_goes_with_filters_and_orders() {
    let mut index = Index::new(COLUMNS, 0);
    for number in 0..200u128 {
        let mut document =
            document(number, if number % 2 == 0 { "even" } else { "odd" }, "x", [number as i64, -(number as i64), 0]);
        document.text = vec![(1, if number % 5 == 0 { "wanted thing" } else { "other" }.into())];
        index.insert(document);
    }
    let query = Query {
        text: Some("wanted".into()),
        facets: vec![AnyOf(vec![Facet::new(NICHE, "odd")])],
        ranges: vec![Range { column: 0, min: Some(20), max: Some(60) }],
        sort: by(1, false),
        limit: 2,
        ..Query::default()
    };
    let expected: Vec<_> = [55, 45, 35, 25].map(id).into();
    for (walk, fetch) in [(1_000, 1_000), (1_000, 0), (1, 0)] {
        index.bounds = plan::Bounds { walk, fetch, score: fetch };
        assert_eq!(all(&index, &query), expected);
        assert_eq!(all(&index, &Query { sort: Sort::Relevance, ..query.clone() }), expected);
    }
}

#[test]
fn scored_pages_are_stable_while_words_become_common() {
    let mut index = index_of(&[&[(1, "yoga")], &[(2, "yoga")], &[(3, "yogalates")], &[(1, "yoga")], &[(2, "yoga")]]);
    let mut query = Query { text: Some("yoga".into()), limit: 1, ..Query::default() };
    let mut seen = Vec::new();
    for round in 0..20 {
        let page = index.find(&query);
        seen.extend(page.ids.iter().map(Uuid::as_u128).filter(|number| *number < 5));
        let Some(next) = page.next else { break };
        query.after = Some(next);
        for other in 0..4u128 << round.min(6) {
            let text = vec![(9, if other % 2 == 0 { "yoga" } else { "other" }.into())];
            index.insert(Document { id: id(1000 * (round + 1) + other), text, ..Document::default() });
        }
    }
    assert_eq!(seen, [4, 1, 2, 3, 0]);
}
