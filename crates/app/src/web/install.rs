//! What lets the form of held sessions be put on a phone's start screen and open without a network: the manifest, the worker, and
//! the page that stands in for all others (F1).

use super::assets::Assets;
use super::{Page, Visit, html};
use crate::problem::Problem;
use crate::state::App;
use askama::Template;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Where an installed page opens.
const START: &str = "/held-sessions/new";
/// `--lacquer` and `--paper` of `tokens.css`, which a manifest cannot name.
const THEME: &str = "#a32a1e";
const PAPER: &str = "#faf7f2";

/// `GET /manifest.webmanifest`: the name in the reader's language.
pub async fn manifest(State(app): State<App>, visit: Visit) -> Response {
    let icon = |name: &str, sizes: &str, purpose: &str| json!({ "src": app.assets.picture(name), "sizes": sizes, "type": "image/png", "purpose": purpose });
    let body = json!({
        "id": START,
        "name": visit.texts.s("install-name"),
        "short_name": visit.texts.s("product"),
        "lang": visit.texts.language.tag(),
        "start_url": START,
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": PAPER,
        "icons": [
            icon("app-192", "192x192", "any"),
            icon("app-512", "512x512", "any"),
            icon("app-maskable-512", "512x512", "maskable"),
        ],
    });
    let headers = [(CONTENT_TYPE, "application/manifest+json"), (CACHE_CONTROL, "private, no-cache"), (VARY, "Cookie, Accept-Language")];
    (headers, body.to_string()).into_response()
}

/// `GET /sw.js`: the worker. Browsers ask for it now and then; a new one comes at once.
pub async fn worker() -> Result<Response, Problem> {
    let script = Assets::worker().ok_or_else(Problem::not_found)?;
    Ok(([(CONTENT_TYPE, "text/javascript"), (CACHE_CONTROL, "no-cache")], script).into_response())
}

/// `GET /offline`: kept by the worker, so it says nothing about anybody; what waits on the device is filled in there.
#[derive(Template)]
#[template(path = "web/views/offline.html")]
struct OfflinePage {
    p: Page,
}

/// `GET /offline`
pub async fn offline(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let nobody = Visit { actor: None, name: String::new(), ..visit };
    html(&OfflinePage { p: nobody.page(&app, nobody.texts.s("offline-title")) })
}
