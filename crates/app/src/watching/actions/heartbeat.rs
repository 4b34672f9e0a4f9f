//! Taking a player's report.

use crate::problem::Problem;
use crate::state::App;
use crate::watching::audience::{self, Part};
use crate::watching::rules::sampling::{interval_s, is_in, lot};
use crate::watching::rules::{self, estimate};
use crate::watching::token::{self, Playback};
use crate::watching::{PLAY, SPREAD, VIEW, WATCHED};
use kernel::Timestamp;
use ledger::{Event, Weight};
use serde::{Deserialize, Serialize};

/// What a player reports: the seconds really played under this token so far, in the period at hand.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// From the page, or a ticket of the broadcast.
    pub token: String,
    /// Number of the report, from 1.
    pub seq: u32,
    /// Total seconds played under this token in this period: not since the last report, so that a lost one changes nothing.
    pub played_s: i64,
    /// Of a broadcast, the period of its `sample` in which that was; a lesson has only period 0.
    #[serde(default)]
    pub period: i64,
    /// Seconds played under this token before this period.
    #[serde(default)]
    pub before_s: i64,
    /// This player already watched enough for a view within 24 hours, outside the sample: others were counted for it.
    #[serde(default)]
    pub viewed: bool,
}

/// What the player is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Heard {
    /// Report again after so many seconds of play.
    pub interval_s: u32,
    /// This report made a view.
    pub counted: bool,
}

/// Counts what is new in a report; returns when it's durable. Repeating it changes nothing.
///
/// # Errors
///
/// `forged-token`, `outside-the-sample` (403), `other-period` (409), `expired-token` (410), `unbelievable` (422): nothing was counted;
/// `ledger-full` (507).
pub async fn heartbeat(app: &App, beat: &Heartbeat) -> Result<Heard, Problem> {
    let now = app.clock.now();
    app.audiences.reported();
    let playback = Playback::read(&beat.token, &app.secret, now).map_err(|bad| match bad {
        token::BadToken::Forged => Problem::denied("forged-token"),
        token::BadToken::Expired => Problem::gone("expired-token"),
    })?;
    let (part, interval_s) = part(app, &playback, beat, now).await?;
    let key = playback.part_key(part.number);
    let known = app.watching.counted(key);
    let events = events(app, &playback, beat, (&part, key, known), now);
    let views = events.iter().position(|e| e.kind == VIEW);
    let appended = app.ledger()?.append_all(events).await.map_err(ledger_problem)?;
    app.watching.remember(key, beat.played_s / rules::STEP_S, now);
    let counted = views.is_some_and(|at| matches!(appended[at], ledger::Appended::Fresh { .. }));
    Ok(Heard { interval_s, counted })
}

/// The period that a report is about and the pause until the next; who is not in its sample has nothing to report.
async fn part(app: &App, playback: &Playback, beat: &Heartbeat, now: Timestamp) -> Result<(Part, u32), Problem> {
    let Some(broadcast) = playback.broadcast else {
        let whole = Part { number: 0, weight: Weight::ONE, since: playback.issued, until: now };
        if beat.period != 0 {
            return Err(Problem::conflict("other-period").with("period", 0));
        }
        return believed(beat, playback, &whole, now).map(|()| (whole, interval_s(0)));
    };
    let audience = audience::of(app, broadcast).await?;
    let rate = audience.rate();
    let part =
        audience.part(beat.period, playback.issued, now).ok_or_else(|| Problem::conflict("other-period").with("period", rate.period))?;
    let lot = lot(&super::lot_seed(app, playback.viewer), &broadcast.to_string());
    if !is_in(lot, part.weight) {
        return Err(Problem::denied("outside-the-sample"));
    }
    believed(beat, playback, &part, now)?;
    audience.heard(playback.viewer, lot, &part, now);
    Ok((part, rate.interval_s))
}

/// Refuses what cannot have been played in the period and under the token.
fn believed(beat: &Heartbeat, playback: &Playback, part: &Part, now: Timestamp) -> Result<(), Problem> {
    let total = beat.before_s.saturating_add(beat.played_s);
    let believable = beat.before_s >= 0
        && rules::is_believable(beat.played_s, playback.issued.max(part.since), part.until)
        && rules::is_believable(total, playback.issued, now);
    if believable { Ok(()) } else { Err(Problem::unprocessable("unbelievable").with("seconds", beat.played_s)) }
}

fn events(app: &App, playback: &Playback, beat: &Heartbeat, (part, key, known): (&Part, u128, i64), now: Timestamp) -> Vec<Event> {
    let day = crate::deltas::Day::of(now, &app.zone).0;
    let event = |kind, key, amount| Event {
        kind,
        key,
        subject: playback.lesson.as_u128(),
        group: playback.organisation.as_u128(),
        at: now,
        amount,
        weight: part.weight,
        day,
    };
    let mut events = Vec::new();
    // What happened before the period was counted by those who were asked then.
    if beat.before_s == 0 {
        events.push(event(PLAY, playback.play_key(), 1));
    }
    let enough = rules::view_after_s(playback.duration_ms);
    if !beat.viewed && (beat.before_s..beat.before_s + beat.played_s).contains(&(enough - 1)) {
        events.push(event(VIEW, playback.view_key(), 1));
    }
    for step in known..beat.played_s / rules::STEP_S {
        events.push(event(WATCHED, token::step_key(key, step), rules::STEP_S as u32));
        if part.weight > Weight::ONE {
            events.push(event(SPREAD, token::spread_key(key, step), estimate::step_spread(step)));
        }
    }
    events
}

fn ledger_problem(e: ledger::LedgerError) -> Problem {
    if e.is_disk_full() { Problem::disk_full() } else { Problem::internal(e) }
}
