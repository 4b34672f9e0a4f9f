//! Broadcasts as events of a calendar.

use super::{Broadcast, State};
use crate::calendars::{Event, Standing};

/// A broadcast, with who holds it and the words of its alarm.
pub fn event(of: &Broadcast, organisation: String, alarm: String) -> Event {
    let said = [of.lecturer.clone(), organisation, of.abstract_.clone()];
    Event {
        id: of.id.to_string(),
        path: format!("/live/{}", of.id),
        version: of.version,
        created_at: of.created_at,
        starts_at: of.starts_at,
        ends_at: of.ends_at,
        title: of.title.clone(),
        said: said.into_iter().filter(|part| !part.is_empty()).collect(),
        place: String::new(),
        standing: if of.state == State::Cancelled { Standing::Cancelled } else { Standing::Confirmed },
        alarm: Some(alarm),
    }
}
