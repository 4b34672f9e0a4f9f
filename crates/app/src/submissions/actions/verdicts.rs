//! What a holder does with what lies on its desk, and how it is taken back from there.

use super::case::{self, Case};
use super::step::{Arrival, Step, note, take};
use crate::db::Tx;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::submissions::rules::{Decision, Move, Next, Ruling, Sender, next_holder, ruling_faults, sender};
use crate::submissions::{Closing, Moved, State, SubmissionId, Submissions, Verdict};
use crate::texts;
use kernel::{Actor, OrganisationId, Timestamp};
use serde_json::json;

/// Characters of an opinion.
const NOTE: usize = 2_000;
/// Characters of one remark.
const REMARK: usize = 500;

/// Notes that a reviewer of the holder has opened it: from then on nobody pulls it back. False when one had before.
///
/// # Errors
///
/// `forbidden` for everybody else; `not-possible` when it is not in review.
pub async fn open(app: &App, actor: &Actor, id: SubmissionId) -> Result<bool, Problem> {
    let mut tx = app.db.begin().await?;
    let case = case::locked(app, &mut tx, actor, id).await?;
    if !case.standing().reviews(actor) {
        return Err(Problem::forbidden());
    }
    let hop = case.open_hop().ok_or_else(|| case.conflict(actor, "not-possible"))?;
    let first = Submissions(&mut tx).open_hop(hop.id, case.now).await?;
    if first {
        let holder = case.submission.holder;
        note(app, &mut tx, actor, &case, "submission.opened", holder, json!({ "revision": hop.revision })).await?;
    }
    tx.commit().await?;
    Ok(first)
}

/// Gives the holder's verdict.
///
/// # Errors
///
/// `invalid` names what the ruling breaks; `quota-used-up` when a recommendation finds no place; `stage-not-yet`,
/// `stage-over`, `call-not-open` by the time; `moved-meanwhile` when it changed since `seen`.
pub async fn decide(app: &App, actor: &Actor, id: SubmissionId, seen: i64, ruling: &Ruling) -> Result<(), Problem> {
    let ruling = checked(ruling, app.clock.now())?;
    let mut tx = app.db.begin().await?;
    decide_in(app, &mut tx, actor, id, seen, &ruling).await?;
    Ok(tx.commit().await?)
}

/// The ruling with its texts trimmed, or everything that it breaks.
pub(super) fn checked(ruling: &Ruling, now: Timestamp) -> Result<Ruling, Problem> {
    let mut faults = ruling_faults(ruling, now);
    let mut clean = ruling.clone();
    let mut trim = |field: &str, text: &mut String, min, max| match texts::check_lines(field, text, min, max) {
        Ok(trimmed) => *text = trimmed,
        Err(fault) => faults.push(fault),
    };
    trim("note", &mut clean.note, 0, NOTE);
    for (n, remark) in clean.remarks.iter_mut().enumerate().take(100) {
        trim(&format!("remarks/{n}/text"), &mut remark.text, 1, REMARK);
    }
    if faults.is_empty() { Ok(clean) } else { Err(Problem::invalid(faults)) }
}

/// Gives a checked verdict in the open transaction.
pub(super) async fn decide_in(app: &App, tx: &mut Tx, actor: &Actor, id: SubmissionId, seen: i64, ruling: &Ruling) -> Result<(), Problem> {
    let case = case::locked(app, tx, actor, id).await?;
    let holder = case.submission.holder;
    let next = next_holder(&case.tree, case.call.campaign.organisation, holder);
    let top = next == Some(Next::Top);
    let state = case.after(actor, seen, ruling.decision.mv(top))?;
    let recommended = ruling.decision == Decision::Recommend;
    let up = match next {
        Some(Next::Up(parent)) if recommended => Some(parent),
        None if recommended => return Err(Problem::conflict("off-route")),
        _ => None,
    };
    let verdict = ruling.decision.verdict(top);
    let step = Step {
        to: Moved { state, holder: up.unwrap_or(holder), due_at: ruling.due_at, ..Moved::nowhere(&case.submission) },
        closing: Some(Closing {
            reason: ruling.reason.clone(),
            note: ruling.note.clone(),
            remarks: ruling.remarks.clone(),
            ..Closing::plain(verdict, actor.account)
        }),
        takes_place: recommended,
        arrival: up.map(|holder| Arrival { holder, known: false }),
        ..Step::plain(&case, event(verdict), holder, state)
    };
    take(app, tx, actor, &case, step).await
}

const fn event(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Recommended => "submission.recommended",
        Verdict::Selected => "submission.selected",
        Verdict::Returned => "submission.returned",
        Verdict::Kept => "submission.kept",
        Verdict::Rejected => "submission.rejected",
        Verdict::PulledBack => "submission.pulled-back",
        Verdict::Withdrawn => "submission.withdrawn",
    }
}

/// Takes a submission back from the desk where the actor's side put it, while nobody there has opened it.
///
/// # Errors
///
/// `already-opened`; `stage-over` after the campaign's close; `forbidden` for everybody but the sender.
pub async fn pull_back(app: &App, actor: &Actor, id: SubmissionId, seen: i64) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let case = case::locked(app, &mut tx, actor, id).await?;
    case.after(actor, seen, Move::PullBack)?;
    let held = Submissions(&mut tx).places(id).await?;
    let (state, acting, holder, arrival) = back(&case);
    let frees: Vec<_> = held.into_iter().filter(|place| arrival.is_some() && place.organisation == acting).collect();
    let closing = Closing { unopened: true, ..Closing::plain(Verdict::PulledBack, actor.account) };
    let step = Step {
        to: Moved { state, holder, ..Moved::nowhere(&case.submission) },
        closing: Some(closing),
        frees: &frees,
        arrival: arrival.map(|holder| Arrival { holder, known: true }),
        ..Step::plain(&case, event(Verdict::PulledBack), acting, state)
    };
    take(app, &mut tx, actor, &case, step).await?;
    Ok(tx.commit().await?)
}

/// Where a pull-back leads: the state, who acts, the holder, and the desk it arrives at again, if any.
fn back(case: &Case) -> (State, OrganisationId, OrganisationId, Option<OrganisationId>) {
    let owner = case.submission.organisation;
    match sender(&case.hops) {
        Sender::Organisation(below) => (State::InReview, below, below, Some(below)),
        Sender::Owner(State::Returned) => (State::Returned, owner, case.submission.holder, None),
        Sender::Owner(state) => (state, owner, owner, None),
    }
}

/// Gives a submission up for good; its places become free again.
///
/// # Errors
///
/// `invalid` without a reason in words; `stage-over` after the campaign's close; `not-possible` once it is published.
pub async fn withdraw(app: &App, actor: &Actor, id: SubmissionId, seen: i64, reason: &str) -> Result<(), Problem> {
    let note = texts::check_lines("reason", reason, 1, NOTE).map_err(one)?;
    let mut tx = app.db.begin().await?;
    let case = case::locked(app, &mut tx, actor, id).await?;
    let state = case.after(actor, seen, Move::Withdraw)?;
    let owner = case.submission.organisation;
    let frees = Submissions(&mut tx).places(id).await?;
    let closing = case.open_hop().map(|_| Closing { note: note.clone(), ..Closing::plain(Verdict::Withdrawn, actor.account) });
    let step = Step {
        to: Moved { state, holder: owner, due_at: None, ..Moved::nowhere(&case.submission) },
        closing,
        frees: &frees,
        detail: json!({ "note": note }),
        ..Step::plain(&case, event(Verdict::Withdrawn), owner, state)
    };
    take(app, &mut tx, actor, &case, step).await?;
    Ok(tx.commit().await?)
}

/// A problem with one broken field.
pub(super) fn one(fault: FieldError) -> Problem {
    Problem::invalid(vec![fault])
}
