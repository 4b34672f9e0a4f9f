//! Handing in: the immutable revision, its receipt, and the first or next desk.

use super::case::{self, Case};
use super::step::{Arrival, Step, take};
use crate::db::Tx;
use crate::lessons::{Lesson, Lessons};
use crate::problem::Problem;
use crate::recordings::{Material, MaterialState, Recordings};
use crate::state::App;
use crate::submissions::rules::{self, Move, Next, next_holder};
use crate::submissions::{FileSeen, Moved, Revision, State, SubmissionId, Submissions};
use jiff::ZonedDateTime;
use kernel::{Actor, OrganisationId};
use serde_json::{Value, json};

/// Numbers to try before we give up on finding one that is free.
const TRIES: usize = 8;

/// Hands a draft in, or a returned submission in again; what was handed in, with the number of its receipt.
///
/// # Errors
///
/// `incomplete` (422) names everything that is missing; `stage-not-yet`, `stage-over`, `call-not-open` by the time;
/// `moved-meanwhile` when it changed since `seen`.
pub async fn submit(app: &App, actor: &Actor, id: SubmissionId, seen: i64) -> Result<Revision, Problem> {
    let mut tx = app.db.begin().await?;
    let case = case::locked(app, &mut tx, actor, id).await?;
    let again = case.submission.state == State::Returned;
    let state = case.after(actor, seen, if again { Move::Resubmit } else { Move::Submit })?;
    let holder = if again { case.submission.holder } else { first_desk(&case)? };
    let new = revision(app, &mut tx, actor, &case).await?;
    let submission = &case.submission;
    let to = Moved {
        state,
        holder,
        revision: new.number,
        due_at: None,
        submitted_at: submission.submitted_at.or(Some(case.now)),
        consents: submission.consents.clone(),
    };
    let event = if again { "submission.resubmitted" } else { "submission.submitted" };
    let step = Step {
        to,
        arrival: Some(Arrival { holder, known: false }),
        detail: json!({ "receipt": new.receipt }),
        ..Step::plain(&case, event, submission.organisation, state)
    };
    take(app, &mut tx, actor, &case, step).await?;
    Submissions(&mut tx).insert_revision(id, &new).await?;
    tx.commit().await?;
    Ok(new)
}

fn first_desk(case: &Case) -> Result<OrganisationId, Problem> {
    let owner = case.submission.organisation;
    match next_holder(&case.tree, case.call.campaign.organisation, owner) {
        Some(Next::Up(parent)) => Ok(parent),
        Some(Next::Top) => Ok(owner),
        None => Err(Problem::conflict("off-route")),
    }
}

/// What is handed in now, if nothing is missing.
async fn revision(app: &App, tx: &mut Tx, actor: &Actor, case: &Case) -> Result<Revision, Problem> {
    let submission = &case.submission;
    let lesson = Lessons(tx).find(submission.lesson).await?.ok_or_else(|| Problem::internal("a submission whose lesson is gone"))?;
    let materials = Recordings(tx).current(lesson.id).await?;
    let category = case.category()?;
    let list = rules::checklist(&case.call, category, &lesson, &materials, &submission.consents);
    if !list.is_complete() {
        return Err(Problem { code: "incomplete", ..Problem::invalid(list.faults()) });
    }
    let asked = |m: &&Material| category.rules.slots.iter().any(|slot| slot.slot == m.slot);
    Ok(Revision {
        number: submission.revision + 1,
        answers: answers(&lesson),
        files: materials.iter().filter(asked).filter_map(seen).collect(),
        consents: submission.consents.clone(),
        receipt: receipt_number(app, tx).await?,
        created_by: actor.account,
        created_at: case.now,
    })
}

fn seen(material: &Material) -> Option<FileSeen> {
    let sha256 = material.sha256.clone().filter(|_| material.state == MaterialState::Ready)?;
    Some(FileSeen {
        material: material.id,
        slot: material.slot.clone(),
        variant: material.variant.code().into(),
        filename: material.filename.clone(),
        bytes: material.bytes,
        sha256,
        sent_sha256: material.sent_sha256.clone(),
    })
}

fn answers(lesson: &Lesson) -> Value {
    json!({
        "title": lesson.title,
        "lecturer": lesson.lecturer,
        "lecturer_kind": lesson.lecturer_kind,
        "topic": lesson.topic,
        "form": lesson.form,
        "held_on": lesson.held_on,
        "audience": lesson.audience,
        "abstract": lesson.abstract_,
        "script": lesson.script,
        "chapters": lesson.chapters,
    })
}

/// A number that nobody has yet.
async fn receipt_number(app: &App, tx: &mut Tx) -> Result<String, Problem> {
    let year = ZonedDateTime::new(app.clock.now().to_jiff(), app.zone.clone()).year();
    for _ in 0..TRIES {
        let number = rules::receipt::number(year, kernel::random::bytes());
        if Submissions(tx).by_receipt(&number).await?.is_none() {
            return Ok(number);
        }
    }
    Err(Problem::internal("no free receipt number"))
}
