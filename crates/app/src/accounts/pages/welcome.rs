//! The page behind a link for a new account: its owner sets a password.

use super::field_words;
use crate::accounts::actions::invite;
use crate::accounts::{Device, sign_in_cookie};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Page, Visit, html};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "accounts/views/welcome.html")]
struct WelcomePage {
    p: Page,
    name: String,
    login: String,
    error: String,
}

async fn page(app: &App, visit: &Visit, secret: &str, error: String) -> Result<Response, Problem> {
    let account = invite::invited(app, secret).await?;
    let p = visit.page(app, visit.texts.s("welcome-title"));
    let mut response = html(&WelcomePage { p, name: account.name, login: account.login, error })?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GET /welcome/{secret}`
pub async fn welcome_form(State(app): State<App>, visit: Visit, Path(secret): Path<String>) -> Result<Response, Problem> {
    page(&app, &visit, &secret, String::new()).await
}

/// A password of one's own.
#[derive(Deserialize)]
pub struct WelcomeForm {
    password: String,
}

/// `POST /welcome/{secret}`
pub async fn welcome(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(secret): Path<String>,
    Form(form): Form<WelcomeForm>,
) -> Result<Response, Problem> {
    let name = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let device = Device { name, address: visit.address.clone() };
    match invite::accept(&app, &secret, form.password, device).await {
        Ok(cookie) => Ok(([(SET_COOKIE, sign_in_cookie(app.config.secure_cookies, &cookie))], Redirect::to("/desk")).into_response()),
        Err(problem) if !problem.fields.is_empty() => {
            let mut response = page(&app, &visit, &secret, field_words(&visit.texts, &problem)).await?;
            *response.status_mut() = problem.status;
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}
