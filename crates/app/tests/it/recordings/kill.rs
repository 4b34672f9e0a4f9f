//! `kill -9` of the real program while bytes arrive (S14).

use super::real::{checksum, document, settled_at, until};
use super::tus::STREAM;
use crate::support::binary::Binary;
use crate::support::{TestApp, tree::org};
use app::recordings::rules::metadata_header;
use bytes::Bytes;
use kernel::Role;
use reqwest::{Body, Client, RequestBuilder, Response};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::mpsc;

const SIZE: usize = 8 << 20;
const CHUNK: usize = 512 << 10;
const PIECE: usize = 64 << 10;

fn tus(request: RequestBuilder) -> RequestBuilder {
    request.header("tus-resumable", "1.0.0")
}

fn offset_told(answer: &Response) -> usize {
    answer.headers()["upload-offset"].to_str().unwrap().parse().unwrap()
}

async fn head(client: &Client, url: &str) -> usize {
    offset_told(&tus(client.head(url)).send().await.unwrap().error_for_status().unwrap())
}

fn patch(client: &Client, url: &str, offset: usize, body: impl Into<Body>) -> RequestBuilder {
    tus(client.patch(url)).header("upload-offset", offset).header("content-type", STREAM).body(body)
}

/// Sends bytes from `from` on until the server has written some of them, and kills it then.
async fn killed_while_receiving(server: &mut Binary, client: &Client, place: &str, bytes: &[u8], from: usize) {
    let (send, receive) = mpsc::channel::<Bytes>(1);
    let pieces = futures_util::stream::unfold(receive, async |mut receive| {
        let piece = receive.recv().await?;
        Some((Ok::<_, Infallible>(piece), receive))
    });
    let request = tokio::spawn(patch(client, &server.url(place), from, Body::wrap_stream(pieces)).send());
    let spool = server.data().join("files/spool").join(place.rsplit('/').next().unwrap());
    // Enough for several writes, never enough to complete the file.
    let mut rest = bytes[from..from + 2 * CHUNK].chunks(PIECE);
    while std::fs::metadata(&spool).unwrap().len() <= from as u64 {
        match rest.next() {
            Some(piece) => send.send(Bytes::copy_from_slice(piece)).await.unwrap(),
            None => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
    server.kill().await;
    drop(send);
    assert!(request.await.unwrap().is_err(), "nobody answered");
}

#[tokio::test]
async fn s14_a_killed_server_forgets_no_acknowledged_byte() {
    let app = TestApp::now().await.with_tree().await;
    app.account("clerk", Role::Clerk, "branch-a").await;
    let lesson = app.a_lesson(org("branch-a")).create().await.to_string();
    let mut server = Binary::serve(app, "").await;
    let client = server.signed_in("clerk").await;
    let bytes = document(SIZE);
    let metadata = metadata_header(&[("filename", "a.pdf"), ("lesson", &lesson), ("slot", "script")]);
    let begun = tus(client.post(server.url("/uploads"))).header("upload-length", SIZE).header("upload-metadata", metadata);
    let place = begun.send().await.unwrap().error_for_status().unwrap().headers()["location"].to_str().unwrap().to_owned();
    let mut offset = 0;
    for _ in 0..4 {
        let chunk = bytes[offset..offset + CHUNK].to_vec();
        let answer = patch(&client, &server.url(&place), offset, chunk).send().await.unwrap();
        assert!(answer.status() == 204, "at {offset}: {}", answer.text().await.unwrap());
        let acknowledged = offset_told(&answer);
        assert_eq!(acknowledged, offset + CHUNK);
        killed_while_receiving(&mut server, &client, &place, &bytes, acknowledged).await;
        server.restart().await;
        offset = head(&client, &server.url(&place)).await;
        assert!(offset > acknowledged, "acknowledged {acknowledged}, and more was written: {offset}");
    }
    patch(&client, &server.url(&place), offset, bytes[offset..].to_vec()).send().await.unwrap().error_for_status().unwrap();
    // The examination too is begun again by whoever comes after.
    server.kill().await;
    server.restart().await;
    assert_eq!(settled_at(&client, &server.url(&place)).await["state"], "ready");
    let files: serde_json::Value =
        client.get(server.url(&format!("/api/v1/lessons/{lesson}/materials"))).send().await.unwrap().json().await.unwrap();
    assert_eq!(files[0]["sha256"], checksum(&bytes));
    let original = client.get(server.url(files[0]["original"].as_str().unwrap())).send().await.unwrap();
    assert_eq!(checksum(&original.bytes().await.unwrap()), checksum(&bytes));
}

/// A clip that has to be encoded, since no browser plays it as it is.
fn to_be_encoded(folder: &std::path::Path) -> Vec<u8> {
    let path = folder.join("old.avi");
    let args = ["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=854x480:r=25:d=20", "-f", "lavfi", "-i", "sine=d=20"];
    let coded = ["-c:v", "mpeg4", "-q:v", "4", "-c:a", "mp3"];
    assert!(std::process::Command::new("ffmpeg").args(args).args(coded).arg(&path).status().unwrap().success());
    std::fs::read(path).unwrap()
}

/// Names below `folder` that stand for something half done.
fn half_done(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let of = |path: std::path::PathBuf| {
        let own = path.extension().is_some_and(|e| e == "part").then(|| path.display().to_string());
        own.into_iter().chain(half_done(&path)).collect::<Vec<_>>()
    };
    entries.flat_map(of).collect()
}

#[tokio::test]
async fn s14_a_server_killed_while_it_encodes_goes_on_and_leaves_nothing_half_done() {
    let app = TestApp::now().await.with_tree().await;
    app.account("clerk", Role::Clerk, "branch-a").await;
    app.account("admin", Role::Administrator, "province").await;
    let lesson = app.a_lesson(org("branch-a")).create().await.to_string();
    let bytes = to_be_encoded(app.dir.path());
    let mut server = Binary::serve(app, "").await;
    let (client, admin) = (server.signed_in("clerk").await, server.signed_in("admin").await);
    let metadata = metadata_header(&[("filename", "old.avi"), ("lesson", &lesson), ("slot", "video")]);
    let begun = tus(client.post(server.url("/uploads"))).header("upload-length", bytes.len()).header("upload-metadata", metadata);
    let place = begun.send().await.unwrap().error_for_status().unwrap().headers()["location"].to_str().unwrap().to_owned();
    patch(&client, &server.url(&place), 0, bytes).send().await.unwrap().error_for_status().unwrap();
    assert_eq!(settled_at(&client, &server.url(&place)).await["state"], "ready");
    let encoding = async |server: &Binary| -> Option<serde_json::Value> {
        let jobs: serde_json::Value = admin.get(server.url("/api/v1/jobs")).send().await.unwrap().json().await.unwrap();
        jobs["items"].as_array().unwrap().iter().find(|job| job["kind"] == "recordings.renditions").cloned()
    };
    let under_way =
        async || encoding(&server).await.filter(|job| job["state"] == "running" && !half_done(&server.data().join("files")).is_empty());
    until("a rung is half encoded", under_way).await;
    server.kill().await;
    assert!(!half_done(&server.data().join("files")).is_empty(), "it was killed in the middle");
    server.restart().await;
    until("the encode is done by whoever comes after", async || encoding(&server).await.filter(|job| job["state"] == "done")).await;
    assert_eq!(half_done(&server.data().join("files")), Vec::<String>::new());
    let files: serde_json::Value =
        client.get(server.url(&format!("/api/v1/lessons/{lesson}/materials"))).send().await.unwrap().json().await.unwrap();
    let base = files[0]["media"].as_str().unwrap();
    let fetch = async |path: String| client.get(server.url(&path)).send().await.unwrap().error_for_status().unwrap().text().await.unwrap();
    let master = fetch(format!("{base}/master.m3u8")).await;
    for playlist in master.lines().filter(|line| line.ends_with("/index.m3u8")) {
        let listed = fetch(format!("{base}/{playlist}")).await;
        assert!(listed.ends_with("#EXT-X-ENDLIST\n"), "{playlist}: {listed}");
    }
}
