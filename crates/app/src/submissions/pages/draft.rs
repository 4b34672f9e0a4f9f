//! Saving a draft: as it is typed, and as a plain form.

use super::editor::{self, Versions, clock, examined};
use super::reading::{Reading, draft_recording};
use super::{Sent, mendable};
use crate::lecturers::{Lecturers, picks};
use crate::lessons::{Chapter, LessonFields};
use crate::problem::{FieldError, Problem};
use crate::recordings::Variant;
use crate::state::App;
use crate::submissions::actions::{self, Draft};
use crate::submissions::views::Said;
use crate::submissions::views::editor::{ChecklistFragment, DraftFields, checklist};
use crate::submissions::views::slots::{UploadsFragment, VersionView};
use crate::submissions::{SubmissionId, dossier};
use crate::web::{SignedIn, Visit, html};
use askama::Template;
use axum::Json;
use axum::extract::{Form, Path, Query, State as Shared};
use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the script sends: every field of the form by its name.
#[derive(Debug, Deserialize)]
pub struct Typed {
    fields: BTreeMap<String, OneOrMany>,
}

/// A field, or the ticked ones of several boxes.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Typed {
    fn sent(self) -> Sent {
        let pairs = |(name, value): (String, OneOrMany)| match value {
            OneOrMany::One(value) => vec![(name, value)],
            OneOrMany::Many(values) => values.into_iter().map(|v| (name.clone(), v)).collect(),
        };
        Sent(self.fields.into_iter().flat_map(pairs).collect())
    }
}

/// What the script is told.
#[derive(Debug, Serialize)]
#[allow(clippy::struct_field_names, reason = "the names that autosave.ts reads")]
pub struct Saved {
    version: String,
    saved_at_text: String,
    checklist_html: String,
    also_editing: Vec<String>,
}

/// `PATCH /submissions/{id}/draft`
pub async fn autosave(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    headers: HeaderMap,
    Json(typed): Json<Typed>,
) -> Result<Json<Saved>, Problem> {
    let seen = headers.get(IF_MATCH).and_then(|v| v.to_str().ok()).and_then(Versions::read).ok_or_else(Problem::stale)?;
    let stale = |p: Problem| if p.code == "moved-meanwhile" { Problem::stale() } else { p };
    let sent = typed.sent();
    let mut draft = draft(&sent, seen)?;
    if let Some((_, fields)) = &mut draft.lesson {
        // Half a name is no mistake while somebody types.
        fields.lecturer_id = linked(&app, &me, &sent).await.unwrap_or_default();
    }
    actions::autosave(&app, &me, id, seen.submission, draft).await.map_err(stale)?;
    let found = dossier(&app, &me, id).await?;
    let fragment =
        ChecklistFragment { p: visit.page(&app, ""), checklist: checklist(&visit.texts, &found.checklist, &found.case.call.consents, "") };
    Ok(Json(Saved {
        version: Versions::of(&found).to_string(),
        saved_at_text: clock(&app, found.case.submission.updated_at),
        checklist_html: fragment.render().map_err(Problem::internal)?,
        also_editing: actions::presence(&app, &me, id).await?,
    }))
}

/// `POST /submissions/{id}/edit`: the form without script; on to the preview, or back to the form.
pub async fn save(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match mendable(keep(&app, &me, id, &sent).await)? {
        Ok(()) if sent.get("_then") == "submit" => Ok(Redirect::to(&format!("/submissions/{id}/submit")).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/submissions/{id}/edit?done=draft-saved")).into_response()),
        Err(problem) => refused(&app, &visit, &me, id, &sent, &problem).await,
    }
}

/// With script the page saved itself already, so that a form made from an older version may hold nothing new: then there is
/// nothing to lose and nothing to refuse.
async fn keep(app: &App, me: &Actor, id: SubmissionId, sent: &Sent) -> Result<(), Problem> {
    let seen = Versions::read(sent.get("_version")).ok_or_else(Problem::moved_meanwhile)?;
    let found = dossier(app, me, id).await?;
    let link = current_link(app, &found.lesson).await?;
    let same_link = sent.0.iter().all(|(name, value)| name != LINK || value.trim() == link);
    if Versions::of(&found) != seen && same_link && says_nothing_new(sent, &found)? {
        return Ok(());
    }
    let mut draft = draft(sent, seen)?;
    if let Some((_, fields)) = draft.lesson.as_mut().filter(|_| !same_link) {
        fields.lecturer_id = linked(app, me, sent).await?;
    }
    actions::autosave(app, me, id, seen.submission, draft).await.map(drop)
}

/// The field that chooses the person who speaks.
const LINK: &str = "lecturer_link";

/// The person that the form names, empty for nobody; none when it has no such field.
async fn linked(app: &App, me: &Actor, sent: &Sent) -> Result<Option<String>, Problem> {
    let Some((_, text)) = sent.0.iter().find(|(name, _)| name == LINK) else { return Ok(None) };
    if text.trim().is_empty() {
        return Ok(Some(String::new()));
    }
    Ok(Some(picks::resolve(app, me, LINK, text).await?.to_string()))
}

/// The person of a lesson as the field shows it; empty for nobody.
pub(super) async fn current_link(app: &App, lesson: &crate::lessons::Lesson) -> Result<String, Problem> {
    let Some(id) = lesson.lecturer_id else { return Ok(String::new()) };
    let person = Lecturers(&mut app.db.read().await?).root(id).await?;
    Ok(person.map(|person| picks::label(&app.tree.load(), &person)).unwrap_or_default())
}

fn says_nothing_new(sent: &Sent, found: &crate::submissions::Dossier) -> Result<bool, Problem> {
    let (lesson, fields) = (&found.lesson, fields(sent)?);
    let same = |typed: &Option<String>, kept: &str| typed.as_deref().is_none_or(|t| t.trim().replace("\r\n", "\n") == kept);
    let texts = [
        (&fields.title, &lesson.title),
        (&fields.lecturer, &lesson.lecturer),
        (&fields.lecturer_kind, &lesson.lecturer_kind),
        (&fields.topic, &lesson.topic),
        (&fields.form, &lesson.form),
        (&fields.held_on, &lesson.held_on),
        (&fields.abstract_, &lesson.abstract_),
        (&fields.script, &lesson.script),
    ];
    let mut ticked: Vec<_> = sent.all("consents").collect();
    let mut given: Vec<_> = found.case.submission.consents.iter().map(|c| c.code.as_str()).collect();
    ticked.sort_unstable();
    given.sort_unstable();
    Ok(texts.iter().all(|(typed, kept)| same(typed, kept))
        && fields.audience.is_none_or(|a| a == lesson.audience)
        && fields.chapters.is_none_or(|c| c == lesson.chapters)
        && ticked == given)
}

async fn refused(app: &App, visit: &Visit, me: &Actor, id: SubmissionId, sent: &Sent, problem: &Problem) -> Result<Response, Problem> {
    let found = dossier(app, me, id).await?;
    let mut lesson = found.lesson.clone();
    let text = |name: &str| sent.get(name).to_owned();
    lesson.lecturer_kind = text("lecturer_kind");
    lesson.topic = text("topic");
    lesson.form = text("form");
    let typed = DraftFields {
        title: text("title"),
        lecturer: text("lecturer"),
        lecturer_link: text(LINK),
        held_on: text("held_on"),
        audience: text("audience"),
        abstract_: text("abstract"),
        script: text("script"),
        chapters: text("chapters"),
        ..DraftFields::of(&visit.texts, &lesson)
    };
    let mut response = editor::page(app, visit, me, id, Said::refused(&visit.texts, problem), Some(typed)).await?;
    *response.status_mut() = problem.status;
    Ok(response)
}

fn draft(sent: &Sent, seen: Versions) -> Result<Draft, Problem> {
    let consents = sent.all("consents").map(str::to_owned).collect();
    Ok(Draft { lesson: Some((seen.lesson, fields(sent)?)), consents: Some(consents), category: None })
}

fn fields(sent: &Sent) -> Result<LessonFields, Problem> {
    let text = |name: &str| sent.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let audience = match text("audience").as_deref().map(str::trim) {
        None => None,
        Some("") => Some(None),
        Some(number) => Some(Some(number.parse().map_err(|_| Problem::field("audience", "number", number, ""))?)),
    };
    Ok(LessonFields {
        title: text("title"),
        lecturer: text("lecturer"),
        lecturer_id: None,
        lecturer_kind: text("lecturer_kind"),
        topic: text("topic"),
        form: text("form"),
        held_on: text("held_on"),
        audience,
        abstract_: text("abstract"),
        script: text("script"),
        chapters: text("chapters").map(|lines| chapters(&lines)).transpose()?,
    })
}

/// One chapter a line: `1:02:30 title`.
fn chapters(text: &str) -> Result<Vec<Chapter>, Problem> {
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    let read = |(n, line): (usize, &str)| chapter(line).ok_or_else(|| FieldError::new("chapters", "chapter-line", line, n + 1));
    let (good, bad): (Vec<_>, Vec<_>) = lines.map(read).partition(Result::is_ok);
    let faults: Vec<_> = bad.into_iter().filter_map(Result::err).collect();
    if faults.is_empty() { Ok(good.into_iter().filter_map(Result::ok).collect()) } else { Err(Problem::invalid(faults)) }
}

fn chapter(line: &str) -> Option<Chapter> {
    let (at, title) = line.split_once(char::is_whitespace)?;
    let parts = at.replace('：', ":").split(':').map(|p| p.parse::<u32>().ok()).collect::<Option<Vec<_>>>()?;
    let seconds = match parts.as_slice() {
        [m, s] if *s < 60 => i64::from(*m) * 60 + i64::from(*s),
        [h, m, s] if *m < 60 && *s < 60 => (i64::from(*h) * 60 + i64::from(*m)) * 60 + i64::from(*s),
        _ => return None,
    };
    let title = title.trim();
    (!title.is_empty()).then(|| Chapter { at_ms: seconds * 1000, title: title.to_owned() })
}

/// Which version of what a slot takes; without a word, as it was filmed.
#[derive(Debug, Deserialize)]
pub struct Asked {
    variant: Option<Variant>,
}

/// `GET /submissions/{id}/files/{slot}?variant=…`: what became of the files of a version.
pub async fn uploads(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path((id, slot)): Path<(SubmissionId, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let found = dossier(&app, &me, id).await?;
    let mut reading = Reading::open(&app, &visit.texts).await?;
    let rule = found.case.category()?.rules.slots.iter().find(|s| s.slot == slot).cloned().ok_or_else(Problem::not_found)?;
    let (files, variant) = (examined(&mut reading, &found, &rule).await?, asked.variant.unwrap_or(Variant::Field));
    let shown = draft_recording(&found.materials);
    let VersionView { uploads, .. } = VersionView::new(&visit.texts, id, &slot, variant, &files, shown);
    html(&UploadsFragment { p: visit.page(&app, ""), uploads })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_are_read_line_by_line() {
        let read = |text: &str| chapters(text).map(|all| all.into_iter().map(|c| (c.at_ms, c.title)).collect::<Vec<_>>());
        assert_eq!(
            read("0:00 开场\n\n12：30  Second \r\n1:02:05 end").ok(),
            Some(vec![(0, "开场".into()), (750_000, "Second".into()), (3_725_000, "end".into()),])
        );
        for bad in ["later", "1:75 x", "0:00", "x:00 y", "1:2:3:4 z"] {
            let fault = read(bad).expect_err(bad);
            assert_eq!((fault.fields[0].rule, fault.fields[0].found.as_str(), fault.fields[0].wanted.as_str()), ("chapter-line", bad, "1"));
        }
    }
}
