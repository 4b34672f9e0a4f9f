//! Pages of the portal that every anonymous reader gets alike, kept for a moment: a crowd costs one page every two seconds.

use super::identify::{cookie, language_of};
use crate::accounts;
use crate::state::App;
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Routes whose pages depend on the address, the language, the size of type and on nobody.
const ALIKE: &[&str] = &["/", "/lessons", "/places", "/places/{id}", "/lecturers", "/programme"];
/// Memory for pages, in bytes.
const ROOM: u64 = 32 << 20;
/// Longer addresses are somebody's experiment.
const ADDRESS_MOST: usize = 512;

/// The pages.
#[derive(Debug)]
pub struct RecentPages(Cache<String, Arc<Kept>, ByBytes>);

#[derive(Debug)]
struct Kept {
    headers: HeaderMap,
    body: Bytes,
    /// When it was made, or when somebody last set out to make it anew.
    taken: AtomicI64,
}

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<String, Arc<Kept>> for ByBytes {
    fn weight(&self, key: &String, page: &Arc<Kept>) -> u64 {
        (key.len() + page.body.len() + 1_024) as u64
    }
}

impl Default for RecentPages {
    fn default() -> Self {
        Self(Cache::with_weighter((ROOM >> 14) as usize, ROOM, ByBytes))
    }
}

impl RecentPages {
    /// Forgets every page: somebody withdrew what may not be shown a moment longer.
    pub fn forget(&self) {
        self.0.clear();
    }

    /// A page that is young enough; of several readers who find it too old one gets none and makes it anew.
    fn young(&self, key: &str, now: Timestamp, keep_ms: i64) -> Option<Arc<Kept>> {
        let page = self.0.get(key)?;
        let taken = page.taken.load(Ordering::Relaxed);
        let mine = now.0 - taken >= keep_ms && page.taken.compare_exchange(taken, now.0, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        (!mine).then_some(page)
    }
}

/// The layer, outside compression: what is kept is ready to be sent.
pub async fn recent(State(app): State<App>, request: Request, next: Next) -> Response {
    let keep_ms = i64::from(app.config.portal_keep_ms);
    let Some(key) = key(&app, &request).filter(|_| keep_ms > 0) else { return next.run(request).await };
    let now = app.clock.now();
    if let Some(page) = app.recent.young(&key, now, keep_ms) {
        return (page.headers.clone(), page.body.clone()).into_response();
    }
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || response.headers().contains_key(SET_COOKIE) {
        return response;
    }
    let (head, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, ROOM as usize).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let page = Kept { headers: head.headers.clone(), body: body.clone(), taken: AtomicI64::new(now.0) };
    app.recent.0.insert(key, Arc::new(page));
    Response::from_parts(head, Body::from(body))
}

/// Everything that such a page depends on; none for what depends on more.
fn key(app: &App, request: &Request) -> Option<String> {
    let headers = request.headers();
    let route = request.extensions().get::<MatchedPath>()?.as_str();
    let address = request.uri().path_and_query()?.as_str();
    let somebody = headers.contains_key(AUTHORIZATION) || cookie(headers, accounts::COOKIE).is_some();
    if request.method() != Method::GET || somebody || !ALIKE.contains(&route) || address.len() > ADDRESS_MOST {
        return None;
    }
    let has = |name, word: &str| headers.get(name).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(word));
    let (html, gzip, elder) = (has(ACCEPT, "text/html"), has(ACCEPT_ENCODING, "gzip"), cookie(headers, "elder") == Some("1"));
    Some(format!("{:?} {html} {gzip} {elder} {address}", language_of(app, headers)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_page_is_made_anew_by_one_and_given_to_the_others() {
        let pages = RecentPages::default();
        assert!(pages.young("k", Timestamp(0), 2_000).is_none());
        let page = Kept { headers: HeaderMap::new(), body: Bytes::from_static(b"page"), taken: AtomicI64::new(0) };
        pages.0.insert("k".into(), Arc::new(page));
        assert!(pages.young("k", Timestamp(1_999), 2_000).is_some());
        assert!(pages.young("k", Timestamp(2_000), 2_000).is_none(), "the first makes it");
        assert!(pages.young("k", Timestamp(2_001), 2_000).is_some(), "the others don't wait");
    }
}
