//! Turns a cookie or a bearer token into a [`Visit`], once per request.

use super::{Asked, Visit, client_address, origin};
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
    let chose_language = cookie(request.headers(), "language").is_some();
    let mut pass = Pass::of(request.headers());
    // A stream key is nobody's token: whoever takes it in looks at it there.
    pass.token = pass.token.filter(|_| !request.uri().path().starts_with("/whip/"));
    let known = pass.holder(&app).await;
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

/// What a request carries to say who asks; kept by a connection that lasts, to ask again whether that still holds (S19).
#[derive(Clone)]
pub struct Pass {
    token: Option<String>,
    cookie: Option<String>,
}

impl std::fmt::Debug for Pass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pass").field("token", &self.token.is_some()).field("cookie", &self.cookie.is_some()).finish()
    }
}

impl Pass {
    /// Of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        Self { token: bearer(headers).map(str::to_owned), cookie: cookie(headers, accounts::COOKIE).map(str::to_owned) }
    }

    /// Who stands behind it now; nobody behind a cookie that no longer stands for a sign-in.
    ///
    /// # Errors
    ///
    /// 401 `bad-token`
    pub async fn holder(&self, app: &App) -> Result<Option<accounts::Known>, Problem> {
        match (&self.token, &self.cookie) {
            (Some(token), _) => {
                let known = accounts::by_token(app, token).await?;
                known.map(Some).ok_or_else(|| Problem::unauthorized("bad-token"))
            }
            (None, Some(secret)) => Ok(accounts::by_cookie(app, secret).await?),
            (None, None) => Ok(None),
        }
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
        origin: origin(app, request),
        path: path.to_owned(),
        wants_html: text(ACCEPT).contains("text/html") && !path.starts_with("/api/"),
        address: client_address(app, request),
    }
}

/// The language that an anonymous reader chose or whose browser asks for.
pub(super) fn language_of(app: &App, headers: &HeaderMap) -> Language {
    cookie(headers, "language").and_then(Language::from_tag).unwrap_or_else(|| accepted_language(app, headers))
}

/// The language that the browser asks for, whoever sits before it.
pub(super) fn accepted_language(app: &App, headers: &HeaderMap) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Language::accepted(accepted).or_else(|| Language::from_tag(&app.config.language)).unwrap_or(Language::Chinese)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// The value of one cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = headers.get_all(COOKIE).into_iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}
