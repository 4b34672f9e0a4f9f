//! A small tus client over the router, for the tests beside.

use crate::support::{Client, TestApp, client::Reply, tree::org};
use app::lessons::LessonId;
use app::recordings::rules::metadata_header;
use axum::body::Body;
use axum::http::Method;
use kernel::Role;

pub const STREAM: &str = "application/offset+octet-stream";

/// A clerk of `branch-a` with a lesson there.
pub struct Clerk {
    pub client: Client,
    pub lesson: LessonId,
}

pub async fn clerk(app: &TestApp) -> Clerk {
    let client = app.person("clerk", Role::Clerk, "branch-a").await.with("tus-resumable", "1.0.0");
    Clerk { client, lesson: app.a_lesson(org("branch-a")).create().await }
}

impl Clerk {
    pub fn metadata(&self, slot: &str, filename: &str) -> String {
        metadata_header(&[("filename", filename), ("lesson", &self.lesson.to_string()), ("slot", slot)])
    }

    /// POST without bytes.
    pub async fn begin(&self, slot: &str, filename: &str, length: usize) -> Reply {
        begin(&self.client, &self.metadata(slot, filename), length).await
    }

    /// An upload of `bytes`, whole; its address.
    pub async fn send(&self, slot: &str, filename: &str, bytes: &[u8]) -> String {
        let place = self.begin(slot, filename, bytes.len()).await.expect(201).header("location").to_owned();
        patch(&self.client, &place, 0, bytes.to_vec()).await.expect(204);
        place
    }
}

pub async fn begin(client: &Client, metadata: &str, length: usize) -> Reply {
    let client = client.clone().with("upload-length", &length.to_string()).with("upload-metadata", metadata);
    client.send(Method::POST, "/uploads", "", Body::empty()).await
}

pub async fn patch(client: &Client, place: &str, offset: usize, bytes: impl Into<Body>) -> Reply {
    client.clone().with("upload-offset", &offset.to_string()).send(Method::PATCH, place, STREAM, bytes).await
}

pub async fn head(client: &Client, place: &str) -> Reply {
    client.send(Method::HEAD, place, "", Body::empty()).await
}

pub async fn offset(client: &Client, place: &str) -> usize {
    head(client, place).await.expect(200).header("upload-offset").parse().expect("a number")
}
