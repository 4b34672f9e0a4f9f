//! Naming who alone gives verdicts or clears in a campaign.

use super::{managed, not_closed, refused_if_any, told};
use crate::accounts::Accounts;
use crate::campaigns::input::NarrowFields;
use crate::campaigns::narrowing::{NARROWED, Narrowed};
use crate::campaigns::{Call, CampaignId, Campaigns, NarrowedId};
use crate::organisations::Tree;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use kernel::{Actor, Role};
use serde_json::json;

/// Rows of one campaign.
const MOST: usize = 500;

/// Names somebody who acts in a role for an organisation; from the first name on, nobody else does.
///
/// # Errors
///
/// `invalid` names a role that is not narrowed, an organisation outside the campaign, somebody who does not hold that role there:
/// naming grants nothing.
pub async fn narrow(app: &App, actor: &Actor, id: CampaignId, seen: Option<i64>, fields: &NarrowFields) -> Result<NarrowedId, Problem> {
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, id, seen).await?;
    not_closed(&call)?;
    let role = Role::from_code(&fields.role).filter(|role| NARROWED.contains(role));
    let role = role.ok_or_else(|| Problem::field("role", "one-of", &fields.role, NARROWED.map(Role::code).join(", ")))?;
    refused_if_any(place_faults(&app.tree.load(), &call, role, fields))?;
    let lacks = || Problem::field("login", "lacks-role", &fields.login, "");
    let account = Accounts(&mut tx).find_by_login(fields.login.trim()).await?.filter(|a| a.active).ok_or_else(lacks)?;
    let grants = Accounts(&mut tx).grants_of(account.id).await?;
    let now = app.clock.now();
    let holds = |g: &crate::accounts::GrantLine| {
        g.grant.role == role && g.grant.organisation == fields.organisation && g.to.is_none_or(|to| to > now)
    };
    if !grants.iter().any(holds) {
        return Err(lacks());
    }
    let row = Narrowed {
        id: NarrowedId::new(app.clock.as_ref()),
        role,
        organisation: fields.organisation,
        account: account.id,
        name: account.name,
    };
    let twice = |e: crate::db::DbError| if e.is_duplicate() { Problem::field("login", "twice", &fields.login, "") } else { e.into() };
    Campaigns(&mut tx).insert_narrowed(id, &row, now).await.map_err(twice)?;
    let detail = json!({ "role": role, "organisation": row.organisation, "account": row.account });
    told(app, &mut tx, actor, &call.campaign, "campaign.role-narrowed", detail).await?;
    tx.commit().await?;
    Ok(row.id)
}

fn place_faults(tree: &Tree, call: &Call, role: Role, fields: &NarrowFields) -> Vec<FieldError> {
    let runner = call.campaign.organisation;
    let fault = |rule| FieldError::new("organisation", rule, tree.name(fields.organisation), tree.name(runner));
    let outside = !tree.contains(runner, fields.organisation);
    let not_the_runner = role == Role::Editor && fields.organisation != runner;
    let full = call.narrowed.len() >= MOST;
    [
        outside.then(|| fault("not-in-campaign")),
        (!outside && not_the_runner).then(|| fault("only-the-runner")),
        full.then(|| FieldError::new("login", "too-many", call.narrowed.len().to_string(), MOST)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Names somebody no more; without the last name the tree decides again.
///
/// # Errors
///
/// `not-found` when nobody is named by `row`.
pub async fn widen(app: &App, actor: &Actor, id: CampaignId, seen: Option<i64>, row: NarrowedId) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, id, seen).await?;
    not_closed(&call)?;
    let named = call.narrowed.iter().find(|n| n.id == row).ok_or_else(Problem::not_found)?;
    Campaigns(&mut tx).remove_narrowed(row).await?;
    let detail = json!({ "role": named.role, "organisation": named.organisation, "account": named.account });
    told(app, &mut tx, actor, &call.campaign, "campaign.role-widened", detail).await?;
    Ok(tx.commit().await?)
}
