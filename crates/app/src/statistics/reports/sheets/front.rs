//! The front sheet: everything that somebody sees who turns no page.

use super::sheet::Sheet;
use super::{BOTTOM, FAINT, HAIR, INK, LACQUER, MARGIN, MEASURE, Names, SAND, SHEET, SOFT, TINT, Tile, Words};
use crate::typesetting::{Face, Type};

/// Where the indicators begin.
const TILES: f32 = 168.0;
/// Height of an indicator.
const TILE: f32 = 56.0;
/// Where chart and names begin.
const BODY: f32 = 306.0;
/// Width of the names, and the gap before them.
const SIDE: (f32, f32) = (232.0, 34.0);

/// The sheet.
pub fn front<'a>(words: &Words, kind: &'a Type<'a>) -> Sheet<'a> {
    let mut sheet = Sheet::new(kind);
    head(&mut sheet, words);
    tiles(&mut sheet, words);
    let measure = if words.silent.is_some() { MEASURE - SIDE.0 - SIDE.1 } else { MEASURE };
    chart(&mut sheet, words, measure);
    if let Some(silent) = &words.silent {
        names(&mut sheet, silent, SHEET.0 - MARGIN - SIDE.0, if words.language == "en" { ", " } else { "、" });
    }
    sheet
}

/// Whose, what and when.
fn head(sheet: &mut Sheet<'_>, words: &Words) {
    let right = SHEET.0 - MARGIN;
    sheet.bar(right - 22.0, 42.0, 22.0, 22.0, LACQUER);
    sheet.centre(&words.product.1, Face::Title, 14.0, "#fffaf5", right - 11.0, 58.2);
    sheet.right(&words.product.0, Face::Title, 12.0, INK, right - 30.0, 57.4);
    sheet.fitted(&words.kicker, Face::Text, &[11.0, 9.0], LACQUER, MARGIN, 57.0, MEASURE - 160.0);
    sheet.fitted(&words.name, Face::Title, &[28.0, 24.0, 20.0, 17.0, 14.0, 12.0, 10.0], INK, MARGIN, 92.0, MEASURE);
    sheet.fitted(&words.title, Face::Title, &[16.0, 14.0, 12.0], SOFT, MARGIN, 117.0, MEASURE);
    sheet.fitted(&words.facts.join(" · "), Face::Text, &[9.0, 8.0, 7.0, 6.0], FAINT, MARGIN, 136.0, MEASURE);
    sheet.bar(MARGIN, 150.0, MEASURE, 0.75, HAIR);
    sheet.bar(MARGIN, 148.5, 56.0, 2.5, LACQUER);
}

fn tiles(sheet: &mut Sheet<'_>, words: &Words) {
    let columns = words.tiles.len().div_ceil(2).max(5);
    let width = MEASURE / columns as f32;
    for (n, tile) in words.tiles.iter().enumerate() {
        let (x, y) = (MARGIN + (n % columns) as f32 * width, TILES + (n / columns) as f32 * (TILE + 8.0));
        if n % columns > 0 {
            sheet.bar(x - 8.0, y, 0.5, TILE - 6.0, HAIR);
        }
        one(sheet, tile, x, y, width - 18.0);
    }
    sheet.fitted(&words.before, Face::Text, &[7.5, 6.5, 5.5], FAINT, MARGIN, TILES + 2.0 * TILE + 14.0, MEASURE);
}

fn one(sheet: &mut Sheet<'_>, tile: &Tile, x: f32, y: f32, measure: f32) {
    sheet.fitted(&tile.label, Face::Text, &[9.0, 8.0, 7.0, 6.0], SOFT, x, y + 8.0, measure);
    let most = if tile.unit.is_empty() { measure } else { measure - 30.0 };
    let width = sheet.fitted(&tile.number, Face::Title, &[22.0, 19.0, 16.0, 13.0, 10.0, 8.0, 6.0], INK, x, y + 31.0, most);
    if !tile.unit.is_empty() {
        sheet.fitted(&tile.unit, Face::Text, &[9.0, 8.0, 7.0], SOFT, x + width + 4.0, y + 31.0, measure - width - 4.0);
    }
    let indent = if let Some(rises) = tile.rises {
        sheet.arrow(x, y + 39.8, rises, if rises { LACQUER } else { FAINT });
        9.0
    } else {
        0.0
    };
    sheet.fitted(&tile.trend, Face::Text, &[7.5, 7.0, 6.5, 6.0, 5.0], FAINT, x + indent, y + 45.0, measure - indent);
}

fn chart(sheet: &mut Sheet<'_>, words: &Words, measure: f32) {
    sheet.fitted(&words.chart, Face::Strong, &[10.5, 9.0, 8.0], INK, MARGIN, BODY + 9.0, measure);
    let (top, base) = (BODY + 36.0, BOTTOM - 30.0);
    let most = words.bars.iter().map(|bar| bar.amount).max().unwrap_or(0).max(1) as f32;
    let slot = measure / words.bars.len().max(6) as f32;
    let broad = (slot * 0.62).min(46.0);
    for third in 1..=2 {
        sheet.bar(MARGIN, base - (base - top) * third as f32 / 2.0, measure, 0.4, TINT);
    }
    for (n, bar) in words.bars.iter().enumerate() {
        let middle = MARGIN + (n as f32 + 0.5) * slot;
        let height = (base - top) * (bar.amount.max(0) as f32 / most);
        if height > 0.0 {
            let height = height.max(0.8);
            sheet.bar(middle - broad / 2.0, base - height, broad, height, if bar.inside { LACQUER } else { SAND });
        }
        label(sheet, &bar.number, Face::Text, if bar.inside { INK } else { SOFT }, middle, base - height - 4.0, slot);
        label(sheet, &bar.label, Face::Text, SOFT, middle, base + 12.0, slot);
        label(sheet, &bar.year, Face::Text, FAINT, middle, base + 22.5, slot);
    }
    sheet.bar(MARGIN, base, measure, 0.75, SOFT);
}

/// Words of a bar, as large as their slot allows.
fn label(sheet: &mut Sheet<'_>, text: &str, face: Face, colour: &'static str, middle: f32, y: f32, slot: f32) {
    let natural = sheet.width(text, face, 8.0);
    let size = 8.0_f32.min(8.0 * (slot - 3.0).max(1.0) / natural.max(0.1));
    sheet.centre(text, face, size, colour, middle, y);
}

fn names(sheet: &mut Sheet<'_>, silent: &Names, x: f32, between: &str) {
    sheet.bar(x - SIDE.1 / 2.0, BODY, 0.5, BOTTOM - BODY - 4.0, HAIR);
    sheet.fitted(&silent.title, Face::Strong, &[10.5, 9.0, 8.0], INK, x, BODY + 9.0, SIDE.0);
    let width = sheet.fitted(&silent.count, Face::Title, &[22.0, 16.0, 12.0], INK, x, BODY + 38.0, SIDE.0 / 2.0);
    sheet.fitted(&silent.lead, Face::Text, &[8.5, 7.5, 6.5], SOFT, x + width + 6.0, BODY + 38.0, SIDE.0 - width - 6.0);
    let (size, leading, top) = (8.5, 1.6, BODY + 50.0);
    let room = ((BOTTOM - top) / (size * leading)) as usize - 1;
    let shown = sheet.filled(&silent.some, between, (Face::Text, size), SIDE.0, room);
    let text = silent.some[..shown].join(between);
    let below = sheet.block(&text, (Face::Text, size, leading), SOFT, (x, top, SIDE.0), room);
    if shown < silent.total {
        let more = silent.more.replace("{n}", &(silent.total - shown).to_string());
        sheet.fitted(&more, Face::Text, &[8.0, 7.0, 6.0], FAINT, x, below + 8.0, SIDE.0);
    }
}
