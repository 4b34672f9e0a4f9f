//! Stream keys: shown once, kept as a hash, exchanged at any time.

use super::{locked, record};
use crate::broadcasts::{BroadcastId, Broadcasts, Kind};
use crate::hex::hex;
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

/// A key that was made a moment ago; it cannot be shown again.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NewKey {
    /// What goes into the encoder's field for the stream key.
    pub key: String,
}

/// What is kept of a key. It is long and random, so a plain hash is enough.
pub fn hash_key(key: &str) -> String {
    hex(&Sha256::digest(key))
}

/// Puts a new key in force; the one before opens nothing any more, and a publisher who came with it is turned away at once.
///
/// # Errors
///
/// `not-a-live-broadcast` for other kinds; `broadcast-over` when nothing will be sent any more; rights as [`locked`].
pub async fn new_key(app: &App, actor: &Actor, id: BroadcastId) -> Result<NewKey, Problem> {
    let mut tx = app.db.begin().await?;
    let broadcast = locked(app, &mut tx, actor, id).await?;
    if broadcast.kind == Kind::External {
        return Err(Problem::conflict("not-a-live-broadcast"));
    }
    if broadcast.state.is_over() {
        return Err(Problem::conflict("broadcast-over"));
    }
    let key = format!("kj-{}", hex(&kernel::random::bytes::<20>()));
    Broadcasts(&mut tx).set_key(id, &hash_key(&key), &key[key.len() - 4..]).await?;
    record(app, &mut tx, &broadcast, Some(actor.account), "broadcast.key-made", json!({})).await?;
    tx.commit().await?;
    app.studios.turn_away(id, "This stream key was replaced.");
    Ok(NewKey { key })
}
