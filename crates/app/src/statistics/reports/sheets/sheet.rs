//! A sheet that is being filled.

use crate::typesetting::breaking::{at_most, wrap};
use crate::typesetting::{Drawing, Face, Line, Shape, Type};

/// A drawing with the type that it is set in.
pub struct Sheet<'a> {
    kind: &'a Type<'a>,
    drawing: Drawing,
}

impl<'a> Sheet<'a> {
    /// An empty one.
    pub fn new(kind: &'a Type<'a>) -> Self {
        Self { kind, drawing: Drawing::default() }
    }

    /// What was put on it.
    pub fn done(self) -> Drawing {
        self.drawing
    }

    /// Text from `x` on; how wide it is.
    pub fn left(&mut self, text: &str, face: Face, size: f32, colour: &'static str, x: f32, y: f32) -> f32 {
        let width = self.kind.width(text, face, size);
        if !text.is_empty() {
            self.drawing.lines.push(Line { text: text.to_owned(), face, size, colour, x, y, width });
        }
        width
    }

    /// Text up to `right`; how wide it is.
    pub fn right(&mut self, text: &str, face: Face, size: f32, colour: &'static str, right: f32, y: f32) -> f32 {
        let width = self.kind.width(text, face, size);
        self.left(text, face, size, colour, right - width, y)
    }

    /// Text around `middle`.
    pub fn centre(&mut self, text: &str, face: Face, size: f32, colour: &'static str, middle: f32, y: f32) {
        let width = self.kind.width(text, face, size);
        self.left(text, face, size, colour, middle - width / 2.0, y);
    }

    /// The largest of `sizes` at which `text` takes one line of `measure`; else the smallest, cut. How wide it is.
    pub fn fitted(&mut self, text: &str, face: Face, sizes: &[f32], colour: &'static str, x: f32, y: f32, measure: f32) -> f32 {
        let (text, size) = fit(self.kind, text, face, sizes, measure);
        self.left(&text, face, size, colour, x, y)
    }

    /// At most `most` lines below each other, the first with its top at `top`; where the next thing may begin.
    pub fn block(
        &mut self,
        text: &str,
        (face, size, leading): (Face, f32, f32),
        colour: &'static str,
        (x, top, measure): (f32, f32, f32),
        most: usize,
    ) -> f32 {
        let advance = self.kind.of(face);
        let lines = at_most(wrap(text, measure / size, &advance), most, measure / size, &advance);
        for (n, line) in lines.iter().enumerate() {
            self.left(line, face, size, colour, x, top + size * 0.9 + n as f32 * size * leading);
        }
        top + lines.len() as f32 * size * leading
    }

    /// How wide `text` is.
    pub fn width(&self, text: &str, face: Face, size: f32) -> f32 {
        self.kind.width(text, face, size)
    }

    /// How many of `names`, with `between` them, fit `room` lines of `measure`.
    pub fn filled(&self, names: &[String], between: &str, (face, size): (Face, f32), measure: f32, room: usize) -> usize {
        let advance = self.kind.of(face);
        let fits = |n: usize| wrap(&names[..n].join(between), measure / size, &advance).len() <= room;
        let (mut low, mut high) = (0, names.len());
        while low < high {
            let middle = (low + high).div_ceil(2);
            (low, high) = if fits(middle) { (middle, high) } else { (low, middle - 1) };
        }
        low
    }

    /// A box.
    pub fn bar(&mut self, x: f32, y: f32, width: f32, height: f32, colour: &'static str) {
        self.drawing.shapes.push(Shape::bar(x, y, width, height, colour));
    }

    /// A triangle that points up or down.
    pub fn arrow(&mut self, x: f32, y: f32, up: bool, colour: &'static str) {
        self.drawing.shapes.push(Shape { points: Some(up), ..Shape::bar(x, y, 5.0, 4.5, colour) });
    }
}

/// The largest of `sizes` at which `text` takes one line of `measure`; else the smallest, cut.
fn fit(kind: &Type<'_>, text: &str, face: Face, sizes: &[f32], measure: f32) -> (String, f32) {
    let advance = kind.of(face);
    let fits = |size: &f32| kind.width(text, face, *size) <= measure;
    let size = sizes.iter().copied().find(fits).or(sizes.last().copied()).unwrap_or(8.0);
    if fits(&size) {
        return (text.to_owned(), size);
    }
    let cut = at_most(wrap(text, measure / size, &advance), 1, measure / size, &advance);
    (cut.into_iter().next().unwrap_or_default(), size)
}
