//! Recording and correcting: one save for both, harmless when it is repeated.

use super::{demand, figures, lecturer, note};
use crate::campaigns::{CampaignId, Campaigns};
use crate::db::{DbError, Tx};
use crate::deltas::Day;
use crate::held_sessions::rules::{self, Move, NotPossible};
use crate::held_sessions::{HeldSession, HeldSessionId, HeldSessions, Revision, SessionFields, State, Told};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, OrganisationId, Timestamp};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

/// What a clerk saves.
#[derive(Debug, Clone, Serialize)]
pub struct Save {
    /// Made by the phone.
    pub id: HeldSessionId,
    /// Who held it; fixed once it is recorded.
    pub organisation: OrganisationId,
    /// Made by the phone for this save and never again: 16 to 64 letters, digits and hyphens.
    #[serde(skip)]
    pub operation: String,
    /// The version that the phone has seen; 0 for a new one.
    pub based_on: i64,
    /// What was filled in.
    pub fields: SessionFields,
    /// Why, where the month is closed; may be empty.
    pub reason: String,
}

/// What became of a save.
#[derive(Debug)]
pub enum Saved {
    /// It stands as of this save, which may have been done before.
    Done(Box<HeldSession>),
    /// Somebody else saved or decided since the version that was seen: this is how it stands now, and nothing changed.
    Meanwhile(Box<HeldSession>),
}

/// Records a held session, or corrects one that is not void. Repeating a save answers as the first time.
///
/// # Errors
///
/// `forbidden` or 404 without [`Action::RecordSession`] there; `operation-reused`; `invalid` names broken fields;
/// `session-void`; `organisation-closed-for-sessions`.
pub async fn save(app: &App, actor: &Actor, save: Save) -> Result<Saved, Problem> {
    save_timed(app, actor, save, None).await
}

/// Like [`save`], with the seconds from opening the form to saving it, where they are known; what lies outside of an hour tells
/// nothing. Only new records are timed.
///
/// # Errors
///
/// As [`save`].
pub async fn save_timed(app: &App, actor: &Actor, save: Save, took_s: Option<i64>) -> Result<Saved, Problem> {
    let mut tx = app.db.begin().await?;
    let known = HeldSessions(&mut tx).find(save.id).await?;
    may_save(app, actor, &save, known.as_ref())?;
    if let Some(done) = repeated(app, &mut tx, &save, known.as_ref()).await? {
        return Ok(done);
    }
    let now = known.as_ref().map_or(0, |known| known.version);
    let next = match known.as_ref() {
        Some(known) if save.based_on != now => return Ok(Saved::Meanwhile(Box::new(known.clone()))),
        None if save.based_on != 0 => return Err(Problem::not_found()),
        known => {
            let told = rules::checked(&save.fields, &app.zone, app.clock.now()).map_err(Problem::invalid)?;
            next(app, actor, &save, known, lecturer::link(app, &mut tx, actor, &save, known, told).await?)?
        }
    };
    if !write(app, &mut tx, actor, &save, known.as_ref(), &next).await? {
        drop(tx);
        return beaten(app, actor, &save).await;
    }
    if let Some(seconds) = took_s.filter(|seconds| known.is_none() && (1..=3_600).contains(seconds)) {
        HeldSessions(&mut tx).set_seconds(next.id, seconds).await?;
    }
    tx.commit().await?;
    Ok(Saved::Done(Box::new(next)))
}

fn may_save(app: &App, actor: &Actor, save: &Save, known: Option<&HeldSession>) -> Result<(), Problem> {
    let good = (16..=64).contains(&save.operation.len()) && save.operation.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if let Some(known) = known {
        demand(app, actor, Action::RecordSession, known.organisation)?;
        if known.organisation != save.organisation {
            return Err(Problem::field("organisation", "fixed", save.organisation.to_string(), known.organisation));
        }
    } else if !may(&app.tree.load(), actor, Action::RecordSession, save.organisation) {
        return Err(Problem::forbidden());
    }
    if good { Ok(()) } else { Err(Problem::field("operation", "operation", &save.operation, "16–64")) }
}

/// The answer of the same save when it was done before.
async fn repeated(app: &App, tx: &mut Tx, save: &Save, known: Option<&HeldSession>) -> Result<Option<Saved>, Problem> {
    let Some(done) = HeldSessions(tx).operation(&save.operation).await? else { return Ok(None) };
    match known {
        Some(known) if done.held_session == save.id && done.fingerprint == fingerprint(save)? => {
            Ok(Some(Saved::Done(Box::new(as_saved(app, known, &done)?))))
        }
        _ => Err(Problem::conflict("operation-reused")),
    }
}

/// The record as a save of its left it.
fn as_saved(app: &App, known: &HeldSession, done: &Revision) -> Result<HeldSession, Problem> {
    let told = rules::checked(&done.fields, &app.zone, Timestamp(i64::MAX)).map_err(Problem::invalid)?;
    Ok(HeldSession {
        day: Day::of(told.held_at, &app.zone),
        told,
        state: done.state,
        reason: String::new(),
        decided_by: None,
        decided_at: None,
        changed_at: done.at,
        version: done.version,
        ..known.clone()
    })
}

/// What was sent, in one hash.
fn fingerprint(save: &Save) -> Result<String, Problem> {
    let bytes = serde_json::to_vec(save).map_err(Problem::internal)?;
    Ok(crate::hex::hex(&Sha256::digest(bytes)))
}

/// The record as the save leaves it, with what was `told`.
fn next(app: &App, actor: &Actor, save: &Save, known: Option<&HeldSession>, told: Told) -> Result<HeldSession, Problem> {
    let now = app.clock.now();
    let state = known.map_or(Ok(State::Registered), |known| known.state.after(Move::Correct));
    let closed = known.is_none() && app.tree.load().get(save.organisation).is_none_or(|node| node.closed);
    if closed {
        return Err(Problem::conflict("organisation-closed-for-sessions"));
    }
    Ok(HeldSession {
        id: save.id,
        organisation: save.organisation,
        day: Day::of(told.held_at, &app.zone),
        told,
        state: state.map_err(|NotPossible { .. }| Problem::conflict("session-void"))?,
        reason: String::new(),
        decided_by: None,
        decided_at: None,
        created_by: known.map_or(actor.account, |known| known.created_by),
        created_at: known.map_or(now, |known| known.created_at),
        changed_at: now,
        version: known.map_or(0, |known| known.version) + 1,
    })
}

/// Everything that a save writes; false when somebody was quicker, and the transaction is good for nothing.
async fn write(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    save: &Save,
    known: Option<&HeldSession>,
    next: &HeldSession,
) -> Result<bool, Problem> {
    let written = match known {
        Some(_) => HeldSessions(tx).replace(next).await?,
        None => HeldSessions(tx).insert(next).await?,
    };
    if !written {
        return Ok(false);
    }
    let revision = revision(app, actor, save, next)?;
    HeldSessions(tx).add_revision(&revision).await.map_err(reused)?;
    follow_plan(tx, known, next).await?;
    know_campaign(app, tx, actor, known, next).await?;
    let (action, seen) = if known.is_some() { ("held-session.corrected", save.based_on) } else { ("held-session.recorded", 0) };
    let detail =
        json!({ "title": next.told.title, "day": next.day.0, "people": next.told.people, "seen": seen, "reason": revision.reason });
    note(app, tx, actor, next.organisation, action, next.id, detail).await?;
    figures::post(app, tx, actor, next, known.and_then(HeldSession::figure).as_ref(), &save.reason).await?;
    Ok(true)
}

fn reused(error: DbError) -> Problem {
    if error.is_duplicate() { Problem::conflict("operation-reused") } else { error.into() }
}

fn revision(app: &App, actor: &Actor, save: &Save, next: &HeldSession) -> Result<Revision, Problem> {
    let given = save.reason.trim();
    let reason = if given.is_empty() { String::new() } else { rules::reason(given).map_err(|fault| Problem::invalid(vec![fault]))? };
    Ok(Revision {
        held_session: next.id,
        version: next.version,
        operation: save.operation.clone(),
        fingerprint: fingerprint(save)?,
        fields: next.told.fields(&app.zone),
        state: next.state,
        reason,
        account: actor.account,
        at: next.changed_at,
    })
}

/// Links the plan that it carries out, and opens the one that it did before.
async fn follow_plan(tx: &mut Tx, known: Option<&HeldSession>, next: &HeldSession) -> Result<(), Problem> {
    let before = known.and_then(|known| known.told.plan);
    if let Some(plan) = before.filter(|plan| next.told.plan != Some(*plan)) {
        HeldSessions(tx).reopen(plan, next.id).await?;
    }
    match next.told.plan {
        Some(plan) if !HeldSessions(tx).carry_out(plan, next.organisation, next.id).await? => {
            Err(Problem::field("plan", "not-there", plan.to_string(), ""))
        }
        _ => Ok(()),
    }
}

/// A campaign that is newly named is one that the actor may see.
async fn know_campaign(app: &App, tx: &mut Tx, actor: &Actor, known: Option<&HeldSession>, next: &HeldSession) -> Result<(), Problem> {
    let Some(campaign) = next.told.campaign.as_deref().filter(|c| known.is_none_or(|k| k.told.campaign.as_deref() != Some(*c))) else {
        return Ok(());
    };
    let found = match campaign.parse::<CampaignId>() {
        Ok(id) => Campaigns(tx).find(id).await?,
        Err(_) => None,
    };
    let seen = found.is_some_and(|found| may(&app.tree.load(), actor, Action::SeeCampaign, found.organisation));
    if seen { Ok(()) } else { Err(Problem::field("campaign", "not-there", campaign, "")) }
}

/// Somebody was quicker: this very save by another way, or another one.
async fn beaten(app: &App, actor: &Actor, save: &Save) -> Result<Saved, Problem> {
    let mut tx = app.db.read().await?;
    let known = super::visible(app, &mut tx, actor, save.id).await?;
    match repeated(app, &mut tx, save, Some(&known)).await? {
        Some(done) => Ok(done),
        None => Ok(Saved::Meanwhile(Box::new(known))),
    }
}
