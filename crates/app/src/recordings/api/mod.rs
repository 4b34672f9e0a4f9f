//! Uploads by tus and by plain forms, files, captions and media over HTTP.

pub mod captions;
pub mod files;
pub mod media;
pub mod plain;
mod stream;
pub mod tus;
pub mod uploads;

use axum::body::Body;
use axum::response::Redirect;
use futures_util::StreamExt;
use std::time::Duration;

/// A refused sender still sends: so much is read, for so long, that it hears the answer instead of a broken line.
const DRAIN: usize = 16 << 20;
const DRAIN_FOR: Duration = Duration::from_secs(10);

async fn drain(body: Body) {
    let mut bytes = body.into_data_stream();
    let read = async {
        let mut seen = 0;
        while let Some(Ok(more)) = bytes.next().await {
            seen += more.len();
            if seen > DRAIN {
                break;
            }
        }
    };
    // Whether it ends in time or not, the answer is the same.
    let _ = tokio::time::timeout(DRAIN_FOR, read).await;
}

/// Back to the page that a form names, which says what was done; only to a path of our own.
fn back(next: &str, done: &str) -> Redirect {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    let next = if ours { next } else { "/desk" };
    Redirect::to(&format!("{next}{}done={done}", if next.contains('?') { '&' } else { '?' }))
}
