//! What tests with real files share: documents, waiting for what the workers do.

use crate::support::{Client, TestApp};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::future::Future;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const PAUSE: Duration = Duration::from_millis(50);
/// A minute and a half: after that, nothing will come.
const PATIENCE: usize = 1_800;

/// A PDF as far as its first bytes say, and no two pieces of it alike.
pub fn document(size: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let noise = std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    });
    b"%PDF-1.7\n".iter().copied().chain(noise).take(size).collect()
}

/// SHA-256 in hex.
pub fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Asks until there is an answer; fails when none comes.
pub async fn until<T, Fut: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> Fut) -> T {
    for _ in 0..PATIENCE {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("it never happened: {what}");
}

fn is_settled(status: &Value) -> bool {
    ["ready", "refused"].contains(&status["state"].as_str().unwrap_or_default())
}

/// The status of an upload once its file was examined.
pub async fn settled(client: &Client, place: &str) -> Value {
    let ask = async || Some(client.get(&format!("{place}/status")).await.expect(200).json()).filter(is_settled);
    until("the file is examined", ask).await
}

/// The only file of a lesson once it was examined.
pub async fn settled_material(client: &Client, lesson: &str) -> Value {
    let ask = async || {
        let files = client.get(&format!("/api/v1/lessons/{lesson}/materials")).await.expect(200).json();
        Some(files[0].clone()).filter(is_settled)
    };
    until("the file is examined", ask).await
}

/// The status of an upload once its file was examined, over the network.
pub async fn settled_at(client: &reqwest::Client, url: &str) -> Value {
    let ask = async || {
        let answer = client.get(format!("{url}/status")).send().await.unwrap().error_for_status().unwrap();
        Some(answer.json().await.unwrap()).filter(is_settled)
    };
    until("the file is examined", ask).await
}

/// The workers of one application, until they are told to stop.
pub struct Workers {
    stop: CancellationToken,
    tracker: TaskTracker,
}

impl Workers {
    pub fn of(app: &TestApp) -> Self {
        let workers = Self { stop: CancellationToken::new(), tracker: TaskTracker::new() };
        app::work::start(app, &workers.tracker, &workers.stop);
        workers
    }

    pub async fn stop(self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}
