//! `/api/v1/me`, `/api/v1/sign-ins`, `/api/v1/tokens`: one's own account.

use super::actions::{self, own};
use super::{Accounts, ApiTokenId, Device, SignInId, rules, sign_in_cookie};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::{AccountId, OrganisationId, Reach, Role, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleBody {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    organisation_name: String,
    #[schema(value_type = String)]
    role: Role,
    #[schema(value_type = String)]
    reach: Reach,
}

/// The account that asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeBody {
    #[schema(value_type = String)]
    id: AccountId,
    login: String,
    name: String,
    /// `zh-CN`, `en`, or none for the browser's.
    language: Option<String>,
    /// The address for mail.
    mail: Option<String>,
    /// An address whose owner has not opened the link yet.
    mail_wanted: Option<String>,
    /// Roles in force now.
    grants: Vec<RoleBody>,
    /// Scopes of the token in use; none when signed in.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<Vec<Scope>>,
}

/// The reader's own account.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, body = MeBody)))]
pub async fn me(State(app): State<App>, me: SignedIn) -> Result<Json<MeBody>, Problem> {
    let account = Accounts(&mut app.db.read().await?).find(me.account).await?.ok_or_else(Problem::not_found)?;
    let tree = app.tree.load();
    let role = |g: &kernel::Grant| RoleBody {
        organisation: g.organisation,
        organisation_name: tree.name(g.organisation),
        role: g.role,
        reach: g.reach,
    };
    Ok(Json(MeBody {
        id: account.id,
        login: account.login,
        name: account.name,
        language: account.language,
        mail: account.mail,
        mail_wanted: account.mail_wanted,
        grants: me.grants.iter().map(role).collect(),
        scopes: me.scopes.clone(),
    }))
}

/// What is to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    name: String,
    /// `zh-CN`, `en`, or empty for the browser's.
    #[serde(default)]
    language: String,
}

/// Changes one's own name and language.
#[utoipa::path(patch, path = "/api/v1/me", request_body = MeChange, tag = "me", responses((status = 200, body = MeBody)))]
pub async fn describe(State(app): State<App>, who: SignedIn, Json(new): Json<MeChange>) -> Result<Json<MeBody>, Problem> {
    own::describe(&app, &who, &new.name, &new.language).await?;
    me(State(app), who).await
}

/// An address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailWanted {
    mail: String,
}

/// Asks for a link to an address of one's own; the address counts once the link was opened.
#[utoipa::path(put, path = "/api/v1/me/mail", request_body = MailWanted, tag = "me", responses((status = 202, description = "A link is on its way."), (status = 409, description = "No mail server is set"), (status = 429)))]
pub async fn want_mail(State(app): State<App>, visit: Visit, me: SignedIn, Json(new): Json<MailWanted>) -> Result<StatusCode, Problem> {
    actions::mail::want(&app, &me, &visit.texts, &new.mail).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Forgets one's own address; no more mail is sent.
#[utoipa::path(delete, path = "/api/v1/me/mail", tag = "me", responses((status = 204)))]
pub async fn forget_mail(State(app): State<App>, me: SignedIn) -> Result<StatusCode, Problem> {
    actions::mail::forget(&app, &me).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A change of password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    current: String,
    password: String,
}

/// Changes one's own password and ends every other sign-in.
#[utoipa::path(post, path = "/api/v1/me/password", request_body = PasswordChange, tag = "me", responses((status = 204)))]
pub async fn change_password(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Json(new): Json<PasswordChange>,
) -> Result<StatusCode, Problem> {
    own::change_password(&app, &me, visit.sign_in, new.current, new.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An open sign-in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInBody {
    #[schema(value_type = String)]
    id: SignInId,
    device: String,
    address: String,
    #[schema(value_type = i64)]
    created_at: Timestamp,
    #[schema(value_type = i64)]
    last_seen_at: Timestamp,
    /// The one that asks.
    current: bool,
}

/// Who comes in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    login: String,
    password: String,
}

/// Signs in by password; the answer sets the cookie of a browser. Programs that stay use a token instead.
#[utoipa::path(post, path = "/api/v1/sign-ins", request_body = Credentials, tag = "sign-in", responses((status = 204, description = "Signed in: see Set-Cookie"), (status = 401, description = "Wrong sign-in name or password"), (status = 429, description = "Too often")))]
pub async fn sign_in(State(app): State<App>, visit: Visit, headers: HeaderMap, Json(who): Json<Credentials>) -> Result<Response, Problem> {
    let name = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let device = Device { name, address: visit.address };
    let secret = actions::sign_in(&app, who.login.trim(), who.password, device).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, sign_in_cookie(app.config.secure_cookies, &secret))]).into_response())
}

/// One's own sign-ins, the last used first.
#[utoipa::path(get, path = "/api/v1/sign-ins", tag = "me", responses((status = 200, body = [SignInBody])))]
pub async fn sign_ins(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Json<Vec<SignInBody>>, Problem> {
    let now = app.clock.now();
    let idle_since = rules::idle_since(app.config.idle_minutes, now);
    let lines = Accounts(&mut app.db.read().await?).sign_ins(me.account, now, idle_since).await?;
    let body = |line: super::SignInLine| SignInBody {
        id: line.id,
        device: line.device,
        address: line.address,
        created_at: line.created_at,
        last_seen_at: line.last_seen_at,
        current: visit.sign_in == Some(line.id),
    };
    Ok(Json(lines.into_iter().map(body).collect()))
}

/// Ends one of one's own sign-ins.
#[utoipa::path(delete, path = "/api/v1/sign-ins/{id}", params(("id" = String, Path)), tag = "me", responses((status = 204), (status = 404)))]
pub async fn revoke_sign_in(State(app): State<App>, me: SignedIn, Path(id): Path<SignInId>) -> Result<StatusCode, Problem> {
    own::revoke_sign_in(&app, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenBody {
    #[schema(value_type = String)]
    id: ApiTokenId,
    name: String,
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
    #[schema(value_type = i64)]
    created_at: Timestamp,
    #[schema(value_type = Option<i64>)]
    expires_at: Option<Timestamp>,
    #[schema(value_type = Option<i64>)]
    last_used_at: Option<Timestamp>,
}

/// One's own tokens, without their secrets.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "me", responses((status = 200, body = [TokenBody])))]
pub async fn tokens(State(app): State<App>, me: SignedIn) -> Result<Json<Vec<TokenBody>>, Problem> {
    let lines = Accounts(&mut app.db.read().await?).tokens(me.account, app.clock.now()).await?;
    let body = |t: super::TokenLine| TokenBody {
        id: t.id,
        name: t.name,
        scopes: t.scopes,
        created_at: t.created_at,
        expires_at: t.expires_at,
        last_used_at: t.last_used_at,
    };
    Ok(Json(lines.into_iter().map(body).collect()))
}

/// A new token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTokenBody {
    name: String,
    /// `read`, `submit`, `review`, `administer`.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
    /// How long it works, 1 to 366.
    #[serde(default = "thirty")]
    days: i64,
}

fn thirty() -> i64 {
    30
}

/// The secret, this once.
#[derive(Serialize, ToSchema)]
pub struct TokenSecret {
    #[schema(value_type = String)]
    id: ApiTokenId,
    /// Send it as `Authorization: Bearer …`. It can't be shown again.
    secret: String,
    #[schema(value_type = i64)]
    expires_at: Timestamp,
}

/// Creates a token; its secret is answered this once.
#[utoipa::path(post, path = "/api/v1/tokens", request_body = NewTokenBody, tag = "me", responses((status = 201, body = TokenSecret)))]
pub async fn create_token(State(app): State<App>, me: SignedIn, Json(new): Json<NewTokenBody>) -> Result<Response, Problem> {
    let made = own::create_token(&app, &me, &new.name, &new.scopes, new.days).await?;
    let body = TokenSecret { id: made.id, secret: made.secret, expires_at: made.expires_at };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Revokes one of one's own tokens.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", params(("id" = String, Path)), tag = "me", responses((status = 204), (status = 404)))]
pub async fn revoke_token(State(app): State<App>, me: SignedIn, Path(id): Path<ApiTokenId>) -> Result<StatusCode, Problem> {
    own::revoke_token(&app, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
