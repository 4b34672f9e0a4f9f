//! Broadcasts: planned, sent by a real encoder, lost and back, kept as a lesson.

mod live;
mod load;
mod mass;
mod planning;
mod poster;
mod programme;
mod rungs;
mod showing;
mod shown;
mod whip;

pub use shown::*;

use crate::support::binary::Binary;
use kernel::{Clock, SystemClock};
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(100);

/// The plan of a live broadcast of township-a, as JSON.
pub fn a_plan(now_ms: i64) -> Value {
    json!({
        "organisation": crate::support::tree::org("township-a"), "kind": "live", "title": "秋收里的一堂课", "lecturer": "李桂芳",
        "abstract": "田间地头讲政策", "admission": "everybody", "starts_at": now_ms + 60_000, "ends_at": now_ms + 3_660_000, "keeps_recording": true
    })
}

/// A host at a running server, with one broadcast.
pub struct Host<'a> {
    pub server: &'a Binary,
    pub client: reqwest::Client,
    pub id: String,
    pub key: String,
}

impl<'a> Host<'a> {
    /// Plans a broadcast of township-a and makes its key.
    pub async fn with_a_broadcast(server: &'a Binary, login: &str) -> Self {
        Self::with_a_broadcast_of(server, login, "township-a").await
    }

    /// The same for another organisation.
    pub async fn with_a_broadcast_of(server: &'a Binary, login: &str, code: &str) -> Self {
        let client = server.signed_in(login).await;
        let now = SystemClock.now().0;
        let mut plan = a_plan(now);
        plan["organisation"] = json!(crate::support::tree::org(code));
        let made = client.post(server.url("/api/v1/broadcasts")).json(&plan).send().await.expect("an answer");
        assert_eq!(made.status(), 201);
        let id = made.json::<Value>().await.expect("JSON")["id"].as_str().expect("an id").to_owned();
        let key = client.post(server.url(&format!("/api/v1/broadcasts/{id}/key"))).send().await.expect("an answer");
        let key = key.json::<Value>().await.expect("JSON")["key"].as_str().expect("a key").to_owned();
        Self { server, client, id, key }
    }

    pub async fn post(&self, act: &str) -> (u16, Value) {
        let answer = self.client.post(self.server.url(&format!("/api/v1/broadcasts/{}/{act}", self.id))).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let answer = self.client.get(self.server.url(path)).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    /// The state as viewers see it.
    pub async fn standing(&self) -> Value {
        self.get(&format!("/live/{}/state", self.id)).await.1
    }

    /// Waits until `get` of `path` answers what `fits`.
    pub async fn until(&self, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let waiting = async {
            loop {
                last = self.get(path).await.1;
                if fits(&last) {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        let ended = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(ended.is_ok(), "{path} stays {last}; log: {}", self.server.log());
        last
    }

    /// Waits until viewers are told `state`.
    pub async fn stands(&self, state: &str) -> Value {
        self.until(&format!("/live/{}/state", self.id), |standing| standing["state"] == state).await
    }

    /// Waits until the host is told `state`.
    pub async fn is(&self, state: &str) {
        self.until(&format!("/api/v1/broadcasts/{}", self.id), |broadcast| broadcast["state"] == state).await;
    }
}

/// A real encoder that sends at the speed of the clock until it is dropped.
pub fn publish(rtmp: &str, key: &str, seconds: u32) -> Child {
    publish_sized(rtmp, key, seconds, "320x180")
}

/// The same with a picture of `size`.
pub fn publish_sized(rtmp: &str, key: &str, seconds: u32, size: &str) -> Child {
    let picture = format!("testsrc2=size={size}:rate=25:duration={seconds}");
    let sound = format!("sine=frequency=440:sample_rate=48000:duration={seconds}");
    Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-v", "error", "-re", "-f", "lavfi", "-i", &picture, "-re", "-f", "lavfi", "-i", &sound])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "25"])
        .args(["-c:a", "aac", "-ac", "2", "-f", "flv", &format!("{rtmp}/{key}")])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("ffmpeg starts")
}
