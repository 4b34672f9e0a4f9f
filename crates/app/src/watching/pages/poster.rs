//! Posters of broadcasts.

use crate::broadcasts::poster::{Format, poster};
use crate::broadcasts::{BroadcastId, programme};
use crate::problem::Problem;
use crate::state::App;
use crate::web::Visit;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// `GET /live/{id}/poster.pdf`
pub async fn pdf(State(app): State<App>, visit: Visit, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    answer(&app, &visit, id, Format::Pdf).await
}

/// `GET /live/{id}/poster.png`
pub async fn png(State(app): State<App>, visit: Visit, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    answer(&app, &visit, id, Format::Png).await
}

async fn answer(app: &App, visit: &Visit, id: BroadcastId, format: Format) -> Result<Response, Problem> {
    let broadcast = programme::one(app, visit.actor.is_some(), id).await?;
    if broadcast.state == crate::broadcasts::State::Cancelled {
        return Err(Problem::not_found());
    }
    let made = poster(app, &visit.texts, &broadcast, format).await?;
    let (kind, ending) = if format == Format::Pdf { ("application/pdf", "pdf") } else { ("image/png", "png") };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"{id}.{ending}\"")),
        // In the reader's language, and of a broadcast that may be for members.
        (CACHE_CONTROL, "private, max-age=60".to_owned()),
    ];
    Ok((headers, made.bytes.clone()).into_response())
}
