//! Photos of lecturers: kept without place, time and owner (S20).

use super::{kept, note, save};
use crate::lecturers::rules::{PHOTO_MAX, PHOTO_SIDE};
use crate::lecturers::{LecturerId, Lecturers, Photo, PhotoId};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use media::{PhotoFormat, strip_photo};
use serde_json::json;

/// What a file is, from its first bytes; its name is only a claim.
fn format(bytes: &[u8]) -> Option<(PhotoFormat, &'static str)> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some((PhotoFormat::Jpeg, "jpg")),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some((PhotoFormat::Png, "png")),
        _ => None,
    }
}

/// The photo without what cameras write beside the picture.
fn stripped(bytes: &[u8]) -> Result<Photo, Problem> {
    if bytes.len() > PHOTO_MAX {
        return Err(Problem::field("photo", "too-many-bytes", (bytes.len() / 1_000_000).to_string() + " MB", "2 MB"));
    }
    let (known, code) = format(bytes).ok_or_else(|| Problem::field("photo", "photo-kind", "", ""))?;
    let mut kept = Vec::with_capacity(bytes.len());
    let size = strip_photo(known, bytes, &mut kept).map_err(|_| Problem::field("photo", "photo-kind", "", ""))?;
    if size.width.max(size.height) > PHOTO_SIDE {
        return Err(Problem::field("photo", "photo-pixels", format!("{} × {}", size.width, size.height), PHOTO_SIDE));
    }
    Ok(Photo { format: code.to_owned(), bytes: kept })
}

/// Sets the photo, or (for none) takes it away.
///
/// # Errors
///
/// 404 for who may not see the lecturer, `forbidden` for a reader; `invalid` for what is no JPEG or PNG, or too large.
pub async fn set(app: &App, actor: &Actor, id: LecturerId, bytes: Option<&[u8]>) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let mut found = kept(app, &mut tx, actor, id).await?;
    let photo = bytes.map(stripped).transpose()?;
    let before = found.photo.take();
    if let Some(photo) = &photo {
        let new = PhotoId::new(app.clock.as_ref());
        Lecturers(&mut tx).add_photo(new, photo, app.clock.now()).await?;
        found.photo = Some(new);
    }
    save(&mut tx, &found, None).await?;
    if let Some(before) = before {
        Lecturers(&mut tx).forget_photo(before).await?;
    }
    note(app, &mut tx, actor, found.organisation, ("lecturer.described", id.to_string()), json!({ "fields": ["photo"] })).await?;
    Ok(tx.commit().await?)
}
