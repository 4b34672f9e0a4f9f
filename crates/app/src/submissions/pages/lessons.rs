//! The lessons of my organisations, public or not.

use super::filters::{self, Narrowed};
use super::list::nearby;
use super::reading::Reading;
use crate::lessons::{self, Lesson, LessonFilter, Lessons, Publicity};
use crate::organisations::{Action, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::views::lists::{FilterField, ListPage};
use crate::submissions::views::{Choice, Empty, Said, WorkItem, words};
use crate::submissions::{Submission, Submissions};
use crate::web::{Cursor, PAGE_SIZE, SignedIn, Slice, Visit, html, percent_encode};
use axum::extract::{Query, State as Shared};
use axum::response::Response;

/// `GET /desk/lessons`
pub async fn lessons(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Query(filter): Query<LessonFilter>,
    Query(cursor): Query<Cursor>,
) -> Result<Response, Problem> {
    let mut reading = Reading::open(&app, &visit.texts).await?;
    if !may_anywhere(&reading.tree, &me, Action::SeeUnpublished) {
        return Err(Problem::forbidden());
    }
    let found = lessons::actions::list(&app, &me, &filter, cursor.descending(), PAGE_SIZE + 1).await?;
    let slice = Slice::cut(found, |lesson| Cursor::after(lesson.created_at.0, lesson.id));
    let organisations = nearby(&reading.tree, &me);
    let narrowed = Narrowed { organisation: filter.organisation.clone(), ..Narrowed::default() };
    let mut fields = vec![publicity_field(&reading, &filter)];
    fields.extend(filters::organisation_field(&reading, &organisations, &narrowed));
    let filtered = [&filter.organisation, &filter.publicity, &filter.q].into_iter().any(|part| !part.is_empty());
    let may_register = may_anywhere(&reading.tree, &me, Action::EditLesson);
    html(&ListPage {
        p: visit.page(&app, visit.texts.s("nav-lessons")),
        said: Said::default(),
        action: "/desk/lessons",
        may_register,
        words: Some(filter.q.clone()),
        filters: fields,
        filtered,
        rank_href: String::new(),
        items: items(&mut reading, &slice.items).await?,
        empty: nothing(&visit, filtered, may_register),
        first: if cursor.after.is_empty() { String::new() } else { address(&filter, "") },
        next: slice.next.map(|after| address(&filter, &after)).unwrap_or_default(),
    })
}

fn address(filter: &LessonFilter, after: &str) -> String {
    let parts = [("organisation", filter.organisation.as_str()), ("publicity", &filter.publicity), ("q", &filter.q), ("after", after)];
    let set = parts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={}", percent_encode(value)));
    format!("/desk/lessons?{}", set.collect::<Vec<_>>().join("&"))
}

fn publicity_field(reading: &Reading<'_>, filter: &LessonFilter) -> FilterField {
    let texts = reading.texts;
    let option = |one: &Publicity| Choice::new(one.code(), texts.s(&format!("publicity-{}", one.code())), &filter.publicity);
    FilterField { name: "publicity", label: texts.s("field-publicity"), options: Publicity::ALL.iter().map(option).collect() }
}

async fn items(reading: &mut Reading<'_>, lessons: &[Lesson]) -> Result<Vec<WorkItem>, Problem> {
    let ids: Vec<_> = lessons.iter().map(|lesson| lesson.id).collect();
    let publicity = Lessons(&mut reading.tx).publicity_of(&ids).await?;
    let submissions = Submissions(&mut reading.tx).newest_of(&ids).await?;
    let item = |lesson: &Lesson| {
        let public = publicity.get(&lesson.id).copied().unwrap_or(Publicity::Never);
        item(reading, lesson, public, submissions.get(&lesson.id))
    };
    Ok(lessons.iter().map(item).collect())
}

/// One line: whose it is, since when, how far it came.
fn item(reading: &Reading<'_>, lesson: &Lesson, public: Publicity, submission: Option<&Submission>) -> WorkItem {
    let texts = reading.texts;
    let library = (public == Publicity::Public).then(|| format!("/lessons/{}", lesson.id));
    let journey = submission.map(|s| format!("/submissions/{}", s.id));
    let mut facts = vec![lesson.lecturer.clone(), reading.tree.name(lesson.organisation)];
    facts.push(texts.with("line-registered", "at", texts.date(lesson.created_at)));
    facts.extend(submission.map(|s| texts.with("line-submission", "state", words::state(texts, s.state))));
    facts.retain(|fact| !fact.is_empty());
    let state = match public {
        Publicity::Never => "draft",
        Publicity::Public => "published",
        Publicity::TakenBack => "withdrawn",
    };
    let action = if library.is_some() { "act-watch" } else { "act-open" };
    let action_href = library.clone().or(journey.clone()).unwrap_or_default();
    WorkItem {
        title: lesson.title.clone(),
        href: journey.or(library).unwrap_or_default(),
        state,
        badge: texts.s(&format!("publicity-{}", public.code())),
        facts,
        action: if action_href.is_empty() { String::new() } else { texts.s(action) },
        action_href,
        ..WorkItem::default()
    }
}

fn nothing(visit: &Visit, filtered: bool, may_register: bool) -> Empty {
    let texts = &visit.texts;
    let (title, text) = if filtered { ("list-none-fit", "list-none-fit-text") } else { ("lessons-empty", "lessons-empty-text") };
    let (href, action) = if may_register { ("/submissions/new".to_owned(), texts.s("desk-register")) } else { Default::default() };
    Empty { icon: "film", title: texts.s(title), text: texts.s(text), href, action }
}
