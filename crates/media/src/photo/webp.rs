//! WebP (RFC 9649): a RIFF file of chunks, with a head that says which of them there are.
//!
//! The size of the whole stands in front, so the kept chunks wait in memory until all of them are known.

use super::{PhotoError, PhotoSize, Source};
use std::io::{Read, Write};

/// Chunks that make the picture: head, colours, frames, transparency, pixels.
const KEPT: [&[u8; 4]; 7] = [b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"];
/// Flags of the head for EXIF and XMP, which go.
const TOLD_BESIDE: u8 = 0b0000_1100;
/// Most bytes of a photo.
const MOST: u64 = 64 << 20;

/// Copies the picture; see [`super::strip_photo`]. A photo that was held upright by its EXIF alone lies on its side.
pub(super) fn strip<R: Read>(from: &mut Source<R>, to: &mut impl Write) -> Result<PhotoSize, PhotoError> {
    let (riff, length, webp) = (from.array::<4>()?, u64::from(u32::from_le_bytes(from.array()?)), from.array::<4>()?);
    if (&riff, &webp) != (b"RIFF", b"WEBP") || !(4..=MOST).contains(&length) {
        return from.damaged();
    }
    let (mut kept, mut size, mut left) = (Vec::new(), None, length - 4);
    while left >= 8 {
        let (kind, bytes) = (from.array::<4>()?, u64::from(u32::from_le_bytes(from.array()?)));
        // Chunks begin at even places.
        let padded = bytes + bytes % 2;
        left -= 8;
        if padded > left {
            return from.damaged();
        }
        left -= padded;
        if !KEPT.contains(&&kind) {
            from.pass(padded, |_| Ok(()))?;
            continue;
        }
        let begin = kept.len() + 8;
        kept.extend_from_slice(&kind);
        kept.extend_from_slice(&u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes());
        from.pass(padded, |piece| {
            kept.extend_from_slice(piece);
            Ok(())
        })?;
        if let Some(flags) = kept.get_mut(begin).filter(|_| &kind == b"VP8X") {
            *flags &= !TOLD_BESIDE;
        }
        size = size.or_else(|| size_in(kind, &kept[begin..]));
    }
    let Some(size) = size else { return from.damaged() };
    to.write_all(b"RIFF")?;
    to.write_all(&u32::try_from(kept.len() + 4).unwrap_or(u32::MAX).to_le_bytes())?;
    to.write_all(b"WEBP")?;
    to.write_all(&kept)?;
    Ok(size)
}

/// The size that a head or the first frame tells.
fn size_in(kind: [u8; 4], body: &[u8]) -> Option<PhotoSize> {
    let at = |n: usize| body.get(n).copied().map(u32::from);
    let three = |n: usize| Some(at(n)? | at(n + 1)? << 8 | at(n + 2)? << 16);
    match &kind {
        b"VP8X" => Some(PhotoSize { width: three(4)? + 1, height: three(7)? + 1 }),
        b"VP8 " if body.get(3..6)? == [0x9d, 0x01, 0x2a] => {
            let two = |n: usize| Some((at(n)? | at(n + 1)? << 8) & 0x3fff);
            Some(PhotoSize { width: two(6)?, height: two(8)? })
        }
        b"VP8L" if *body.first()? == 0x2f => {
            let bits = at(1)? | at(2)? << 8 | at(3)? << 16 | at(4)? << 24;
            Some(PhotoSize { width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1 })
        }
        _ => None,
    }
}
