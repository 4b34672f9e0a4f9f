//! Posters: a broadcast on a sheet of A4 for a door or a group chat, with a code that leads to it.
//!
//! ```text
//! broadcast ─words─► layout (lines that fit, one SVG) ─typesetting─► PDF, PNG
//! ```
//!
//! * Nothing leaves the sheet and no title is cut, however long it is (docs/decisions/0012).
//! * A poster costs up to half a second of one core, so each is kept for a minute.

mod layout;

use super::{Admission, Broadcast, BroadcastId, Kind};
use crate::i18n::{Language, Texts};
use crate::state::App;
use crate::typesetting::{self, Fonts, NotPrinted};
use kernel::Timestamp;
use layout::{SHEET, Words};
use quick_cache::sync::Cache;
use std::sync::Arc;

/// How long a poster is kept, milliseconds.
const KEPT_MS: i64 = 60_000;
/// Posters that are kept, each up to about 300 kB.
const KEPT: usize = 64;
/// Pixels across a picture.
const PIXELS: f32 = 1240.0;

/// Which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// To be printed.
    Pdf,
    /// To be sent.
    Png,
}

/// Finished posters of this node.
pub struct Posters {
    kept: Cache<Key, Arc<Poster>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key(BroadcastId, i64, Language, Format);

/// A finished poster.
#[derive(Debug)]
pub struct Poster {
    /// The file.
    pub bytes: bytes::Bytes,
    made_at: Timestamp,
}

impl Default for Posters {
    fn default() -> Self {
        Self { kept: Cache::new(KEPT) }
    }
}

impl std::fmt::Debug for Posters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Posters").field("kept", &self.kept.len()).finish_non_exhaustive()
    }
}

impl Posters {
    fn young(&self, key: &Key, now: Timestamp) -> Option<Arc<Poster>> {
        self.kept.get(key).filter(|poster| now - poster.made_at < KEPT_MS)
    }
}

/// The poster of a broadcast in the reader's language.
///
/// # Errors
///
/// [`NotPrinted`]
pub async fn poster(app: &App, texts: &Texts, broadcast: &Broadcast, format: Format) -> Result<Arc<Poster>, NotPrinted> {
    let (now, posters) = (app.clock.now(), &app.posters);
    let key = Key(broadcast.id, broadcast.version, texts.language, format);
    if let Some(kept) = posters.young(&key, now) {
        return Ok(kept);
    }
    let turn = app.press.turn().await?;
    // Whoever waited for a turn may find that it was made meanwhile.
    if let Some(kept) = posters.young(&key, now) {
        return Ok(kept);
    }
    let words = words(app, texts, broadcast);
    let bytes = turn.print(move |fonts| made(&words, fonts, format)).await?;
    let poster = Arc::new(Poster { bytes: bytes.into(), made_at: now });
    posters.kept.insert(key, poster.clone());
    Ok(poster)
}

fn made(words: &Words, fonts: &Fonts, format: Format) -> Result<Vec<u8>, NotPrinted> {
    let code = qrcode::QrCode::new(&words.url).map_err(|e| NotPrinted::Other(e.to_string()))?;
    let modules: Vec<Vec<bool>> =
        code.to_colors().chunks(code.width()).map(|row| row.iter().map(|c| *c == qrcode::Color::Dark).collect()).collect();
    let svg = fonts.setting(&words.all(), |kind| layout::svg(words, kind, &modules));
    Ok(match format {
        Format::Pdf => typesetting::pdf(&[svg], SHEET, fonts, &words.title, words.language)?,
        Format::Png => typesetting::png(&svg, SHEET, PIXELS, fonts)?,
    })
}

fn words(app: &App, texts: &Texts, of: &Broadcast) -> Words {
    let local = |at: Timestamp| jiff::ZonedDateTime::new(at.to_jiff(), app.zone.clone());
    let clock = |at: Timestamp| local(at).strftime("%H:%M").to_string();
    let begins = local(of.starts_at);
    let weekday = texts.s(&format!("weekday-{}", begins.date().weekday().to_monday_one_offset()));
    let day = begins.strftime(if texts.language == Language::Chinese { "%-m月%-d日" } else { "%-d %b" });
    Words {
        product: (texts.s("product"), "讲".to_owned()),
        kicker: texts.s(if of.kind == Kind::Showing { "poster-showing" } else { "poster-live" }),
        title: of.title.clone(),
        lecturer: if of.lecturer.is_empty() { String::new() } else { texts.with("poster-lecturer", "name", of.lecturer.as_str()) },
        organisation: app.tree.load().name(of.organisation),
        about: of.abstract_.clone(),
        day: (day.to_string(), texts.args("poster-day", &[("weekday", weekday), ("year", begins.year().to_string())])),
        time: (clock(of.starts_at), texts.with("poster-until", "time", clock(of.ends_at))),
        zone: begins.strftime("%Q (UTC%:z)").to_string(),
        scan: texts.s(if of.admission == Admission::SignedIn { "poster-scan-signed-in" } else { "poster-scan" }),
        url: format!("{}/live/{}", app.public_url(), of.id),
        language: texts.language.tag(),
    }
}
