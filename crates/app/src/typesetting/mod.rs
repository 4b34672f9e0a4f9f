//! Typesetting: sheets of A4 whose lines we break and place ourselves, as PDF and as pictures (docs/decisions/0012, 0021).
//!
//! ```text
//! words ─feature's layout─► Drawing (lines and shapes in points) ─► SVG ─┬─krilla─► PDF whose text is text
//!              ▲ widths of the system's fonts                            └─resvg──► PNG
//! ```
//!
//! * A layout is pure: it is given the width of a character and tells where everything stands, so that "nothing leaves the
//!   sheet" is tested without any font.
//! * Printing costs up to half a second of one core: two print at a time, outside the threads that answer requests.
//! * Not here: what a sheet says and how it looks (each feature).

pub mod breaking;
mod drawing;
mod fonts;
mod paint;

pub use drawing::{Drawing, Face, Line, Shape, Type};
pub use fonts::Fonts;
pub use paint::{NotPainted, Size, pdf, png};

use crate::problem::Problem;
use std::sync::{Arc, OnceLock};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Sheets and pictures that are made at a time.
const AT_A_TIME: usize = 2;
/// The Debian package that brings what sheets are set in.
pub const FONT_PACKAGE: &str = "fonts-noto-cjk";

/// Why there is no sheet.
#[derive(Debug, thiserror::Error)]
pub enum NotPrinted {
    /// The system has no font with Chinese characters.
    #[error("no font with Chinese characters; install the package {FONT_PACKAGE}")]
    NoFont,
    /// A library refused.
    #[error(transparent)]
    NotPainted(#[from] NotPainted),
    /// The words do not fit what they are for, or the program is being stopped.
    #[error("{0}")]
    Other(String),
}

impl From<NotPrinted> for Problem {
    fn from(e: NotPrinted) -> Self {
        match e {
            NotPrinted::NoFont => Self::unavailable("font-missing").with("package", FONT_PACKAGE),
            e => Self::internal(e),
        }
    }
}

/// What prints on this node: the system's fonts, and how many print at a time.
pub struct Press {
    fonts: Arc<OnceLock<Fonts>>,
    turns: Semaphore,
}

impl Default for Press {
    fn default() -> Self {
        Self { fonts: Arc::default(), turns: Semaphore::new(AT_A_TIME) }
    }
}

impl std::fmt::Debug for Press {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Press").field("free", &self.turns.available_permits()).finish_non_exhaustive()
    }
}

impl Press {
    /// Waits until one may print.
    ///
    /// # Errors
    ///
    /// [`NotPrinted::Other`] when the program is being stopped.
    pub async fn turn(&self) -> Result<Turn<'_>, NotPrinted> {
        let permit = self.turns.acquire().await.map_err(|e| NotPrinted::Other(e.to_string()))?;
        Ok(Turn { fonts: self.fonts.clone(), _permit: permit })
    }
}

/// The right to print once.
pub struct Turn<'p> {
    fonts: Arc<OnceLock<Fonts>>,
    _permit: SemaphorePermit<'p>,
}

impl std::fmt::Debug for Turn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn").finish_non_exhaustive()
    }
}

impl Turn<'_> {
    /// What `work` makes with the system's fonts.
    ///
    /// # Errors
    ///
    /// [`NotPrinted::NoFont`], and whatever `work` fails with.
    pub async fn print<T, W>(self, work: W) -> Result<T, NotPrinted>
    where
        T: Send + 'static,
        W: FnOnce(&Fonts) -> Result<T, NotPrinted> + Send + 'static,
    {
        let fonts = self.fonts.clone();
        let made = tokio::task::spawn_blocking(move || {
            let fonts = if let Some(known) = fonts.get() {
                known
            } else {
                // Looked for again each time there is none: whoever installs a font need not restart.
                let found = Fonts::of_system().ok_or(NotPrinted::NoFont)?;
                fonts.get_or_init(|| found)
            };
            work(fonts)
        });
        made.await.map_err(|e| NotPrinted::Other(e.to_string()))?
    }
}
