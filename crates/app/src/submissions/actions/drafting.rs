//! Drafts: starting one, saving it as it grows, and knowing who else has it open.

use super::case::{self, Case};
use super::step::note;
use crate::accounts::Accounts;
use crate::audit::{self, Entry};
use crate::campaigns::{Call, CampaignId, CampaignState, Campaigns, CategoryId};
use crate::db::Tx;
use crate::lessons::{self, Lesson, LessonFields, LessonId};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::rules::is_editable;
use crate::submissions::{ConsentGiven, Moved, State, Submission, SubmissionId, Submissions};
use kernel::{Actor, OrganisationId, Timestamp};
use serde_json::json;

/// Somebody who was seen so long ago, in milliseconds, still has the page open.
const PRESENT_MS: i64 = 60_000;

/// Begins the journey of `lesson` in one category of `campaign`.
///
/// # Errors
///
/// 404 or `forbidden` for someone who may not edit the lesson; `call-not-open`, `off-route` when its organisation is not
/// below the one that runs the campaign, `already-started` when there is a submission of it.
pub async fn start(
    app: &App,
    actor: &Actor,
    campaign: CampaignId,
    category: CategoryId,
    lesson: LessonId,
) -> Result<SubmissionId, Problem> {
    let mut tx = app.db.begin().await?;
    let lesson = lessons::actions::editable(app, &mut tx, actor, lesson).await?;
    startable(app, &mut tx, campaign, category, lesson.organisation).await?;
    if let Some(there) = Submissions(&mut tx).of_lesson(campaign, lesson.id).await? {
        return Err(Problem::conflict("already-started").with("submission", there.id));
    }
    let new = draft_of(app, actor, campaign, category, &lesson);
    // Two clerks at the same moment: the unique index lets one of them through.
    Submissions(&mut tx).insert(&new).await.map_err(|e| if e.is_duplicate() { Problem::conflict("already-started") } else { e.into() })?;
    let entry = Entry {
        account: Some(actor.account),
        organisation: Some(new.organisation),
        action: "submission.started",
        object: new.id.to_string(),
        allowed: true,
        detail: json!({ "campaign": campaign, "lesson": lesson.id }),
    };
    audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    tx.commit().await?;
    Ok(new.id)
}

fn draft_of(app: &App, actor: &Actor, campaign: CampaignId, category: CategoryId, lesson: &Lesson) -> Submission {
    let now = app.clock.now();
    Submission {
        id: SubmissionId::new(app.clock.as_ref()),
        campaign,
        category,
        lesson: lesson.id,
        organisation: lesson.organisation,
        state: State::Draft,
        holder: lesson.organisation,
        revision: 0,
        consents: Vec::new(),
        due_at: None,
        submitted_at: None,
        created_by: actor.account,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// Whether a lesson of `organisation` could start in this category: asked before one is registered for it.
///
/// # Errors
///
/// As [`start`].
pub async fn may_start(app: &App, campaign: CampaignId, category: CategoryId, organisation: OrganisationId) -> Result<(), Problem> {
    startable(app, &mut app.db.read().await?, campaign, category, organisation).await
}

async fn startable(
    app: &App,
    tx: &mut Tx,
    campaign: CampaignId,
    category: CategoryId,
    organisation: OrganisationId,
) -> Result<(), Problem> {
    let call = Campaigns(tx).call(campaign).await?.ok_or_else(Problem::not_found)?;
    if call.campaign.state != CampaignState::Open {
        return Err(Problem::conflict("call-not-open"));
    }
    if call.category(category).is_none() {
        return Err(Problem::field("category", "unknown", category.to_string(), ""));
    }
    if !app.tree.load().contains(call.campaign.organisation, organisation) {
        return Err(Problem::conflict("off-route"));
    }
    Ok(())
}

/// What an editor saves of a draft, each part only when it is given.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Fields of the lesson, over this version of it.
    pub lesson: Option<(i64, LessonFields)>,
    /// Codes of all consents that are ticked now; those not named are taken back.
    pub consents: Option<Vec<String>>,
    /// Another category.
    pub category: Option<CategoryId>,
}

/// Saves a draft over version `seen`; the new version.
///
/// # Errors
///
/// `moved-meanwhile` when someone saved since; `stale` (412) when the lesson was saved elsewhere; `not-editable` while it is
/// in review; `invalid` names broken fields.
pub async fn autosave(app: &App, actor: &Actor, id: SubmissionId, seen: i64, draft: Draft) -> Result<i64, Problem> {
    let mut tx = app.db.begin().await?;
    let case = case::locked(app, &mut tx, actor, id).await?;
    case.unmoved(actor, seen)?;
    let submission = &case.submission;
    if !may(&case.tree, actor, Action::EditLesson, submission.organisation) {
        return Err(Problem::forbidden());
    }
    if !is_editable(&case.call.campaign, submission.state) {
        return Err(case.conflict(actor, "not-editable"));
    }
    if let Some(category) = draft.category {
        recategorise(&mut tx, &case, category).await?;
    }
    let consents = match &draft.consents {
        Some(codes) => agreed(&case.call, &submission.consents, codes, case.now)?,
        None => submission.consents.clone(),
    };
    let to = Moved { consents, ..Moved::nowhere(submission) };
    if !Submissions(&mut tx).advance(submission, &to, case.now).await? {
        return Err(case.conflict(actor, "moved-meanwhile"));
    }
    if let Some((version, fields)) = draft.lesson {
        lessons::actions::save_in(app, &mut tx, actor, submission.lesson, version, fields).await?;
    }
    Submissions(&mut tx).touch_editing(id, actor.account, case.now).await?;
    let codes: Vec<_> = to.consents.iter().map(|c| &c.code).collect();
    note(app, &mut tx, actor, &case, "submission.saved", submission.organisation, json!({ "consents": codes })).await?;
    tx.commit().await?;
    Ok(seen + 1)
}

/// Moves a draft to another category; once handed in it has its places and ranks where it is.
async fn recategorise(tx: &mut Tx, case: &Case, category: CategoryId) -> Result<(), Problem> {
    if case.call.category(category).is_none() {
        return Err(Problem::field("category", "unknown", category.to_string(), ""));
    }
    if category != case.submission.category && case.submission.submitted_at.is_some() {
        return Err(Problem::conflict("category-fixed"));
    }
    Ok(Submissions(tx).set_category(case.submission.id, category).await?)
}

/// The consents with these codes, keeping the time of those that were given before for the same text.
fn agreed(call: &Call, before: &[ConsentGiven], codes: &[String], now: Timestamp) -> Result<Vec<ConsentGiven>, Problem> {
    let given = |code: &String| {
        let unknown = || Problem::field("consents", "unknown", code, "");
        let consent = call.consents.iter().find(|c| c.code == *code).ok_or_else(unknown)?;
        let old = before.iter().find(|g| g.code == *code && g.revision == consent.revision).map(|g| g.at);
        Ok(ConsentGiven { code: code.clone(), revision: consent.revision, at: old.unwrap_or(now) })
    };
    let mut wanted = codes.to_vec();
    wanted.sort();
    wanted.dedup();
    wanted.iter().map(given).collect()
}

/// Notes that `actor` has the editor open, and names who else has.
///
/// # Errors
///
/// 404 or `forbidden` for someone who may not edit.
pub async fn presence(app: &App, actor: &Actor, id: SubmissionId) -> Result<Vec<String>, Problem> {
    let mut tx = app.db.begin().await?;
    let submission = case::by_id(app, &mut tx, actor, id).await?;
    if !may(&app.tree.load(), actor, Action::EditLesson, submission.organisation) {
        return Err(Problem::forbidden());
    }
    let now = app.clock.now();
    Submissions(&mut tx).touch_editing(id, actor.account, now).await?;
    let others = Submissions(&mut tx).others_editing(id, actor.account, now.plus_ms(-PRESENT_MS)).await?;
    let mut names = Vec::new();
    for account in others {
        names.extend(Accounts(&mut tx).find(account).await?.map(|a| a.name));
    }
    tx.commit().await?;
    Ok(names)
}
