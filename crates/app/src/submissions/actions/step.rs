//! The one way in which a submission moves: row, places, hop, audit record, figures.

use super::case::Case;
use super::{awards, places};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::deltas::{self, Day, Metric};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::{Closing, Moved, State, Submissions, Taken};
use kernel::{Actor, OrganisationId, Timestamp};
use serde_json::{Value, json};

/// A new stay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    /// Where.
    pub holder: OrganisationId,
    /// Its reviewers know it already.
    pub known: bool,
}

/// What one transition does.
#[derive(Debug)]
pub(super) struct Step<'a> {
    /// `submission.VERB` of the audit record.
    pub event: &'static str,
    /// For which organisation the actor acts.
    pub acting: OrganisationId,
    /// Where the submission stands afterwards.
    pub to: Moved,
    /// How its open hop ends.
    pub closing: Option<Closing>,
    /// The holder takes a place of its quota.
    pub takes_place: bool,
    /// Places that are given back.
    pub frees: &'a [Taken],
    /// Where it goes.
    pub arrival: Option<Arrival>,
    /// Further facts for the audit record.
    pub detail: Value,
}

impl Step<'_> {
    /// Only the state changes.
    pub fn plain(case: &Case, event: &'static str, acting: OrganisationId, state: State) -> Self {
        let to = Moved { state, ..Moved::nowhere(&case.submission) };
        Self { event, acting, to, closing: None, takes_place: false, frees: &[], arrival: None, detail: json!({}) }
    }
}

/// Does `step`, or refuses because someone else was quicker or the places are used up. The caller commits.
pub(super) async fn take(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, step: Step<'_>) -> Result<(), Problem> {
    let (seen, clock, now) = (&case.submission, app.clock.as_ref(), case.now);
    let moved_meanwhile = || case.conflict(actor, "moved-meanwhile");
    if !Submissions(tx).advance(seen, &step.to, now).await? {
        return Err(moved_meanwhile());
    }
    for place in step.frees {
        places::free(app, tx, case, place).await?;
    }
    if step.takes_place {
        places::take(app, tx, case).await?;
    }
    if let Some(closing) = &step.closing {
        let open = case.open_hop().ok_or_else(|| Problem::internal("in review without an open hop"))?;
        if !Submissions(tx).close_hop(open.id, closing, now).await? {
            return Err(moved_meanwhile());
        }
    }
    if let Some(arrival) = step.arrival {
        let seq = case.hops.last().map_or(1, |hop| hop.seq + 1);
        let opened = arrival.known.then_some(now);
        Submissions(tx).insert_hop(clock, seen.id, seq, arrival.holder, step.to.revision, opened).await?;
    }
    if seen.state.is_chosen() && !step.to.state.is_chosen() {
        awards::lose(app, tx, case).await?;
    }
    note(app, tx, actor, case, step.event, step.acting, detail(case, &step)).await?;
    count(app, tx, case, &step.to).await
}

fn detail(case: &Case, step: &Step<'_>) -> Value {
    let mut detail = json!({
        "campaign": case.submission.campaign,
        "from": case.submission.state.code(),
        "to": step.to.state.code(),
        "holder": step.to.holder,
        "revision": step.to.revision,
    });
    if let Some(reason) = step.closing.as_ref().and_then(|c| c.reason.as_deref()) {
        detail["reason"] = reason.into();
    }
    if let Some(more) = step.detail.as_object() {
        detail.as_object_mut().into_iter().for_each(|all| all.extend(more.clone()));
    }
    detail
}

/// Writes the audit record of an act on a submission.
pub(super) async fn note(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    event: &str,
    acting: OrganisationId,
    detail: Value,
) -> Result<(), Problem> {
    let entry = Entry {
        account: Some(actor.account),
        organisation: Some(acting),
        action: event,
        object: case.submission.id.to_string(),
        allowed: true,
        detail,
    };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

/// The figure of submissions by state, on the day of the first hand-in; what was never handed in is not counted.
async fn count(app: &App, tx: &mut Tx, case: &Case, to: &Moved) -> Result<(), Problem> {
    let (seen, clock) = (&case.submission, app.clock.as_ref());
    let Some(first) = to.submitted_at else { return Ok(()) };
    if seen.submitted_at.is_some() && seen.state == to.state {
        return Ok(());
    }
    let day = day_of(app, first);
    if seen.submitted_at.is_some() {
        deltas::post(tx, clock, seen.organisation, day, Metric::Submissions, seen.state.code(), -1).await?;
    }
    Ok(deltas::post(tx, clock, seen.organisation, day, Metric::Submissions, to.state.code(), 1).await?)
}

/// The day on which something that happened at `at` is counted.
pub(super) fn day_of(app: &App, at: Timestamp) -> Day {
    Day::of(at, &app.zone)
}
