//! The poster as one drawing: where each line of text stands on a sheet of A4, written as SVG.

use crate::typesetting::breaking::{at_most, balanced, wrap};
use crate::typesetting::{Face, Line, Type};
use std::fmt::Write as _;

/// The sheet in points.
pub const SHEET: (f32, f32) = (595.0, 842.0);
/// Left and right of everything.
const MARGIN: f32 = 58.0;
/// What is between the margins.
const MEASURE: f32 = SHEET.0 - 2.0 * MARGIN;
/// Where the title begins.
const TITLE_TOP: f32 = 196.0;
/// The line above day and time.
const FOOT: f32 = 596.0;
/// Sizes of a title, each with the lines it may take: a few words are set large, two hundred characters small.
const TITLES: [(f32, usize); 13] = [
    (96.0, 1),
    (80.0, 1),
    (66.0, 2),
    (58.0, 3),
    (50.0, 4),
    (44.0, 4),
    (38.0, 5),
    (33.0, 6),
    (29.0, 8),
    (25.0, 12),
    (22.0, 14),
    (19.0, 18),
    (16.0, 20),
];
/// Side of the code with its quiet zone.
const CODE: f32 = 156.0;
/// What day, time and address may take beside the code.
const BESIDE: f32 = MEASURE - CODE - 28.0;

const INK: &str = "#25201b";
const SOFT: &str = "#574e45";
const FAINT: &str = "#71665b";
const LACQUER: &str = "#a32a1e";

/// What the poster says: finished words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// Name of the product, and the character of its seal.
    pub product: (String, String),
    /// What sort of event it is.
    pub kicker: String,
    /// Title of the broadcast.
    pub title: String,
    /// Who speaks, with what they are called.
    pub lecturer: String,
    /// Who holds it.
    pub organisation: String,
    /// A few sentences.
    pub about: String,
    /// The day, and what stands small beside it: weekday, year.
    pub day: (String, String),
    /// When it begins, and what stands small beside it: until when.
    pub time: (String, String),
    /// In which zone.
    pub zone: String,
    /// What to do with the code.
    pub scan: String,
    /// The address.
    pub url: String,
    /// BCP 47 tag.
    pub language: &'static str,
}

impl Words {
    /// Every character that is set.
    pub fn all(&self) -> String {
        let pairs = [&self.product, &self.day, &self.time].into_iter().flat_map(|(a, b)| [a, b]);
        let single = [&self.kicker, &self.title, &self.lecturer, &self.organisation, &self.about, &self.zone, &self.scan, &self.url];
        pairs.chain(single).map(String::as_str).collect()
    }
}

struct Sheet<'a> {
    kind: &'a Type<'a>,
    lines: Vec<Line>,
}

impl Sheet<'_> {
    fn put(&mut self, text: &str, face: Face, size: f32, colour: &'static str, x: f32, y: f32) -> f32 {
        let width = text.chars().map(self.kind.of(face)).sum::<f32>() * size;
        self.lines.push(Line { text: text.to_owned(), face, size, colour, x, y, width });
        width
    }

    /// Lines below each other, the first with its top at `top`; where the next thing may begin.
    fn block(&mut self, lines: &[String], face: Face, size: f32, leading: f32, colour: &'static str, top: f32) -> f32 {
        for (n, line) in lines.iter().enumerate() {
            self.put(line, face, size, colour, MARGIN, top + size * 0.9 + n as f32 * size * leading);
        }
        top + lines.len() as f32 * size * leading
    }

    /// The largest of `sizes` at which `text` takes one line of `measure`; else the smallest, cut.
    fn fitted(&self, text: &str, face: Face, sizes: &[f32], measure: f32) -> (String, f32) {
        let advance = self.kind.of(face);
        let lines = |size: f32| wrap(text, measure / size, &advance);
        let size = sizes.iter().copied().find(|size| lines(*size).len() <= 1).or(sizes.last().copied()).unwrap_or(12.0);
        let cut = at_most(lines(size), 1, measure / size, &advance);
        (cut.into_iter().next().unwrap_or_default(), size)
    }
}

/// Where every line of the poster stands.
pub fn lines(words: &Words, kind: &Type<'_>) -> Vec<Line> {
    let mut sheet = Sheet { kind, lines: Vec::new() };
    sheet.put(&words.product.0, Face::Title, 19.0, INK, MARGIN + 48.0, 84.5);
    let (kicker, size) = sheet.fitted(&words.kicker, Face::Text, &[15.0, 13.0, 11.0], MEASURE);
    sheet.put(&kicker, Face::Text, size, LACQUER, MARGIN, 168.0);
    head(&mut sheet, words);
    foot(&mut sheet, words);
    sheet.lines
}

/// Title, lecturer, organisation and, where room is left, what it is about.
fn head(sheet: &mut Sheet<'_>, words: &Words) {
    let kind = sheet.kind;
    let (title, text) = (kind.of(Face::Title), kind.of(Face::Text));
    let size = if wrap(&words.lecturer, MEASURE / 23.0, &title).len() <= 1 { 23.0 } else { 17.0 };
    let lecturer = at_most(balanced(&words.lecturer, MEASURE / size, &title), 3, MEASURE / size, &title);
    let organisation = at_most(balanced(&words.organisation, MEASURE / 15.0, &text), 2, MEASURE / 15.0, &text);
    let below = 26.0 + lecturer.len() as f32 * size * 1.4 + 6.0 + organisation.len() as f32 * 15.0 * 1.5 + 20.0;
    let room = FOOT - TITLE_TOP - below;
    let count = |size: f32| wrap(&words.title, MEASURE / size, &title).len();
    let fits = |(size, most): &(f32, usize)| count(*size) <= *most && count(*size) as f32 * size * 1.32 <= room;
    let big = TITLES.into_iter().find(fits).map_or(12.0, |(size, _)| size);
    let heading = at_most(balanced(&words.title, MEASURE / big, &title), (room / (big * 1.32)) as usize, MEASURE / big, &title);
    let y = sheet.block(&heading, Face::Title, big, 1.32, INK, TITLE_TOP) + 26.0;
    let y = sheet.block(&lecturer, Face::Title, size, 1.4, INK, y) + 6.0;
    let y = sheet.block(&organisation, Face::Text, 15.0, 1.5, SOFT, y) + 22.0;
    let left = ((FOOT - 20.0 - y) / (13.5 * 1.75)).max(0.0) as usize;
    let about = wrap(&words.about, MEASURE / 13.5, &text);
    // One line of a longer text says nothing.
    if about.len() <= left || left > 1 {
        let about = at_most(about, left.min(5), MEASURE / 13.5, &text);
        sheet.block(&about, Face::Text, 13.5, 1.75, SOFT, y);
    }
}

/// Day, time and address; the code has its words below it.
fn foot(sheet: &mut Sheet<'_>, words: &Words) {
    let kind = sheet.kind;
    let text = kind.of(Face::Text);
    let mut y = FOOT + 64.0;
    for (large, small) in [&words.day, &words.time] {
        let (large, size) = sheet.fitted(large, Face::Title, &[46.0, 40.0, 34.0, 28.0], BESIDE);
        let width = sheet.put(&large, Face::Title, size, INK, MARGIN, y);
        let (small, size) = sheet.fitted(small, Face::Text, &[15.0, 13.0, 11.0], (BESIDE - width - 12.0).max(12.0));
        sheet.put(&small, Face::Text, size, SOFT, MARGIN + width + 12.0, y);
        y += 56.0;
    }
    let (zone, size) = sheet.fitted(&words.zone, Face::Text, &[12.5, 11.0, 9.5], BESIDE);
    sheet.put(&zone, Face::Text, size, SOFT, MARGIN, FOOT + 152.0);
    let url = at_most(balanced(&words.url, BESIDE / 9.0, &text), 3, BESIDE / 9.0, &text);
    for (n, line) in url.iter().enumerate() {
        sheet.put(line, Face::Text, 9.0, FAINT, MARGIN, FOOT + 172.0 + n as f32 * 13.0);
    }
    let (scan, size) = sheet.fitted(&words.scan, Face::Text, &[12.5, 11.0, 9.5], CODE);
    let width = scan.chars().map(&text).sum::<f32>() * size;
    sheet.put(&scan, Face::Text, size, SOFT, SHEET.0 - MARGIN - CODE + (CODE - width) / 2.0, FOOT + 198.0);
}

/// The whole poster. `code` is the QR code: its modules row by row, dark ones true.
pub fn svg(words: &Words, kind: &Type<'_>, code: &[Vec<bool>]) -> String {
    let (w, h) = SHEET;
    let right = w - MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" xml:lang=\"{}\">\
         <rect width=\"{w}\" height=\"{h}\" fill=\"#fffdf8\"/><rect width=\"13\" height=\"{h}\" fill=\"{LACQUER}\"/>\
         <rect x=\"{MARGIN}\" y=\"60\" width=\"36\" height=\"36\" rx=\"5\" fill=\"{LACQUER}\"/>\
         <path d=\"M{MARGIN} {FOOT}H{right}\" stroke=\"#cfc3b3\" stroke-width=\"0.75\"/>\
         <path d=\"M{MARGIN} {FOOT}h64\" stroke=\"{LACQUER}\" stroke-width=\"3\"/>",
        words.language
    );
    let seal = Line {
        text: words.product.1.clone(),
        face: Face::Title,
        size: 23.0,
        colour: "#fffaf5",
        x: MARGIN + 18.0 - words.product.1.chars().map(|c| (kind.advance)(Face::Title, c)).sum::<f32>() * 11.5,
        y: 86.2,
        width: 0.0,
    };
    lines(words, kind).iter().chain([&seal]).for_each(|line| line.write(kind, &mut svg));
    svg + &qr(code) + "</svg>"
}

/// Four modules of quiet around, as ISO/IEC 18004 wants it.
fn qr(code: &[Vec<bool>]) -> String {
    let module = CODE / (code.len() + 8) as f32;
    let (x, y) = (SHEET.0 - MARGIN - CODE, FOOT + 22.0);
    let mut path = String::new();
    for (row, modules) in code.iter().enumerate() {
        for (column, _) in modules.iter().enumerate().filter(|(_, dark)| **dark) {
            let _ = write!(path, "M{} {}h1v1h-1z", column + 4, row + 4);
        }
    }
    format!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"{CODE}\" height=\"{CODE}\" fill=\"#ffffff\"/>\
         <path transform=\"translate({x} {y}) scale({module})\" shape-rendering=\"crispEdges\" fill=\"#1c1712\" d=\"{path}\"/>"
    )
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
