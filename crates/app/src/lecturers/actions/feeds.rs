//! Calendars that phones and offices subscribe to without signing in.

use super::note;
use crate::calendars::{self, Event, Frame, Standing};
use crate::db::Tx;
use crate::i18n::Texts;
use crate::lecturers::rules::{State, feed};
use crate::lecturers::{BookingRow, Bookings, LecturerId, Lecturers, Which};
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use serde_json::json;

/// Bookings of one calendar at most.
const MOST: usize = 1_000;
/// Days back and ahead.
const DAYS: (i64, i64) = (60, 400);

/// Whose calendar it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Of a person: what was asked for and accepted.
    Lecturer(LecturerId),
    /// Of an organisation: what it asked for, and what its lecturers were asked for.
    Organisation(OrganisationId),
}

impl Subject {
    /// Reads an id of either.
    pub fn read(text: &str) -> Option<Self> {
        text.parse().map(Self::Lecturer).or_else(|_| text.parse().map(Self::Organisation)).ok()
    }

    fn text(self) -> String {
        match self {
            Self::Lecturer(id) => id.to_string(),
            Self::Organisation(id) => id.to_string(),
        }
    }
}

/// Whether `actor` may make and read the address, and the organisation that answers for it.
async fn owned(app: &App, tx: &mut Tx, actor: &Actor, subject: Subject) -> Result<OrganisationId, Problem> {
    let tree = app.tree.load();
    let (organisation, own) = match subject {
        Subject::Organisation(id) => (id, false),
        Subject::Lecturer(id) => {
            let found = Lecturers(tx).find(id).await?.ok_or_else(Problem::not_found)?;
            (found.organisation, found.account == Some(actor.account) && actor.in_scope(Action::KeepLecturers.scope()))
        }
    };
    if own || may(&tree, actor, Action::KeepLecturers, organisation) { Ok(organisation) } else { Err(Problem::hidden()) }
}

/// The path of a calendar, when it has one and `actor` may know it.
///
/// # Errors
///
/// 404, audited, for who does not keep the subject.
pub async fn path(app: &App, tx: &mut Tx, actor: &Actor, subject: Subject) -> Result<Option<String>, Problem> {
    owned(app, tx, actor, subject).await?;
    let text = subject.text();
    let number = Lecturers(tx).feed(&text).await?;
    Ok(number.map(|number| format!("/calendars/{text}/{}.ics", feed::secret_part(&app.secret, &text, number))))
}

/// Makes an address; one that was made before leads nowhere from now on. Its path.
///
/// # Errors
///
/// As [`path`].
pub async fn renew(app: &App, actor: &Actor, subject: Subject) -> Result<String, Problem> {
    let mut tx = app.db.begin().await?;
    let organisation = owned(app, &mut tx, actor, subject).await?;
    Lecturers(&mut tx).renew_feed(&subject.text(), actor.account, app.clock.now()).await?;
    note(app, &mut tx, actor, organisation, ("calendar.renewed", subject.text()), json!({})).await?;
    let path = path(app, &mut tx, actor, subject).await?.unwrap_or_default();
    tx.commit().await?;
    Ok(path)
}

/// The calendar at an address.
///
/// # Errors
///
/// 404 for an address that nobody made, or that was renewed.
pub async fn calendar(app: &App, texts: &Texts, subject: &str, given: &str) -> Result<String, Problem> {
    let subject = Subject::read(subject).ok_or_else(Problem::not_found)?;
    let mut tx = app.db.read().await?;
    let number = Lecturers(&mut tx).feed(&subject.text()).await?.ok_or_else(Problem::not_found)?;
    if !feed::fits(&app.secret, &subject.text(), number, given) {
        return Err(Problem::not_found());
    }
    let now = app.clock.now();
    let which = Which {
        states: &[State::Requested, State::Accepted, State::Rated, State::Cancelled, State::Declined],
        within: Some((now.plus_days(-DAYS.0), now.plus_days(DAYS.1))),
        ..Which::default()
    };
    let (name, rows) = match subject {
        Subject::Lecturer(id) => {
            let person = Lecturers(&mut tx).root(id).await?.ok_or_else(Problem::not_found)?;
            let rows = Bookings(&mut tx).coming(&Which { person: Some(person.id), ..which }, MOST).await?;
            (person.name, rows)
        }
        Subject::Organisation(id) => {
            let homes = [id];
            let mut rows = Bookings(&mut tx).coming(&Which { asked: Some(&homes), ..which.clone() }, MOST).await?;
            rows.extend(Bookings(&mut tx).of_home(id, &which, MOST).await?);
            rows.sort_by_key(|row| (row.booking.starts_at, row.booking.id));
            rows.dedup_by_key(|row| row.booking.id);
            (app.tree.load().name(id), rows)
        }
    };
    let url = app.public_url();
    let frame = Frame { name: &texts.with("bookings-calendar-of", "name", name.as_str()), public_url: &url, now };
    Ok(calendars::calendar(&frame, rows.iter().map(|row| event(app, texts, row))))
}

fn event(app: &App, texts: &Texts, row: &BookingRow) -> Event {
    let of = &row.booking;
    let people = if of.people > 0 { texts.with("booking-for-people", "n", of.people) } else { String::new() };
    let said = [row.name.clone(), app.tree.load().name(of.organisation), people];
    Event {
        id: of.id.to_string(),
        path: format!("/desk/bookings/{}", of.id),
        version: of.version,
        created_at: of.created_at,
        starts_at: of.starts_at,
        ends_at: of.ends_at,
        title: of.title.clone(),
        said: said.into_iter().filter(|part| !part.is_empty()).collect(),
        place: of.place.clone(),
        standing: match of.state {
            State::Requested => Standing::Tentative,
            State::Accepted | State::Rated => Standing::Confirmed,
            State::Declined | State::Cancelled => Standing::Cancelled,
        },
        alarm: None,
    }
}
