//! Scheduled showings: a recording as a live stream, without an encoder.
//!
//! ```text
//! broadcast row ─┐
//! recording's playlist ─┼─► rules::Cut at now ─► playlist of rung R, the same text for everybody for a second
//! clock ─┘                                        └─► /media/…: the recording's own segments, which caches keep
//! ```
//!
//! * Everything follows from the row and the clock, so every node says the same, and a restart loses nothing.
//! * A row is believed for a second, and a text is written once a second: a request looks into memory, not further.
//! * Not here: what moves a showing (`actions`, by its host or by the time), who may see it (`api`).

use super::rules::{Cut, Reel, Showing, without_best};
use super::{Broadcast, BroadcastId, Broadcasts, State};
use crate::problem::Problem;
use crate::recordings::{self, Audience, MaterialId, Shelved};
use crate::state::App;
use bytes::Bytes;
use kernel::Timestamp;
use quick_cache::sync::Cache;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How long a row is believed.
const BELIEVED_MS: i64 = 1_000;
/// How long others use the old row while one request asks again.
const ASKING_MS: i64 = 1_000;
/// Rows that are remembered at most.
const ROWS: usize = 10_000;
/// Recordings' playlists that are kept as read: a lesson of half an hour takes about 40 kB.
const REELS: usize = 512;
/// Texts that are kept, each about 2 kB.
const TEXTS: usize = 4_096;
/// A text is written anew after so long even if nothing moves, since the addresses in it expire.
const TEXT_MS: i64 = 60_000;

/// What players of showings fetch, in memory.
pub struct Showings {
    rows: Mutex<HashMap<BroadcastId, Believed>>,
    reels: Cache<String, Arc<Read>>,
    texts: Cache<(BroadcastId, String), Arc<Text>>,
}

#[derive(Clone)]
struct Believed {
    row: Seen,
    until: Timestamp,
}

/// A showing as a request sees it.
#[derive(Clone)]
pub struct Seen {
    /// The row as it was at most two seconds ago; none when there is no such broadcast.
    pub broadcast: Option<Arc<Broadcast>>,
    /// The furthest moment that this node has served, milliseconds.
    reached_ms: Arc<AtomicI64>,
}

/// A playlist file that was read, or could not be, as long as it stays the same file.
struct Read {
    tag: String,
    reel: Option<Arc<Reel>>,
}

struct Text {
    cut: Cut,
    reel: Arc<Reel>,
    written_at: Timestamp,
    bytes: Bytes,
}

impl Default for Showings {
    fn default() -> Self {
        Self { rows: Mutex::default(), reels: Cache::new(REELS), texts: Cache::new(TEXTS) }
    }
}

impl std::fmt::Debug for Showings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Showings").field("texts", &self.texts.len()).finish_non_exhaustive()
    }
}

impl Showings {
    /// What is believed of a row; none when the caller is the one to ask.
    fn believed(&self, id: BroadcastId, now: Timestamp) -> Option<Seen> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let believed = rows.get_mut(&id)?;
        if now < believed.until {
            return Some(believed.row.clone());
        }
        believed.until = now.plus_ms(ASKING_MS);
        None
    }

    fn believe(&self, id: BroadcastId, broadcast: Option<Broadcast>, now: Timestamp) -> Seen {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let reached_ms = rows.get(&id).map(|was| was.row.reached_ms.clone()).unwrap_or_default();
        let row = Seen { broadcast: broadcast.map(Arc::new), reached_ms };
        if rows.len() >= ROWS {
            rows.retain(|_, believed| now < believed.until);
        }
        if rows.len() < ROWS {
            rows.insert(id, Believed { row: row.clone(), until: now.plus_ms(BELIEVED_MS) });
        }
        row
    }
}

/// The broadcast as it is, or was at most two seconds ago.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn seen(app: &App, id: BroadcastId) -> Result<Seen, Problem> {
    let now = app.clock.now();
    if let Some(row) = app.showings.believed(id, now) {
        return Ok(row);
    }
    let found = Broadcasts(&mut app.db.read().await?).find(id).await?;
    Ok(app.showings.believe(id, found, now))
}

/// The playlist of one rung at this moment; none before it is on air, or when the recording cannot be read.
///
/// # Errors
///
/// 404 for a rung that the recording does not have.
pub async fn playlist(app: &App, seen: &Seen, broadcast: &Broadcast, rung: &str) -> Result<Option<Bytes>, Problem> {
    let (now, key) = (app.clock.now(), (broadcast.id, rung.to_owned()));
    if let Some(kept) = app.showings.texts.get(&key)
        && now - kept.written_at < TEXT_MS
        && cut(seen, broadcast, &kept.reel, now) == Some(kept.cut)
    {
        return Ok(Some(kept.bytes.clone()));
    }
    let Some(material) = recording(broadcast) else { return Ok(None) };
    let Some(reel) = reel(app, material, rung).await? else { return Ok(None) };
    let Some(cut) = cut(seen, broadcast, &reel, now) else { return Ok(None) };
    let base = format!("{}/{rung}", recordings::media_base(app, Audience::Public, material, now));
    let text = Bytes::from(cut.playlist(&reel, &base));
    app.showings.texts.insert(key, Arc::new(Text { cut, reel, written_at: now, bytes: text.clone() }));
    Ok(Some(text))
}

/// The master playlist of the recording; without its best picture while the machine is short of itself.
///
/// # Errors
///
/// 404 when the recording is not there yet.
pub async fn master(app: &App, broadcast: &Broadcast) -> Result<Option<Bytes>, Problem> {
    let Some(material) = recording(broadcast) else { return Ok(None) };
    let (_, file) = file(app, material, "master.m3u8").await?;
    let text = std::str::from_utf8(&file.bytes).ok().filter(|text| super::rules::is_plain_master(text));
    let sheds = broadcast.stage(app).sheds_rungs();
    let less = text.filter(|_| sheds).and_then(without_best).map(|(left, _)| Bytes::from(left));
    Ok(text.map(|_| less.unwrap_or_else(|| file.bytes.clone())))
}

/// Whether this rung is given up for now: the best one, while the machine is short of itself. Players go on with another.
///
/// # Errors
///
/// 404 when the recording is not there yet.
pub async fn is_shed(app: &App, broadcast: &Broadcast, rung: &str) -> Result<bool, Problem> {
    let Some(material) = recording(broadcast).filter(|_| broadcast.stage(app).sheds_rungs()) else { return Ok(false) };
    let (_, file) = file(app, material, "master.m3u8").await?;
    let text = std::str::from_utf8(&file.bytes).unwrap_or_default();
    Ok(without_best(text).is_some_and(|(_, best)| best == rung))
}

fn recording(broadcast: &Broadcast) -> Option<MaterialId> {
    broadcast.material.as_deref()?.parse().ok()
}

fn cut(seen: &Seen, broadcast: &Broadcast, reel: &Reel, now: Timestamp) -> Option<Cut> {
    let showing = Showing::of(broadcast, reel.duration_ms())?;
    let ended = broadcast.state == State::Ended;
    let reached_ms = seen.reached_ms.load(Ordering::Relaxed);
    let cut = Cut::at(&showing, now, ended, reached_ms);
    seen.reached_ms.fetch_max(cut.window_ms, Ordering::Relaxed);
    Some(cut)
}

async fn file(app: &App, material: MaterialId, rest: &str) -> Result<(String, Arc<Shelved>), Problem> {
    let path = app.objects.resolve(&material.to_string(), rest).ok_or_else(Problem::not_found)?;
    let name = format!("{material}/{rest}");
    let found = app.shelf.get(&name, &path).await.map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Problem::not_found(),
        _ => Problem::internal(e),
    })?;
    Ok((name, found.ok_or_else(Problem::not_found)?))
}

/// The rung's segments; none when its playlist is none of ours, which the log says once.
async fn reel(app: &App, material: MaterialId, rung: &str) -> Result<Option<Arc<Reel>>, Problem> {
    let (name, file) = file(app, material, &format!("{rung}/index.m3u8")).await?;
    if let Some(known) = app.showings.reels.get(&name).filter(|known| known.tag == file.tag) {
        return Ok(known.reel.clone());
    }
    let read = Reel::read(&String::from_utf8_lossy(&file.bytes));
    let reel = read.inspect_err(|e| tracing::error!(error = %e, playlist = name, "a recording cannot be shown")).ok().map(Arc::new);
    app.showings.reels.insert(name, Arc::new(Read { tag: file.tag.clone(), reel: reel.clone() }));
    Ok(reel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    #[test]
    fn a_row_is_believed_for_a_second_and_then_asked_for_by_one() {
        let (showings, id) = (Showings::default(), Id::from_u128(1));
        let at = |ms| Timestamp(1_000_000).plus_ms(ms);
        assert!(showings.believed(id, at(0)).is_none());
        showings.believe(id, None, at(0)).reached_ms.store(7, Ordering::Relaxed);
        assert!(showings.believed(id, at(BELIEVED_MS - 1)).is_some());
        assert!(showings.believed(id, at(BELIEVED_MS)).is_none(), "the first asks");
        assert!(showings.believed(id, at(BELIEVED_MS)).is_some(), "the others don't wait");
        let again = showings.believe(id, None, at(BELIEVED_MS));
        assert_eq!(again.reached_ms.load(Ordering::Relaxed), 7, "what was served stays known");
    }
}
