//! A workbook is a zip archive: it is weighed before anything in it is parsed.

use super::{Limits, Unreadable};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use zip::ZipArchive;

/// Below this much, a high ratio is what a small workbook full of equal cells looks like.
const RATIO_FROM: u64 = 16 << 20;

fn damaged(cause: impl std::fmt::Display) -> Unreadable {
    Unreadable::Damaged(cause.to_string())
}

/// Refuses an archive with too many entries, or which unpacks to too much: really unpacks it, since sizes in a header can lie.
pub(in crate::spreadsheets) fn weigh(path: &Path, packed: u64, limits: &Limits) -> Result<(), Unreadable> {
    let mut file = BufReader::new(File::open(path).map_err(damaged)?);
    if declared_entries(&mut file, packed)? > limits.entries {
        return Err(Unreadable::TooMuch { what: "entries", most: limits.entries as u64 });
    }
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    let mut unpacked = 0_u64;
    let mut buffer = vec![0; 1 << 16];
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).map_err(damaged)?;
        let sheet = entry.name_raw().starts_with(b"xl/worksheets/");
        let mut part = 0;
        loop {
            let got = entry.read(&mut buffer).map_err(damaged)?;
            if got == 0 {
                break;
            }
            unpacked += got as u64;
            part += got as u64;
            if !sheet && part > limits.part {
                return Err(Unreadable::TooMuch { what: "part", most: limits.part });
            }
            if unpacked > RATIO_FROM && unpacked / packed.max(1) > limits.ratio {
                return Err(Unreadable::Bomb);
            }
            if unpacked > limits.unpacked {
                return Err(Unreadable::TooMuch { what: "unpacked", most: limits.unpacked });
            }
        }
    }
    Ok(())
}

/// About how many rows the first sheet has: what it says itself, else what its size lets expect.
pub(super) fn rows_about(path: &Path) -> u64 {
    let told = || -> Option<u64> {
        let mut archive = ZipArchive::new(BufReader::new(File::open(path).ok()?)).ok()?;
        let at = (0..archive.len())
            .find(|at| archive.name_for_index(*at).is_some_and(|name| name.is_ok_and(|name| name.starts_with("xl/worksheets/sheet"))))?;
        let mut entry = archive.by_index(at).ok()?;
        let mut begin = Vec::new();
        let size = entry.size();
        entry.by_ref().take(4_096).read_to_end(&mut begin).ok()?;
        let begin = String::from_utf8_lossy(&begin);
        let range = begin.split_once("<dimension ref=\"")?.1.split_once('"')?.0;
        let last = range.rsplit_once(':').and_then(|(_, last)| last.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().ok());
        Some(last.unwrap_or(size / ROW_BYTES))
    };
    told().unwrap_or(0)
}

/// Bytes of a row of a dozen cells, about.
const ROW_BYTES: u64 = 600;

/// The number of entries that the archive's end record declares (65,535 for more), read before a list of them is made.
fn declared_entries(file: &mut (impl Read + Seek), bytes: u64) -> Result<usize, Unreadable> {
    // The record has 22 bytes and a comment of up to 65,535.
    let tail = bytes.min(22 + 65_535);
    file.seek(SeekFrom::Start(bytes - tail)).map_err(damaged)?;
    let mut end = Vec::new();
    file.take(tail).read_to_end(&mut end).map_err(damaged)?;
    let at = end.windows(4).rposition(|w| w == [b'P', b'K', 5, 6]).ok_or_else(|| damaged("the archive has no end record"))?;
    file.rewind().map_err(damaged)?;
    match end.get(at + 10..at + 12) {
        Some(count) => Ok(usize::from(u16::from_le_bytes([count[0], count[1]]))),
        None => Err(damaged("the archive's end record is cut off")),
    }
}
