//! What stands on a sheet: lines of text and shapes, in points from its upper left corner.

use std::fmt::Write as _;

/// A typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// Of titles: a bold serif.
    Title,
    /// Of everything else.
    Text,
    /// Of what stands out in text: bold, without serifs.
    Strong,
}

impl Face {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Title, Self::Text, Self::Strong];
}

/// The names of the typefaces, and how wide their characters are.
pub struct Type<'a> {
    /// Family of [`Face::Title`].
    pub title: &'a str,
    /// Family of [`Face::Text`] and [`Face::Strong`].
    pub text: &'a str,
    /// Width of a character in parts of the size.
    pub advance: &'a dyn Fn(Face, char) -> f32,
}

impl std::fmt::Debug for Type<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Type").field("title", &self.title).field("text", &self.text).finish_non_exhaustive()
    }
}

impl Type<'_> {
    /// Widths of one typeface.
    pub fn of(&self, face: Face) -> impl Fn(char) -> f32 {
        move |c| (self.advance)(face, c)
    }

    /// How wide `text` is at `size`.
    pub fn width(&self, text: &str, face: Face, size: f32) -> f32 {
        text.chars().map(self.of(face)).sum::<f32>() * size
    }
}

/// A line of text on the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Its typeface.
    pub face: Face,
    /// Size of the type.
    pub size: f32,
    /// `#rrggbb`
    pub colour: &'static str,
    /// Left end of its baseline.
    pub x: f32,
    /// Height of its baseline from the top.
    pub y: f32,
    /// How wide it is.
    pub width: f32,
}

impl Line {
    /// Its highest and lowest point, as far as letters reach.
    pub fn reach(&self) -> (f32, f32) {
        (self.y - self.size * 0.9, self.y + self.size * 0.22)
    }

    /// Appends it to an SVG.
    pub fn write(&self, kind: &Type<'_>, svg: &mut String) {
        let family = if self.face == Face::Title { kind.title } else { kind.text };
        let weight = if self.face == Face::Text { 400 } else { 700 };
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            "<text x=\"{:.2}\" y=\"{:.2}\" font-family=\"{family}\" font-weight=\"{weight}\" font-size=\"{}\" fill=\"{}\">{}</text>",
            self.x,
            self.y,
            self.size,
            self.colour,
            escaped(&self.text)
        );
    }
}

/// A filled shape: a box, or one with a triangle's point up or down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// From left to right.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
    /// `#rrggbb`
    pub colour: &'static str,
    /// None: a box. Else a triangle that points up, or down.
    pub points: Option<bool>,
}

impl Shape {
    /// A box.
    pub const fn bar(x: f32, y: f32, width: f32, height: f32, colour: &'static str) -> Self {
        Self { x, y, width, height, colour, points: None }
    }

    fn write(&self, svg: &mut String) {
        let Self { x, y, width: w, height: h, colour, points } = *self;
        let (top, foot, middle, right) = (y, y + h, x + w / 2.0, x + w);
        let _ = match points {
            None => write!(svg, "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{w:.2}\" height=\"{h:.2}\" fill=\"{colour}\"/>"),
            Some(true) => write!(svg, "<path d=\"M{x:.2} {foot:.2}L{middle:.2} {top:.2}L{right:.2} {foot:.2}z\" fill=\"{colour}\"/>"),
            Some(false) => write!(svg, "<path d=\"M{x:.2} {top:.2}L{middle:.2} {foot:.2}L{right:.2} {top:.2}z\" fill=\"{colour}\"/>"),
        };
    }
}

/// Everything on one sheet; shapes are below the lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawing {
    /// Text.
    pub lines: Vec<Line>,
    /// The rest.
    pub shapes: Vec<Shape>,
}

impl Drawing {
    /// The sheet as SVG. `language` is a BCP 47 tag, which decides how Chinese characters look.
    pub fn svg(&self, size: super::Size, kind: &Type<'_>, language: &str) -> String {
        let (w, h) = size;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" xml:lang=\"{language}\">\
             <rect width=\"{w}\" height=\"{h}\" fill=\"#ffffff\"/>"
        );
        self.shapes.iter().for_each(|shape| shape.write(&mut svg));
        self.lines.iter().for_each(|line| line.write(kind, &mut svg));
        svg + "</svg>"
    }
}

/// Text between tags; characters that XML does not know become spaces.
fn escaped(text: &str) -> String {
    let known = |c: char| !matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let text: String = text.chars().map(|c| if known(c) { c } else { ' ' }).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
