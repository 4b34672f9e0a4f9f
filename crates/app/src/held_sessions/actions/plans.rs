//! Plans: made, changed, called off with a reason; what was held from them links itself when it is recorded.

use super::{Whose, demand, list, note, reach};
use crate::db::Tx;
use crate::deltas::Day;
use crate::held_sessions::rules::{self, Outcome, PlanFields};
use crate::held_sessions::{HeldSession, HeldSessions, ListFilter, Plan, PlanId};
use crate::organisations::Action;
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, OrganisationId};
use serde_json::json;

/// Plans of one month that one answer tells.
const MOST: usize = 500;

/// Plans a session of `organisation`.
///
/// # Errors
///
/// `forbidden` or 404 without [`Action::RecordSession`] there; `invalid` names broken fields.
pub async fn make(app: &App, actor: &Actor, organisation: OrganisationId, fields: PlanFields) -> Result<Plan, Problem> {
    demand(app, actor, Action::RecordSession, organisation)?;
    let (fields, date) = fields.checked().map_err(Problem::invalid)?;
    let plan = Plan {
        id: PlanId::new(app.clock.as_ref()),
        organisation,
        campaign: fields.campaign,
        day: Day::from(date),
        title: fields.title,
        lecturer: fields.lecturer,
        lecturer_id: fields.lecturer_id,
        note: fields.note,
        held_session: None,
        cancelled_at: None,
        cancelled_why: None,
        created_by: actor.account,
        created_at: app.clock.now(),
        version: 1,
    };
    let mut tx = app.db.begin().await?;
    HeldSessions(&mut tx).insert_plan(&plan).await?;
    told(app, &mut tx, actor, &plan, "session-plan.made").await?;
    tx.commit().await?;
    Ok(plan)
}

/// Changes a plan that is neither held nor called off.
///
/// # Errors
///
/// As [`make`]; `plan-settled`; `moved-meanwhile` when it is not at `seen` any more.
pub async fn change(app: &App, actor: &Actor, id: PlanId, seen: i64, fields: PlanFields) -> Result<Plan, Problem> {
    let mut tx = app.db.begin().await?;
    let known = open(app, &mut tx, actor, id).await?;
    let (fields, date) = fields.checked().map_err(Problem::invalid)?;
    let next = Plan {
        campaign: fields.campaign,
        day: Day::from(date),
        title: fields.title,
        lecturer: fields.lecturer,
        lecturer_id: fields.lecturer_id,
        note: fields.note,
        version: seen + 1,
        ..known
    };
    replace(app, tx, actor, next, "session-plan.changed").await
}

/// Calls a plan off.
///
/// # Errors
///
/// As [`change`]; `invalid` without a reason.
pub async fn cancel(app: &App, actor: &Actor, id: PlanId, seen: i64, why: &str) -> Result<Plan, Problem> {
    let mut tx = app.db.begin().await?;
    let known = open(app, &mut tx, actor, id).await?;
    let why = rules::reason(why).map_err(|fault| Problem::invalid(vec![fault]))?;
    let next = Plan { cancelled_at: Some(app.clock.now()), cancelled_why: Some(why), version: seen + 1, ..known };
    replace(app, tx, actor, next, "session-plan.cancelled").await
}

/// Removes a plan that was made by mistake: its day has not come, nothing was held from it, and it is not called off.
///
/// # Errors
///
/// As [`change`]; `plan-settled` once its day has passed.
pub async fn remove(app: &App, actor: &Actor, id: PlanId, seen: i64) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let known = open(app, &mut tx, actor, id).await?;
    if known.day < app.today() {
        return Err(Problem::conflict("plan-settled"));
    }
    if !HeldSessions(&mut tx).delete_plan(id, seen).await? {
        return Err(Problem::moved_meanwhile());
    }
    told(app, &mut tx, actor, &known, "session-plan.removed").await?;
    Ok(tx.commit().await?)
}

/// A plan that `actor` may see.
///
/// # Errors
///
/// 404 for anyone else.
pub async fn find(app: &App, actor: &Actor, id: PlanId) -> Result<Plan, Problem> {
    let plan = HeldSessions(&mut app.db.read().await?).plan(id).await?.ok_or_else(Problem::not_found)?;
    if super::sees(app, actor, plan.organisation) { Ok(plan) } else { Err(Problem::hidden()) }
}

/// Plans for the days from `first` to `last` that `actor` may see, and what was held on them without a plan.
///
/// # Errors
///
/// Of the database only.
pub async fn of_days(
    app: &App,
    actor: &Actor,
    top: Option<OrganisationId>,
    (first, last): (Day, Day),
) -> Result<(Vec<Plan>, Vec<HeldSession>), Problem> {
    let tree = app.tree.load_full();
    let mut whose = reach(&tree, actor, Whose::Visible);
    whose.retain(|id| top.is_none_or(|top| tree.contains(top, *id)));
    let plans = HeldSessions(&mut app.db.read().await?).plans(&whose, first, last, MOST).await?;
    let filter = ListFilter { from: Some(first), to: Some(last), unplanned: true, ..ListFilter::default() };
    let added = list(app, actor, (Whose::Visible, top), &filter, (i64::MAX, String::new()), MOST).await?;
    Ok((plans, added))
}

/// The plan, when `actor` may change it and it is neither held nor called off.
async fn open(app: &App, tx: &mut Tx, actor: &Actor, id: PlanId) -> Result<Plan, Problem> {
    let plan = HeldSessions(tx).plan(id).await?.ok_or_else(Problem::not_found)?;
    demand(app, actor, Action::RecordSession, plan.organisation)?;
    let settled = plan.held_session.is_some() || plan.cancelled_at.is_some();
    if settled { Err(Problem::conflict("plan-settled")) } else { Ok(plan) }
}

async fn replace(app: &App, mut tx: Tx, actor: &Actor, next: Plan, action: &str) -> Result<Plan, Problem> {
    if !HeldSessions(&mut tx).replace_plan(&next).await? {
        return Err(Problem::moved_meanwhile());
    }
    told(app, &mut tx, actor, &next, action).await?;
    tx.commit().await?;
    Ok(next)
}

async fn told(app: &App, tx: &mut Tx, actor: &Actor, plan: &Plan, action: &str) -> Result<(), Problem> {
    let detail = json!({ "title": plan.title, "day": plan.day.0, "why": plan.cancelled_why });
    note(app, tx, actor, plan.organisation, action, plan.id, detail).await
}

/// What became of `plan` until today.
pub fn outcome(app: &App, plan: &Plan) -> Outcome {
    Outcome::of(plan.held_session.is_some(), plan.cancelled_at.is_some(), plan.day.0, app.today().0)
}
