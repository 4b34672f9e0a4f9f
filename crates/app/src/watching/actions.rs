//! Giving tokens, taking heartbeats.

use super::token::{self, Playback};
use super::{PLAY, VIEW, WATCHED, Watching, rules};
use crate::broadcasts::Broadcast;
use crate::lessons::{LessonId, Publication};
use crate::problem::Problem;
use crate::state::App;
use kernel::{AccountId, Timestamp};
use ledger::Event;
use serde::{Deserialize, Serialize};
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
    };
    (!rules::is_bot(user_agent)).then(|| playback.sign(&app.secret))
}

/// The viewer's key: of the account, or of the random number that the device keeps.
pub fn viewer_key(app: &App, account: Option<AccountId>, device: &str) -> u128 {
    match account {
        Some(account) => token::key(&[&app.secret, b"account", &account.as_u128().to_be_bytes()]),
        None => token::key(&[&app.secret, b"device", device.as_bytes()]),
    }
}

/// What a player reports: the seconds really played under this token so far.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// From the lesson page.
    pub token: String,
    /// Number of the report, from 1.
    pub seq: u32,
    /// Total seconds played under this token: not since the last report, so that a lost one changes nothing.
    pub played_s: i64,
}

/// What the player is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Heard {
    /// Report again after so many seconds of play.
    pub interval_s: u32,
    /// This report made a view.
    pub counted: bool,
}

/// Seconds between reports while few people watch.
const INTERVAL_S: u32 = 30;

/// Counts what is new in a report; returns when it's durable. Repeating it changes nothing.
///
/// # Errors
///
/// `forged-token` (403), `expired-token` (410), `unbelievable` (422): nothing was counted; `ledger-full` (507).
pub async fn heartbeat(app: &App, beat: &Heartbeat) -> Result<Heard, Problem> {
    let now = app.clock.now();
    let playback = Playback::read(&beat.token, &app.secret, now).map_err(|bad| match bad {
        token::BadToken::Forged => Problem::denied("forged-token"),
        token::BadToken::Expired => Problem::gone("expired-token"),
    })?;
    if !rules::is_believable(beat.played_s, playback.issued, now) {
        return Err(Problem::unprocessable("unbelievable").with("seconds", beat.played_s));
    }
    let steps = beat.played_s / rules::STEP_S;
    let known = app.watching.counted(playback.play_key());
    let events = events(app, &playback, beat.played_s, known, steps, now);
    let views = events.iter().position(|e| e.kind == VIEW);
    let appended = app.ledger()?.append_all(events).await.map_err(ledger_problem)?;
    app.watching.remember(playback.play_key(), steps, now);
    let counted = views.is_some_and(|at| matches!(appended[at], ledger::Appended::Fresh { .. }));
    Ok(Heard { interval_s: INTERVAL_S, counted })
}

fn events(app: &App, playback: &Playback, played_s: i64, known: i64, steps: i64, now: Timestamp) -> Vec<Event> {
    let day = crate::deltas::Day::of(now, &app.zone).0;
    let event = |kind, key, amount| Event {
        kind,
        key,
        subject: playback.lesson.as_u128(),
        group: playback.organisation.as_u128(),
        at: now,
        amount,
        day,
    };
    let mut events = vec![event(PLAY, playback.play_key(), 1)];
    if played_s >= rules::view_after_s(playback.duration_ms) {
        events.push(event(VIEW, playback.view_key(), 1));
    }
    events.extend((known..steps).map(|step| event(WATCHED, playback.step_key(step), rules::STEP_S as u32)));
    events
}

fn ledger_problem(e: ledger::LedgerError) -> Problem {
    if e.is_disk_full() { Problem::disk_full() } else { Problem::internal(e) }
}

/// Remembers where the actor stopped, for their other devices.
pub async fn resume_at(app: &App, account: AccountId, lesson: LessonId, at_ms: i64) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    crate::lessons::Catalogue(&mut tx).find(lesson).await?.ok_or_else(Problem::not_found)?;
    Watching(&mut tx).set_resume_point(account, lesson, at_ms.max(0), app.clock.now()).await?;
    Ok(tx.commit().await?)
}
