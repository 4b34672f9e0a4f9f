//! Jobs, worked on as the server does.

use super::{Client, TestApp};
use app::jobs::Handlers;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

/// Works on jobs until the one at `path` ended; what the API says of it then.
pub async fn ended(app: &TestApp, handlers: Handlers, who: &Client, path: &str) -> Value {
    let stop = CancellationToken::new();
    let worker = tokio::spawn(app::jobs::run(app.app.clone(), handlers, stop.clone()));
    let ended = loop {
        let state = who.get(path).await.expect(200).json();
        if !matches!(state["state"].as_str(), Some("queued" | "running")) {
            break state;
        }
        tokio::task::yield_now().await;
    };
    stop.cancel();
    worker.await.unwrap();
    ended
}
