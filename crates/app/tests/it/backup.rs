//! Backup of a running server, and a verified way back (H4).

use crate::support::TestApp;
use crate::support::binary::{Binary, run};
use crate::support::tree::org;
use app::db::Value;
use app::recordings::{MaterialId, RENDITIONS, Recordings};
use app::{jobs, watching};
use kernel::{Clock, Role};
use ledger::Event;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Output;

const VIEWS: u8 = 20;
const RECORDING: &[u8] = b"the recording";

/// An application in which every kind of thing that a backup holds is there.
async fn full() -> (TestApp, MaterialId) {
    let app = TestApp::now().await.with_tree().await;
    app.account("li.wei", Role::Clerk, "branch-a").await;
    let lesson = app.a_lesson(org("branch-a")).with_video().create().await;
    let mut tx = app.db.begin().await.unwrap();
    let material = Recordings(&mut tx).current(lesson).await.unwrap()[0].id;
    let hash = app::hex::hex(&Sha256::digest(RECORDING));
    let bound = vec![Value::from(hash.as_str()), Value::from(material)];
    assert_eq!(tx.execute("update material set sha256 = $1 where id = $2", bound).await.unwrap(), 1);
    tx.commit().await.unwrap();
    std::fs::write(app.objects.original(&material.to_string()), RECORDING).unwrap();
    let rendition = app.objects.renditions(&material.to_string());
    std::fs::create_dir_all(&rendition).unwrap();
    std::fs::write(rendition.join("master.m3u8"), "#EXTM3U").unwrap();
    std::fs::write(app.objects.spool("upl_1"), b"half of ano").unwrap();
    std::fs::write(app.objects.spool("upl_1").with_extension("unverified"), b"5").unwrap();
    for n in 0..VIEWS {
        let event = Event {
            kind: watching::VIEW,
            key: n.into(),
            subject: 1,
            group: 2,
            at: app.clock.now(),
            amount: 1,
            weight: ledger::Weight::ONE,
            day: 20_261_123,
        };
        app.views.as_ref().unwrap().append(event).await.unwrap();
    }
    (app, material)
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

async fn backup(server: &Binary, target: &Path, more: &[&str]) -> Output {
    let made = run(server.data(), &[&["backup", target.to_str().unwrap()], more].concat()).await;
    assert!(made.status.success(), "{}", words(&made));
    made
}

async fn restore(source: &Path, data: &Path) -> Output {
    run(data, &["restore", source.to_str().unwrap()]).await
}

/// Every file below `root` with its bytes, by its path.
fn files(root: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

#[tokio::test]
async fn h4_a_backup_of_a_running_server_comes_back_whole_and_works() {
    let (app, material) = full().await;
    let mut server = Binary::serve(app, "").await;
    let li = server.signed_in("li.wei").await;
    let place = tempfile::tempdir().unwrap();
    let (kept, data) = (place.path().join("kept"), place.path().join("data"));
    // Somebody writes all the while.
    let address = server.url("/sign-in");
    let busy = tokio::spawn(async move {
        let client = reqwest::Client::new();
        loop {
            let wrong = [("login", "nobody"), ("password", "wrong")];
            client.post(&address).form(&wrong).send().await.expect("the server answers during a backup");
        }
    });
    backup(&server, &kept, &[]).await;
    assert!(!busy.is_finished(), "{:?}", busy.await);
    busy.abort();
    server.kill().await;

    let restored = restore(&kept, &data).await;
    assert!(restored.status.success(), "{}", words(&restored));
    assert!(words(&restored).contains("audit records are whole"), "{}", words(&restored));
    assert_eq!(std::fs::read(data.join(format!("files/originals/{material}"))).unwrap(), RECORDING);
    assert_eq!(std::fs::read(data.join("files/spool/upl_1")).unwrap(), b"half of ano");
    assert_eq!(std::fs::read(data.join("files/spool/upl_1.unverified")).unwrap(), b"5");
    assert_eq!(std::fs::read(data.join("secret.key")).unwrap(), std::fs::read(server.data().join("secret.key")).unwrap());
    server.serve_from(&data).await;
    assert_eq!(li.post(server.url("/sign-out")).send().await.unwrap().status(), 303, "the sign-in came along");
    let app = server.open().await;
    let job = jobs::latest_for(&mut app.db.read().await.unwrap(), RENDITIONS, &material.to_string()).await.unwrap();
    assert!(job.is_some(), "renditions were left behind, so they are made again");
    server.kill().await;
    let ledger = ledger::Ledger::open(data.join("ledger"), &ledger::Options::default()).unwrap();
    assert_eq!(ledger.events(ledger::Offset(0)).count(), usize::from(VIEWS));
}

#[tokio::test]
async fn h4_renditions_come_along_when_asked_for() {
    let (app, material) = full().await;
    let server = Binary::serve(app, "").await;
    let place = tempfile::tempdir().unwrap();
    let (kept, data) = (place.path().join("kept"), place.path().join("data"));
    backup(&server, &kept, &["--with-renditions"]).await;
    let restored = restore(&kept, &data).await;
    assert!(restored.status.success(), "{}", words(&restored));
    assert!(data.join(format!("files/renditions/{material}/master.m3u8")).exists());
    let database = app::db::Db::sqlite(&data.join("kaijiang.sqlite")).await.unwrap();
    let mut tx = database.read().await.unwrap();
    assert_eq!(Recordings(&mut tx).renditions(material).await.unwrap().len(), 1);
}

#[tokio::test]
async fn h4_a_backup_in_which_any_file_changed_is_refused_before_anything_is_written() {
    let (app, _) = full().await;
    let server = Binary::serve(app, "").await;
    let place = tempfile::tempdir().unwrap();
    let (kept, data) = (place.path().join("kept"), place.path().join("data"));
    backup(&server, &kept, &[]).await;
    let whole = files(&kept);
    assert!(whole.len() >= 7, "{:?}", whole.keys());
    for (path, bytes) in whole.iter().filter(|(path, _)| !path.ends_with("manifest.json")) {
        let mut changed = bytes.clone();
        if let Some(last) = changed.last_mut() {
            *last ^= 1;
        } else {
            changed.push(0);
        }
        std::fs::write(path, changed).unwrap();
        refused(&kept, &data, path, "changed").await;
        std::fs::remove_file(path).unwrap();
        refused(&kept, &data, path, "missing").await;
        std::fs::write(path, bytes).unwrap();
    }
    std::fs::write(kept.join("files/originals/extra"), "x").unwrap();
    refused(&kept, &data, Path::new("extra"), "added").await;
    std::fs::remove_file(kept.join("files/originals/extra")).unwrap();
    assert!(restore(&kept, &data).await.status.success());
}

async fn refused(kept: &Path, data: &Path, path: &Path, how: &str) {
    let ended = restore(kept, data).await;
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(ended.status.code(), Some(3), "{how}: {name}: {}", words(&ended));
    assert!(words(&ended).contains(&name), "{how}: {name}: {}", words(&ended));
    assert!(!data.exists(), "{how}: {name}: something was written");
}

#[tokio::test]
async fn h4_nothing_is_overwritten_and_an_unfinished_backup_is_none() {
    let (app, material) = full().await;
    let server = Binary::serve(app, "").await;
    let place = tempfile::tempdir().unwrap();
    let (kept, full) = (place.path().join("kept"), place.path().join("full"));
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("mine"), "mine").unwrap();
    assert_eq!(run(server.data(), &["backup", full.to_str().unwrap()]).await.status.code(), Some(1));
    backup(&server, &kept, &[]).await;
    assert_eq!(restore(&kept, &full).await.status.code(), Some(1));
    assert_eq!(files(&full).len(), 1);
    std::fs::remove_file(kept.join("manifest.json")).unwrap();
    assert_eq!(restore(&kept, &place.path().join("data")).await.status.code(), Some(1));

    // What is damaged already is copied, named, and told by the exit code.
    std::fs::write(server.data().join(format!("files/originals/{material}")), "rotten").unwrap();
    let made = run(server.data(), &["backup", place.path().join("second").to_str().unwrap()]).await;
    assert_eq!(made.status.code(), Some(3));
    assert!(words(&made).contains(&format!("the original {material} is damaged")), "{}", words(&made));
    let left = std::fs::read_dir(place.path()).unwrap().map(|e| e.unwrap().file_name()).collect::<Vec<_>>();
    assert_eq!(left.len(), 3, "nothing half done lies about: {left:?}");
}
