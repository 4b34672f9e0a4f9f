//! What people do with held sessions: record and correct, give verdicts, plan, close months.

pub mod blank;
mod checks;
pub mod exporting;
mod figures;
pub mod importing;
mod lecturer;
mod lists;
mod months;
pub mod photos;
pub mod plans;
mod record;
mod staging;
mod verdicts;

pub use checks::checks;
pub use lists::{Whose, list, reach};
pub use months::{adjustments, close_month, closed_months, written};
pub use record::{Save, Saved, save, save_timed};
pub use staging::Totals;
pub use verdicts::{MOST, Verdict, decide, decide_all, verdict};

use super::rules::Move;
use super::{HeldSession, HeldSessionId, HeldSessions};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, OrganisationId};

/// The held session, when `actor` may see it.
///
/// # Errors
///
/// 404, audited, for anyone else.
pub async fn visible(app: &App, tx: &mut Tx, actor: &Actor, id: HeldSessionId) -> Result<HeldSession, Problem> {
    let found = HeldSessions(tx).find(id).await?.ok_or_else(Problem::not_found)?;
    if sees(app, actor, found.organisation) { Ok(found) } else { Err(Problem::hidden()) }
}

/// Whether `actor` may see what `organisation` held.
pub fn sees(app: &App, actor: &Actor, organisation: OrganisationId) -> bool {
    let tree = app.tree.load();
    [Action::SeeSessions, Action::RecordSession].into_iter().any(|action| may(&tree, actor, action, organisation))
}

/// Nothing, when `actor` may do `action` to what `organisation` has.
///
/// # Errors
///
/// 404 for someone who may not even see it, `forbidden` for a reader; both audited.
fn demand(app: &App, actor: &Actor, action: Action, organisation: OrganisationId) -> Result<(), Problem> {
    if may(&app.tree.load(), actor, action, organisation) {
        Ok(())
    } else if sees(app, actor, organisation) {
        Err(Problem::forbidden())
    } else {
        Err(Problem::hidden())
    }
}

/// The held session, when `actor` may correct it.
///
/// # Errors
///
/// 404 for someone who may not even see it, `forbidden` for a reader, `session-void`.
pub async fn correctable(app: &App, actor: &Actor, id: HeldSessionId) -> Result<HeldSession, Problem> {
    let one = HeldSessions(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    demand(app, actor, Action::RecordSession, one.organisation)?;
    if one.state.after(Move::Correct).is_ok() { Ok(one) } else { Err(Problem::conflict("session-void")) }
}

/// Nothing, when `actor` may give verdicts on it.
///
/// # Errors
///
/// 404 for someone who may not even see it, `forbidden` for a reader.
pub fn may_decide(app: &App, actor: &Actor, one: &HeldSession) -> Result<(), Problem> {
    demand(app, actor, Action::VerifySession, one.organisation)
}

/// Writes an audit record about something that `organisation` has.
async fn note(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    organisation: OrganisationId,
    action: &str,
    object: impl std::fmt::Display,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    let entry =
        Entry { account: Some(actor.account), organisation: Some(organisation), action, object: object.to_string(), allowed: true, detail };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}
