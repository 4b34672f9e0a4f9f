//! Posters: a broadcast on a sheet of A4 for a door or a group chat, with a code that leads to it.
//!
//! ```text
//! broadcast ─words─► layout (lines that fit, one SVG) ─┬─krilla─► PDF
//!                      ▲ widths of the system's fonts  └─resvg──► PNG
//! ```
//!
//! * Nothing leaves the sheet and no title is cut, however long it is (docs/decisions/0012).
//! * A poster costs up to half a second of one core: two are made at a time, and each is kept for a minute.

mod breaking;
mod fonts;
mod layout;
mod paint;

use super::{Admission, Broadcast, BroadcastId, Kind};
use crate::i18n::{Language, Texts};
use crate::state::App;
use fonts::Fonts;
use kernel::Timestamp;
use layout::{Type, Words};
use paint::NotPainted;
use quick_cache::sync::Cache;
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// How long a poster is kept, milliseconds.
const KEPT_MS: i64 = 60_000;
/// Posters that are kept, each up to about 300 kB.
const KEPT: usize = 64;
/// Posters that are made at a time.
const AT_A_TIME: usize = 2;
/// The Debian package that brings what posters are set in.
pub const FONT_PACKAGE: &str = "fonts-noto-cjk";

/// Which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// To be printed.
    Pdf,
    /// To be sent.
    Png,
}

/// Why there is no poster.
#[derive(Debug, thiserror::Error)]
pub enum NoPoster {
    /// The system has no font with Chinese characters.
    #[error("no font with Chinese characters; install the package {FONT_PACKAGE}")]
    NoFont,
    /// A library refused.
    #[error(transparent)]
    NotPainted(#[from] NotPainted),
    /// The address does not fit a code, or the program is being stopped.
    #[error("{0}")]
    Other(String),
}

/// Fonts and finished posters of this node.
pub struct Posters {
    fonts: Arc<OnceLock<Fonts>>,
    turns: Semaphore,
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
        Self { fonts: Arc::default(), turns: Semaphore::new(AT_A_TIME), kept: Cache::new(KEPT) }
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
/// [`NoPoster`]
pub async fn poster(app: &App, texts: &Texts, broadcast: &Broadcast, format: Format) -> Result<Arc<Poster>, NoPoster> {
    let (now, posters) = (app.clock.now(), &app.posters);
    let key = Key(broadcast.id, broadcast.version, texts.language, format);
    if let Some(kept) = posters.young(&key, now) {
        return Ok(kept);
    }
    let _turn = posters.turns.acquire().await.map_err(|e| NoPoster::Other(e.to_string()))?;
    // Whoever waited for a turn may find that it was made meanwhile.
    if let Some(kept) = posters.young(&key, now) {
        return Ok(kept);
    }
    let (words, fonts) = (words(app, texts, broadcast), posters.fonts.clone());
    let made = tokio::task::spawn_blocking(move || made(&words, &fonts, format));
    let bytes = made.await.map_err(|e| NoPoster::Other(e.to_string()))??;
    let poster = Arc::new(Poster { bytes: bytes.into(), made_at: now });
    posters.kept.insert(key, poster.clone());
    Ok(poster)
}

fn made(words: &Words, fonts: &OnceLock<Fonts>, format: Format) -> Result<Vec<u8>, NoPoster> {
    let fonts = if let Some(known) = fonts.get() {
        known
    } else {
        // Looked for again each time there is none: whoever installs a font need not restart.
        let found = Fonts::of_system().ok_or(NoPoster::NoFont)?;
        fonts.get_or_init(|| found)
    };
    let code = qrcode::QrCode::new(&words.url).map_err(|e| NoPoster::Other(e.to_string()))?;
    let modules: Vec<Vec<bool>> =
        code.to_colors().chunks(code.width()).map(|row| row.iter().map(|c| *c == qrcode::Color::Dark).collect()).collect();
    let widths = fonts.widths(&words.all());
    let advance = |face, c| widths.get(&(face, c)).copied().unwrap_or(1.0);
    let svg = layout::svg(words, &Type { title: fonts.title, text: fonts.text, advance: &advance }, &modules);
    Ok(match format {
        Format::Pdf => paint::pdf(&svg, fonts, &words.title, words.language)?,
        Format::Png => paint::png(&svg, fonts)?,
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
