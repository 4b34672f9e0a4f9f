//! A month of bookings, and the calendars that phones subscribe to.

use crate::lecturers::actions::feeds::{self, Subject};
use crate::lecturers::actions::{booking, feeds::path};
use crate::lecturers::reading::{Sight, seen};
use crate::lecturers::views::{BookingLine, CalendarPage, DayCell};
use crate::lecturers::{BookingRow, Lecturer, LecturerId, Lecturers};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Done, SignedIn, Visit, html};
use axum::extract::{Form, Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kernel::{Actor, Role, Timestamp};
use serde::Deserialize;

/// Calendars that a page offers.
const FEEDS: usize = 10;

/// Which month, and whose.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// `2026-11`; the present one when it is empty, or no month.
    #[serde(default)]
    month: String,
    /// Id of a lecturer.
    #[serde(default)]
    lecturer: String,
}

/// `GET /desk/bookings/calendar`
pub async fn calendar(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let today = jiff::ZonedDateTime::new(app.clock.now().to_jiff(), app.zone.clone()).date();
    let first = format!("{}-01", asked.month).parse().unwrap_or(today).first_of_month();
    let person = match asked.lecturer.parse::<LecturerId>() {
        Ok(id) => Some(seen(&app, &mut app.db.read().await?, &me, id).await?),
        Err(_) => None,
    };
    let next = first.saturating_add(jiff::Span::new().months(1));
    let within = (midnight(&app, first)?, midnight(&app, next)?);
    let rows = booking::between(&app, &me, person.as_ref().map(|(l, _)| l.id), within).await?;
    let address = |month: Date| {
        let lecturer = if asked.lecturer.is_empty() { String::new() } else { format!("&lecturer={}", asked.lecturer) };
        format!("/desk/bookings/calendar?month={}{lecturer}", month.strftime("%Y-%m"))
    };
    let format = if visit.texts.language == crate::i18n::Language::Chinese { "%Y年%-m月" } else { "%B %Y" };
    html(&CalendarPage {
        p: visit.page(&app, visit.texts.s("bookings-calendar")),
        notice: done.notice(&visit.texts),
        month: first.strftime(format).to_string(),
        earlier: address(first.saturating_sub(jiff::Span::new().months(1))),
        later: address(next),
        weekdays: (1..=7).map(|n| visit.texts.s(&format!("weekday-{n}"))).collect(),
        weeks: weeks(&app, &visit, first, today, &rows),
        feeds: feeds_of(&app, &me, person.as_ref(), &visit.origin).await?,
        person: person.map(|(l, _)| (l.name.clone(), format!("/desk/lecturers/{}", l.id))),
    })
}

fn midnight(app: &App, day: Date) -> Result<Timestamp, Problem> {
    let zoned = day.to_zoned_datetime(app.zone.clone()).map_err(Problem::internal)?;
    Ok(Timestamp(zoned.timestamp().as_millisecond()))
}

/// The weeks of the month, Monday first; a booking stands on every day that it touches.
fn weeks(app: &App, visit: &Visit, first: Date, today: Date, rows: &[BookingRow]) -> Vec<Vec<DayCell>> {
    let (texts, tree) = (&visit.texts, app.tree.load_full());
    let before = i64::from(first.weekday().to_monday_zero_offset());
    let days = i64::from(first.days_in_month());
    let zoned = |at: Timestamp| jiff::ZonedDateTime::new(at.to_jiff(), app.zone.clone());
    let cell = |n: i64| {
        let day = first.saturating_add(jiff::Span::new().days(n - before));
        let inside = (0..days).contains(&(n - before));
        let on = |row: &&BookingRow| zoned(row.booking.starts_at).date() <= day && day <= zoned(row.booking.ends_at.plus_ms(-1)).date();
        let line = |row: &BookingRow| (zoned(row.booking.starts_at).strftime("%H:%M").to_string(), BookingLine::of(texts, &tree, row));
        DayCell {
            number: if inside { day.day().to_string() } else { String::new() },
            iso: day.to_string(),
            words: format!("{} {}", texts.civil(day), texts.s(&format!("weekday-{}", day.weekday().to_monday_one_offset()))),
            today: day == today,
            lines: if inside { rows.iter().filter(on).map(line).collect() } else { Vec::new() },
        }
    };
    let cells = (before + days + 6) / 7 * 7;
    (0..cells).map(cell).collect::<Vec<_>>().chunks(7).map(<[DayCell]>::to_vec).collect()
}

/// Calendars that `me` may subscribe to: of the person shown, or else of oneself and one's organisations.
async fn feeds_of(
    app: &App,
    me: &Actor,
    person: Option<&(Lecturer, Sight)>,
    origin: &str,
) -> Result<Vec<(String, String, String)>, Problem> {
    let (tree, mut tx, mut found) = (app.tree.load_full(), app.db.read().await?, Vec::new());
    let mut subjects = Vec::new();
    if let Some((of, _)) = person {
        subjects.push((of.id.to_string(), of.name.clone()));
    } else {
        let mine = Lecturers(&mut tx).of_account(me.account).await?;
        subjects.extend(Lecturers(&mut tx).several(&mine).await?.into_iter().map(|l| (l.id.to_string(), l.name)));
        subjects.extend(me.holds(Role::Clerk).map(|o| (o.to_string(), tree.name(o))));
    }
    for (id, name) in subjects.into_iter().take(FEEDS) {
        let Some(subject) = Subject::read(&id) else { continue };
        // Whoever may not know an address is offered none.
        if let Ok(path) = path(app, &mut tx, me, subject).await {
            found.push((id, name, path.map(|path| format!("{origin}{path}")).unwrap_or_default()));
        }
    }
    Ok(found)
}

/// Whose calendar.
#[derive(Debug, Deserialize)]
pub struct SubjectForm {
    subject: String,
}

/// `POST /desk/bookings/calendars`: makes an address, or another one.
pub async fn renew(State(app): State<App>, me: SignedIn, Form(form): Form<SubjectForm>) -> Result<Redirect, Problem> {
    let subject = Subject::read(&form.subject).ok_or_else(Problem::not_found)?;
    feeds::renew(&app, &me, subject).await?;
    let lecturer = if let Subject::Lecturer(id) = subject { format!("&lecturer={id}") } else { String::new() };
    Ok(Redirect::to(&format!("/desk/bookings/calendar?done=calendar-renewed{lecturer}")))
}

/// `GET /calendars/{subject}/{file}`: for calendars, which cannot say who they are; whoever knows the address may read it.
pub async fn feed(State(app): State<App>, visit: Visit, Path((subject, file)): Path<(String, String)>) -> Result<Response, Problem> {
    let secret = file.strip_suffix(".ics").ok_or_else(Problem::not_found)?;
    let text = feeds::calendar(&app, &visit.texts, &subject, secret).await?;
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (CONTENT_DISPOSITION, "inline; filename=\"bookings.ics\""),
        (CACHE_CONTROL, "private, max-age=60"),
    ];
    Ok((headers, text).into_response())
}
