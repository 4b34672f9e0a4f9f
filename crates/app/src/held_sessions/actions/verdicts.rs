//! The superior's verdicts: verify, return, void; one by one or many at once.

use super::{demand, figures, note};
use crate::db::Tx;
use crate::held_sessions::rules::{self, Move, NotPossible};
use crate::held_sessions::{HeldSession, HeldSessionId, HeldSessions, Revision};
use crate::organisations::Action;
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Id, Identified};
use serde_json::json;

/// Most of one batch.
pub const MOST: usize = 200;

struct OperationRow;
impl Identified for OperationRow {
    const PREFIX: &'static str = "op";
}

/// A verdict on what waits.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Which.
    pub mv: Move,
    /// Why; needed to return and to void.
    pub reason: String,
}

/// Reads a verdict.
///
/// # Errors
///
/// `invalid` for a code that there is not.
pub fn verdict(code: &str, reason: &str) -> Result<Verdict, Problem> {
    let mv = Move::verdict(code).ok_or_else(|| Problem::field("verdict", "one-of", code, "verify, return, void"))?;
    Ok(Verdict { mv, reason: reason.to_owned() })
}

/// Decides about one; the record as it then stands.
///
/// # Errors
///
/// `forbidden` or 404 without [`Action::VerifySession`] there; `moved-meanwhile` when it is not at `seen` any more;
/// `session-decided` when it does not wait; `invalid` without a reason.
pub async fn decide(app: &App, actor: &Actor, id: HeldSessionId, seen: i64, verdict: &Verdict) -> Result<HeldSession, Problem> {
    let mut tx = app.db.begin().await?;
    let known = HeldSessions(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let next = decide_in(app, &mut tx, actor, &known, seen, verdict).await?;
    tx.commit().await?;
    Ok(next)
}

/// Decides about many, or about none of them.
///
/// # Errors
///
/// As [`decide`], of the first that cannot be decided; `invalid` for none, or more than [`MOST`].
pub async fn decide_all(app: &App, actor: &Actor, chosen: &[(HeldSessionId, i64)], verdict: &Verdict) -> Result<usize, Problem> {
    if chosen.is_empty() || chosen.len() > MOST {
        return Err(Problem::field("items", "range", chosen.len().to_string(), format!("1–{MOST}")));
    }
    // In one order everywhere, so that two batches wait for each other and never both.
    let mut chosen = chosen.to_vec();
    chosen.sort_unstable();
    chosen.dedup();
    let mut tx = app.db.begin().await?;
    for (id, seen) in &chosen {
        let known = HeldSessions(&mut tx).find(*id).await?.ok_or_else(Problem::not_found)?;
        decide_in(app, &mut tx, actor, &known, *seen, verdict).await?;
    }
    tx.commit().await?;
    Ok(chosen.len())
}

async fn decide_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    known: &HeldSession,
    seen: i64,
    verdict: &Verdict,
) -> Result<HeldSession, Problem> {
    demand(app, actor, Action::VerifySession, known.organisation)?;
    let reason = if verdict.mv.needs_reason() {
        rules::reason(&verdict.reason).map_err(|fault| Problem::invalid(vec![fault]))?
    } else {
        String::new()
    };
    let state = known
        .state
        .after(verdict.mv)
        .map_err(|NotPossible { from, .. }| Problem::conflict("session-decided").with("state", from.code()))?;
    let now = app.clock.now();
    let next = HeldSession {
        state,
        reason,
        decided_by: Some(actor.account),
        decided_at: Some(now),
        changed_at: now,
        version: known.version + 1,
        ..known.clone()
    };
    if seen != known.version || !HeldSessions(tx).replace(&next).await? {
        return Err(Problem::moved_meanwhile());
    }
    keep(app, tx, actor, known, &next, verdict).await?;
    Ok(next)
}

/// Revision, plan, audit record and figures of a verdict.
async fn keep(app: &App, tx: &mut Tx, actor: &Actor, known: &HeldSession, next: &HeldSession, verdict: &Verdict) -> Result<(), Problem> {
    let revision = revision(app, actor, next);
    HeldSessions(tx).add_revision(&revision).await?;
    if let Some(plan) = next.told.plan.filter(|_| verdict.mv == Move::Void) {
        HeldSessions(tx).reopen(plan, next.id).await?;
    }
    let action = match verdict.mv {
        Move::Return => "held-session.returned",
        Move::Void => "held-session.voided",
        Move::Verify | Move::Correct => "held-session.verified",
    };
    let detail = json!({ "title": next.told.title, "reason": next.reason, "version": next.version });
    note(app, tx, actor, next.organisation, action, next.id, detail).await?;
    figures::post(app, tx, actor, next, known.figure().as_ref(), &next.reason).await
}

fn revision(app: &App, actor: &Actor, next: &HeldSession) -> Revision {
    Revision {
        held_session: next.id,
        version: next.version,
        operation: Id::<OperationRow>::new(app.clock.as_ref()).to_string(),
        fingerprint: String::new(),
        fields: next.told.fields(&app.zone),
        state: next.state,
        reason: next.reason.clone(),
        account: actor.account,
        at: next.changed_at,
    }
}
