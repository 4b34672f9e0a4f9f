//! Waiting for what the workers do.

use crate::support::Client;
use serde_json::Value;
use std::time::Duration;

/// The status of an upload once its file was examined; fails after a minute.
pub async fn settled(client: &Client, place: &str) -> Value {
    for _ in 0..600 {
        let status = client.get(&format!("{place}/status")).await.expect(200).json();
        if ["ready", "refused"].contains(&status["state"].as_str().unwrap_or_default()) {
            return status;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{place} was never examined");
}
