//! One request at a time for each upload, and the newest wins.
//!
//! A line that broke leaves a request that looks alive for minutes. The next request for the same upload therefore does
//! not wait for it: it sends the old one away, which syncs what it has, and then goes in.

use super::UploadId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Default)]
struct Door {
    inside: Arc<tokio::sync::Mutex<()>>,
    newest: Mutex<CancellationToken>,
}

/// The doors of all uploads that somebody is at.
#[derive(Debug, Default)]
pub struct Doors(Mutex<HashMap<UploadId, Weak<Door>>>);

/// The right to touch an upload's file, until it is dropped.
#[derive(Debug)]
pub struct Pass {
    _door: Arc<Door>,
    _inside: OwnedMutexGuard<()>,
    /// Fires when a newer request waits outside: sync and go.
    pub left: CancellationToken,
}

impl Doors {
    /// Sends away whoever is inside, waits until they are gone, and goes in.
    pub async fn enter(&self, upload: UploadId) -> Pass {
        let (door, left) = self.knock(upload);
        let inside = door.inside.clone().lock_owned().await;
        Pass { _door: door, _inside: inside, left }
    }

    fn knock(&self, upload: UploadId) -> (Arc<Door>, CancellationToken) {
        let mut doors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        doors.retain(|_, door| door.strong_count() > 0);
        let door = doors.get(&upload).and_then(Weak::upgrade).unwrap_or_default();
        doors.insert(upload, Arc::downgrade(&door));
        let left = CancellationToken::new();
        let mut newest = door.newest.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *newest, left.clone()).cancel();
        drop(newest);
        (door, left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    #[tokio::test]
    async fn the_newest_goes_in_after_the_older_left() {
        let doors = Arc::new(Doors::default());
        let first = doors.enter(Id::from_u128(1)).await;
        let other = doors.enter(Id::from_u128(2)).await;
        let waiting = tokio::spawn({
            let doors = doors.clone();
            async move { doors.enter(Id::from_u128(1)).await }
        });
        first.left.cancelled().await;
        assert!(!waiting.is_finished(), "the first is still inside");
        assert!(!other.left.is_cancelled(), "another upload is another door");
        drop(first);
        assert!(!waiting.await.unwrap().left.is_cancelled());
    }
}
