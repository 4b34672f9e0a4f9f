//! Awards: what the campaign gives to the best of what it chose.

use super::case::{self, Case};
use super::clearance::{NOTE, not_own_work};
use super::step::{Step, day_of, take};
use super::verdicts::one;
use crate::db::Tx;
use crate::deltas::{self, Metric};
use crate::lessons::Lessons;
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::rules::Move;
use crate::submissions::{Award, AwardLevel, SubmissionId, Submissions};
use crate::texts;
use kernel::Actor;
use serde_json::{Value, json};

/// Gives an award, or another level of the one that was given; it is counted on the day of the first.
///
/// # Errors
///
/// `own-work` (403) for whoever registered the lesson; `not-possible` when it was not chosen; `same-award` when it has this one.
pub async fn give(app: &App, actor: &Actor, id: SubmissionId, seen: i64, level: AwardLevel) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let case = case::locked(app, &mut tx, actor, id).await?;
    check(&case, actor, seen)?;
    not_own_work(&mut tx, actor, &case).await?;
    let before = Submissions(&mut tx).award(id).await?;
    if before.is_some_and(|award| award.level == level) {
        return Err(case.conflict(actor, "same-award"));
    }
    let detail = json!({ "award": level, "before": before.map(|award| award.level) });
    note(app, &mut tx, actor, &case, "submission.awarded", detail).await?;
    let award = Award { level, ..before.unwrap_or(Award { level, given_by: actor.account, given_at: case.now }) };
    Submissions(&mut tx).set_award(id, &award).await?;
    count(app, &mut tx, &case, before, Some(award)).await?;
    Ok(tx.commit().await?)
}

/// Takes an award back.
///
/// # Errors
///
/// `invalid` without a reason in words; `not-possible` when it has none.
pub async fn take_back(app: &App, actor: &Actor, id: SubmissionId, seen: i64, reason: &str) -> Result<(), Problem> {
    let reason = texts::check_lines("reason", reason, 1, NOTE).map_err(one)?;
    let mut tx = app.db.begin().await?;
    let case = case::locked(app, &mut tx, actor, id).await?;
    check(&case, actor, seen)?;
    let award = Submissions(&mut tx).award(id).await?.ok_or_else(|| case.conflict(actor, "not-possible"))?;
    note(app, &mut tx, actor, &case, "submission.award_taken_back", json!({ "award": award.level, "reason": reason })).await?;
    drop_it(app, &mut tx, &case, award).await?;
    Ok(tx.commit().await?)
}

/// What leaves those that the campaign chose has no award any more.
pub(super) async fn lose(app: &App, tx: &mut Tx, case: &Case) -> Result<(), Problem> {
    match Submissions(tx).award(case.submission.id).await? {
        Some(award) => drop_it(app, tx, case, award).await,
        None => Ok(()),
    }
}

/// Awards are given by who publishes, at any time after the choice.
fn check(case: &Case, actor: &Actor, seen: i64) -> Result<(), Problem> {
    case.unmoved(actor, seen)?;
    if !case.standing().may(actor, Move::Publish) {
        return Err(Problem::forbidden());
    }
    if case.submission.state.is_chosen() { Ok(()) } else { Err(case.conflict(actor, "not-possible")) }
}

/// A step that leads nowhere: the next version, and the record of it.
async fn note(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, event: &'static str, detail: Value) -> Result<(), Problem> {
    let step = Step { detail, ..Step::plain(case, event, case.call.campaign.organisation, case.submission.state) };
    take(app, tx, actor, case, step).await
}

async fn drop_it(app: &App, tx: &mut Tx, case: &Case, award: Award) -> Result<(), Problem> {
    Submissions(tx).drop_award(case.submission.id).await?;
    count(app, tx, case, Some(award), None).await
}

/// The figures, and what the library shows.
async fn count(app: &App, tx: &mut Tx, case: &Case, before: Option<Award>, after: Option<Award>) -> Result<(), Problem> {
    let (submission, clock) = (&case.submission, app.clock.as_ref());
    for (award, amount) in [(before, -1), (after, 1)] {
        if let Some(Award { level, given_at, .. }) = award {
            deltas::post(tx, clock, submission.organisation, day_of(app, given_at), Metric::Awards, level.code(), amount).await?;
        }
    }
    let shown = after.map_or("", |award| award.level.code());
    Ok(Lessons(tx).set_award(submission.lesson, &submission.id.to_string(), shown).await?)
}
