//! Photos without what cameras and editors write beside the picture: place, time, owner, serial numbers, comments, small
//! copies, films and whole other pictures behind the end (S20).
//!
//! What is known to be needed for showing the picture stays, byte for byte; everything else goes, known or not. The picture
//! is not encoded anew. A photo that was held upright keeps one tag, its orientation: without it, it would lie on its side.

mod jpeg;
mod orientation;
mod png;
#[cfg(test)]
mod tests;
mod webp;

use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

/// How a photo is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoFormat {
    /// JPEG: baseline, progressive, lossless.
    Jpeg,
    /// PNG, also when it moves.
    Png,
    /// WebP, also when it moves.
    Webp,
}

impl PhotoFormat {
    /// The format of a photo that begins like `head`, whatever its name says; 12 bytes are enough.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        if head.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else {
            None
        }
    }
}

/// Size of a photo in pixels, as it is shown: turned upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoSize {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl PhotoSize {
    /// As a viewer sees it who knows the orientation of EXIF: 5 to 8 lie on their side.
    fn upright(self, orientation: Option<u8>) -> Self {
        if orientation.is_some_and(|value| value >= 5) { Self { width: self.height, height: self.width } } else { self }
    }
}

/// Why a photo could not be taken over.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// It breaks the rules of its format, or ends too early.
    #[error("the photo is damaged at byte {at}")]
    Damaged {
        /// So many bytes were read and understood.
        at: u64,
    },
    /// The disk failed.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

/// Copies the photo of `from` to `to` without anything that is not the picture. Memory is bounded whatever the file says;
/// the same bytes always give the same copy, and a copy of a copy is the copy. Answers the size of the picture.
///
/// # Errors
///
/// [`PhotoError::Damaged`] names the place; `to` then holds a part that is good for nothing.
pub fn strip_photo(format: PhotoFormat, from: impl Read, to: impl Write) -> Result<PhotoSize, PhotoError> {
    let (mut from, mut to) = (Source { bytes: BufReader::with_capacity(PIECE, from), at: 0 }, BufWriter::with_capacity(PIECE, to));
    let size = match format {
        PhotoFormat::Jpeg => jpeg::strip(&mut from, &mut to)?,
        PhotoFormat::Png => png::strip(&mut from, &mut to)?,
        PhotoFormat::Webp => webp::strip(&mut from, &mut to)?,
    };
    to.flush()?;
    Ok(size)
}

/// Bytes in memory at a time, in and out.
const PIECE: usize = 64 * 1024;

/// A file that knows how far it was read, and for which its end in the middle of something is damage.
struct Source<R> {
    bytes: BufReader<R>,
    at: u64,
}

impl<R: Read> Source<R> {
    fn damaged<T>(&self) -> Result<T, PhotoError> {
        Err(PhotoError::Damaged { at: self.at })
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PhotoError> {
        let mut array = [0; N];
        match self.bytes.read_exact(&mut array) {
            Ok(()) => self.at += N as u64,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return self.damaged(),
            Err(error) => return Err(error.into()),
        }
        Ok(array)
    }

    fn byte(&mut self) -> Result<u8, PhotoError> {
        Ok(self.array::<1>()?[0])
    }

    /// The next `size` bytes; callers ask for at most 64 KiB.
    fn take(&mut self, size: usize) -> Result<Vec<u8>, PhotoError> {
        let mut bytes = Vec::with_capacity(size.min(PIECE));
        self.pass(size as u64, |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(bytes)
    }

    /// Hands the next `size` bytes to `each`, piece by piece.
    fn pass(&mut self, size: u64, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), PhotoError> {
        let mut left = size;
        while left > 0 {
            let piece = self.bytes.fill_buf()?;
            if piece.is_empty() {
                return self.damaged();
            }
            let length = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            each(&piece[..length])?;
            self.bytes.consume(length);
            self.at += length as u64;
            left -= length as u64;
        }
        Ok(())
    }

    /// Hands what stands before the next byte `stop` to `each`, and takes that byte away.
    fn pass_until(&mut self, stop: u8, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), PhotoError> {
        loop {
            let piece = self.bytes.fill_buf()?;
            if piece.is_empty() {
                return self.damaged();
            }
            let found = piece.iter().position(|byte| *byte == stop);
            let length = found.unwrap_or(piece.len());
            each(&piece[..length])?;
            let used = length + usize::from(found.is_some());
            self.bytes.consume(used);
            self.at += used as u64;
            if found.is_some() {
                return Ok(());
            }
        }
    }
}
