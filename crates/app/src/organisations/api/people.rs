//! `/api/v1/accounts`: other people's accounts and roles, for who administers them.

use crate::accounts::{AccountId, AccountRow, Accounts, GrantLine, Listed, RoleGrantId};
use crate::organisations::access::{Action, domains, may, may_anywhere};
use crate::organisations::actions::people::{self, NewGrant, NewPerson};
use crate::organisations::{OrganisationId, Tree};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{IfMatch, PAGE_SIZE, SignedIn, Slice, etag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Grant, Reach, Role, Timestamp};
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
pub(in crate::organisations) async fn people_page(app: &App, actor: &Actor, wanted: &WantedPeople) -> Result<Slice<AccountBody>, Problem> {
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

/// `GET /api/v1/accounts`: by login, only those with a role that the asker administers.
#[utoipa::path(get, path = "/api/v1/accounts", params(WantedPeople), tag = "accounts",
    responses((status = 200, description = "One page: `items`, and `next` when there are more", body = [AccountBody])))]
pub async fn list(State(app): State<App>, me: SignedIn, Query(wanted): Query<WantedPeople>) -> Result<Json<Slice<AccountBody>>, Problem> {
    Ok(Json(people_page(&app, &me, &wanted).await?))
}

async fn body(app: &App, me: &Actor, id: AccountId) -> Result<impl IntoResponse + use<>, Problem> {
    let (account, grants) = people::seen(app, me, id).await?;
    let tree = app.tree.load();
    let grants = grants.iter().map(|g| GrantBody::of(&tree, g)).collect();
    let body = AccountBody { id, login: account.login, name: account.name, active: account.active, grants };
    Ok((etag(account.version), Json(body)))
}

/// `GET /api/v1/accounts/{id}`
#[utoipa::path(get, path = "/api/v1/accounts/{id}", params(("id" = String, Path)), tag = "accounts",
    responses((status = 200, body = AccountBody), (status = 404)))]
pub async fn show(State(app): State<App>, me: SignedIn, Path(id): Path<AccountId>) -> Result<Response, Problem> {
    Ok(body(&app, &me, id).await?.into_response())
}

/// A role to be granted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrantBody {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    #[schema(value_type = String)]
    role: Role,
    /// `node` or `subtree`.
    #[schema(value_type = String)]
    reach: Reach,
    /// First day (`2026-11-30`); at once when absent.
    #[serde(default)]
    from: String,
    /// Last day; open when absent.
    #[serde(default)]
    to: String,
}

impl From<NewGrantBody> for NewGrant {
    fn from(body: NewGrantBody) -> Self {
        let grant = Grant { organisation: body.organisation, role: body.role, reach: body.reach };
        Self { grant, from: body.from, to: body.to }
    }
}

/// A new account with its first role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccountBody {
    login: String,
    name: String,
    password: String,
    grant: NewGrantBody,
}

/// `POST /api/v1/accounts`
#[utoipa::path(post, path = "/api/v1/accounts", request_body = NewAccountBody, tag = "accounts",
    responses((status = 201, body = AccountBody), (status = 403, description = "A role that the asker can't hand on")))]
pub async fn create(State(app): State<App>, me: SignedIn, Json(new): Json<NewAccountBody>) -> Result<Response, Problem> {
    let new = NewPerson { login: new.login, name: new.name, password: new.password, grant: new.grant.into() };
    let id = people::create_person(&app, &me, new).await?;
    Ok((StatusCode::CREATED, body(&app, &me, id).await?).into_response())
}

/// What is to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// May sign in.
    active: bool,
    version: Option<i64>,
}

/// `PATCH /api/v1/accounts/{id}`: lets an account in or keeps it out.
#[utoipa::path(patch, path = "/api/v1/accounts/{id}", params(("id" = String, Path)), request_body = AccountChange, tag = "accounts",
    responses((status = 200, body = AccountBody)))]
pub async fn change(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<AccountId>,
    Json(new): Json<AccountChange>,
) -> Result<Response, Problem> {
    people::set_active(&app, &me, id, new.active, seen.or(new.version)).await.map_err(|p| seen.judge(p))?;
    Ok(body(&app, &me, id).await?.into_response())
}

/// A new password for somebody else.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    password: String,
}

/// `POST /api/v1/accounts/{id}/password`: ends his sign-ins.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/password", params(("id" = String, Path)), request_body = NewPassword,
    tag = "accounts", responses((status = 204)))]
pub async fn reset_password(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<AccountId>,
    Json(new): Json<NewPassword>,
) -> Result<StatusCode, Problem> {
    people::reset_password(&app, &me, id, new.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/accounts/{id}/grants`
#[utoipa::path(post, path = "/api/v1/accounts/{id}/grants", params(("id" = String, Path)), request_body = NewGrantBody,
    tag = "accounts", responses((status = 201, body = AccountBody)))]
pub async fn grant(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<AccountId>,
    Json(new): Json<NewGrantBody>,
) -> Result<Response, Problem> {
    people::grant(&app, &me, id, &new.into()).await?;
    Ok((StatusCode::CREATED, body(&app, &me, id).await?).into_response())
}

/// `DELETE /api/v1/accounts/{id}/grants/{grant}`
#[utoipa::path(delete, path = "/api/v1/accounts/{id}/grants/{grant}", params(("id" = String, Path), ("grant" = String, Path)),
    tag = "accounts", responses((status = 204), (status = 404)))]
pub async fn revoke(
    State(app): State<App>,
    me: SignedIn,
    Path((id, grant)): Path<(AccountId, RoleGrantId)>,
) -> Result<StatusCode, Problem> {
    people::revoke(&app, &me, id, grant).await?;
    Ok(StatusCode::NO_CONTENT)
}
