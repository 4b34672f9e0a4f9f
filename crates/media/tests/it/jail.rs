//! The jail keeps what it promises, and says what it cannot.

use crate::clips::Bench;

#[tokio::test]
async fn the_self_test_says_what_holds() {
    let bench = Bench::new().await;
    let report = bench.jail.self_test(&bench.tools).await.expect("a report");
    assert!(report.enforced.contains(&"reading files other than the input"), "{report:?}");
    assert!(report.enforced.contains(&"the network"), "{report:?}");
    assert!(report.missing.is_empty(), "{report:?}");
}
