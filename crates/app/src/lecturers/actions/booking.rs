//! Bookings: asked for, answered, taken back, rated.

use super::note;
use crate::db::Tx;
use crate::lecturers::reading::{few, reach, seen, shares_root};
use crate::lecturers::rules::{Move, State, Times, booking as rules};
use crate::lecturers::{Booking, BookingId, BookingRow, Bookings, LecturerId, Lecturers, Request, Which};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Timestamp};
use serde::Deserialize;
use serde_json::json;

/// Rows read at once.
const BATCH: usize = 100;

/// On which side of a booking somebody stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sides {
    /// Answers for the lecturer.
    pub answers: bool,
    /// Acts for who asks.
    pub asks: bool,
    /// May look.
    pub sees: bool,
}

/// How `actor` stands to a booking.
pub fn sides(app: &App, actor: &Actor, row: &BookingRow) -> Sides {
    let tree = app.tree.load();
    let keeps = |organisation| may(&tree, actor, Action::KeepLecturers, organisation);
    let own = row.account == Some(actor.account) && actor.in_scope(Action::KeepLecturers.scope());
    let sees = [row.home, row.booking.organisation].into_iter().any(|o| may(&tree, actor, Action::SeeLecturers, o));
    let (answers, asks) = (own || keeps(row.home), keeps(row.booking.organisation));
    Sides { answers, asks, sees: sees || answers || asks || row.account == Some(actor.account) }
}

/// Asks for a lecturer in the name of an organisation.
///
/// # Errors
///
/// 404 for a lecturer that the actor may not find, `forbidden` without [`Action::KeepLecturers`] at the asking organisation,
/// `lecturer-retired`; `invalid` names broken fields; `clash` when the lecturer is expected elsewhere at that time.
pub async fn request(app: &App, actor: &Actor, lecturer: LecturerId, new: Request) -> Result<BookingId, Problem> {
    let (tree, now) = (app.tree.load_full(), app.clock.now());
    let mut tx = app.db.begin().await?;
    let (person, _) = seen(app, &mut tx, actor, lecturer).await?;
    if !may(&tree, actor, Action::KeepLecturers, new.organisation) || !shares_root(&tree, actor, person.organisation) {
        return Err(Problem::forbidden());
    }
    if person.retired {
        return Err(Problem::conflict("lecturer-retired"));
    }
    let new = rules::request(new, now).map_err(Problem::invalid)?;
    free(&mut tx, person.id, (new.starts_at, new.ends_at), None).await?;
    let booking = Booking {
        id: BookingId::new(app.clock.as_ref()),
        lecturer: person.id,
        organisation: new.organisation,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        title: new.title,
        place: new.place,
        people: new.people,
        note: new.note,
        state: State::Requested,
        answer: String::new(),
        answered_by: None,
        answered_at: None,
        stars: None,
        comment: String::new(),
        created_by: actor.account,
        created_at: now,
        version: 1,
    };
    Bookings(&mut tx).insert(&booking).await?;
    let detail = json!({ "lecturer": person.id, "starts_at": booking.starts_at, "ends_at": booking.ends_at });
    note(app, &mut tx, actor, booking.organisation, ("booking.requested", booking.id.to_string()), detail).await?;
    tx.commit().await?;
    Ok(booking.id)
}

/// Refuses a time at which the person is expected elsewhere.
async fn free(tx: &mut Tx, person: LecturerId, time: (Timestamp, Timestamp), but: Option<BookingId>) -> Result<(), Problem> {
    let which = Which { person: Some(person), states: &[State::Accepted, State::Rated], within: Some(time), ..Which::default() };
    let taken = Bookings(tx).coming(&which, 2).await?;
    match taken.iter().find(|row| Some(row.booking.id) != but) {
        Some(_) => Err(Problem::conflict("booking-clash")),
        None => Ok(()),
    }
}

/// The booking, when `actor` may look at it.
///
/// # Errors
///
/// 404, audited, for anybody else.
pub async fn visible(app: &App, tx: &mut Tx, actor: &Actor, id: BookingId) -> Result<BookingRow, Problem> {
    let row = Bookings(tx).find(id).await?.ok_or_else(Problem::not_found)?;
    if sides(app, actor, &row).sees { Ok(row) } else { Err(Problem::hidden()) }
}

/// The booking when it may be moved so by `actor`, and the state it comes to.
async fn moved(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (id, seen): (BookingId, Option<i64>),
    mv: Move,
) -> Result<(BookingRow, State), Problem> {
    let row = visible(app, tx, actor, id).await?;
    let sides = sides(app, actor, &row);
    if !(if matches!(mv, Move::Accept | Move::Decline) { sides.answers } else { sides.asks }) {
        return Err(Problem::forbidden());
    }
    if seen.is_some_and(|seen| seen != row.booking.version) {
        return Err(Problem::moved_meanwhile());
    }
    let times = Times { starts_at: row.booking.starts_at, ends_at: row.booking.ends_at, now: app.clock.now() };
    let state = row.booking.state.after(mv, times).map_err(|refusal| Problem::conflict(refusal.code()))?;
    Ok((row, state))
}

/// Says yes. Of two who accept for the same time at the same moment the second is refused.
///
/// # Errors
///
/// 404 for who may not see it, `forbidden` for who does not answer for the lecturer; `booking-clash`, `booking-answered`,
/// `booking-begun`, `moved-meanwhile`.
pub async fn accept(app: &App, actor: &Actor, id: BookingId, seen: Option<i64>) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let (row, state) = moved(app, &mut tx, actor, (id, seen), Move::Accept).await?;
    if !Lecturers(&mut tx).lock(row.person).await? {
        return Err(Problem::moved_meanwhile());
    }
    free(&mut tx, row.person, (row.booking.starts_at, row.booking.ends_at), Some(id)).await?;
    settle(app, tx, actor, &row, (state, "", "booking.accepted")).await
}

/// Says no, or calls off what was accepted; the reason is told to who asked.
///
/// # Errors
///
/// As [`accept`]; a reason is needed.
pub async fn decline(app: &App, actor: &Actor, id: BookingId, seen: Option<i64>, reason: &str) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let (row, state) = moved(app, &mut tx, actor, (id, seen), Move::Decline).await?;
    let reason = rules::answer("reason", reason, 1).map_err(|f| Problem::invalid(vec![f]))?;
    settle(app, tx, actor, &row, (state, &reason, "booking.declined")).await
}

/// Takes a request back, or calls off what was accepted.
///
/// # Errors
///
/// As [`accept`], for who did not ask.
pub async fn cancel(app: &App, actor: &Actor, id: BookingId, seen: Option<i64>, reason: &str) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let (row, state) = moved(app, &mut tx, actor, (id, seen), Move::Cancel).await?;
    let reason = rules::answer("reason", reason, 0).map_err(|f| Problem::invalid(vec![f]))?;
    settle(app, tx, actor, &row, (state, &reason, "booking.cancelled")).await
}

async fn settle(
    app: &App,
    mut tx: Tx,
    actor: &Actor,
    row: &BookingRow,
    (state, answer, action): (State, &str, &str),
) -> Result<(), Problem> {
    if !Bookings(&mut tx).answer(&row.booking, state, answer, actor.account, app.clock.now()).await? {
        return Err(Problem::moved_meanwhile());
    }
    let detail = json!({ "lecturer": row.person, "reason": answer });
    note(app, &mut tx, actor, row.booking.organisation, (action, row.booking.id.to_string()), detail).await?;
    Ok(tx.commit().await?)
}

/// How it was.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// 1 to 5.
    pub stars: i64,
    /// At most 500 characters.
    #[serde(default)]
    pub comment: String,
}

/// Says how it was, once it is over; again to correct it.
///
/// # Errors
///
/// As [`cancel`]; `booking-not-over`.
pub async fn rate(app: &App, actor: &Actor, id: BookingId, seen: Option<i64>, given: &Rating) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let (row, _) = moved(app, &mut tx, actor, (id, seen), Move::Rate).await?;
    let stars = rules::stars(given.stars).map_err(|f| Problem::invalid(vec![f]))?;
    let comment = rules::answer("comment", &given.comment, 0).map_err(|f| Problem::invalid(vec![f]))?;
    if !Bookings(&mut tx).rate(&row.booking, stars, &comment, actor.account, app.clock.now()).await? {
        return Err(Problem::moved_meanwhile());
    }
    let detail = json!({ "lecturer": row.person, "stars": stars });
    note(app, &mut tx, actor, row.booking.organisation, ("booking.rated", id.to_string()), detail).await?;
    Ok(tx.commit().await?)
}

/// Which bookings a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
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

/// Bookings of one month at most.
const MONTH: usize = 1_000;

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
