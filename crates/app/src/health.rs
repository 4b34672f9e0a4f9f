//! Is it alive, is it ready, what are its figures.

use crate::problem::Problem;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers too.
pub async fn ready(State(app): State<App>) -> Response {
    let asked = async { app.db.read().await?.fetch_int("select 1", vec![]).await };
    match asked.await {
        Ok(_) => "ready\n".into_response(),
        Err(cause) => {
            tracing::warn!(%cause, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response()
        }
    }
}

/// `GET /metrics`: for Prometheus.
pub async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let text = app.metrics.render().map_err(Problem::internal)?;
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

/// Any other address.
pub async fn nothing_here() -> Problem {
    Problem::not_found()
}
