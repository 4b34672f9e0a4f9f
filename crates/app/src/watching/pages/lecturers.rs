//! The people behind the lessons: their public pages, and the lectures on their pages of the desk.

use super::catalogue::{Card, cards_with};
use super::code_words;
use crate::held_sessions::{HeldSession, actions::sees};
use crate::i18n::Texts;
use crate::lecturers::rules::{LECTURER_KINDS, TOPICS};
use crate::lecturers::{self, Filter, Lecturer, LecturerId, Lecturers};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use crate::watching::lectures::{Given, Lecture, Readers, given};
use crate::web::{Done, PAGE_SIZE, Page, SignedIn, Slice, Visit, html, percent_encode};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::Actor;
use serde::Deserialize;

/// Lessons on the page of a person.
const CARDS: usize = 24;
/// Lectures on a page of the desk.
const LINES: usize = 20;

/// A person in the list.
#[derive(Debug, Clone)]
pub struct PersonCard {
    href: String,
    name: String,
    initial: String,
    photo: String,
    kind: String,
    topics: String,
    organisation: String,
}

/// A way to narrow the list, as a link.
#[derive(Debug, Clone)]
pub struct Narrow {
    href: String,
    label: String,
    count: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "watching/views/lecturers.html")]
struct LecturersPage {
    p: Page,
    q: String,
    hidden: Vec<(&'static str, String)>,
    found: String,
    kinds: Vec<Narrow>,
    topics: Vec<Narrow>,
    filtered: bool,
    people: Vec<PersonCard>,
    next: String,
}

#[derive(Template)]
#[template(path = "watching/views/lecturer.html")]
struct LecturerPage {
    p: Page,
    person: PersonCard,
    occupation: String,
    about: Vec<String>,
    term: String,
    numbers: Vec<(String, String)>,
    definitions: Vec<(String, String)>,
    organisation_href: String,
    cards: Vec<Card>,
    held: Vec<LectureLine>,
    held_more: String,
}

#[derive(Template)]
#[template(path = "watching/views/lectures.html")]
struct LecturesPart {
    p: Page,
    lines: Vec<LectureLine>,
    numbers: Vec<(String, String)>,
    more: String,
    held: Vec<LectureLine>,
    held_more: String,
}

/// A lecture on a page of the desk.
#[derive(Debug, Clone)]
pub struct LectureLine {
    href: String,
    title: String,
    facts: Vec<String>,
    public: bool,
}

fn card(app: &App, words: &Texts, of: &Lecturer) -> PersonCard {
    let topics: Vec<_> = of.topics.iter().map(|code| code_words(words, "topic", code)).collect();
    PersonCard {
        href: format!("/lecturers/{}", of.id),
        name: of.name.clone(),
        initial: of.name.chars().next().map(String::from).unwrap_or_default(),
        photo: of.photo.map(|photo| format!("/lecturers/{}/photo/{photo}", of.id)).unwrap_or_default(),
        kind: code_words(words, "lecturer-kind", &of.kind),
        topics: topics.join(words.s("list-comma").as_str()),
        organisation: app.tree.load().name(of.organisation),
    }
}

/// What the list is narrowed to and where the page begins.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn address(&self, change: Option<(&str, &str)>, after: &str) -> String {
        let value = |name: &str, own: &str| change.filter(|(c, _)| *c == name).map_or_else(|| own.to_owned(), |(_, to)| to.to_owned());
        let pairs =
            [("q", self.q.clone()), ("kind", value("kind", &self.kind)), ("topic", value("topic", &self.topic)), ("after", after.into())];
        let set = pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", percent_encode(v)));
        let query = set.collect::<Vec<_>>().join("&");
        if query.is_empty() { "/lecturers".to_owned() } else { format!("/lecturers?{query}") }
    }
}

/// `GET /lecturers`: whoever agreed to a public page and still lectures.
pub async fn list(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let words = &visit.texts;
    let known = |code: &str, codes: &[&str]| if codes.contains(&code) { code.to_owned() } else { String::new() };
    let filter =
        Filter { q: asked.q.clone(), kind: known(&asked.kind, &LECTURER_KINDS), topic: known(&asked.topic, &TOPICS), ..Filter::default() };
    let mut tx = app.db.read().await?;
    let (found, total, kinds) = lecturers::public_list(&mut tx, &filter, &asked.after, PAGE_SIZE + 1).await?;
    let slice = Slice::cut(found, lecturers::position_after);
    let choice = |name: &str, code: &str, label: String, count: String, now: &str| Narrow {
        href: asked.address(Some((name, if now == code { "" } else { code })), ""),
        label,
        count,
        chosen: now == code,
    };
    let kind = |(code, n): &(String, i64)| choice("kind", code, code_words(words, "lecturer-kind", code), words.number(*n), &asked.kind);
    html(&LecturersPage {
        p: visit.page(&app, words.s("nav-lecturers-public")),
        found: words.with("lecturers-found", "n", total),
        kinds: kinds.iter().map(kind).collect(),
        topics: TOPICS.iter().map(|code| choice("topic", code, code_words(words, "topic", code), String::new(), &asked.topic)).collect(),
        hidden: [("kind", filter.kind.clone()), ("topic", filter.topic.clone())].into_iter().filter(|(_, v)| !v.is_empty()).collect(),
        filtered: filter.is_set(),
        people: slice.items.iter().map(|l| card(&app, words, l)).collect(),
        next: slice.next.map(|after| asked.address(None, &after)).unwrap_or_default(),
        q: asked.q,
    })
}

/// `GET /lecturers/{id}`: only while consent is recorded.
pub async fn person(State(app): State<App>, visit: Visit, Path(id): Path<LecturerId>) -> Result<Response, Problem> {
    let (words, mut tx) = (&visit.texts, app.db.read().await?);
    let found = lecturers::public(&mut tx, id).await?;
    let given = given(&mut tx, found.id, app.clock.now(), Readers::Everybody).await?;
    let shown = &given.public[..given.public.len().min(CARDS)];
    let held = &given.held[..given.held.len().min(LINES)];
    html(&LecturerPage {
        p: visit.page(&app, found.name.clone()),
        person: card(&app, words, &found),
        occupation: found.occupation.clone(),
        about: found.about.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
        term: lecturers::term_words(words, &found),
        numbers: numbers(words, &given),
        definitions: NUMBERS.iter().map(|name| (words.s(name), words.s(&format!("{name}-what")))).collect(),
        held: held.iter().map(|held| LectureLine { href: String::new(), ..LectureLine::held(&app, words, held) }).collect(),
        held_more: more(words, given.held_numbers.sessions, held.len()),
        organisation_href: format!("/places/{}", found.organisation),
        cards: cards_with(&app, words, &mut tx, shown, &given.counts).await?,
    })
}

/// Numbers of a person, in the order in which pages show them.
const NUMBERS: [&str; 6] = [
    "lecturer-number-held",
    "lecturer-number-people",
    "lecturer-number-library",
    "lecturer-number-given",
    "lecturer-number-views",
    "lecturer-number-hours",
];

fn numbers(words: &Texts, given: &Given) -> Vec<(String, String)> {
    let total = given.total();
    let hours = format!("{:.1}", total.watch_s as f64 / 3600.0);
    let numbers = [
        words.number(given.held_numbers.sessions),
        words.number(given.held_numbers.people),
        words.number(given.public.len() as i64),
        words.number(given.lectures.len() as i64 + given.invited),
        words.number(total.views),
        hours,
    ];
    NUMBERS.iter().map(|name| words.s(name)).zip(numbers).collect()
}

/// How many more there are than are shown; empty for none.
fn more(words: &Texts, all: i64, shown: usize) -> String {
    let rest = all - shown as i64;
    if rest > 0 { words.with("lectures-more", "n", rest) } else { String::new() }
}

impl LectureLine {
    fn lesson(app: &App, words: &Texts, l: &Lecture) -> Self {
        let day = if l.held_on.is_empty() { words.date(l.registered_at) } else { l.held_on.clone() };
        Self {
            href: if l.public { format!("/lessons/{}", l.lesson) } else { String::new() },
            title: l.title.clone(),
            facts: vec![day, app.tree.load().name(l.organisation)],
            public: l.public,
        }
    }

    fn held(app: &App, words: &Texts, held: &HeldSession) -> Self {
        let day = held.day.date().map(|date| date.to_string()).unwrap_or_default();
        let people = words.with("lecture-people", "n", held.told.people);
        Self {
            href: format!("/held-sessions/{}", held.id),
            title: held.told.title.clone(),
            facts: vec![day, app.tree.load().name(held.organisation), people],
            public: false,
        }
    }
}

/// `GET /desk/lecturers/{id}`: the page of the desk, with the lectures that its reader may see.
pub async fn desk(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let lectures = lectures(&app, &visit, &me, id).await?;
    lecturers::pages::show(&app, &visit, &me, id, lectures, done.notice(&visit.texts)).await
}

async fn lectures(app: &App, visit: &Visit, me: &Actor, id: LecturerId) -> Result<String, Problem> {
    let (words, tree) = (&visit.texts, app.tree.load_full());
    let mut tx = app.db.read().await?;
    let root = Lecturers(&mut tx).root(id).await?.ok_or_else(Problem::not_found)?;
    let given = given(&mut tx, root.id, app.clock.now(), Readers::Desk).await?;
    let mine = |l: &&Lecture| l.public || may(&tree, me, Action::SeeUnpublished, l.organisation);
    let seen: Vec<_> = given.lectures.iter().filter(mine).collect();
    let held: Vec<_> = given.held.iter().filter(|held| sees(app, me, held.organisation)).collect();
    let part = LecturesPart {
        p: visit.page(app, ""),
        lines: seen.iter().take(LINES).map(|l| LectureLine::lesson(app, words, l)).collect(),
        more: more(words, seen.len() as i64, LINES),
        held: held.iter().take(LINES).map(|held| LectureLine::held(app, words, held)).collect(),
        held_more: more(words, held.len() as i64, LINES),
        numbers: numbers(words, &given),
    };
    part.render().map_err(Problem::internal)
}
