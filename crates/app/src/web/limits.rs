//! How often one address may ask.

use crate::problem::Problem;
use crate::state::App;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

/// Requests of the running minute, by purpose and address.
#[derive(Debug, Default)]
pub struct Limits(Mutex<Minute>);

/// The running minute and what was asked in it.
type Minute = (i64, HashMap<(&'static str, String), u32>);

impl Limits {
    /// Counts one request; false when there were `most` in this minute already.
    pub fn allow(&self, purpose: &'static str, address: &str, most: u32, now: Timestamp) -> bool {
        let minute = now.0.div_euclid(60_000);
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.0 != minute {
            *state = (minute, HashMap::new());
        }
        let seen = state.1.entry((purpose, address.to_owned())).or_default();
        *seen = seen.saturating_add(1);
        *seen <= most
    }
}

/// The layer: refuses an address that asks too often, and guesses of passwords sooner.
pub async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    let address = client_address(&app, &request);
    let signing_in = request.method() == Method::POST && matches!(request.uri().path(), "/sign-in" | "/api/v1/sign-ins");
    let (purpose, most) = if signing_in { ("sign-in", app.config.sign_in_per_minute) } else { ("any", app.config.requests_per_minute) };
    if app.limits.allow(purpose, &address, most, app.clock.now()) {
        return next.run(request).await;
    }
    let mut response = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests").with("most", most).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

/// The client's address: of the connection, or what a trusted proxy says.
pub fn client_address(app: &App, request: &Request) -> String {
    let forwarded = || request.headers().get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next().map(|a| a.trim().to_owned());
    let direct = || request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_string());
    app.config.behind_proxy.then(forwarded).flatten().or_else(direct).unwrap_or_default()
}
