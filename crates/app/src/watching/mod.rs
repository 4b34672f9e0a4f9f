//! Watching: the public portal, and what counts as a view.
//!
//! ```text
//! lesson page ─token (lesson, viewer, expiry)─► player ─heartbeats (seconds really played)─► rules: enough for a view?
//!      ─► ledger: one View event per viewer, lesson and 24 h; watch time in steps ─fold─► lesson_count, lesson_day, statistics deltas
//! ```
//!
//! * Truth is the ledger; every number shown is derived and `kaijiang recount` can rebuild it.
//! * A heartbeat is answered when its events are durable; repeating one changes nothing.
//! * Of a crowd behind caches a sample reports, each for many ([`rules::sampling`]); what is counted so says how sure it is.
//! * Not here: who may publish (`submissions`), the files themselves (`recordings`).

pub mod actions;
pub mod api;
pub mod audience;
mod days;
pub mod lectures;
pub mod pages;
pub mod rules;
mod store;
pub mod token;
pub mod work;

use crate::db::{DbError, Tx};
use crate::i18n::Texts;
use crate::lessons::{Catalogue, LessonId, Publication, Wanted};
use crate::organisations::OrganisationId;
use crate::state::App;
use crate::web::{Cursor, Slice};
use rules::estimate::Estimate;
use std::collections::HashMap;

pub use audience::Audiences;
pub use days::{DayOf, Played, Reader};
pub use store::{CountErrors, Counts, Spread, Watching};

/// Kind of a ledger event: somebody saw enough of a lesson (G8).
pub const VIEW: u8 = 1;
/// Kind of a ledger event: a step of seconds that somebody really played.
pub const WATCHED: u8 = 2;
/// Kind of a ledger event: somebody pressed play.
pub const PLAY: u8 = 3;
/// Kind of a ledger event: what a step of somebody who stands for others adds to the spread of watch time ([`rules::estimate`]).
pub const SPREAD: u8 = 4;

/// Where players find the captions of a public lesson.
fn track_address(lesson: LessonId, language: &str) -> String {
    format!("/lessons/{lesson}/captions/{language}.vtt")
}

/// Organisations of the subtree of `place` that have public lessons; none means everywhere.
async fn within(app: &App, tx: &mut Tx, place: Option<OrganisationId>) -> Result<Option<Vec<OrganisationId>>, DbError> {
    let Some(place) = place else { return Ok(None) };
    let tree = app.tree.load_full();
    let counted = Catalogue(tx).organisations().await?;
    Ok(Some(counted.into_iter().map(|(o, _)| o).filter(|o| tree.contains(place, *o)).collect()))
}

/// What stands beside a number that was counted from a sample; nothing beside another.
pub fn estimated(words: &Texts, estimate: Estimate) -> String {
    if estimate.is_exact() { String::new() } else { words.with("number-estimated", "percent", estimate.percent()) }
}

/// A page of public lessons with their numbers, in the order asked for.
async fn page(
    tx: &mut Tx,
    wanted: &Wanted,
    within: Option<&[OrganisationId]>,
    cursor: &Cursor,
) -> Result<(Slice<Publication>, HashMap<LessonId, Counts>), DbError> {
    let list = Catalogue(tx).page(wanted, within, cursor).await?;
    let counts = Watching(tx).counts_of(&list.iter().map(|p| p.lesson).collect::<Vec<_>>()).await?;
    let key = |p: &Publication| if wanted.by_views() { counts.get(&p.lesson).map_or(0, |c| c.views) } else { p.published_at.0 };
    Ok((Slice::cut(list, |p| Cursor::after(key(p), p.lesson)), counts))
}
