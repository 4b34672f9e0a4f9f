//! Pages of the desk about lecturers and bookings.

mod booking;
mod bookings;
mod calendar;
mod form;
mod import;
mod list;
mod merging;
mod person;

pub use booking::{accept, booking, cancel, decline, rate};
pub use bookings::{bookings, request, request_form};
pub use calendar::{calendar, feed, renew};
pub use form::{change, create, edit, new};
pub use import::*;
pub use list::lecturers;
pub use merging::{compare, duplicates, merge, unmerge};
pub use person::{consent, photo, remove_photo, retire, set_photo, show, withdraw_consent};

use crate::problem::{FieldError, Problem};
use crate::state::App;
use jiff::civil::DateTime;
use kernel::Timestamp;

/// A moment that a field of type `datetime-local` names, on the clock of the installation.
fn moment(app: &App, field: &str, text: &str) -> Result<Timestamp, FieldError> {
    if text.trim().is_empty() {
        return Err(FieldError::new(field, "required", "", ""));
    }
    let local = text.trim().parse::<DateTime>().ok().and_then(|at| at.to_zoned_datetime(app.zone.clone()).ok());
    local.map(|at| Timestamp(at.timestamp().as_millisecond())).ok_or_else(|| FieldError::new(field, "moment", text, ""))
}

/// A moment as such a field wants it.
fn local(app: &App, at: Timestamp) -> String {
    jiff::ZonedDateTime::new(at.to_jiff(), app.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A refusal that a form tells beside its fields; anything else gets the problem page.
fn mendable<T>(outcome: Result<T, Problem>) -> Result<Result<T, Problem>, Problem> {
    match outcome {
        Err(problem) if !crate::web::is_mendable(&problem) => Err(problem),
        other => Ok(other),
    }
}
