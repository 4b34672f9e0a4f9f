//! Photos of a held session: without place, time and owner (S20), at most a few, and only until it is verified.

use super::{demand, note, visible};
use crate::held_sessions::rules::{self, MOST_PHOTOS};
use crate::held_sessions::{HeldSession, HeldSessionId, HeldSessions, Photo, PhotoId, State};
use crate::organisations::Action;
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use media::{PhotoError, PhotoFormat, PhotoSize, strip_photo};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::PathBuf;

/// Keeps the photo `bytes` under an id that the phone made. Repeating it changes nothing.
///
/// # Errors
///
/// `forbidden` or 404 without [`Action::RecordSession`]; `invalid` when it is no photo or is damaged; `photos-fixed` once it
/// is verified or void; `too-many-photos`.
pub async fn add(app: &App, actor: &Actor, of: HeldSessionId, id: PhotoId, bytes: Vec<u8>) -> Result<Photo, Problem> {
    let one = editable(app, actor, of).await?;
    if bytes.len() > rules::PHOTO_BYTES {
        return Err(Problem::too_large("photo-too-large"));
    }
    let format = PhotoFormat::sniff(&bytes).ok_or_else(|| Problem::field("photo", "no-photo", "", "JPEG, PNG, WebP"))?;
    let (size, copy) = stripped(format, bytes).await?;
    let sha256 = crate::hex::hex(&Sha256::digest(&copy));
    let known = HeldSessions(&mut app.db.read().await?).photo(id).await?;
    if let Some(known) = known {
        let same = known.held_session == of && known.sha256 == sha256;
        return if same { Ok(known) } else { Err(Problem::conflict("photo-id-taken")) };
    }
    let photo = Photo {
        id,
        held_session: of,
        // The same bytes look the same; a copy that was encoded anew is not found by this.
        look: sha256.clone(),
        sha256,
        bytes: i64::try_from(copy.len()).unwrap_or(i64::MAX),
        width: size.width.into(),
        height: size.height.into(),
        added_by: actor.account,
        added_at: app.clock.now(),
    };
    // The file first: a row never names bytes that are not there. Bytes without a row are written over or swept.
    store(app.objects.original(&photo.file()), copy).await?;
    let mut tx = app.db.begin().await?;
    if !HeldSessions(&mut tx).add_photo(&photo, MOST_PHOTOS).await? {
        return Err(Problem::conflict("too-many-photos").with("most", MOST_PHOTOS));
    }
    note(app, &mut tx, actor, one.organisation, "held-session.photo-added", of, json!({ "photo": id, "sha256": photo.sha256 })).await?;
    tx.commit().await?;
    Ok(photo)
}

/// Removes a photo.
///
/// # Errors
///
/// As [`add`]; 404 when there is none such.
pub async fn remove(app: &App, actor: &Actor, of: HeldSessionId, id: PhotoId) -> Result<(), Problem> {
    let one = editable(app, actor, of).await?;
    let mut tx = app.db.begin().await?;
    let photo = HeldSessions(&mut tx).photo(id).await?.filter(|photo| photo.held_session == of).ok_or_else(Problem::not_found)?;
    HeldSessions(&mut tx).remove_photo(id).await?;
    note(app, &mut tx, actor, one.organisation, "held-session.photo-removed", of, json!({ "photo": id, "sha256": photo.sha256 })).await?;
    tx.commit().await?;
    let file = app.objects.original(&photo.file());
    if let Err(error) = tokio::fs::remove_file(&file).await {
        tracing::warn!(%error, photo = %id, "the file of a removed photo could not be removed");
    }
    Ok(())
}

/// The bytes of a photo and their type, for whoever may see the held session.
///
/// # Errors
///
/// 404 for anyone else, or when there is none such.
pub async fn read(app: &App, actor: &Actor, of: HeldSessionId, id: PhotoId) -> Result<(Photo, &'static str, Vec<u8>), Problem> {
    let mut tx = app.db.read().await?;
    visible(app, &mut tx, actor, of).await?;
    let photo = HeldSessions(&mut tx).photo(id).await?.filter(|photo| photo.held_session == of).ok_or_else(Problem::not_found)?;
    let bytes = tokio::fs::read(app.objects.original(&photo.file())).await.map_err(Problem::internal)?;
    let kind = match PhotoFormat::sniff(&bytes) {
        Some(PhotoFormat::Png) => "image/png",
        Some(PhotoFormat::Webp) => "image/webp",
        Some(PhotoFormat::Jpeg) | None => "image/jpeg",
    };
    Ok((photo, kind, bytes))
}

/// Nothing, when `actor` may add a photo now.
///
/// # Errors
///
/// As [`add`].
pub async fn may_add(app: &App, actor: &Actor, of: HeldSessionId) -> Result<(), Problem> {
    editable(app, actor, of).await.map(drop)
}

/// The held session, when `actor` may change its photos.
async fn editable(app: &App, actor: &Actor, of: HeldSessionId) -> Result<HeldSession, Problem> {
    let one = HeldSessions(&mut app.db.read().await?).find(of).await?.ok_or_else(Problem::not_found)?;
    demand(app, actor, Action::RecordSession, one.organisation)?;
    if matches!(one.state, State::Registered | State::Returned) { Ok(one) } else { Err(Problem::conflict("photos-fixed")) }
}

async fn stripped(format: PhotoFormat, bytes: Vec<u8>) -> Result<(PhotoSize, Vec<u8>), Problem> {
    let work = move || {
        let mut copy = Vec::with_capacity(bytes.len());
        strip_photo(format, &bytes[..], &mut copy).map(|size| (size, copy))
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?.map_err(|error| match error {
        PhotoError::Damaged { at } => Problem::field("photo", "photo-damaged", at.to_string(), ""),
        PhotoError::Disk(error) => Problem::internal(error),
    })
}

/// Writes the file durably: whole or not at all.
async fn store(to: PathBuf, bytes: Vec<u8>) -> Result<(), Problem> {
    let work = move || {
        let part = to.with_extension("part");
        let mut file = std::fs::File::create(&part)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, &to)?;
        std::fs::File::open(to.parent().unwrap_or(&to))?.sync_all()
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?.map_err(|error: std::io::Error| match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Problem::disk_full(),
        _ => Problem::internal(error),
    })
}
