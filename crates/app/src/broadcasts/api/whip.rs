//! WHIP (RFC 9725): a browser or an encoder goes live by one offer and one answer.
//!
//! * Whoever has the stream key sends it as bearer token; a host who is signed in needs none.
//! * The whole offer comes at once: addresses that are found later (PATCH) are not needed, since ours stands in the answer.

use crate::broadcasts::studio::{intake, phones};
use crate::broadcasts::{Broadcast, BroadcastId, actions};
use crate::problem::Problem;
use crate::state::App;
use crate::web::Visit;
use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

/// Of offers and answers (RFC 9725 §4.2).
const SDP: &str = "application/sdp";
/// Scripts of ours name themselves in it; a form of somebody else's cannot.
const SCRIPT: &str = "x-requested-with";
/// Largest offer; browsers send some 6 KiB.
pub const OFFER_MOST: usize = 64 << 10;

/// `POST /whip/{id}`
pub async fn begin(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<BroadcastId>,
    headers: HeaderMap,
    offer: String,
) -> Result<Response, Problem> {
    let broadcast = of_publisher(&app, &visit, &headers, id).await?;
    if !text(&headers, CONTENT_TYPE.as_str()).starts_with(SDP) {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "whip-malformed").with("why", SDP));
    }
    let (session, answer) = Box::pin(phones::begin(&app, broadcast, &offer)).await?;
    let place = format!("/whip/{id}/{session}");
    Ok((StatusCode::CREATED, [(CONTENT_TYPE, SDP), (CACHE_CONTROL, "no-store")], [(LOCATION, place)], answer).into_response())
}

/// `DELETE /whip/{id}/{session}`
pub async fn end(
    State(app): State<App>,
    visit: Visit,
    Path((id, session)): Path<(BroadcastId, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    of_publisher(&app, &visit, &headers, id).await?;
    phones::end(&app, id, &session).await;
    Ok(StatusCode::OK)
}

/// The broadcast, for whoever may send it: by its key, or by a host's right.
async fn of_publisher(app: &App, visit: &Visit, headers: &HeaderMap, id: BroadcastId) -> Result<Broadcast, Problem> {
    let Some(key) = text(headers, AUTHORIZATION.as_str()).strip_prefix("Bearer ") else {
        let me = visit.signed_in()?;
        return if text(headers, SCRIPT).is_empty() { Err(Problem::forbidden()) } else { actions::run_by(app, me, id).await };
    };
    if !intake::may_try_key(app, &visit.address) {
        return Err(Problem::too_many("too-many-requests").with("most", "60"));
    }
    let found = intake::by_key(app, key.trim()).await?;
    found.filter(|broadcast| broadcast.id == id).ok_or_else(|| Problem::unauthorized("bad-stream-key"))
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
