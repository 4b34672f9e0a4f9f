//! PNG (W3C, third edition): a row of chunks with checksums.

use super::{PhotoError, PhotoSize, Source, orientation};
use crc32fast::Hasher;
use std::io::{Read, Write};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Longest chunk that the standard allows.
const LONGEST: u32 = (1 << 31) - 1;
/// Longest EXIF block that is looked into.
const MOST_EXIF: u32 = 64 * 1024;

/// Chunks that make the picture: its pixels, frames, transparency, colours, density.
const KEPT: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV",
    b"cLLI", b"mDCv", b"bKGD", b"hIST", b"pHYs",
];

/// Copies the picture; see [`super::strip_photo`].
pub(super) fn strip<R: Read>(from: &mut Source<R>, to: &mut impl Write) -> Result<PhotoSize, PhotoError> {
    if from.array()? != SIGNATURE {
        return from.damaged();
    }
    to.write_all(&SIGNATURE)?;
    let (mut first, mut shown, mut turned) = (true, false, None);
    let mut pixels = PhotoSize { width: 0, height: 0 };
    loop {
        let (length, kind) = (u32::from_be_bytes(from.array()?), from.array::<4>()?);
        let expected = if first { &kind == b"IHDR" && length == 13 } else { &kind != b"IHDR" };
        if !expected || length > LONGEST || !kind.iter().all(u8::is_ascii_alphabetic) {
            return from.damaged();
        }
        match &kind {
            known if KEPT.contains(&known) => {
                let head = copy_chunk(from, to, kind, length)?;
                pixels = if first { pixels_in(head) } else { pixels };
            }
            b"eXIf" if length <= MOST_EXIF => turned = keep_orientation(from, to, length)?.or(turned),
            // A capital letter: the picture can't be shown without it, and we do not know it.
            kind if kind[0].is_ascii_uppercase() => return from.damaged(),
            _ => from.pass(u64::from(length) + 4, |_| Ok(()))?,
        }
        match &kind {
            // What comes behind the end belongs to no picture.
            b"IEND" if shown && length == 0 => return Ok(pixels.upright(turned)),
            b"IEND" => return from.damaged(),
            kind => (first, shown) = (false, shown || kind == b"IDAT"),
        }
    }
}

/// Answers what the chunk begins with.
fn copy_chunk<R: Read>(from: &mut Source<R>, to: &mut impl Write, kind: [u8; 4], size: u32) -> Result<[u8; 8], PhotoError> {
    let (mut sum, mut head, mut seen) = (Hasher::new(), [0; 8], 0);
    sum.update(&kind);
    to.write_all(&size.to_be_bytes())?;
    to.write_all(&kind)?;
    from.pass(u64::from(size), |piece| {
        sum.update(piece);
        let new = piece.len().min(head.len() - seen);
        head[seen..seen + new].copy_from_slice(&piece[..new]);
        seen += new;
        to.write_all(piece)
    })?;
    let told = from.array()?;
    if u32::from_be_bytes(told) != sum.finalize() {
        return from.damaged();
    }
    to.write_all(&told)?;
    Ok(head)
}

/// Width and height, with which the header begins.
fn pixels_in(head: [u8; 8]) -> PhotoSize {
    let both = u64::from_be_bytes(head);
    PhotoSize { width: (both >> 32) as u32, height: both as u32 }
}

fn keep_orientation<R: Read>(from: &mut Source<R>, to: &mut impl Write, size: u32) -> Result<Option<u8>, PhotoError> {
    let tiff = from.take(size as usize)?;
    from.array::<4>()?;
    let Some(turned) = orientation::read(&tiff) else { return Ok(None) };
    let block = orientation::write(turned);
    let mut sum = Hasher::new();
    sum.update(b"eXIf");
    sum.update(&block);
    to.write_all(&(block.len() as u32).to_be_bytes())?;
    to.write_all(b"eXIf")?;
    to.write_all(&block)?;
    to.write_all(&sum.finalize().to_be_bytes())?;
    Ok(Some(turned))
}
