//! A file that comes whole in one request: what browsers send without script.

use super::uploads::{NewUpload, described, disk, finish, keep, sized, spool};
use crate::problem::Problem;
use crate::recordings::Upload;
use crate::recordings::rules;
use crate::recordings::spool::{Chunk, End};
use crate::state::App;
use bytes::Bytes;
use futures_util::Stream;
use kernel::Actor;
use std::collections::BTreeMap;
use tokio_util::sync::CancellationToken;

/// Takes a file with these `metadata` (see [`NewUpload`]) as `bytes` bring it, and has it examined. `announced` is the size
/// of the request, as far as its sender said.
///
/// Nobody could go on with what breaks off, so it is not kept.
///
/// # Errors
///
/// As [`super::begin`]; `upload-form-too-large` over [`rules::form_most`], `upload-form-interrupted` when the line broke.
pub async fn take<E>(
    app: &App,
    actor: &Actor,
    metadata: BTreeMap<String, String>,
    announced: Option<u64>,
    bytes: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Upload, Problem> {
    let most = rules::form_most(app.config.upload_max_mib);
    sized(app, announced.unwrap_or(1).clamp(1, most)).await?;
    let upload = described(app, actor, &NewUpload { length: most, metadata, partial: false }, None).await?;
    let spool = spool(app, upload.id);
    spool.create().await.map_err(disk)?;
    let chunk = Chunk { start: 0, length: most, checksum: None };
    let outcome = spool.receive(&chunk, bytes, &CancellationToken::new()).await.map_err(disk);
    match outcome.and_then(|(length, end)| whole(length, &end, most)) {
        Ok(length) => {
            // Only now, with its true size: before, another device might have tried to go on with it.
            let upload = Upload { length, ..upload };
            keep(app, &upload).await?;
            finish(app, &upload).await?;
            Ok(upload)
        }
        Err(problem) => {
            spool.remove().await.map_err(Problem::internal)?;
            Err(problem)
        }
    }
}

/// The size of a file that arrived to its end.
fn whole(length: u64, end: &End, most: u64) -> Result<i64, Problem> {
    match end {
        End::Whole if length == 0 => Err(Problem::field("file", "empty-file", "0", 1)),
        End::Whole => Ok(length.cast_signed()),
        End::Overrun => Err(too_large(most)),
        End::Full => Err(Problem::disk_full()),
        End::Broken | End::TakenOver | End::WrongChecksum => Err(Problem::bad_request("upload-form-interrupted")),
    }
}

/// What is said of a file over `most` bytes.
pub fn too_large(most: u64) -> Problem {
    Problem::too_large("upload-form-too-large").with("wanted", most)
}
