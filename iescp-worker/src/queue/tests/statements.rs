//! What is asked of databases.

/// S-42: what is asked of a database is written down here whole, and what is asked about is bound to it.
#[test]
fn s_42_no_statement_is_put_together_from_parts() {
    let files = [
        ("sqlite.rs", include_str!("../sqlite.rs")),
        ("sqlite/copying.rs", include_str!("../sqlite/copying.rs")),
        ("sqlite/held.rs", include_str!("../sqlite/held.rs")),
        ("sqlite/periods.rs", include_str!("../sqlite/periods.rs")),
        ("sqlite/rows.rs", include_str!("../sqlite/rows.rs")),
        ("sqlite/suspects.rs", include_str!("../sqlite/suspects.rs")),
        ("postgres.rs", include_str!("../postgres.rs")),
        ("postgres/held.rs", include_str!("../postgres/held.rs")),
        ("postgres/periods.rs", include_str!("../postgres/periods.rs")),
        ("postgres/rows.rs", include_str!("../postgres/rows.rs")),
        ("postgres/schema.rs", include_str!("../postgres/schema.rs")),
        ("postgres/suspects.rs", include_str!("../postgres/suspects.rs")),
    ];
    for (file, source) in files {
        assert!(!source.contains("AssertSqlSafe"), "{file}");
        let code = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for asking in ["sqlx::query", "sqlx::raw_sql", "begin_with"] {
            for after in code.split(asking).skip(1).filter(|after| after.starts_with(['(', '_', ':'])) {
                let asked = after.trim_start_matches(|c| c != '(').get(1..40).unwrap().trim_start();
                let whole =
                    asked.starts_with('"') || ["statement)", "OURS)", "WRITING)"].iter().any(|name| asked.starts_with(name));
                assert!(whole, "{file}: {asked}");
            }
        }
        let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
        let put_together = code.lines().filter(|line| line.contains("format!") && verbs.iter().any(|verb| line.contains(verb)));
        assert_eq!(put_together.collect::<Vec<_>>(), Vec::<&str>::new(), "{file}");
    }
}

/// Only what is in `queue/` names apalis.
#[test]
fn nothing_else_of_the_worker_names_apalis() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("queue") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("queue.rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                let named = source.lines().find(|line| line.contains("apalis") && !line.trim_start().starts_with("//"));
                assert_eq!(named, None, "{}", path.display());
            }
        }
    }
}
