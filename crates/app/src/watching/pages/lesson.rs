//! The lesson page and what its player needs.

use super::catalogue::{Card, more_like};
use super::code_words;
use crate::i18n::Texts;
use crate::lecturers::Lecturers;
use crate::lessons::{Catalogue, LessonId, Publication};
use crate::organisations::access::may_anywhere;
use crate::organisations::{Action, OrganisationId};
use crate::problem::Problem;
use crate::recordings::{self, Addresses, Audience, MaterialId, Recordings};
use crate::rooms::actions::Watched;
use crate::rooms::{self, Groups};
use crate::state::App;
use crate::watching::{Watching, actions, estimated, track_address};
use crate::web::{DeviceNumber, Done, Page, Visit, html};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE, USER_AGENT};
use axum::response::{IntoResponse, Response};
use serde_json::json;

#[derive(Template)]
#[template(path = "watching/views/lesson.html")]
struct LessonPage {
    p: Page,
    view: LessonView,
    /// What viewers asked the lecturer, with the answers.
    questions: String,
    /// How many watch before one screen.
    group: String,
    /// What was done.
    notice: String,
}

/// A public lesson as its page shows it: finished strings.
#[derive(Debug, Clone)]
pub struct LessonView {
    id: LessonId,
    title: String,
    lecturer: String,
    /// The lecturer's public page; empty without one.
    lecturer_href: String,
    initial: String,
    lecturer_kind: String,
    topic: String,
    topic_code: String,
    award: String,
    award_code: String,
    organisation: String,
    organisation_id: OrganisationId,
    published: String,
    duration: String,
    abstract_: Vec<String>,
    player: PlayerView,
    resume: Option<Resume>,
    signed_in: bool,
    plays: Figure,
    views: Figure,
    hours: Figure,
    /// Heads of groups before one screen, and how many groups; empty when there were none.
    people: String,
    groups: String,
    /// Where a showing of it is planned; empty for whoever may not.
    showing: String,
    url: String,
    more: Vec<Card>,
}

impl LessonView {
    /// Whether there is anything to read below the picture.
    fn has_parts(&self) -> bool {
        !self.abstract_.is_empty() || !self.player.lines.is_empty() || !self.player.chapters.is_empty()
    }
}

/// A number and, where it was counted from a sample, how sure it is.
#[derive(Debug, Clone)]
struct Figure {
    number: String,
    sure: String,
}

/// What the player is given.
#[derive(Debug, Clone)]
struct PlayerView {
    at: Addresses,
    token: String,
    chapters: Vec<Moment>,
    chapters_json: String,
    lines: Vec<Moment>,
    captions: Vec<Track>,
}

/// Where a signed-in reader stopped, on whatever device.
#[derive(Debug, Clone)]
struct Resume {
    at_s: i64,
    /// When, in milliseconds UTC: this browser may know better.
    told_ms: i64,
}

/// A line of the transcript or a chapter.
#[derive(Debug, Clone)]
pub struct Moment {
    at_ms: i64,
    at_s: i64,
    clock: String,
    text: String,
}

/// A caption track.
#[derive(Debug, Clone)]
pub struct Track {
    href: String,
    language: String,
    label: String,
}

/// `GET /lessons/{id}`
pub async fn lesson(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<LessonId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let device = DeviceNumber::of(&headers);
    let mut tx = app.db.read().await?;
    let publication = Catalogue(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let viewer = actions::viewer_key(&app, visit.actor.as_ref().map(|a| a.account), &device.number);
    let token = actions::playback_token(&app, &publication, viewer, agent).unwrap_or_default();
    let view = view(&app, &visit, &mut tx, &publication, token).await?;
    drop(tx);
    let questions = rooms::questions_of(&app, &visit, id).await?;
    let group = rooms::group_form(&app, &visit, Watched::Lesson(id)).await?;
    let notice = done.notice(&visit.texts);
    let mut response = html(&LessonPage { p: visit.page(&app, publication.title.clone()), view, questions, group, notice })?;
    response.headers_mut().extend(device.to_keep().map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

async fn view(app: &App, visit: &Visit, tx: &mut crate::db::Tx, public: &Publication, token: String) -> Result<LessonView, Problem> {
    let words = &visit.texts;
    let tree = app.tree.load_full();
    let counts = Watching(&mut *tx).counts(public.lesson).await?;
    let spread = Watching(&mut *tx).spreads_of(&[public.lesson]).await?.remove(&public.lesson).unwrap_or_default();
    let figure = |number: String, estimate| Figure { number, sure: estimated(words, estimate) };
    let groups = Groups(&mut *tx).of_lesson(public.lesson).await?;
    let stopped = match &visit.actor {
        Some(actor) => Watching(&mut *tx).resume_point(actor.account, public.lesson).await?,
        None => None,
    };
    Ok(LessonView {
        id: public.lesson,
        title: public.title.clone(),
        lecturer: public.lecturer.clone(),
        lecturer_href: lecturer_page(tx, public.lesson).await?,
        initial: public.lecturer.chars().next().map(String::from).unwrap_or_default(),
        lecturer_kind: code_words(words, "lecturer-kind", &public.lecturer_kind),
        topic: code_words(words, "topic", &public.topic),
        topic_code: public.topic.clone(),
        award: code_words(words, "award", &public.award),
        award_code: public.award.clone(),
        organisation: tree.name(public.organisation),
        organisation_id: public.organisation,
        published: words.date(public.published_at),
        duration: words.duration(public.duration_ms),
        abstract_: public.abstract_.split('\n').map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
        player: player(app, words, tx, public, token).await?,
        resume: stopped.map(|(at_ms, told)| Resume { at_s: at_ms / 1000, told_ms: told.0 }),
        signed_in: visit.actor.is_some(),
        plays: figure(words.number(counts.plays), spread.plays(counts.plays)),
        views: figure(words.number(counts.views), spread.views(counts.views)),
        people: if groups.people > 0 { words.number(groups.people) } else { String::new() },
        groups: words.number(groups.groups),
        showing: showing(app, visit, public.lesson),
        hours: figure(format!("{:.1}", counts.watch_s as f64 / 3600.0), spread.watch_s(counts.watch_s)),
        url: format!("{}/lessons/{}", visit.origin, public.lesson),
        more: more_like(app, words, tx, public).await?,
    })
}

/// Address of the page of who speaks, when it is known who that is and the person agreed to a page.
async fn lecturer_page(tx: &mut crate::db::Tx, lesson: LessonId) -> Result<String, Problem> {
    let Some(id) = Catalogue(&mut *tx).lecturer(lesson).await? else { return Ok(String::new()) };
    let known = Lecturers(&mut *tx).root(id).await?.filter(|person| person.consent_at.is_some());
    Ok(known.map(|person| format!("/lecturers/{}", person.id)).unwrap_or_default())
}

/// Where whoever runs broadcasts plans a showing of a lesson.
fn showing(app: &App, visit: &Visit, lesson: LessonId) -> String {
    let may = visit.actor.as_ref().is_some_and(|actor| may_anywhere(&app.tree.load(), actor, Action::Broadcast));
    if may { format!("/broadcasts/new?lesson={lesson}") } else { String::new() }
}

async fn player(app: &App, words: &Texts, tx: &mut crate::db::Tx, public: &Publication, token: String) -> Result<PlayerView, Problem> {
    let material: MaterialId = public.material.parse().map_err(Problem::internal)?;
    let made = Recordings(&mut *tx).renditions(material).await?;
    let captions = Recordings(&mut *tx).captions(public.lesson).await?;
    let cues = captions.first().and_then(|c| media::captions::cues(c.body.as_bytes()).ok()).unwrap_or_default();
    let track = |c: &recordings::Caption| Track {
        href: track_address(public.lesson, &c.language),
        language: c.language.clone(),
        label: c.label.clone(),
    };
    Ok(PlayerView {
        at: Addresses::below(&recordings::media_base(app, Audience::Public, material, app.clock.now()), &made),
        token,
        chapters: public.chapters.iter().map(|c| moment(words, c.at_ms, c.title.clone())).collect(),
        chapters_json: json!(public.chapters).to_string().replace('<', "\\u003c"),
        lines: cues.into_iter().map(|c| moment(words, c.start_ms as i64, c.text)).collect(),
        captions: captions.iter().map(track).collect(),
    })
}

fn moment(words: &Texts, at_ms: i64, text: String) -> Moment {
    Moment { at_ms, at_s: at_ms / 1000, clock: words.duration(at_ms), text }
}

/// `GET /lessons/{id}/qr.svg`: the address of the lesson as a QR code.
pub async fn qr(State(app): State<App>, visit: Visit, Path(id): Path<LessonId>) -> Result<Response, Problem> {
    Catalogue(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    let svg = crate::web::qr_svg(&format!("{}/lessons/{id}", visit.origin))?;
    Ok(([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "private, max-age=3600")], svg).into_response())
}
