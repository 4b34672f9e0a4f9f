//! The rows, on as many sheets as they take, each with the heads over them.

use super::sheet::Sheet;
use super::{BOTTOM, HAIR, INK, LACQUER, MARGIN, MEASURE, Row, SHEET, SOFT, TINT, TOP, Words};
use crate::typesetting::breaking::{at_most, wrap};
use crate::typesetting::{Face, Type};

/// Size of names and figures.
const SIZE: f32 = 8.5;
/// From line to line of a name.
const LEADING: f32 = 11.0;
/// Lines that a name may take.
const NAME_LINES: usize = 2;
/// Around the text of a cell.
const PAD: f32 = 6.0;
/// Sizes of the heads, the largest first.
const HEADS: [f32; 6] = [8.0, 7.5, 7.0, 6.5, 6.0, 5.5];
/// Lines that a head may take.
const HEAD_LINES: usize = 3;

/// Where the columns are.
struct Columns {
    name: f32,
    figure: f32,
    head: Vec<Vec<String>>,
    size: f32,
}

impl Columns {
    fn of(words: &Words, kind: &Type<'_>) -> Self {
        let figures = words.head.len().saturating_sub(1).max(1) as f32;
        let widest = words.rows.iter().map(|row| kind.width(&row.name, Face::Strong, SIZE)).fold(0.0, f32::max);
        let name = (widest + 2.0 * PAD).clamp(110.0, 230.0);
        let figure = (MEASURE - name) / figures;
        let text = kind.of(Face::Strong);
        let most = figure - PAD;
        // A word is not broken as long as a smaller type holds it.
        let whole = |size: f32| {
            words.head.iter().skip(1).all(|head| {
                head.split_whitespace().all(|word| !word.is_ascii() || kind.width(word, Face::Strong, size) <= most)
                    && wrap(head, most / size, &text).len() <= HEAD_LINES
            })
        };
        let size = HEADS.into_iter().find(|size| whole(*size)).unwrap_or(HEADS[5]);
        let measure = |n: usize| if n == 0 { name - PAD } else { most };
        let lines = |(n, head): (usize, &String)| at_most(wrap(head, measure(n) / size, &text), HEAD_LINES, measure(n) / size, &text);
        Self { name, figure, head: words.head.iter().enumerate().map(lines).collect(), size }
    }

    /// Right end of figure `n`.
    fn right(&self, n: usize) -> f32 {
        MARGIN + self.name + (n + 1) as f32 * self.figure - PAD / 2.0
    }

    fn height(&self) -> f32 {
        let lines = self.head.iter().map(Vec::len).max().unwrap_or(1);
        lines as f32 * (self.size + 2.0) + 10.0
    }
}

/// Adds the sheets of the table; where on the last of them something may follow.
pub fn table<'a>(words: &Words, kind: &'a Type<'a>, sheets: &mut Vec<Sheet<'a>>) -> f32 {
    let columns = Columns::of(words, kind);
    let text = kind.of(Face::Text);
    let most = (columns.name - PAD) / SIZE;
    let mut begun: Option<(Sheet<'a>, f32)> = None;
    for (n, row) in words.rows.iter().enumerate() {
        let name = at_most(wrap(&row.name, most * 0.95, &text), NAME_LINES, most * 0.95, &text);
        let height = name.len().max(1) as f32 * LEADING + 6.0;
        // A total alone on a sheet says nothing: the row before it goes there too.
        let followed = words.rows.get(n + 1).is_some_and(|next| next.is_total);
        let needed = if followed { height + LEADING * 2.0 + 6.0 } else { height };
        let (mut sheet, y) = match begun.take() {
            Some((sheet, y)) if y + needed <= BOTTOM => (sheet, y),
            full => {
                sheets.extend(full.map(|(sheet, _)| sheet));
                begin(words, kind, &columns)
            }
        };
        put(&mut sheet, row, &name, &columns, y, height);
        begun = Some((sheet, y + height));
    }
    let (sheet, y) = begun.unwrap_or_else(|| begin(words, kind, &columns));
    sheets.push(sheet);
    y
}

/// A sheet with heads on it, and where its first row stands.
fn begin<'a>(words: &Words, kind: &'a Type<'a>, columns: &Columns) -> (Sheet<'a>, f32) {
    let mut sheet = Sheet::new(kind);
    let width = sheet.fitted(&words.below, Face::Title, &[13.0, 11.0], INK, MARGIN, TOP + 13.0, MEASURE / 3.0);
    let whose = format!("{} · {}", words.name, words.title);
    sheet.fitted(&whose, Face::Text, &[9.0, 8.0, 7.0], SOFT, MARGIN + width + 12.0, TOP + 13.0, MEASURE - width - 12.0);
    let (top, height) = (TOP + 24.0, columns.height());
    sheet.bar(MARGIN, top, MEASURE, height, TINT);
    sheet.bar(MARGIN, top, MEASURE, 1.2, LACQUER);
    for (n, lines) in columns.head.iter().enumerate() {
        // Heads stand on their last line.
        let first = top + height - 7.0 - (lines.len().saturating_sub(1)) as f32 * (columns.size + 2.0);
        for (at, line) in lines.iter().enumerate() {
            let y = first + at as f32 * (columns.size + 2.0);
            if n == 0 {
                sheet.left(line, Face::Strong, columns.size, INK, MARGIN + PAD / 2.0, y);
            } else {
                sheet.right(line, Face::Strong, columns.size, INK, columns.right(n - 1), y);
            }
        }
    }
    sheet.bar(MARGIN, top + height, MEASURE, 0.6, SOFT);
    (sheet, top + height + 1.0)
}

fn put(sheet: &mut Sheet<'_>, row: &Row, name: &[String], columns: &Columns, y: f32, height: f32) {
    let face = if row.is_total { Face::Strong } else { Face::Text };
    if row.is_total {
        sheet.bar(MARGIN, y, MEASURE, height, TINT);
        sheet.bar(MARGIN, y - 0.6, MEASURE, 0.8, INK);
    }
    for (n, line) in name.iter().enumerate() {
        let natural = sheet.width(line, face, SIZE);
        let size = SIZE.min(SIZE * (columns.name - PAD) / natural.max(1.0));
        sheet.left(line, face, size, INK, MARGIN + PAD / 2.0, y + 11.0 + n as f32 * LEADING);
    }
    for (n, cell) in row.cells.iter().enumerate() {
        let natural = sheet.width(cell, face, SIZE);
        let size = SIZE.min(SIZE * (columns.figure - PAD) / natural.max(1.0));
        let colour = if cell == "0" { super::FAINT } else { INK };
        sheet.right(cell, face, size, colour, columns.right(n).min(SHEET.0 - MARGIN), y + 11.0);
    }
    sheet.bar(MARGIN, y + height - 0.4, MEASURE, 0.4, HAIR);
}
