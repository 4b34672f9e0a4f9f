//! `Idempotency-Key`: a program may repeat a write whose answer it never saw.
//!
//! The first request with a key takes it; a repetition with the same method, path and body gets the stored answer, another
//! body gets 422, and a repetition while the first still runs gets 409.

use super::Visit;
use crate::db::args;
use crate::problem::Problem;
use crate::state::App;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

const LIMIT: usize = 1 << 20;
const KEPT_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, LOCATION, ETAG];

/// The layer of `/api/v1`.
pub async fn idempotent(State(app): State<App>, request: Request, next: Next) -> Response {
    let key = request.headers().get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let account = request.extensions().get::<Arc<Visit>>().and_then(|v| v.actor.as_ref()).map(|a| a.account.to_string());
    match (key, account) {
        (Some(key), Some(account)) if request.method() != Method::GET => match once(&app, request, next, &account, &key).await {
            Ok(response) => response,
            Err(problem) => problem.into_response(),
        },
        _ => next.run(request).await,
    }
}

async fn once(app: &App, request: Request, next: Next, account: &str, key: &str) -> Result<Response, Problem> {
    if key.is_empty() || key.len() > 200 {
        return Err(Problem::field("Idempotency-Key", "length", key, "1–200"));
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LIMIT).await.map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"))?;
    let hash = fingerprint(&parts, &body);
    if let Some(stored) = take(app, account, key, &hash).await? {
        return Ok(stored);
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    keep(app, account, key, response).await
}

fn fingerprint(parts: &axum::http::request::Parts, body: &Bytes) -> String {
    let mut hash = Sha256::new();
    hash.update(parts.method.as_str());
    hash.update(parts.uri.path());
    hash.update(body);
    crate::hex::hex(&hash.finalize())
}

/// Takes the key for this request, or finds the answer that was given before.
async fn take(app: &App, account: &str, key: &str, hash: &str) -> Result<Option<Response>, Problem> {
    let mut tx = app.db.begin().await?;
    let taken = tx
        .execute(
            "insert into idempotency (account, key, request_hash, created_at) values ($1, $2, $3, $4) on conflict do nothing",
            args![account, key, hash, app.clock.now()],
        )
        .await?;
    if taken == 1 {
        tx.commit().await?;
        return Ok(None);
    }
    let row = tx.fetch_optional("select * from idempotency where account = $1 and key = $2", args![account, key]).await?;
    let row = row.ok_or_else(Problem::moved_meanwhile)?;
    if row.text("request_hash")? != hash {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused").with("key", key));
    }
    match row.opt_int("status")? {
        Some(status) => Ok(Some(replay(status, &row.json("body")?))),
        None => Err(Problem::new(StatusCode::CONFLICT, "still-running").with("key", key)),
    }
}

fn replay(status: i64, stored: &Value) -> Response {
    let status = u16::try_from(status).ok().and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
    let mut response = (status, stored["body"].as_str().unwrap_or_default().to_owned()).into_response();
    response.headers_mut().remove(CONTENT_TYPE);
    for name in KEPT_HEADERS {
        if let Some(value) = stored[name.as_str()].as_str().and_then(|v| HeaderValue::from_str(v).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert("idempotent-replay", HeaderValue::from_static("true"));
    response
}

/// Stores the answer; a failure of ours frees the key, so that a repetition tries again.
async fn keep(app: &App, account: &str, key: &str, response: Response) -> Result<Response, Problem> {
    let mut tx = app.db.begin().await?;
    // What nobody may store (a new token's secret) is not stored here either.
    let secret = response.headers().get(CACHE_CONTROL).is_some_and(|v| v == "no-store");
    if secret || response.status().is_server_error() || response.extensions().get::<Problem>().is_some() {
        tx.execute("delete from idempotency where account = $1 and key = $2", args![account, key]).await?;
        tx.commit().await?;
        return Ok(response);
    }
    let (head, body) = response.into_parts();
    let body = to_bytes(body, LIMIT).await.map_err(Problem::internal)?;
    let mut stored = json!({ "body": String::from_utf8_lossy(&body) });
    for name in KEPT_HEADERS {
        if let Some(value) = head.headers.get(&name).and_then(|v| v.to_str().ok()) {
            stored[name.as_str()] = value.into();
        }
    }
    tx.execute(
        "update idempotency set status = $1, body = $2 where account = $3 and key = $4",
        args![head.status.as_u16(), &stored, account, key],
    )
    .await?;
    tx.commit().await?;
    Ok(Response::from_parts(head, Body::from(body)))
}
