//! Announcing how many viewers report.

use crate::broadcasts::{Broadcast, BroadcastId, Profile, State, showing};
use crate::db::DbError;
use crate::machine::LoadStage;
use crate::problem::Problem;
use crate::state::App;
use crate::watching::Watching;
use crate::watching::audience::{self, Audience};
use crate::watching::rules::estimate::Estimate;
use crate::watching::rules::sampling::{Crowd, Period, one_in};
use kernel::Timestamp;
use ledger::Weight;

/// Whoever waits for a broadcast reports half a minute after it begins, all at once. So long those who came are taken to watch.
const FIRST_REPORTS_MS: i64 = 120_000;

/// From now on one of so many viewers reports.
///
/// # Errors
///
/// A failure of the records.
pub async fn announce(app: &App, id: BroadcastId, one_in: Weight) -> Result<(), DbError> {
    let audience = audience::of(app, id).await?;
    let mut tx = app.db.begin().await?;
    let known = Watching(&mut tx).periods(id).await?;
    let number = known.last().map_or(0, |last| last.number) + 1;
    Watching(&mut tx).announce(id, Period { number, one_in, from: app.clock.now() }).await?;
    // Another node may have been faster; then its word holds.
    let announced = Watching(&mut tx).periods(id).await?;
    tx.commit().await?;
    tracing::info!(broadcast = %id, period = number, one_in = one_in.get(), "how many viewers report");
    audience.take(announced);
    Ok(())
}

/// Looks at every audience of this node, once a second: how many watch, and how many of them have to report.
///
/// # Errors
///
/// A failure of the records.
pub async fn look(app: &App) -> Result<(), Problem> {
    let (reports, now) = (app.audiences.reports(), app.clock.now());
    for (id, audience) in app.audiences.all() {
        let seen = showing::seen(app, id).await?;
        let over = |broadcast: &Broadcast| matches!(broadcast.state, State::Ended | State::Cancelled);
        if let Some(broadcast) = seen.broadcast.filter(|broadcast| !over(broadcast)) {
            review(app, &broadcast, &audience, (reports, now)).await?;
        }
    }
    app.audiences.tidy(now);
    Ok(())
}

async fn review(app: &App, broadcast: &Broadcast, audience: &Audience, (reports, now): (u64, Timestamp)) -> Result<(), Problem> {
    audience.take(Watching(&mut app.db.read().await?).periods(broadcast.id).await?);
    let (watching, current) = (audience.watching(now), audience.current());
    let mass = broadcast.profile_now(app) == Profile::Mass;
    let begins = broadcast.on_air_at.is_none_or(|on_air| now - on_air < FIRST_REPORTS_MS);
    let viewers = if begins { watching.count.max(audience.all_who_came()) } else { watching.count };
    let crowd = Crowd {
        mass,
        in_trouble: broadcast.stage(app) != LoadStage::Normal,
        viewers: u64::try_from(viewers).unwrap_or(0),
        reports,
        unchanged_ms: now - current.from,
    };
    let wanted = one_in(current.one_in, &crowd);
    if wanted != current.one_in {
        announce(app, broadcast.id, wanted).await?;
    }
    audience.pace(crowd.viewers / u64::from(wanted.get()));
    if let Some(room) = app.rooms.get(broadcast.id) {
        room.estimated(told(mass, watching).map(|estimate| (estimate.count, estimate.error)));
    }
    Ok(())
}

/// What is said of a crowd; nothing where the connections themselves are counted.
pub fn told(mass: bool, watching: Estimate) -> Option<Estimate> {
    (mass && watching.count > 0).then_some(watching)
}
