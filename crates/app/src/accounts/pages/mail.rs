//! One's own address for mail, and the page behind the link that proves it.

use crate::accounts::actions::mail;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Page, SignedIn, Visit, html};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Redirect, Response};
use serde::Deserialize;

/// An address.
#[derive(Deserialize)]
pub struct MailForm {
    mail: String,
}

/// `POST /me/mail`
pub async fn want_my_mail(State(app): State<App>, visit: Visit, me: SignedIn, Form(form): Form<MailForm>) -> Result<Redirect, Problem> {
    mail::want(&app, &me, &visit.texts, &form.mail).await?;
    Ok(Redirect::to("/me?done=mail-wanted#mail"))
}

/// `POST /me/mail/remove`
pub async fn forget_my_mail(State(app): State<App>, me: SignedIn) -> Result<Redirect, Problem> {
    mail::forget(&app, &me).await?;
    Ok(Redirect::to("/me?done=mail-forgotten#mail"))
}

#[derive(Template)]
#[template(path = "accounts/views/mail_check.html")]
struct CheckPage {
    p: Page,
    name: String,
    login: String,
    address: String,
    done: bool,
}

fn page(app: &App, visit: &Visit, name: String, login: String, address: String, done: bool) -> Result<Response, Problem> {
    let p = visit.page(app, visit.texts.s("mail-check-title"));
    let mut response = html(&CheckPage { p, name, login, address, done })?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GET /mail-check/{token}`: asks, since programs that look through mail open every link.
pub async fn check_form(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Result<Response, Problem> {
    let account = mail::wanted(&app, &token).await?;
    page(&app, &visit, account.name, account.login, account.mail_wanted.unwrap_or_default(), false)
}

/// `POST /mail-check/{token}`
pub async fn check(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Result<Response, Problem> {
    let account = mail::wanted(&app, &token).await?;
    mail::prove(&app, &token).await?;
    page(&app, &visit, account.name, account.login, account.mail_wanted.unwrap_or_default(), true)
}
