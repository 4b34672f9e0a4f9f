//! Fonts of the system, found once.

use super::drawing::{Face, Type};
use resvg::usvg::fontdb::{Database, Family, ID, Query, Weight};
use std::collections::HashMap;
use std::sync::Arc;

/// Serif families with Chinese characters, the preferred first.
const TITLE: [&str; 6] = ["Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "Songti SC", "STSong", "SimSun"];
/// Families without serifs.
const TEXT: [&str; 6] = ["Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei"];

/// What sheets are set in.
pub struct Fonts {
    /// The system's fonts by name; files are read when they are used.
    pub database: Arc<Database>,
    /// Family of titles.
    pub title: &'static str,
    /// Family of the rest.
    pub text: &'static str,
    faces: [ID; 3],
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("title", &self.title).field("text", &self.text).finish_non_exhaustive()
    }
}

/// Widths of characters, in parts of the size.
type Widths = HashMap<(Face, char), f32>;

impl Fonts {
    /// Those of this system; none when it has none with Chinese characters. Titles do without serifs where there are none.
    pub fn of_system() -> Option<Self> {
        let mut database = Database::new();
        database.load_system_fonts();
        Self::among(database)
    }

    fn among(database: Database) -> Option<Self> {
        let find = |names: &[&'static str], weight| {
            let id = |name| database.query(&Query { families: &[Family::Name(name)], weight, ..Query::default() });
            names.iter().find_map(|name| id(name).map(|id| (*name, id)))
        };
        let text = find(&TEXT, Weight::NORMAL);
        let title = find(&TITLE, Weight::BOLD).or_else(|| find(&TEXT, Weight::BOLD));
        let (title, text) = (title.or(text)?, text.or(title)?);
        let strong = find(&[text.0], Weight::BOLD).unwrap_or(text);
        let faces = [title.1, text.1, strong.1];
        Some(Self { title: title.0, text: text.0, faces, database: Arc::new(database) })
    }

    /// What `set` makes with the widths of the characters of `text`; any other counts as a square.
    pub fn setting<T>(&self, text: &str, set: impl FnOnce(&Type<'_>) -> T) -> T {
        let widths = self.widths(text);
        let advance = |face, c| widths.get(&(face, c)).copied().unwrap_or(1.0);
        set(&Type { title: self.title, text: self.text, advance: &advance })
    }

    /// How wide the characters of `text` are, in parts of the size; one that the font lacks counts as a square.
    fn widths(&self, text: &str) -> Widths {
        let mut found = Widths::new();
        for (face, id) in Face::ALL.into_iter().zip(self.faces) {
            self.database.with_face_data(id, |data, index| {
                let Ok(font) = ttf_parser::Face::parse(data, index) else { return };
                let em = f32::from(font.units_per_em());
                let width =
                    |c| font.glyph_index(c).and_then(|glyph| font.glyph_hor_advance(glyph)).map_or(1.0, |units| f32::from(units) / em);
                found.extend(
                    text.chars().chain([' ', '…', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']).map(|c| ((face, c), width(c))),
                );
            });
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_font_there_is_no_sheet_and_with_the_systems_every_character_has_its_width() {
        assert!(Fonts::among(Database::new()).is_none());
        let fonts = Fonts::of_system().expect("scripts/need fonts");
        let widths = fonts.widths("秋i");
        assert!((widths[&(Face::Title, '秋')] - 1.0).abs() < 0.01 && widths[&(Face::Text, 'i')] < 0.5, "{widths:?}");
    }
}
