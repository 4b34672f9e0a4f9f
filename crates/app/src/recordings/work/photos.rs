//! Photos among the originals: without place, time and owner (S20).

use crate::recordings::spool::{blocking, sync_folder};
use media::{PhotoError, PhotoFormat, PhotoSize, strip_photo};
use std::fs::File;
use std::io;
use std::path::PathBuf;

/// Copies the photo at `file` to `original`, durably and without what is not the picture; the bytes of the copy and
/// the size of the picture, or the byte from which on the photo is damaged. What came stays where it is.
pub(super) async fn keep(file: PathBuf, original: PathBuf, format: PhotoFormat) -> io::Result<Result<(i64, PhotoSize), u64>> {
    blocking(move || {
        let part = original.with_extension("part");
        let copy = File::create(&part)?;
        let size = match strip_photo(format, File::open(file)?, &copy) {
            Ok(size) => size,
            Err(PhotoError::Disk(error)) => return Err(error),
            Err(PhotoError::Damaged { at }) => return std::fs::remove_file(part).map(|()| Err(at)),
        };
        copy.sync_all()?;
        std::fs::rename(part, &original)?;
        sync_folder(&original)?;
        Ok(Ok((copy.metadata()?.len().cast_signed(), size)))
    })
    .await
}
