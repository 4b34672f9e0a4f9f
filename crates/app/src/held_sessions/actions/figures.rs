//! What a change does to figures: deltas on the days it was held, and adjustments where a month is closed.

use crate::db::Tx;
use crate::deltas::{self, Day, Metric};
use crate::held_sessions::{Adjustment, Figure, HeldSession, HeldSessions, rules};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Id, Identified};
use std::collections::BTreeMap;

struct AdjustmentRow;
impl Identified for AdjustmentRow {
    const PREFIX: &'static str = "adj";
}

/// Takes back what `record` counted `before` and adds what it counts now.
///
/// # Errors
///
/// `invalid` with the field `reason` when the month is closed and nothing says why.
pub(super) async fn post(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    record: &HeldSession,
    before: Option<&Figure>,
    reason: &str,
) -> Result<(), Problem> {
    let after = record.figure();
    if before == after.as_ref() {
        return Ok(());
    }
    let mut days = BTreeMap::<Day, (i64, i64)>::new();
    for (figure, sign) in before.map(|f| (f, -1)).into_iter().chain(after.as_ref().map(|f| (f, 1))) {
        add(app, tx, record, figure, sign).await?;
        let day = days.entry(figure.day).or_default();
        *day = (day.0 + sign, day.1 + sign * figure.people);
    }
    // Asked only now: whoever closes a month holds off those who post, so that what was not closed yet is counted in it.
    let path = app.tree.load().path_up(record.organisation);
    for (day, change) in days {
        if HeldSessions(tx).is_closed(&path, day).await? {
            adjust(app, tx, actor, record, day, change, reason).await?;
        }
    }
    Ok(())
}

async fn add(app: &App, tx: &mut Tx, record: &HeldSession, figure: &Figure, sign: i64) -> Result<(), Problem> {
    for (metric, amount) in [(Metric::Sessions, sign), (Metric::Attendances, sign * figure.people)] {
        if amount != 0 {
            deltas::post(tx, app.clock.as_ref(), record.organisation, figure.day, metric, &figure.dimension, amount).await?;
        }
    }
    Ok(())
}

async fn adjust(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    record: &HeldSession,
    day: Day,
    (sessions, people): (i64, i64),
    reason: &str,
) -> Result<(), Problem> {
    let month = format!("{}-{:02}", day.month() / 100, day.month() % 100);
    let reason = rules::reason(reason).map_err(|fault| match fault.rule {
        "required" => Problem::field("reason", "month-closed", "", month),
        _ => Problem::invalid(vec![fault]),
    })?;
    let adjustment = Adjustment {
        id: Id::<AdjustmentRow>::new(app.clock.as_ref()).to_string(),
        organisation: record.organisation,
        day,
        held_session: record.id,
        sessions,
        people,
        reason,
        account: actor.account,
        at: app.clock.now(),
    };
    Ok(HeldSessions(tx).add_adjustment(&adjustment).await?)
}
