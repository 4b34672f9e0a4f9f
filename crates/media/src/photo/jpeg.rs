//! JPEG (ITU T.81): a row of segments, pictures in between, and whatever somebody put behind the end.

use super::{PhotoError, PhotoSize, Source, orientation};
use std::io::{Read, Write};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
/// `DNL`, which says after the first scan how many lines it had.
const LINES: u8 = 0xdc;
/// `APP0`, where a JFIF header stands.
const JFIF: u8 = 0xe0;
/// `APP1`, where EXIF stands.
const EXIF: u8 = 0xe1;
/// `APP2`, where a colour profile stands.
const PROFILE: u8 = 0xe2;
/// `APP14`, where Adobe says how colours are stored.
const ADOBE: u8 = 0xee;

/// What a marker begins.
enum Part {
    /// Needed for the picture: frames, tables, sizes.
    Picture,
    /// Data of applications, and comments.
    Beside,
    Scan,
    End,
    Unknown,
}

const fn part(marker: u8) -> Part {
    match marker {
        // Frames of every kind but the one reserved for extensions; tables for Huffman and arithmetic codes.
        0xc0..=0xc7 | 0xc9..=0xcf | 0xdb..=0xdd => Part::Picture,
        0xe0..=0xef | 0xfe => Part::Beside,
        SCAN => Part::Scan,
        END => Part::End,
        _ => Part::Unknown,
    }
}

/// Copies the picture; see [`super::strip_photo`].
pub(super) fn strip<R: Read>(from: &mut Source<R>, to: &mut impl Write) -> Result<PhotoSize, PhotoError> {
    if from.array()? != [0xff, START] {
        return from.damaged();
    }
    to.write_all(&[0xff, START])?;
    let (mut shown, mut turned, mut size) = (false, None, None);
    let mut marker = next_marker(from)?;
    loop {
        match part(marker) {
            Part::Picture => {
                let body = segment(from)?;
                size = size_in(marker, &body, size);
                write_segment(to, marker, &body)?;
            }
            Part::Beside => {
                let body = segment(from)?;
                if let Some(kept) = kept(marker, &body).filter(|_| marker != EXIF || turned.is_none()) {
                    turned = if marker == EXIF { orientation::read(&kept[6..]) } else { turned };
                    write_segment(to, marker, &kept)?;
                }
            }
            Part::Scan => {
                copy_segment(from, to, marker)?;
                shown = true;
                marker = copy_scan(from, to)?;
                continue;
            }
            // What comes behind the end belongs to no picture that a browser shows: previews, films, depth.
            Part::End if shown => {
                to.write_all(&[0xff, END])?;
                return size.map_or_else(|| from.damaged(), |size| Ok(size.upright(turned)));
            }
            Part::End | Part::Unknown => return from.damaged(),
        }
        marker = next_marker(from)?;
    }
}

fn next_marker<R: Read>(from: &mut Source<R>) -> Result<u8, PhotoError> {
    if from.byte()? != 0xff {
        return from.damaged();
    }
    // Any number of 0xff may stand before a marker.
    loop {
        match from.byte()? {
            0xff => {}
            0 => return from.damaged(),
            marker => return Ok(marker),
        }
    }
}

/// The contents of a segment, whose length counts its own two bytes.
fn segment<R: Read>(from: &mut Source<R>) -> Result<Vec<u8>, PhotoError> {
    match u16::from_be_bytes(from.array()?).checked_sub(2) {
        Some(size) => from.take(usize::from(size)),
        None => from.damaged(),
    }
}

fn copy_segment<R: Read>(from: &mut Source<R>, to: &mut impl Write, marker: u8) -> Result<(), PhotoError> {
    let body = segment(from)?;
    Ok(write_segment(to, marker, &body)?)
}

fn write_segment(to: &mut impl Write, marker: u8, body: &[u8]) -> std::io::Result<()> {
    let size = u16::try_from(body.len() + 2).map_err(std::io::Error::other)?;
    to.write_all(&[0xff, marker])?;
    to.write_all(&size.to_be_bytes())?;
    to.write_all(body)
}

/// The size that is known after the segment `marker`: of the first frame, or of the mark behind its first scan that
/// says how many lines there were.
fn size_in(marker: u8, body: &[u8], known: Option<PhotoSize>) -> Option<PhotoSize> {
    let two = |at: usize| body.get(at..at + 2).map(|two| u32::from(u16::from_be_bytes([two[0], two[1]])));
    match (marker, known) {
        (0xc0..=0xc7 | 0xc9..=0xcf, None) if !matches!(marker, 0xc4 | 0xcc) => Some(PhotoSize { height: two(1)?, width: two(3)? }),
        (LINES, Some(PhotoSize { width, height: 0 })) => Some(PhotoSize { width, height: two(0)? }),
        _ => known,
    }
}

/// What stays of a segment that is not the picture: how its colours are meant, how dense its pixels are, which way up it is.
fn kept(marker: u8, body: &[u8]) -> Option<Vec<u8>> {
    match marker {
        // Twelve bytes of header; the small copy that may follow shows what was cut off later.
        JFIF if body.starts_with(b"JFIF\0") => Some([body.get(..12)?, &[0, 0]].concat()),
        PROFILE if body.starts_with(b"ICC_PROFILE\0") => Some(body.to_vec()),
        ADOBE if body.starts_with(b"Adobe") => Some(body.get(..12)?.to_vec()),
        EXIF => {
            let upright = orientation::read(body.strip_prefix(b"Exif\0\0")?)?;
            Some([b"Exif\0\0".as_slice(), &orientation::write(upright)].concat())
        }
        _ => None,
    }
}

/// Copies coded pictures up to the marker that ends them, and returns it.
fn copy_scan<R: Read>(from: &mut Source<R>, to: &mut impl Write) -> Result<u8, PhotoError> {
    loop {
        from.pass_until(0xff, |piece| to.write_all(piece))?;
        let mut next = from.byte()?;
        while next == 0xff {
            next = from.byte()?;
        }
        match next {
            // A 0xff of the picture itself, and the marks at which a decoder may begin anew.
            0 | 0xd0..=0xd7 => to.write_all(&[0xff, next])?,
            marker => return Ok(marker),
        }
    }
}
