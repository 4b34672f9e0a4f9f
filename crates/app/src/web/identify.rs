//! Turns a cookie or a bearer token into a [`Visit`], once per request.

use super::{Asked, Visit, client_address};
use crate::accounts;
use crate::i18n::Language;
use crate::problem::Problem;
use crate::state::App;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The layer: puts an `Arc<Visit>` into the request's extensions.
///
/// A cookie that no longer stands for a sign-in is an anonymous reader; a bad token is an error, since a program
/// that sends one expects to be known.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let mut visit = anonymous(&app, &request);
    // A stream key is nobody's token: whoever takes it in looks at it there.
    let takes_keys = request.uri().path().starts_with("/whip/");
    let bearer = bearer(request.headers()).filter(|_| !takes_keys).map(str::to_owned);
    let secret = cookie(request.headers(), accounts::COOKIE).map(str::to_owned);
    let chose_language = cookie(request.headers(), "language").is_some();
    let known = who(&app, bearer, secret).await;
    if let Ok(Some(known)) = &known {
        let chosen = known.language.as_deref().and_then(Language::from_tag);
        if let Some(language) = chosen.filter(|_| !chose_language) {
            visit.texts = app.words.texts(language);
        }
        visit.name.clone_from(&known.name);
        visit.sign_in = known.sign_in;
        visit.actor = Some(known.actor.clone());
    }
    request.extensions_mut().insert(Arc::new(visit));
    match known {
        Ok(_) => next.run(request).await,
        Err(problem) => super::tell(app, Asked::of(&request), problem.into_response()).await,
    }
}

async fn who(app: &App, bearer: Option<String>, cookie: Option<String>) -> Result<Option<accounts::Known>, Problem> {
    match (bearer, cookie) {
        (Some(token), _) => {
            let known = accounts::by_token(app, &token).await?;
            known.map(Some).ok_or_else(|| Problem::new(axum::http::StatusCode::UNAUTHORIZED, "bad-token"))
        }
        (None, Some(secret)) => Ok(accounts::by_cookie(app, &secret).await?),
        (None, None) => Ok(None),
    }
}

fn anonymous(app: &App, request: &Request) -> Visit {
    let headers = request.headers();
    let text = |name| headers.get(name).and_then(|v: &axum::http::HeaderValue| v.to_str().ok()).unwrap_or_default();
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
    Visit {
        actor: None,
        name: String::new(),
        sign_in: None,
        texts: app.words.texts(language_of(app, headers)),
        elder: cookie(headers, "elder") == Some("1"),
        path: path.to_owned(),
        wants_html: text(ACCEPT).contains("text/html") && !path.starts_with("/api/"),
        address: client_address(app, request),
    }
}

/// The language that an anonymous reader chose or whose browser asks for.
pub(super) fn language_of(app: &App, headers: &HeaderMap) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    cookie(headers, "language")
        .and_then(Language::from_tag)
        .or_else(|| Language::accepted(accepted))
        .or_else(|| Language::from_tag(&app.config.language))
        .unwrap_or(Language::Chinese)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// The value of one cookie.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = headers.get_all(COOKIE).into_iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}
