//! `/me`: one's own name, language, password, sign-ins and tokens.

use crate::accounts::actions::own;
use crate::accounts::{Accounts, ApiTokenId, SignInId, SignInLine, TokenLine, device, rules};
use crate::notices;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Done, Page, SignedIn, Visit, html};
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Scope;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "accounts/views/me.html")]
struct MePage {
    p: Page,
    notice: String,
    secret: String,
    login: String,
    name: String,
    language: String,
    mail: String,
    mail_wanted: String,
    mail_sent: bool,
    roles: Vec<(String, String)>,
    sign_ins: Vec<SignInView>,
    tokens: Vec<TokenView>,
    scopes: Vec<(&'static str, String)>,
}

struct SignInView {
    id: String,
    device: String,
    address: String,
    seen: String,
    current: bool,
}

struct TokenView {
    id: String,
    name: String,
    scopes: String,
    until: String,
    seen: String,
}

async fn page(app: &App, visit: &Visit, me: &kernel::Actor, notice: String, secret: String) -> Result<Response, Problem> {
    let (now, texts) = (app.clock.now(), &visit.texts);
    let mut tx = app.db.read().await?;
    let account = Accounts(&mut tx).find(me.account).await?.ok_or_else(Problem::not_found)?;
    let sign_ins = Accounts(&mut tx).sign_ins(me.account, now, rules::idle_since(app.config.idle_minutes, now)).await?;
    let tokens = Accounts(&mut tx).tokens(me.account, now).await?;
    drop(tx);
    let tree = app.tree.load();
    let scope = |s: &Scope| texts.s(&format!("scope-{}", s.code()));
    let names = |t: &TokenLine| t.scopes.iter().map(scope).collect::<Vec<_>>().join(" · ");
    let token = |t: TokenLine| TokenView {
        id: t.id.to_string(),
        scopes: names(&t),
        name: t.name,
        until: t.expires_at.map(|at| texts.date(at)).unwrap_or_default(),
        seen: t.last_used_at.map(|at| texts.time(at)).unwrap_or_default(),
    };
    let sign_in = |s: SignInLine| SignInView {
        id: s.id.to_string(),
        device: device::name(&s.device),
        current: visit.sign_in == Some(s.id),
        seen: texts.time(s.last_seen_at),
        address: s.address,
    };
    html(&MePage {
        p: visit.page(app, texts.s("me-title")),
        notice,
        secret,
        login: account.login,
        name: account.name,
        language: account.language.unwrap_or_default(),
        mail: account.mail.unwrap_or_default(),
        mail_wanted: account.mail_wanted.unwrap_or_default(),
        mail_sent: notices::is_set_up(&app.config),
        roles: me.grants.iter().map(|g| (texts.s(&format!("role-{}", g.role.code())), tree.name(g.organisation))).collect(),
        sign_ins: sign_ins.into_iter().map(sign_in).collect(),
        tokens: tokens.into_iter().map(token).collect(),
        scopes: Scope::ALL.iter().map(|s| (s.code(), scope(s))).collect(),
    })
}

/// `GET /me`
pub async fn me(State(app): State<App>, visit: Visit, me: SignedIn, Query(done): Query<Done>) -> Result<Response, Problem> {
    page(&app, &visit, &me, done.notice(&visit.texts), String::new()).await
}

/// Name and language.
#[derive(Debug, Deserialize)]
pub struct MeForm {
    name: String,
    #[serde(default)]
    language: String,
}

/// `POST /me`
pub async fn describe_me(State(app): State<App>, me: SignedIn, Form(form): Form<MeForm>) -> Result<Response, Problem> {
    own::describe(&app, &me, &form.name, &form.language).await?;
    // The device follows the account; without a choice it asks the browser again.
    let age = if form.language.is_empty() { 0 } else { 31_536_000 };
    let cookie = format!("language={}; Path=/; SameSite=Lax; Max-Age={age}", form.language);
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/me?done=me-saved")).into_response())
}

/// A change of password.
#[derive(Deserialize)]
pub struct PasswordForm {
    current: String,
    password: String,
}

/// `POST /me/password`
pub async fn change_my_password(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Form(form): Form<PasswordForm>,
) -> Result<Redirect, Problem> {
    own::change_password(&app, &me, visit.sign_in, form.current, form.password).await?;
    Ok(Redirect::to("/me?done=password-changed"))
}

/// `POST /me/sign-ins/{id}/revoke`
pub async fn revoke_my_sign_in(State(app): State<App>, me: SignedIn, Path(id): Path<SignInId>) -> Result<Redirect, Problem> {
    own::revoke_sign_in(&app, &me, id).await?;
    Ok(Redirect::to("/me?done=sign-in-revoked"))
}

/// A new token: the scopes are check boxes, each with its own name, since a form has no lists.
#[derive(Debug, Deserialize)]
pub struct TokenForm {
    name: String,
    #[serde(default)]
    read: String,
    #[serde(default)]
    submit: String,
    #[serde(default)]
    review: String,
    #[serde(default)]
    administer: String,
    days: i64,
}

/// `POST /me/tokens`: shows the secret, this once.
pub async fn create_my_token(State(app): State<App>, visit: Visit, me: SignedIn, Form(form): Form<TokenForm>) -> Result<Response, Problem> {
    let boxes =
        [(Scope::Read, &form.read), (Scope::Submit, &form.submit), (Scope::Review, &form.review), (Scope::Administer, &form.administer)];
    let scopes: Vec<_> = boxes.into_iter().filter(|(_, on)| !on.is_empty()).map(|(scope, _)| scope).collect();
    let made = own::create_token(&app, &me, &form.name, &scopes, form.days).await?;
    let mut response = page(&app, &visit, &me, String::new(), made.secret).await?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `POST /me/tokens/{id}/revoke`
pub async fn revoke_my_token(State(app): State<App>, me: SignedIn, Path(id): Path<ApiTokenId>) -> Result<Redirect, Problem> {
    own::revoke_token(&app, &me, id).await?;
    Ok(Redirect::to("/me?done=token-revoked"))
}
