//! The policy table as it is printed and committed: a change of who may do what is seen in review, in `docs/policy.txt`.
//!
//! With `UPDATE_DOCS=1` in the environment the test writes the file instead.
#![allow(clippy::unwrap_used, clippy::panic)]

use iescp_core::policy;
use std::{fs, path::Path};

#[test]
fn the_policy_is_the_one_that_was_printed() {
    let printed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/policy.txt");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&printed, policy::table()).unwrap();
    }
    let before = fs::read_to_string(&printed).unwrap_or_default();
    for (row, was) in policy::table().lines().zip(before.lines()) {
        assert_eq!(row, was, "the policy changed: look at it, then run this test with UPDATE_DOCS=1");
    }
    assert_eq!(policy::table(), before, "rows came or went: look at them, then run this test with UPDATE_DOCS=1");
}
