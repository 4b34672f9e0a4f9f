//! People within somebody's reach, as pages and programs list them.

use super::access::{Action, domains, may, may_anywhere};
use super::{OrganisationId, Tree};
use crate::accounts::{AccountId, AccountRow, Accounts, GrantLine, Listed, RoleGrantId};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{PAGE_SIZE, Slice};
use kernel::{Actor, Reach, Role, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A granted role.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GrantBody {
    /// Its id.
    #[schema(value_type = String)]
    pub id: RoleGrantId,
    /// Where.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// What that is called.
    pub organisation_name: String,
    /// What.
    #[schema(value_type = String)]
    pub role: Role,
    /// How far down.
    #[schema(value_type = String)]
    pub reach: Reach,
    /// From when, milliseconds UTC.
    #[schema(value_type = i64)]
    pub from: Timestamp,
    /// Until when; none for open.
    #[schema(value_type = Option<i64>)]
    pub to: Option<Timestamp>,
}

impl GrantBody {
    /// Of a stored grant.
    pub fn of(tree: &Tree, g: &GrantLine) -> Self {
        Self {
            id: g.id,
            organisation: g.grant.organisation,
            organisation_name: tree.name(g.grant.organisation),
            role: g.grant.role,
            reach: g.grant.reach,
            from: g.from,
            to: g.to,
        }
    }
}

/// An account, with the roles that the asker administers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountBody {
    /// Its id.
    #[schema(value_type = String)]
    pub id: AccountId,
    /// What its owner types in.
    pub login: String,
    /// What others see.
    pub name: String,
    /// May sign in.
    pub active: bool,
    /// Roles, past and to come included.
    pub grants: Vec<GrantBody>,
}

/// Which accounts to list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WantedPeople {
    /// Part of login or name.
    #[serde(default)]
    pub q: String,
    /// Only roles at this organisation and below.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    pub organisation: String,
    /// Where the page begins.
    #[serde(default)]
    pub after: String,
}

/// One page of the accounts with a role that `actor` administers.
pub async fn people_page(app: &App, actor: &Actor, wanted: &WantedPeople) -> Result<Slice<AccountBody>, Problem> {
    let tree = app.tree.load_full();
    if !may_anywhere(&tree, actor, Action::ManageAccounts) {
        return Err(Problem::forbidden());
    }
    let within: Option<OrganisationId> =
        if wanted.organisation.is_empty() { None } else { Some(wanted.organisation.parse().map_err(|_| Problem::not_found())?) };
    let visible = |id| within.is_none_or(|top| tree.contains(top, id)) && may(&tree, actor, Action::ManageAccounts, id);
    let tops: Vec<_> = within.map_or_else(|| domains(actor, Action::ManageAccounts), |top| vec![(top, Reach::Subtree)]);
    let at: Vec<_> = tops.iter().flat_map(|(top, _)| tree.subtree(*top)).map(|n| n.id).take(501).collect();
    let after = wanted.after.trim_start_matches("0~");
    let listed = Listed { text: &wanted.q, after, at: if at.len() > 500 { &[] } else { &at }, most: PAGE_SIZE + 1 };
    let rows = Accounts(&mut app.db.read().await?).listed(&listed, visible).await?;
    let body = |row: AccountRow| AccountBody {
        id: row.id,
        login: row.login,
        name: row.name,
        active: row.active,
        grants: row.grants.iter().map(|g| GrantBody::of(&tree, g)).collect(),
    };
    Ok(Slice::cut(rows.into_iter().map(body).collect(), |line: &AccountBody| format!("0~{}", line.login)))
}
