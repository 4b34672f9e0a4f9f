//! Files over 4 GiB: offsets, lengths and ranges do not wrap.
//!
//! Eight real gigabytes would take minutes of every run, so the spool file is moved forward as a hole in the file between two
//! requests, as if the bytes had come. What this shows: rows, headers, comparisons, positions of writes and reads. What it does
//! not: the room and the time for 8 GB, and their hash. That ffmpeg reads such a file is shown in `crates/media`.

use super::tus::{clerk, head, offset, patch};
use crate::support::{TestApp, both, tree::org};
use app::recordings::Variant;
use kernel::{Id, Role};
use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt};

const GIB: u64 = 1 << 30;

#[tokio::test]
async fn eight_gibibytes_arrive_at_their_places() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let place = clerk.begin("script", "a.pdf", 9).await.expect(201).header("location").to_owned();
        // Announced as it was, it would need a disk with so much room wherever the tests run.
        let mut tx = app.db.begin().await.unwrap();
        tx.execute("update upload set length = 8589934592", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        patch(&clerk.client, &place, 0, "%PDF-1.7\n").await.expect(204);
        let spool = File::options().read(true).write(true).open(app.objects.spool(place.rsplit('/').next().unwrap())).unwrap();
        spool.set_len(5 * GIB).unwrap();
        let told = head(&clerk.client, &place).await.expect(200);
        assert_eq!((told.header("upload-offset"), told.header("upload-length")), ("5368709120", "8589934592"));
        // Where a 32-bit offset would have wrapped to.
        let wrapped = patch(&clerk.client, &place, 1 << 30, "12345").await.expect(409).json();
        assert_eq!(wrapped["code"], "upload-wrong-offset");
        assert_eq!(patch(&clerk.client, &place, 5 << 30, "12345").await.expect(204).header("upload-offset"), "5368709125");
        let unfinished = clerk.client.get(&format!("/uploads?lesson={}&slot=script", clerk.lesson)).await.expect(200).json();
        assert_eq!((&unfinished[0]["offset"], &unfinished[0]["length"]), (&(5 * GIB + 5).into(), &(8 * GIB).into()));
        assert_eq!(clerk.client.get(&format!("{place}/status")).await.json()["percent"], 62);
        spool.set_len(8 * GIB - 3).unwrap();
        patch(&clerk.client, &place, (8 << 30) - 3, "EOF!").await.expect(413);
        patch(&clerk.client, &place, (8 << 30) - 3, "EOF").await.expect(204);
        assert_eq!(offset(&clerk.client, &place).await, 8 << 30);
        let files = clerk.client.get(&format!("/api/v1/lessons/{}/materials", clerk.lesson)).await.expect(200).json();
        assert_eq!((&files[0]["bytes"], &files[0]["state"]), (&(8 * GIB).into(), &"checking".into()));
        let (mut middle, mut end) = ([0; 6], [0; 3]);
        spool.read_exact_at(&mut middle, 5 * GIB).unwrap();
        spool.read_exact_at(&mut end, 8 * GIB - 3).unwrap();
        assert_eq!((&middle, &end, spool.metadata().unwrap().len()), (b"12345\0", b"EOF", 8 * GIB));
        assert!(spool.metadata().unwrap().blocks() < 2_048, "the hole stayed a hole");
    })
    .await;
}

#[tokio::test]
async fn a_range_behind_four_gibibytes_is_given_out() {
    let app = TestApp::sqlite().await.with_tree().await;
    let reader = app.person("reader", Role::Reviewer, "branch-a").await;
    let lesson = app.a_lesson(org("branch-a")).create().await;
    let material = app.add_video(lesson, Variant::Field, Id::from_u128(1)).await;
    let original = File::create(app.objects.original(&material.to_string())).unwrap();
    original.set_len(8 * GIB).unwrap();
    original.write_all_at(b"behind six", 6 * GIB).unwrap();
    let asked = reader.with("range", "bytes=6442450944-6442450953");
    let part = asked.get(&format!("/materials/{material}/original")).await.expect(206);
    assert_eq!(part.header("content-range"), "bytes 6442450944-6442450953/8589934592");
    assert_eq!(part.text(), "behind six");
}
