//! The real program and a tus client that others wrote.

use super::real::{checksum, document, settled_at};
use crate::support::binary::Binary;
use crate::support::python::python;
use crate::support::{TestApp, tree::org};
use kernel::Role;
use std::path::Path;

#[tokio::test]
async fn tuspy_begins_goes_on_and_promises_checksums() {
    let app = TestApp::now().await.with_tree().await;
    app.account("clerk", Role::Clerk, "branch-a").await;
    let lesson = app.a_lesson(org("branch-a")).create().await;
    let server = Binary::serve(app, "").await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let bytes = document(1_234_567);
    std::fs::write(file.path(), &bytes).unwrap();
    let cookie = server.cookie("clerk").await;
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tus/upload.py");
    let sent = tokio::process::Command::new(python("tus"))
        .arg(program)
        .args([&server.url("/uploads"), &cookie])
        .arg(file.path())
        .args([&lesson.to_string(), "script"])
        .output()
        .await
        .unwrap();
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let clerk = server.signed_in("clerk").await;
    let place = String::from_utf8(sent.stdout).unwrap();
    assert_eq!(settled_at(&clerk, place.trim()).await["state"], "ready");
    let files: serde_json::Value =
        clerk.get(server.url(&format!("/api/v1/lessons/{lesson}/materials"))).send().await.unwrap().json().await.unwrap();
    assert_eq!((&files[0]["filename"], &files[0]["sha256"]), (&"第一课 tuspy.pdf".into(), &checksum(&bytes).into()));
}
