//! The sign-in page, signing out, preferences of the device.

mod mail;
mod me;
mod welcome;

pub use mail::*;
pub use me::*;
pub use welcome::*;

use super::{COOKIE, Device, actions, sign_in_cookie};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Page, SignedIn, Visit, html};
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "accounts/views/sign_in.html")]
struct SignInPage {
    p: Page,
    next: String,
    login: String,
    error: String,
}

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// Only paths of our own: never another site.
fn local(next: &str) -> &str {
    if next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') { next } else { "/desk" }
}

/// `GET /sign-in`
pub async fn sign_in_form(State(app): State<App>, visit: Visit, Query(next): Query<Next>) -> Result<Response, Problem> {
    let p = visit.page(&app, visit.texts.s("sign-in"));
    html(&SignInPage { p, next: next.next, login: String::new(), error: String::new() })
}

/// The sign-in form as sent.
#[derive(Debug, Deserialize)]
pub struct SignInForm {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`
pub async fn sign_in(State(app): State<App>, visit: Visit, headers: HeaderMap, Form(form): Form<SignInForm>) -> Result<Response, Problem> {
    let name = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let device = Device { name, address: visit.address.clone() };
    match actions::sign_in(&app, form.login.trim(), form.password, device).await {
        Ok(secret) => {
            Ok(([(SET_COOKIE, sign_in_cookie(app.config.secure_cookies, &secret))], Redirect::to(local(&form.next))).into_response())
        }
        Err(problem) if problem.status.is_client_error() => {
            let error = visit.texts.args(&format!("problem-{}", problem.code), &problem.args);
            let p = visit.page(&app, visit.texts.s("sign-in"));
            let mut response = html(&SignInPage { p, next: form.next, login: form.login, error })?;
            *response.status_mut() = problem.status;
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}

/// What is wrong with the fields of a form, in words.
fn field_words(texts: &crate::i18n::Texts, problem: &Problem) -> String {
    let words = |f: &crate::problem::FieldError| {
        texts.args(&format!("rule-{}", f.rule), &[("found", f.found.clone()), ("wanted", f.wanted.clone())])
    };
    problem.fields.iter().map(words).collect::<Vec<_>>().join("; ")
}

/// `POST /sign-out`
pub async fn sign_out(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    if let Some(id) = visit.sign_in {
        actions::sign_out(&app, me.account, id).await?;
    }
    Ok(([(SET_COOKIE, format!("{COOKIE}=; Path=/; Max-Age=0"))], Redirect::to("/")).into_response())
}

/// Language and size of type, kept on the device.
#[derive(Debug, Deserialize)]
pub struct Preferences {
    language: Option<String>,
    elder: Option<String>,
    #[serde(default)]
    next: String,
}

/// `POST /preferences`
pub async fn preferences(Form(form): Form<Preferences>) -> Result<Response, Problem> {
    let cookie = match (form.language.as_deref(), form.elder.as_deref()) {
        (Some(tag @ ("zh-CN" | "en")), _) => format!("language={tag}"),
        (_, Some(on @ ("0" | "1"))) => format!("elder={on}"),
        _ => return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed").with("reason", "language, elder")),
    };
    Ok(([(SET_COOKIE, format!("{cookie}; Path=/; SameSite=Lax; Max-Age=31536000"))], Redirect::to(local(&form.next))).into_response())
}
