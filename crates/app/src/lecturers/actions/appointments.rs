//! Lists of bookings: by side, by month, at the same time.

use super::booking::sides;
use crate::db::Tx;
use crate::lecturers::reading::{few, reach};
use crate::lecturers::rules::State;
use crate::lecturers::{BookingRow, Bookings, LecturerId, Which};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Timestamp};
use serde::Deserialize;

/// Rows read at once.
const BATCH: usize = 100;
/// Bookings of one month at most.
const MONTH: usize = 1_000;

/// Which bookings a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = BookingSide)]
pub enum Side {
    /// Those that wait for my answer.
    #[default]
    ToAnswer,
    /// Those that my organisations asked for.
    Requested,
    /// Those of my lecturers that were answered.
    Answered,
}

impl Side {
    /// All of them, as tabs show them.
    pub const ALL: [Self; 3] = [Self::ToAnswer, Self::Requested, Self::Answered];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ToAnswer => "to-answer",
            Self::Requested => "requested",
            Self::Answered => "answered",
        }
    }
}

/// Up to `most` bookings of this side that begin before the position `at`, the latest first.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn list(app: &App, actor: &Actor, side: Side, mut at: (i64, String), most: usize) -> Result<Vec<BookingRow>, Problem> {
    let tree = app.tree.load_full();
    let reach = reach(&tree, actor, Action::SeeLecturers);
    let few = few(&reach);
    let (answered, asked) = if side == Side::Requested { (None, few) } else { (few.map(|few| (actor.account, few)), None) };
    let states: &[State] = match side {
        Side::ToAnswer => &[State::Requested],
        Side::Answered => &[State::Accepted, State::Declined, State::Cancelled, State::Rated],
        Side::Requested => &[],
    };
    let which = Which { answered, asked, states, ..Which::default() };
    let fits = |row: &BookingRow| {
        let mine = |organisation| may(&tree, actor, Action::SeeLecturers, organisation);
        if side == Side::Requested { mine(row.booking.organisation) } else { row.account == Some(actor.account) || mine(row.home) }
    };
    let (mut found, mut tx) = (Vec::new(), app.db.read().await?);
    while found.len() < most {
        let batch = Bookings(&mut tx).before(&which, &at, BATCH).await?;
        let Some(last) = batch.last() else { break };
        let more = batch.len() == BATCH;
        at = (last.booking.starts_at.0, last.booking.id.to_string());
        found.extend(batch.into_iter().filter(fits));
        if !more {
            break;
        }
    }
    found.truncate(most);
    Ok(found)
}

/// Bookings with a moment between `from` and `until` that `actor` may see, as they begin; of one person or all.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn between(
    app: &App,
    actor: &Actor,
    person: Option<LecturerId>,
    within: (Timestamp, Timestamp),
) -> Result<Vec<BookingRow>, Problem> {
    let states = &[State::Requested, State::Accepted, State::Rated];
    let mut tx = app.db.read().await?;
    let reach = reach(&app.tree.load(), actor, Action::SeeLecturers);
    let mut found = Vec::new();
    match few(&reach).filter(|_| person.is_none()) {
        Some(few) => {
            let which = Which { states, within: Some(within), ..Which::default() };
            let answered = Which { answered: Some((actor.account, few)), ..which.clone() };
            found.extend(Bookings(&mut tx).coming(&answered, MONTH).await?);
            found.extend(Bookings(&mut tx).coming(&Which { asked: Some(few), ..which }, MONTH).await?);
        }
        None => found.extend(Bookings(&mut tx).coming(&Which { person, states, within: Some(within), ..Which::default() }, MONTH).await?),
    }
    found.retain(|row| sides(app, actor, row).sees);
    found.sort_by_key(|row| (row.booking.starts_at, row.booking.id));
    found.dedup_by_key(|row| row.booking.id);
    Ok(found)
}

/// Open requests and accepted bookings of the same person that overlap with this one.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn clashes(tx: &mut Tx, row: &BookingRow) -> Result<Vec<BookingRow>, Problem> {
    let times = (row.booking.starts_at, row.booking.ends_at);
    let which = Which { person: Some(row.person), states: &[State::Requested, State::Accepted], within: Some(times), ..Which::default() };
    let mut found = Bookings(tx).coming(&which, 10).await?;
    found.retain(|other| other.booking.id != row.booking.id && matches!(row.booking.state, State::Requested | State::Accepted));
    Ok(found)
}
