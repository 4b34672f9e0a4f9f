//! Clearance: several people approve what was selected; the last approval publishes it.

use super::case::{self, Case};
use super::step::{Step, day_of, take};
use super::verdicts::one;
use crate::db::Tx;
use crate::deltas::{self, Metric};
use crate::lessons::{Lessons, Publication};
use crate::problem::Problem;
use crate::recordings::{Material, MaterialId, Recordings, Variant};
use crate::state::App;
use crate::submissions::rules::Move;
use crate::submissions::{Approval, FileSeen, State, SubmissionId, Submissions};
use crate::texts;
use jiff::ZonedDateTime;
use kernel::Actor;
use serde_json::{Value, json};

/// Characters of a note or a reason.
pub(super) const NOTE: usize = 2_000;

/// Approves the newest revision; the state afterwards: selected, or published when this was the last approval that the
/// campaign asks for.
///
/// # Errors
///
/// `own-work` (403) for whoever registered the lesson; `already-approved` for a second approval of the same person;
/// `nothing-to-play`, `not-playable-yet`, `already-public` when the last approval cannot publish.
pub async fn approve(app: &App, actor: &Actor, id: SubmissionId, seen: i64, note: &str) -> Result<State, Problem> {
    let note = texts::check_lines("note", note, 0, NOTE).map_err(one)?;
    let mut tx = app.db.begin().await?;
    let case = case::locked(app, &mut tx, actor, id).await?;
    let published = case.after(actor, seen, Move::Publish)?;
    let step = next_approval(&mut tx, actor, &case).await?;
    let last = step >= case.call.campaign.approvals;
    let state = if last { published } else { State::Selected };
    let event = if last { "submission.published" } else { "submission.approved" };
    let runner = case.call.campaign.organisation;
    let done = Step { detail: json!({ "step": step, "note": note }), ..Step::plain(&case, event, runner, state) };
    take(app, &mut tx, actor, &case, done).await?;
    let note = (!note.is_empty()).then_some(note);
    let approval = Approval { step, account: actor.account, note, created_at: case.now };
    Submissions(&mut tx).insert_approval(id, case.submission.revision, &approval).await?;
    if last {
        publish(app, &mut tx, &case).await?;
    }
    tx.commit().await?;
    Ok(state)
}

/// The number of the actor's approval, if the actor may give one.
async fn next_approval(tx: &mut Tx, actor: &Actor, case: &Case) -> Result<i64, Problem> {
    not_own_work(tx, actor, case).await?;
    let given = Submissions(tx).approvals(case.submission.id, case.submission.revision).await?;
    if given.iter().any(|approval| approval.account == actor.account) {
        return Err(case.conflict(actor, "already-approved"));
    }
    Ok(given.last().map_or(1, |approval| approval.step + 1))
}

/// Nobody clears or honours what they registered themselves.
pub(super) async fn not_own_work(tx: &mut Tx, actor: &Actor, case: &Case) -> Result<(), Problem> {
    let lesson = Lessons(tx).find(case.submission.lesson).await?.ok_or_else(Problem::not_found)?;
    let own = lesson.created_by == actor.account;
    if own { Err(Problem { code: "own-work", ..Problem::forbidden() }) } else { Ok(()) }
}

/// Shows to everybody what was approved: the revision as it was handed in, with the best version of its recording.
async fn publish(app: &App, tx: &mut Tx, case: &Case) -> Result<(), Problem> {
    let submission = &case.submission;
    let before = Lessons(tx).publication(submission.lesson).await?;
    if before.is_some_and(|p| p.unpublished_at.is_none()) {
        return Err(Problem::conflict("already-public"));
    }
    let newest = Submissions(tx).revision(submission.id, submission.revision).await?;
    let revision = newest.ok_or_else(|| Problem::internal("selected without a revision"))?;
    let best = best_recording(&revision.files).ok_or_else(|| Problem::conflict("nothing-to-play"))?;
    if !Recordings(tx).ready_rungs(best).await? {
        return Err(Problem::conflict("not-playable-yet"));
    }
    let material = Recordings(tx).find(best).await?.ok_or_else(|| Problem::internal("a revision whose recording is gone"))?;
    let award = Submissions(tx).award(submission.id).await?.map(|award| award.level.code().to_owned()).unwrap_or_default();
    Lessons(tx).publish(&Publication { award, ..publication(app, case, &revision.answers, &material) }).await?;
    let day = day_of(app, case.now);
    Ok(deltas::post(tx, app.clock.as_ref(), submission.organisation, day, Metric::Published, "", 1).await?)
}

/// The most finished version of the recording: made for broadcast, polished, as filmed.
fn best_recording(files: &[FileSeen]) -> Option<MaterialId> {
    let ripeness = |file: &&FileSeen| Variant::from_code(&file.variant);
    files.iter().filter(|file| file.slot == "video").max_by_key(ripeness).map(|file| file.material)
}

fn publication(app: &App, case: &Case, answers: &Value, material: &Material) -> Publication {
    let (submission, now) = (&case.submission, case.now);
    let text = |name: &str| answers[name].as_str().unwrap_or_default().to_owned();
    let held_on = text("held_on");
    let this_year = i64::from(ZonedDateTime::new(now.to_jiff(), app.zone.clone()).year());
    let searched = [text("title"), text("lecturer"), text("abstract"), case.tree.name(submission.organisation)];
    Publication {
        lesson: submission.lesson,
        organisation: submission.organisation,
        submission: submission.id.to_string(),
        campaign: submission.campaign.to_string(),
        category: submission.category.to_string(),
        material: material.id.to_string(),
        title: text("title"),
        lecturer: text("lecturer"),
        lecturer_kind: text("lecturer_kind"),
        topic: text("topic"),
        form: text("form"),
        level: case.tree.depth(submission.organisation).map_or(0, i64::from),
        year: held_on.split('-').next().and_then(|year| year.parse().ok()).unwrap_or(this_year),
        duration_ms: material.source.as_ref().map_or(0, |s| i64::try_from(s.duration_ms).unwrap_or(i64::MAX)),
        abstract_: text("abstract"),
        script: text("script"),
        chapters: serde_json::from_value(answers["chapters"].clone()).unwrap_or_default(),
        search: searched.join("\n").to_lowercase(),
        award: String::new(),
        published_at: now,
        unpublished_at: None,
    }
}

/// Takes a lesson out of the public library; to go back there it needs all its approvals anew.
///
/// # Errors
///
/// `invalid` without a reason in words; `not-possible` when it is not public.
pub async fn unpublish(app: &App, actor: &Actor, id: SubmissionId, seen: i64, reason: &str) -> Result<(), Problem> {
    let reason = texts::check_lines("reason", reason, 1, NOTE).map_err(one)?;
    let mut tx = app.db.begin().await?;
    let case = case::locked(app, &mut tx, actor, id).await?;
    let state = case.after(actor, seen, Move::Unpublish)?;
    let (submission, runner) = (&case.submission, case.call.campaign.organisation);
    let step = Step { detail: json!({ "note": reason }), ..Step::plain(&case, "submission.unpublished", runner, state) };
    take(app, &mut tx, actor, &case, step).await?;
    Submissions(&mut tx).drop_approvals(id, submission.revision).await?;
    let public =
        Lessons(&mut tx).publication(submission.lesson).await?.ok_or_else(|| Problem::internal("published without a publication"))?;
    Lessons(&mut tx).unpublish(submission.lesson, case.now).await?;
    let day = day_of(app, public.published_at);
    deltas::post(&mut tx, app.clock.as_ref(), submission.organisation, day, Metric::Published, "", -1).await?;
    Ok(tx.commit().await?)
}
