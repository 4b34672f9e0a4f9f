//! The public library for programs.

pub mod lecturers;
pub mod playing;
pub mod ticket;

use super::{CountErrors, Counts, Spread, Watching, page, within};
use crate::lessons::{Catalogue, Facet, FacetValue, LessonId, Publication, Wanted};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, Slice};
use axum::extract::{Json, Path, Query, State};
use serde::Serialize;
use std::collections::BTreeMap;

/// A public lesson.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PublicLesson {
    /// Id.
    #[schema(value_type = String)]
    pub id: LessonId,
    /// What it is called.
    pub title: String,
    /// Who speaks.
    pub lecturer: String,
    /// Code of the topic.
    pub topic: String,
    /// Code of the award; empty without one.
    pub award: String,
    /// Id of the organisation.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// Length.
    pub duration_ms: i64,
    /// A few sentences.
    #[serde(rename = "abstract")]
    pub abstract_: String,
    /// Instant of publication, milliseconds UTC.
    pub published_at: i64,
    /// Numbers as G8 defines them.
    pub counts: Counts,
    /// Their standard errors: of a crowd behind caches only a sample reports.
    pub errors: CountErrors,
}

fn public(app: &App, p: Publication, counts: Counts, spread: Spread) -> PublicLesson {
    PublicLesson {
        id: p.lesson,
        organisation_name: app.tree.load().name(p.organisation),
        organisation: p.organisation.to_string(),
        title: p.title,
        lecturer: p.lecturer,
        topic: p.topic,
        award: p.award,
        duration_ms: p.duration_ms,
        abstract_: p.abstract_,
        published_at: p.published_at.0,
        counts,
        errors: spread.into(),
    }
}

/// The catalogue.
#[utoipa::path(get, path = "/api/v1/library", tag = "library", params(Wanted), responses((status = 200, description = "A page of public lessons")))]
pub async fn library(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    Query(cursor): Query<Cursor>,
) -> Result<Json<Slice<PublicLesson>>, Problem> {
    let mut tx = app.db.read().await?;
    let within = within(&app, &mut tx, wanted.organisation.parse().ok()).await?;
    let (slice, mut counts) = page(&mut tx, &wanted, within.as_deref(), &cursor).await?;
    let mut spreads = Watching(&mut tx).spreads_of(&slice.items.iter().map(|p| p.lesson).collect::<Vec<_>>()).await?;
    let items = slice.items.into_iter().map(|p| {
        let seen = counts.remove(&p.lesson).unwrap_or_default();
        let spread = spreads.remove(&p.lesson).unwrap_or_default();
        public(&app, p, seen, spread)
    });
    Ok(Json(Slice { items: items.collect(), next: slice.next }))
}

/// How many public lessons each value of each way to narrow the catalogue has, under all other choices.
#[utoipa::path(get, path = "/api/v1/library/facets", tag = "library", params(Wanted), responses((status = 200, body = BTreeMap<String, Vec<FacetValue>>, description = "By name of the parameter, the most frequent value first")))]
pub async fn facets(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<BTreeMap<&'static str, Vec<FacetValue>>>, Problem> {
    let mut tx = app.db.read().await?;
    let within = within(&app, &mut tx, wanted.organisation.parse().ok()).await?;
    let mut all = BTreeMap::new();
    for facet in Facet::ALL {
        all.insert(facet.name(), Catalogue(&mut tx).facet(facet, &wanted, within.as_deref()).await?);
    }
    Ok(Json(all))
}

/// One public lesson with all its numbers.
#[utoipa::path(get, path = "/api/v1/library/{id}", tag = "library", params(("id" = String, Path)), responses((status = 200, body = PublicLesson), (status = 404, description = "Not public")))]
pub async fn one(State(app): State<App>, Path(id): Path<LessonId>) -> Result<Json<PublicLesson>, Problem> {
    let mut tx = app.db.read().await?;
    let found = Catalogue(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let counts = Watching(&mut tx).counts(id).await?;
    let spread = Watching(&mut tx).spreads_of(&[id]).await?.remove(&id).unwrap_or_default();
    Ok(Json(public(&app, found, counts, spread)))
}
