//! Pure rules of files: slots, names, signatures of addresses.

mod address;
mod documents;
mod tus;

pub use address::{Audience, BadAddress, MediaGrant, media_expiry, read_media, sign_media};
pub use documents::{HEAD, Kind, TAIL, ending, kind};
pub use tus::{Algorithm, Checksum, Concat, checksum, concat, metadata, metadata_header};

use std::borrow::Cow;

/// A place that a lesson has for files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Its name.
    pub name: &'static str,
    /// A new file stands beside the older ones instead of replacing them.
    pub several: bool,
    /// What it takes.
    pub takes: Takes,
}

/// What a slot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Pictures that move, or sound.
    Media,
    /// Files of these kinds, told from their bytes.
    Documents(&'static [&'static str]),
}

/// Every slot there is. Campaigns choose among them.
pub const SLOTS: [Slot; 5] = [
    Slot { name: "video", several: false, takes: Takes::Media },
    Slot { name: "script", several: false, takes: Takes::Documents(&["pdf", "docx"]) },
    Slot { name: "slides", several: false, takes: Takes::Documents(&["pdf", "pptx"]) },
    Slot { name: "photos", several: true, takes: Takes::Documents(&["jpg", "png"]) },
    Slot { name: "supplement", several: true, takes: Takes::Documents(&["pdf", "docx", "pptx", "jpg", "png"]) },
];

/// The slot with this name.
pub fn slot(name: &str) -> Option<Slot> {
    SLOTS.into_iter().find(|slot| slot.name == name)
}

/// Largest file that is taken as a plain form, in bytes: who sends it must begin anew after every break.
pub const FORM_MOST: u64 = 2_000_000_000;

/// Largest file that is taken as a plain form, in bytes, where `upload_max_mib` MiB are taken at all.
pub fn form_most(upload_max_mib: u64) -> u64 {
    FORM_MOST.min(upload_max_mib << 20)
}

/// Where a file that players ask for lies: pictures have a short address beside the master playlist.
pub fn rendition_file(asked: &str) -> Cow<'_, str> {
    match asked {
        "poster.jpg" => Cow::Borrowed("poster/poster.jpg"),
        "storyboard.vtt" => Cow::Borrowed("storyboard/index.vtt"),
        // The track names its sheets beside itself.
        sheet if sheet.starts_with("sheet") && !sheet.contains('/') => Cow::Owned(format!("storyboard/{sheet}")),
        other => Cow::Borrowed(other),
    }
}
