//! S20: no photo that is kept or given out says where, when, by whom or with what it was taken. Needs ffmpeg.

use super::real::{Workers, checksum, settled, until};
use super::tus::{Clerk, clerk};
use crate::support::{TestApp, both};
use app::campaigns::{MaterialRules, SlotRule};
use app::jobs::{self, JobState};
use app::recordings::INGEST;
use app::submissions::{State, Submissions};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// The place as text, and as EXIF stores it: 31° 13' 49.5" as three pairs of 32-bit numbers.
const PLACE: [&[u8]; 2] = [b"31.230416", b"\0\0\0\x1f\0\0\0\x01\0\0\0\x0d\0\0\0\x01\0\0\x01\xef\0\0\0\x0a"];

fn rendered(app: &TestApp, name: &str) -> Vec<u8> {
    let path = app.dir.path().join(name);
    let args = ["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=64x48:d=1", "-frames:v", "1"];
    assert!(Command::new("ffmpeg").args(args).arg(&path).status().unwrap().success());
    std::fs::read(path).unwrap()
}

/// What its pixels hash to, whichever way up they are shown.
fn pixels(app: &TestApp, name: &str, photo: &[u8]) -> String {
    let path = app.dir.path().join(name);
    std::fs::write(&path, photo).unwrap();
    let args = ["-nostdin", "-v", "error", "-noautorotate", "-i"];
    let shown = Command::new("ffmpeg").args(args).arg(path).args(["-f", "md5", "-"]).output().unwrap();
    String::from_utf8(shown.stdout).unwrap()
}

/// Held upright, with a place.
fn exif() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let first = [&[0, 2][..], &entry(0x0112, 3, 1, [0, 6, 0, 0]), &entry(0x8825, 4, 1, [0, 0, 0, 38]), &[0; 4]].concat();
    let place = [&[0, 1][..], &entry(2, 5, 3, [0, 0, 0, 56]), &[0; 4], PLACE[1]].concat();
    [b"MM\0*\0\0\0\x08", &first[..], &place].concat()
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &u16::try_from(body.len() + 2).unwrap().to_be_bytes(), body].concat()
}

fn jpeg(plain: &[u8]) -> Vec<u8> {
    let told = [segment(0xe1, &[b"Exif\0\0", &exif()[..]].concat()), segment(0xfe, PLACE[0])].concat();
    [&plain[..2], &told, &plain[2..], b"ftypmp42 a film taken at ", PLACE[0]].concat()
}

fn png(plain: &[u8]) -> Vec<u8> {
    let chunk = |kind: [u8; 4], body: &[u8]| {
        let checked = [&kind[..], body].concat();
        [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], &checked, &crc32fast::hash(&checked).to_be_bytes()].concat()
    };
    let told = [chunk(*b"tEXt", &[b"Comment\0", PLACE[0]].concat()), chunk(*b"eXIf", &exif())].concat();
    [&plain[..33], &told, &plain[33..]].concat()
}

fn tells_the_place(bytes: &[u8]) -> bool {
    PLACE.iter().any(|place| bytes.windows(place.len()).any(|window| window == *place))
}

/// Files below `folder` that tell the place.
fn telling(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of = |path: std::path::PathBuf| match std::fs::read(&path) {
        Ok(bytes) if tells_the_place(&bytes) => vec![path.display().to_string()],
        Ok(_) => Vec::new(),
        Err(_) => telling(&path),
    };
    entries.flat_map(of).collect()
}

async fn named(clerk: &Clerk, name: &str) -> Value {
    materials(clerk).await.into_iter().find(|m| m["filename"] == name).unwrap()
}

async fn materials(clerk: &Clerk) -> Vec<Value> {
    let list = clerk.client.get(&format!("/api/v1/lessons/{}/materials", clerk.lesson)).await.expect(200).json();
    list.as_array().unwrap().clone()
}

#[tokio::test]
async fn s20_a_photo_is_kept_and_given_out_without_its_place() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let workers = Workers::of(&app);
        for (name, sent) in [("held.jpg", jpeg(&rendered(&app, "a.jpg"))), ("drawn.png", png(&rendered(&app, "a.png")))] {
            assert!(tells_the_place(&sent), "{name}: or the test could not fail");
            let place = clerk.send("photos", name, &sent).await;
            assert_eq!(settled(&clerk.client, &place).await["state"], "ready", "{name}");
            let told = named(&clerk, name).await;
            let served = clerk.client.get(told["original"].as_str().unwrap()).await.expect(200).body;
            assert!(!tells_the_place(&served), "{name}");
            assert_eq!((&told["sha256"], &told["sent_sha256"]), (&checksum(&served).into(), &checksum(&sent).into()));
            assert_eq!(told["bytes"], served.len());
            assert!(served.windows(4).any(|window| window == [1, 0, 6, 0]), "{name}: which way up it is stays");
            assert_eq!(pixels(&app, "served", &served), pixels(&app, "sent", &sent), "{name}: the picture is the same");
        }
        until("what came is gone", async || Some(telling(app.objects.root())).filter(Vec::is_empty)).await;
        // A photo that says nothing is kept as it is, and has one hash.
        let plain = clerk.client.get(named(&clerk, "held.jpg").await["original"].as_str().unwrap()).await.body;
        let place = clerk.send("photos", "again.jpg", &plain).await;
        assert_eq!(settled(&clerk.client, &place).await["state"], "ready");
        let again = named(&clerk, "again.jpg").await;
        assert_eq!((&again["sha256"], again.get("sent_sha256")), (&checksum(&plain).into(), None));
        workers.stop().await;
    })
    .await;
}

#[tokio::test]
async fn s20_a_damaged_photo_is_refused_in_words_with_its_place_and_kept_nowhere() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let workers = Workers::of(&app);
    let whole = jpeg(&rendered(&app, "a.jpg"));
    let place = clerk.send("photos", "cut.jpg", &whole[..whole.len() / 2]).await;
    let status = settled(&clerk.client, &place).await;
    let fault = &status["errors"][0];
    assert_eq!((&status["state"], &fault["rule"]), (&"refused".into(), &"broken-photo".into()), "{status}");
    assert_eq!(fault["found"], (whole.len() / 2).to_string());
    assert!(fault["text"].as_str().unwrap().starts_with("is damaged: from byte"), "{fault}");
    assert_eq!(telling(app.objects.root()), Vec::<String>::new());
    workers.stop().await;
}

#[tokio::test]
async fn s20_an_attempt_that_was_killed_after_its_verdict_leaves_nothing_behind() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let workers = Workers::of(&app);
    let sent = jpeg(&rendered(&app, "a.jpg"));
    let place = clerk.send("photos", "held.jpg", &sent).await;
    let id = settled(&clerk.client, &place).await["material"].as_str().unwrap().to_owned();
    until("what came is gone", async || Some(telling(app.objects.root())).filter(Vec::is_empty)).await;
    std::fs::write(app.objects.spool(place.rsplit('/').next().unwrap()), &sent).unwrap();
    app.clock.advance_ms(1);
    let mut tx = app.db.begin().await.unwrap();
    jobs::enqueue(&mut tx, app.clock.as_ref(), INGEST, &id, &json!({}), None).await.unwrap();
    tx.commit().await.unwrap();
    let again = async || jobs::latest_for(&mut app.db.read().await.unwrap(), INGEST, &id).await.unwrap();
    until("it was done again", async || again().await.filter(|job| job.state == JobState::Done)).await;
    assert_eq!(telling(app.objects.root()), Vec::<String>::new());
    assert_eq!(materials(&clerk).await[0]["sent_sha256"], checksum(&sent), "the first verdict stands");
    workers.stop().await;
}

#[tokio::test]
async fn b3_a_photo_smaller_than_the_campaign_asks_for_is_told_in_words_before_it_is_handed_in() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let workers = Workers::of(&app);
        let (least, aspect) = (Some(1200), Some("16:9".into()));
        let slot = SlotRule {
            slot: "photos".into(),
            required: true,
            most: 1,
            kinds: vec!["jpg".into()],
            min_width: least,
            aspect,
            ..SlotRule::default()
        };
        let call = app.a_campaign().category("pictures", MaterialRules { slots: vec![slot] }).create().await;
        let id = app.a_submission().from("branch-a").to(&call).in_category(call.categories[1].id).of(clerk.lesson).create().await.id;
        // 64 × 48, and held upright.
        let place = clerk.send("photos", "held.jpg", &jpeg(&rendered(&app, "a.jpg"))).await;
        assert_eq!(settled(&clerk.client, &place).await["state"], "ready");
        let told = named(&clerk, "held.jpg").await;
        assert_eq!((&told["width"], &told["height"]), (&json!(48), &json!(64)), "as it is shown: {told}");
        let checklist = clerk.client.get(&format!("/api/v1/submissions/{id}/checklist")).await.expect(200).json();
        let item = checklist["items"].as_array().unwrap().iter().find(|item| item["name"] == "photos").unwrap().clone();
        let broken: Vec<_> =
            item["problems"].as_array().unwrap().iter().map(|p| (p["rule"].as_str().unwrap(), p["found"].as_str().unwrap())).collect();
        assert_eq!(broken, [("picture-size", "48×64"), ("picture-shape", "48×64")], "{checklist}");
        let page = clerk.client.clone().browser().get(&format!("/submissions/{id}/edit")).await.expect(200).text();
        assert!(page.contains("has a picture of 48×64; at least 1200×1 are needed"), "{page}");
        workers.stop().await;
    })
    .await;
}

#[tokio::test]
async fn s20_a_receipt_tells_both_hashes_of_a_photo() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let workers = Workers::of(&app);
    let sent = jpeg(&rendered(&app, "a.jpg"));
    let place = clerk.send("photos", "held.jpg", &sent).await;
    assert_eq!(settled(&clerk.client, &place).await["state"], "ready");
    let slot = SlotRule { slot: "photos".into(), required: true, most: 1, kinds: vec!["jpg".into()], ..SlotRule::default() };
    let call = app.a_campaign().category("pictures", MaterialRules { slots: vec![slot] }).create().await;
    let made = app.a_submission().from("branch-a").to(&call).in_category(call.categories[1].id).of(clerk.lesson).at(State::InReview);
    let id = made.create().await.id;
    let revision = Submissions(&mut app.db.read().await.unwrap()).revision(id, 1).await.unwrap().unwrap();
    let told = app.anonymous().get(&format!("/api/v1/receipts/{}", revision.receipt)).await.expect(200).json();
    assert_eq!(told["files"][0]["sent_sha256"], checksum(&sent));
    assert_eq!(told["files"][0]["sha256"], materials(&clerk).await[0]["sha256"]);
    let page = app.anonymous().browser().get(&format!("/receipts/{}", revision.receipt)).await.expect(200).text();
    assert!(page.contains(&checksum(&sent)) && page.contains("The photo is kept without place"), "{page}");
    workers.stop().await;
}
