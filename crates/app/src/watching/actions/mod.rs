//! Giving tokens, taking heartbeats, asking fewer of a crowd for them.

mod heartbeat;
pub mod sampling;

pub use heartbeat::{Heard, Heartbeat, heartbeat};

use super::token::{self, Playback};
use super::{Watching, audience, rules};
use crate::broadcasts::{Admission, Broadcast, BroadcastId, showing};
use crate::lessons::{LessonId, Publication};
use crate::problem::Problem;
use crate::state::App;
use kernel::{AccountId, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How far each token was counted already, so that a heartbeat appends only what is new.
///
/// Only a saving: the ledger refuses what it has, so losing this at a restart costs nothing but work.
#[derive(Debug, Default)]
pub struct Progress(Mutex<HashMap<u128, (i64, Timestamp)>>);

/// Tokens that are remembered at most; older ones are dropped first.
const REMEMBERED: usize = 200_000;

impl Progress {
    fn counted(&self, key: u128) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).map_or(0, |(steps, _)| *steps)
    }

    fn remember(&self, key: u128, steps: i64, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, (_, seen)| now - *seen < 600_000);
        }
        let entry = known.entry(key).or_insert((0, now));
        *entry = (entry.0.max(steps), now);
    }
}

/// A token for the player; none for programs that fetch pages on their own.
pub fn playback_token(app: &App, publication: &Publication, viewer: u128, user_agent: &str) -> Option<String> {
    let playback = Playback {
        lesson: publication.lesson,
        organisation: publication.organisation,
        viewer,
        issued: app.clock.now(),
        duration_ms: publication.duration_ms,
        broadcast: None,
    };
    (!rules::is_bot(user_agent)).then(|| playback.sign(&app.secret))
}

/// A token for the player of a broadcast, which counts for the lesson that is shown or made.
pub fn live_token(app: &App, broadcast: &Broadcast, viewer: u128, user_agent: &str) -> Option<String> {
    let playback = Playback {
        lesson: broadcast.lesson,
        organisation: broadcast.organisation,
        viewer,
        issued: app.clock.now(),
        duration_ms: broadcast.ends_at - broadcast.starts_at,
        broadcast: Some(broadcast.id),
    };
    (!rules::is_bot(user_agent)).then(|| playback.sign(&app.secret))
}

/// What a player needs to report of a broadcast whose page names nobody.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PlaybackTicket)]
pub struct Ticket {
    /// For reports of play; none for programs that say they are robots.
    pub token: Option<String>,
    /// What this viewer's lots are reckoned from; the same in every broadcast, so that a device need not ask again.
    pub seed: String,
}

/// A ticket for the viewer who asks.
///
/// # Errors
///
/// 404 for a broadcast that does not exist; 401 for a stranger where only those who are signed in may watch.
pub async fn ticket(app: &App, id: BroadcastId, account: Option<AccountId>, (device, agent): (&str, &str)) -> Result<Ticket, Problem> {
    // A crowd may ask at once, so the row is believed for a second.
    let broadcast = showing::seen(app, id).await?.broadcast.ok_or_else(Problem::not_found)?;
    if broadcast.admission == Admission::SignedIn && account.is_none() {
        return Err(Problem::sign_in_first());
    }
    let viewer = viewer_key(app, account, device);
    audience::of(app, id).await?.came();
    Ok(Ticket { token: live_token(app, &broadcast, viewer, agent), seed: lot_seed(app, viewer) })
}

/// What this viewer's lots are reckoned from.
pub fn lot_seed(app: &App, viewer: u128) -> String {
    token::lot_seed(&app.secret, viewer)
}

/// The viewer's key: of the account, or of the random number that the device keeps.
pub fn viewer_key(app: &App, account: Option<AccountId>, device: &str) -> u128 {
    match account {
        Some(account) => token::key(&[&app.secret, b"account", &account.as_u128().to_be_bytes()]),
        None => token::key(&[&app.secret, b"device", device.as_bytes()]),
    }
}

/// Remembers where the actor stopped, for their other devices.
pub async fn resume_at(app: &App, account: AccountId, lesson: LessonId, at_ms: i64) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    crate::lessons::Catalogue(&mut tx).find(lesson).await?.ok_or_else(Problem::not_found)?;
    Watching(&mut tx).set_resume_point(account, lesson, at_ms.max(0), app.clock.now()).await?;
    Ok(tx.commit().await?)
}
