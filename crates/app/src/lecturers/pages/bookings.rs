//! Asking for a lecturer, and the lists of bookings.

use super::{local, mendable, moment};
use crate::lecturers::actions::booking::{self, Side};
use crate::lecturers::reading::{reach, seen};
use crate::lecturers::rules::State as BookingState;
use crate::lecturers::views::{BookingLine, BookingsPage, Choice, Line, RequestPage};
use crate::lecturers::{Bookings, LecturerId, Request, Which};
use crate::organisations::{Action, OrganisationId};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, Form, PAGE_SIZE, SignedIn, Slice, Visit, html, in_words};
use axum::extract::{Form as Sent, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, Role, Timestamp};
use serde::Deserialize;

/// Organisations of a choice.
const LISTED: usize = 100;
/// Days ahead for which the form tells when the lecturer is expected elsewhere.
const BUSY_DAYS: i64 = 60;
/// A working hour of the morning.
const MORNING_MS: i64 = 3_600_000;

/// Which bookings, and where the page begins.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    side: Side,
}

/// `GET /desk/bookings`
pub async fn bookings(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(cursor): Query<Cursor>,
) -> Result<Response, Problem> {
    let (texts, tree) = (&visit.texts, app.tree.load_full());
    let found = booking::list(&app, &me, asked.side, cursor.descending(), PAGE_SIZE + 1).await?;
    let slice = Slice::cut(found, |row| Cursor::after(row.booking.starts_at.0, row.booking.id));
    let side = asked.side.code();
    html(&BookingsPage {
        p: visit.page(&app, texts.s("nav-bookings")),
        sides: Side::ALL.iter().map(|one| Choice::new(one.code(), texts.coded("bookings", one.code()), side)).collect(),
        empty: format!("bookings-none-{side}"),
        lines: slice.items.iter().map(|row| BookingLine::of(texts, &tree, row)).collect(),
        next: slice.next.map(|after| format!("/desk/bookings?side={side}&after={after}")).unwrap_or_default(),
    })
}

/// `GET /desk/lecturers/{id}/book`
pub async fn request_form(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<LecturerId>) -> Result<Response, Problem> {
    let mut form = Form::default();
    let hour = Timestamp((app.clock.now().plus_days(7).0 / MORNING_MS + 1) * MORNING_MS);
    form.set("starts_at", local(&app, hour));
    form.set("ends_at", local(&app, hour.plus_ms(MORNING_MS)));
    form.set("organisation", me.holds(Role::Clerk).next().map(|o| o.to_string()).unwrap_or_default());
    html(&page(&app, &visit, &me, id, form).await?)
}

async fn page(app: &App, visit: &Visit, me: &Actor, id: LecturerId, f: Form) -> Result<RequestPage, Problem> {
    let (texts, tree) = (&visit.texts, app.tree.load_full());
    let mut tx = app.db.read().await?;
    let (found, _) = seen(app, &mut tx, me, id).await?;
    let organisations = organisations(app, me);
    if organisations.is_empty() {
        return Err(Problem::forbidden());
    }
    let now = app.clock.now();
    let which = Which {
        person: Some(found.id),
        states: &[BookingState::Accepted],
        within: Some((now, now.plus_days(BUSY_DAYS))),
        ..Which::default()
    };
    // When somebody is expected elsewhere is for everybody who books; where and why is not.
    let busy = Bookings(&mut tx).coming(&which, 20).await?;
    Ok(RequestPage {
        p: visit.page(app, texts.s("booking-new")),
        error: String::new(),
        line: Line::of(texts, &tree, &found),
        id: found.id.to_string(),
        organisations: organisations.into_iter().map(|o| Choice::new(o.to_string(), tree.name(o), f.v("organisation"))).collect(),
        zone: app.zone.iana_name().unwrap_or("UTC").to_owned(),
        busy: busy.iter().map(|row| texts.span(row.booking.starts_at, row.booking.ends_at)).collect(),
        f,
    })
}

/// In whose name `me` may book: own organisations first.
fn organisations(app: &App, me: &Actor) -> Vec<OrganisationId> {
    let tree = app.tree.load();
    let mut found: Vec<_> = me.holds(Role::Clerk).collect();
    found.extend(reach(&tree, me, Action::KeepLecturers).into_iter().take(LISTED));
    let mut met = std::collections::HashSet::new();
    found.retain(|id| met.insert(*id) && tree.get(*id).is_some_and(|node| !node.closed));
    found.truncate(LISTED);
    found
}

fn read(app: &App, sent: &Form) -> Result<Request, Problem> {
    let mut faults = Vec::new();
    let mut time = |name: &str| moment(app, name, sent.v(name)).map_err(|fault| faults.push(fault)).unwrap_or(Timestamp(0));
    let (starts_at, ends_at) = (time("starts_at"), time("ends_at"));
    let people = sent.v("people").trim();
    let people = if people.is_empty() { Ok(0) } else { people.parse() };
    let organisation = sent.v("organisation").parse().map_err(|_| Problem::field("organisation", "required", "", ""))?;
    if people.is_err() {
        faults.push(crate::problem::FieldError::new("people", "number", sent.v("people"), ""));
    }
    let text = |name: &str| sent.v(name).to_owned();
    let request = Request {
        organisation,
        starts_at,
        ends_at,
        title: text("title"),
        place: text("place"),
        people: people.unwrap_or(0),
        note: text("note"),
    };
    if faults.is_empty() { Ok(request) } else { Err(Problem::invalid(faults)) }
}

/// `POST /desk/lecturers/{id}/book`
pub async fn request(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    Sent(pairs): Sent<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let act = async { booking::request(&app, &me, id, read(&app, &sent)?).await };
    match mendable(act.await)? {
        Ok(id) => Ok(Redirect::to(&format!("/desk/bookings/{id}?done=booking-requested")).into_response()),
        Err(problem) => {
            let (error, faults) = in_words(&visit.texts, &problem);
            let mut form = Form::default();
            form.overlay("", sent, faults);
            let page = RequestPage { error, ..page(&app, &visit, &me, id, form).await? };
            Ok((problem.status, html(&page)?).into_response())
        }
    }
}
