//! `/api/v1/accounts`: other people's accounts and roles, for who administers them.

use crate::accounts::{AccountId, RoleGrantId};
use crate::organisations::OrganisationId;
use crate::organisations::actions::people::{self, NewGrant, NewPerson};
use crate::organisations::people_list::{AccountBody, GrantBody, WantedPeople, people_page};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{IfMatch, SignedIn, Slice, etag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Grant, Reach, Role};
use serde::Deserialize;
use utoipa::ToSchema;

/// Lists accounts by sign-in name, only those with a role that the asker administers.
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

/// One account with its roles.
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

/// Creates an account with its first role.
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

/// Lets an account in or keeps it out.
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

/// Sets a new password and ends every sign-in of the account.
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

/// Grants a role at an organisation.
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

/// Ends a role.
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
