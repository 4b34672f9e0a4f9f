//! A full disk: clear words, nothing acknowledged is lost, and it goes on once there is room (S14).

use super::real::{checksum, document, settled_at};
use super::tus::STREAM;
use crate::support::binary::Binary;
use crate::support::{TestApp, tree::org};
use app::recordings::rules::metadata_header;
use kernel::Role;
use reqwest::{Client, RequestBuilder, Response};

/// A mount of 4 MiB on the folder of the first argument, seen by the program alone and gone with it.
const SMALL_DISK: [&str; 8] =
    ["unshare", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs -o size=4m tmpfs \"$1\" && shift && exec \"$@\"", "sh", ""];
/// No file over 2 MiB (4,096 blocks), and the signal that would end the program is ignored.
const SMALL_FILES: [&str; 3] = ["sh", "-c", "trap '' XFSZ; ulimit -f 4096; exec \"$0\" \"$@\""];

struct Sender {
    client: Client,
    lesson: String,
}

fn tus(request: RequestBuilder) -> RequestBuilder {
    request.header("tus-resumable", "1.0.0")
}

impl Sender {
    async fn begin(&self, server: &Binary, length: usize) -> Response {
        let metadata = metadata_header(&[("filename", "a.pdf"), ("lesson", &self.lesson), ("slot", "script")]);
        let begun = tus(self.client.post(server.url("/uploads"))).header("accept-language", "en");
        begun.header("upload-length", length).header("upload-metadata", metadata).send().await.unwrap()
    }

    async fn patch(&self, url: &str, offset: usize, bytes: &[u8]) -> Response {
        let request = tus(self.client.patch(url)).header("upload-offset", offset).header("content-type", STREAM);
        request.header("accept-language", "en").body(bytes.to_vec()).send().await.unwrap()
    }

    async fn offset(&self, url: &str) -> usize {
        let told = tus(self.client.head(url)).send().await.unwrap().error_for_status().unwrap();
        told.headers()["upload-offset"].to_str().unwrap().parse().unwrap()
    }

    async fn original(&self, server: &Binary) -> Vec<u8> {
        let files: serde_json::Value =
            self.client.get(server.url(&format!("/api/v1/lessons/{}/materials", self.lesson))).send().await.unwrap().json().await.unwrap();
        let place = server.url(files[0]["original"].as_str().expect("a file"));
        self.client.get(place).send().await.unwrap().bytes().await.unwrap().to_vec()
    }
}

async fn stopped() -> (Binary, Sender) {
    let app = TestApp::now().await.with_tree().await;
    app.account("clerk", Role::Clerk, "branch-a").await;
    let lesson = app.a_lesson(org("branch-a")).create().await.to_string();
    let mut server = Binary::serve(app, "").await;
    let client = server.signed_in("clerk").await;
    server.kill().await;
    (server, Sender { client, lesson })
}

fn place(begun: &Response) -> String {
    assert_eq!(begun.status(), 201);
    begun.headers()["location"].to_str().unwrap().to_owned()
}

async fn refused(answer: Response) {
    assert_eq!(answer.status(), 507);
    let told: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(told["code"], "disk-full");
    assert!(told["detail"].as_str().unwrap().contains("The disk of the server is full. What arrived is kept"), "{told}");
}

#[tokio::test]
async fn s14_a_full_disk_keeps_what_it_took_and_goes_on_when_there_is_room() {
    let (mut server, sender) = stopped().await;
    let spool = server.data().join("files/spool");
    let mut wrapper = SMALL_DISK;
    wrapper[7] = spool.to_str().unwrap();
    server.restart_behind(&wrapper).await;
    let bytes = document(3 << 20);
    let (other, mine) = (sender.begin(&server, 3 << 20).await, sender.begin(&server, bytes.len()).await);
    let (other, mine) = (server.url(&place(&other)), server.url(&place(&mine)));
    assert_eq!(sender.patch(&other, 0, &bytes[..5 << 19]).await.status(), 204);
    assert_eq!(sender.patch(&mine, 0, &bytes[..1 << 20]).await.status(), 204);
    refused(sender.patch(&mine, 1 << 20, &bytes[1 << 20..]).await).await;
    refused(sender.begin(&server, 2 << 20).await).await;
    let kept = sender.offset(&mine).await;
    assert!((1 << 20..3 << 20).contains(&kept), "{kept}");
    assert_eq!(sender.offset(&other).await, 5 << 19);
    assert_eq!(tus(sender.client.delete(&other)).send().await.unwrap().status(), 204);
    assert_eq!(sender.patch(&mine, kept, &bytes[kept..]).await.status(), 204);
    assert_eq!(settled_at(&sender.client, &mine).await["state"], "ready");
    assert_eq!(checksum(&sender.original(&server).await), checksum(&bytes));
}

#[tokio::test]
async fn s14_a_quota_keeps_what_it_took_and_goes_on_when_it_is_lifted() {
    let (mut server, sender) = stopped().await;
    server.restart_behind(&SMALL_FILES).await;
    let bytes = document(3 << 20);
    let mine = place(&sender.begin(&server, bytes.len()).await);
    refused(sender.patch(&server.url(&mine), 0, &bytes).await).await;
    let kept = sender.offset(&server.url(&mine)).await;
    assert!((1..3 << 20).contains(&kept), "{kept}");
    server.kill().await;
    server.restart().await;
    assert_eq!(sender.offset(&server.url(&mine)).await, kept);
    assert_eq!(sender.patch(&server.url(&mine), kept, &bytes[kept..]).await.status(), 204);
    assert_eq!(settled_at(&sender.client, &server.url(&mine)).await["state"], "ready");
    assert_eq!(checksum(&sender.original(&server).await), checksum(&bytes));
}
