//! The programme: seven days of broadcasts, as a page and for calendars.

use crate::broadcasts::programme::{Asked, DAYS, Entry, Programme, announced, one, week};
use crate::broadcasts::rules::Standing;
use crate::broadcasts::{Broadcast, BroadcastId, calendar};
use crate::calendars;
use crate::i18n::{Language, Texts};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Page, Visit, html, percent_encode};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kernel::Timestamp;

#[derive(Template)]
#[template(path = "watching/views/programme.html")]
struct ProgrammePage {
    p: Page,
    zone: String,
    from: String,
    span: String,
    earlier: String,
    later: String,
    today: String,
    subscribe: String,
    chosen: String,
    organisations: Vec<(String, String)>,
    is_empty: bool,
    days: Vec<DayView>,
}

/// A column of the programme.
#[derive(Debug, Clone)]
pub struct DayView {
    iso: String,
    weekday: String,
    date: String,
    is_today: bool,
    items: Vec<ItemView>,
}

/// A broadcast in its column.
#[derive(Debug, Clone)]
pub struct ItemView {
    id: String,
    iso: String,
    times: String,
    standing: &'static str,
    badge: String,
    /// Until when it counts down, when it is the next.
    countdown: Option<[i64; 4]>,
    title: String,
    lecturer: String,
    organisation: String,
}

/// `GET /programme`
pub async fn programme(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let found = week(&app, visit.actor.is_some(), &asked.from, asked.within()).await?;
    html(&view(&app, &visit, &asked, found))
}

fn view(app: &App, visit: &Visit, asked: &Asked, found: Programme) -> ProgrammePage {
    let (words, now) = (&visit.texts, app.clock.now());
    let here = jiff::ZonedDateTime::new(now.to_jiff(), app.zone.clone());
    let first = found.days.first().map_or(here.date(), |d| d.0);
    let away = |days: i64| first.saturating_add(jiff::Span::new().days(days));
    let chosen = asked.within().map(|o| o.to_string()).unwrap_or_default();
    let mut organisations: Vec<_> = found.organisations.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    // What was chosen stays in the list on days on which it holds nothing, and when it is a superior of those who do.
    if let Some(within) = asked.within().filter(|_| organisations.iter().all(|(id, _)| *id != chosen)) {
        organisations.insert(0, (chosen.clone(), app.tree.load().name(within)));
    }
    let address = |from: String| address("/programme", &[("from", &from), ("organisation", &chosen)]);
    ProgrammePage {
        p: visit.page(app, words.s("nav-programme")),
        zone: words.with("programme-zone", "zone", zone_words(&here)),
        span: format!("{} – {}", date_words(words, first, true), date_words(words, away(DAYS as i64 - 1), false)),
        earlier: address(away(-(DAYS as i64)).to_string()),
        later: address(away(DAYS as i64).to_string()),
        today: if first == here.date() { String::new() } else { address(String::new()) },
        subscribe: self::address("/programme.ics", &[("organisation", &chosen)]),
        from: if first == here.date() { String::new() } else { first.to_string() },
        chosen,
        organisations,
        is_empty: found.days.iter().all(|d| d.1.is_empty()),
        days: found.days.into_iter().map(|d| day(app, words, here.date(), d)).collect(),
    }
}

fn day(app: &App, words: &Texts, today: Date, (date, entries): (Date, Vec<Entry>)) -> DayView {
    DayView {
        iso: date.to_string(),
        weekday: words.s(&format!("weekday-{}", date.weekday().to_monday_one_offset())),
        date: date_words(words, date, false),
        is_today: date == today,
        items: entries.into_iter().map(|e| item(app, words, e)).collect(),
    }
}

fn item(app: &App, words: &Texts, entry: Entry) -> ItemView {
    let b = entry.broadcast;
    let clock = |at: Timestamp| jiff::ZonedDateTime::new(at.to_jiff(), app.zone.clone()).strftime("%H:%M").to_string();
    let left = (b.starts_at - app.clock.now()).max(0) / 1000;
    ItemView {
        id: b.id.to_string(),
        iso: b.starts_at.to_string(),
        times: format!("{}–{}", clock(b.starts_at), clock(b.ends_at)),
        standing: entry.standing.code(),
        badge: match entry.standing {
            Standing::Later => String::new(),
            standing => words.s(&format!("standing-{}", standing.code())),
        },
        countdown: (entry.standing == Standing::Next).then_some([left / 86_400, left / 3600 % 24, left / 60 % 60, left % 60]),
        title: b.title,
        lecturer: b.lecturer,
        organisation: entry.organisation,
    }
}

/// 11月28日, 28 Nov; with the year when it is asked for.
fn date_words(words: &Texts, date: Date, year: bool) -> String {
    let format = match (words.language, year) {
        (Language::Chinese, true) => "%Y年%-m月%-d日",
        (Language::Chinese, false) => "%-m月%-d日",
        (Language::English, true) => "%-d %b %Y",
        (Language::English, false) => "%-d %b",
    };
    date.strftime(format).to_string()
}

/// `Asia/Shanghai (UTC+08:00)`.
fn zone_words(here: &jiff::ZonedDateTime) -> String {
    here.strftime("%Q (UTC%:z)").to_string()
}

fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let query: Vec<_> = pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", percent_encode(v))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// `GET /programme.ics`: to be subscribed to.
pub async fn subscribe(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let found = announced(&app, asked.within()).await?;
    Ok(ics(&app, &visit, &visit.texts.s("programme-calendar"), &found, "programme.ics"))
}

/// `GET /live/{id}/event.ics`: one broadcast, with an alarm ten minutes before.
pub async fn event(State(app): State<App>, visit: Visit, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let found = one(&app, visit.actor.is_some(), id).await?;
    let name = found.title.clone();
    Ok(ics(&app, &visit, &name, &[found], "event.ics"))
}

fn ics(app: &App, visit: &Visit, name: &str, broadcasts: &[Broadcast], file: &str) -> Response {
    let tree = app.tree.load();
    let alarm = |b: &Broadcast| visit.texts.with("programme-alarm", "title", b.title.as_str());
    let events = broadcasts.iter().map(|b| calendar::event(b, tree.name(b.organisation), alarm(b)));
    let url = app.public_url();
    let text = calendars::calendar(&calendars::Frame { name, public_url: &url, now: app.clock.now() }, events);
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"{file}\"")),
        (CACHE_CONTROL, "private, max-age=60".to_owned()),
    ];
    (headers, text).into_response()
}
