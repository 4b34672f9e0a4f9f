//! Setting the limits of bands.

use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::indicator::Indicator;
use crate::statistics::rules::bands::Bands;
use crate::statistics::store::{ChosenLimits, Statistics};
use kernel::Actor;
use serde_json::{Value, json};

/// Shows the children of `organisation` in bands with these limits from now on.
///
/// # Errors
///
/// 404 for who may not see its figures, `forbidden` without [`Action::SetBands`].
pub async fn set(app: &App, actor: &Actor, organisation: OrganisationId, indicator: Indicator, bands: &Bands) -> Result<(), Problem> {
    allowed(app, actor, organisation)?;
    let chosen = ChosenLimits { limits: bands.limits().to_vec(), by: actor.account, at: app.clock.now() };
    let mut tx = app.db.begin().await?;
    Statistics(&mut tx).set_limits(organisation, indicator.code(), &chosen).await?;
    note(app, &mut tx, actor, organisation, indicator, ("bands.set", json!({ "limits": chosen.limits }))).await?;
    Ok(tx.commit().await?)
}

/// Shows them in even bands again. Repeating it changes nothing.
///
/// # Errors
///
/// As [`set`].
pub async fn reset(app: &App, actor: &Actor, organisation: OrganisationId, indicator: Indicator) -> Result<(), Problem> {
    allowed(app, actor, organisation)?;
    let mut tx = app.db.begin().await?;
    if Statistics(&mut tx).forget_limits(organisation, indicator.code()).await? {
        note(app, &mut tx, actor, organisation, indicator, ("bands.reset", json!({}))).await?;
    }
    Ok(tx.commit().await?)
}

/// Nothing, when `actor` may set the limits of `organisation`.
///
/// # Errors
///
/// As [`set`].
pub fn allowed(app: &App, actor: &Actor, organisation: OrganisationId) -> Result<(), Problem> {
    let may = |action| may(&app.tree.load(), actor, action, organisation);
    if may(Action::SetBands) {
        Ok(())
    } else if may(Action::SeeStatistics) {
        Err(Problem::forbidden())
    } else {
        Err(Problem::hidden())
    }
}

async fn note(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    organisation: OrganisationId,
    indicator: Indicator,
    (action, detail): (&str, Value),
) -> Result<(), Problem> {
    let object = indicator.code().to_owned();
    let entry = Entry { account: Some(actor.account), organisation: Some(organisation), action, object, allowed: true, detail };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}
