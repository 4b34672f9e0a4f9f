//! What the figures mean, in two columns under the table or on a sheet of its own.

use super::sheet::Sheet;
use super::{BOTTOM, INK, MARGIN, MEASURE, SHEET, SOFT, TOP, Words};
use crate::typesetting::breaking::wrap;
use crate::typesetting::{Face, Type};

/// Between the columns.
const GAP: f32 = 30.0;
/// Width of a column.
const COLUMN: f32 = (MEASURE - GAP) / 2.0;
/// Size of the type, and from line to line.
const SIZE: (f32, f32) = (8.0, 12.2);
/// Height of the title with what is below it.
const HEAD: f32 = 26.0;
/// Less than this under a table is not begun.
const LEAST: f32 = 90.0;

/// Adds the notes under the last sheet's `under`, or on further sheets.
pub fn notes<'a>(words: &Words, kind: &'a Type<'a>, sheets: &mut Vec<Sheet<'a>>, under: f32) {
    if words.meanings.is_empty() {
        return;
    }
    let mut top = under + 22.0;
    if BOTTOM - top < LEAST {
        sheets.push(Sheet::new(kind));
        top = TOP;
    }
    title(sheets, words, top);
    let (mut column, mut y) = (0, top + HEAD);
    for (term, what) in &words.meanings {
        let block = lines(term, what, kind);
        // A block fits an empty sheet, so that this ends.
        while y + block.len() as f32 * SIZE.1 > BOTTOM {
            if column == 1 {
                sheets.push(Sheet::new(kind));
                top = TOP;
                title(sheets, words, top);
            }
            (column, y) = (1 - column, top + HEAD);
        }
        y = put(sheets, &block, MARGIN + column as f32 * (COLUMN + GAP), y);
    }
}

fn title(sheets: &mut [Sheet<'_>], words: &Words, top: f32) {
    if let Some(sheet) = sheets.last_mut() {
        sheet.fitted(&words.notes, Face::Title, &[11.0, 9.0], INK, MARGIN, top + 10.0, SHEET.0 - 2.0 * MARGIN);
    }
}

/// A term and the lines that explain it; what is longer than a column is cut to one.
fn lines(term: &str, what: &str, kind: &Type<'_>) -> Vec<(Face, String)> {
    let text = kind.of(Face::Text);
    let strong = kind.of(Face::Strong);
    let most = COLUMN / SIZE.0;
    let room = ((BOTTOM - TOP - HEAD) / SIZE.1) as usize;
    let term = wrap(term, most, &strong).into_iter().map(|line| (Face::Strong, line));
    let what = wrap(what, most, &text).into_iter().map(|line| (Face::Text, line));
    term.chain(what).take(room).collect()
}

/// Where the next block may begin.
fn put(sheets: &mut [Sheet<'_>], block: &[(Face, String)], x: f32, top: f32) -> f32 {
    if let Some(sheet) = sheets.last_mut() {
        for (n, (face, line)) in block.iter().enumerate() {
            let colour = if *face == Face::Strong { INK } else { SOFT };
            sheet.left(line, *face, SIZE.0, colour, x, top + SIZE.0 + n as f32 * SIZE.1);
        }
    }
    top + block.len() as f32 * SIZE.1 + 5.0
}
