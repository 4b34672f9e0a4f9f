//! Bookings: asked for, answered, taken back, rated.

pub use super::appointments::{Side, between, clashes, list};

use super::note;
use crate::db::Tx;
use crate::lecturers::reading::{seen, shares_root};
use crate::lecturers::rules::{Move, State, Times, booking as rules};
use crate::lecturers::{Booking, BookingId, BookingRow, Bookings, LecturerId, Lecturers, Request, Which};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Timestamp};
use serde::Deserialize;
use serde_json::json;

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
#[schema(as = BookingRating)]
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
