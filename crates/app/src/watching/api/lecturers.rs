//! Public pages of lecturers, and what they lectured, for programs.

use crate::held_sessions::{HeldSession, HeldSessionId, actions::sees};
use crate::lecturers::{self, Filter, Lecturer, LecturerId};
use crate::lessons::LessonId;
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::Problem;
use crate::state::App;
use crate::watching::lectures::{Given, Lecture, Readers, given};
use crate::watching::{CountErrors, Counts};
use crate::web::{PAGE_SIZE, SignedIn, Slice};
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A lecturer who agreed to a public page.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicLecturer {
    #[schema(value_type = String)]
    id: LecturerId,
    name: String,
    kind: String,
    topics: Vec<String>,
    occupation: String,
    about: String,
    term_from: String,
    term_to: String,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    organisation_name: String,
    /// Path of the photo.
    photo: Option<String>,
}

impl PublicLecturer {
    fn of(app: &App, of: Lecturer) -> Self {
        Self {
            photo: of.photo.map(|photo| format!("/lecturers/{}/photo/{photo}", of.id)),
            organisation_name: app.tree.load().name(of.organisation),
            id: of.id,
            name: of.name,
            kind: of.kind,
            topics: of.topics,
            occupation: of.occupation,
            about: of.about,
            term_from: of.term_from,
            term_to: of.term_to,
            organisation: of.organisation,
        }
    }
}

/// With what the person lectured.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicLecturerFull {
    #[serde(flatten)]
    lecturer: PublicLecturer,
    /// Public lessons, the newest first.
    #[schema(value_type = Vec<String>)]
    lessons: Vec<LessonId>,
    /// Lectures given: lessons, and lectures on invitation.
    given: i64,
    /// The numbers of the public lessons together.
    counts: Counts,
    /// Their standard errors: of a crowd behind caches only a sample reports.
    errors: CountErrors,
    /// Verified held sessions.
    held: i64,
    /// People in them together.
    held_people: i64,
    /// The latest of them, at most 500.
    sessions: Vec<PublicSession>,
}

/// A held session, as everybody may know it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicSession {
    title: String,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    organisation_name: String,
    /// `2026-11-20`
    held_on: String,
    /// Head count.
    people: i64,
}

impl PublicSession {
    fn of(app: &App, held: &HeldSession) -> Self {
        Self {
            title: held.told.title.clone(),
            organisation: held.organisation,
            organisation_name: app.tree.load().name(held.organisation),
            held_on: held.day.date().map(|date| date.to_string()).unwrap_or_default(),
            people: held.told.people,
        }
    }
}

/// Where a page begins.
#[derive(Debug, Default, Deserialize)]
pub struct After {
    #[serde(default)]
    after: String,
}

/// Lecturers who agreed to a public page, by name.
#[utoipa::path(get, path = "/api/v1/library/lecturers", tag = "library",
    params(("q" = Option<String>, Query), ("kind" = Option<String>, Query), ("topic" = Option<String>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, description = "One page: `items`, and `next` when there are more", body = [PublicLecturer])))]
pub async fn list(
    State(app): State<App>,
    Query(filter): Query<Filter>,
    Query(after): Query<After>,
) -> Result<Json<Slice<PublicLecturer>>, Problem> {
    let (found, ..) = lecturers::public_list(&mut app.db.read().await?, &filter, &after.after, PAGE_SIZE + 1).await?;
    let slice = Slice::cut(found, lecturers::position_after);
    Ok(Json(Slice { items: slice.items.into_iter().map(|l| PublicLecturer::of(&app, l)).collect(), next: slice.next }))
}

/// One of them with what the person lectured.
#[utoipa::path(get, path = "/api/v1/library/lecturers/{id}", tag = "library", params(("id" = String, Path)),
    responses((status = 200, body = PublicLecturerFull), (status = 404, description = "Nobody, or without consent")))]
pub async fn one(State(app): State<App>, Path(id): Path<LecturerId>) -> Result<Json<PublicLecturerFull>, Problem> {
    let mut tx = app.db.read().await?;
    let found = lecturers::public(&mut tx, id).await?;
    let given = given(&mut tx, found.id, app.clock.now(), Readers::Everybody).await?;
    Ok(Json(PublicLecturerFull {
        held: given.held_numbers.sessions,
        held_people: given.held_numbers.people,
        sessions: given.held.iter().map(|held| PublicSession::of(&app, held)).collect(),
        lecturer: PublicLecturer::of(&app, found),
        counts: given.total(),
        errors: given.spread().into(),
        given: given.lectures.len() as i64 + given.invited,
        lessons: given.public.iter().map(|p| p.lesson).collect(),
    }))
}

/// A lecture that somebody gave: a lesson or a held session.
#[derive(Debug, Serialize, ToSchema)]
pub struct LectureBody {
    #[schema(value_type = Option<String>)]
    lesson: Option<LessonId>,
    #[schema(value_type = Option<String>)]
    held_session: Option<HeldSessionId>,
    title: String,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    held_on: String,
    /// Everybody may watch it.
    public: bool,
    /// Head count of a held session.
    people: Option<i64>,
}

impl From<Lecture> for LectureBody {
    fn from(l: Lecture) -> Self {
        let (held_session, people) = (None, None);
        Self {
            lesson: Some(l.lesson),
            held_session,
            title: l.title,
            organisation: l.organisation,
            held_on: l.held_on,
            public: l.public,
            people,
        }
    }
}

impl From<HeldSession> for LectureBody {
    fn from(held: HeldSession) -> Self {
        Self {
            lesson: None,
            held_session: Some(held.id),
            title: held.told.title,
            organisation: held.organisation,
            held_on: held.day.date().map(|date| date.to_string()).unwrap_or_default(),
            public: false,
            people: Some(held.told.people),
        }
    }
}

/// What a lecturer gave: public lessons, others that the reader may see, and held sessions that count and that the reader may
/// see; of each the latest first.
#[utoipa::path(get, path = "/api/v1/lecturers/{id}/lectures", tag = "lecturers", params(("id" = String, Path)),
    responses((status = 200, body = [LectureBody]), (status = 404)))]
pub async fn lectures(State(app): State<App>, me: SignedIn, Path(id): Path<LecturerId>) -> Result<Json<Vec<LectureBody>>, Problem> {
    let mut tx = app.db.read().await?;
    let (found, _) = lecturers::seen(&app, &mut tx, &me, id).await?;
    let tree = app.tree.load_full();
    let mine = |l: &Lecture| l.public || may(&tree, &me, Action::SeeUnpublished, l.organisation);
    let Given { lectures, held, .. } = given(&mut tx, found.id, app.clock.now(), Readers::Desk).await?;
    let lessons = lectures.into_iter().filter(mine).map(LectureBody::from);
    let held = held.into_iter().filter(|held| sees(&app, &me, held.organisation)).map(LectureBody::from);
    Ok(Json(lessons.chain(held).collect()))
}
