//! Lines of Chinese and English text: where they may break, and how they look even.

/// What may not begin a line.
const CLOSING: &str = "，。、；：？！）》」』】〉”’…—·,.;:?!)]}%％";
/// What may not end a line.
const OPENING: &str = "（《「『【〈“‘([{";

/// Width of a character, in parts of the size of the type.
pub type Advance<'a> = &'a dyn Fn(char) -> f32;

/// Breaks `text` into lines of at most `most` (in parts of the size). No text makes a line longer than that.
pub fn wrap(text: &str, most: f32, advance: Advance<'_>) -> Vec<String> {
    let width = |piece: &str| piece.chars().map(advance).sum::<f32>();
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0.0);
    for piece in pieces(text).into_iter().flat_map(|piece| shortened(&piece, most, advance)) {
        let gap = if piece.after_space && !line.is_empty() { advance(' ') } else { 0.0 };
        let more = width(&piece.text);
        if used + gap + more > most && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            used = 0.0;
        } else if gap > 0.0 {
            line.push(' ');
            used += gap;
        }
        line.push_str(&piece.text);
        used += more;
    }
    lines.extend((!line.is_empty()).then_some(line));
    lines
}

/// The same number of lines, as equally long as may be: no last line of one character.
pub fn balanced(text: &str, most: f32, advance: Advance<'_>) -> Vec<String> {
    let first = wrap(text, most, advance);
    let (mut low, mut high, mut best) = (most / 2.0, most, first.clone());
    for _ in 0..8 {
        let middle = f32::midpoint(low, high);
        let lines = wrap(text, middle, advance);
        if lines.len() <= first.len() {
            (high, best) = (middle, lines);
        } else {
            low = middle;
        }
    }
    best
}

/// At most `count` lines; what is left out shows.
pub fn at_most(mut lines: Vec<String>, count: usize, most: f32, advance: Advance<'_>) -> Vec<String> {
    if lines.len() > count {
        lines.truncate(count);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && last.chars().map(advance).sum::<f32>() + advance('…') > most {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

/// What stays together.
struct Piece {
    text: String,
    after_space: bool,
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// One Chinese character with the marks that stick to it, or one word.
fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let (mut after_space, mut glued) = (false, false);
    for c in text.chars().filter(|c| !c.is_control() || c.is_whitespace()) {
        if c.is_whitespace() {
            (after_space, glued) = (true, false);
            continue;
        }
        let sticks = CLOSING.contains(c);
        let goes_on = |last: &Piece| {
            let before = last.text.chars().next_back();
            sticks || glued || before.is_some_and(|b| !is_han(b) && !is_han(c) && (b.is_ascii() || !CLOSING.contains(b)))
        };
        match found.last_mut() {
            Some(last) if !after_space && goes_on(last) => last.text.push(c),
            _ => found.push(Piece { text: c.to_string(), after_space }),
        }
        after_space = false;
        glued = OPENING.contains(c);
    }
    found
}

/// A piece that is longer than a line, such as an address, in parts that are not.
fn shortened(piece: &Piece, most: f32, advance: Advance<'_>) -> Vec<Piece> {
    let mut parts: Vec<Piece> = Vec::new();
    let mut used = f32::INFINITY;
    for c in piece.text.chars() {
        if used + advance(c) > most {
            parts.push(Piece { text: String::new(), after_space: piece.after_space && parts.is_empty() });
            used = 0.0;
        }
        used += advance(c);
        if let Some(part) = parts.last_mut() {
            part.text.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn advance(c: char) -> f32 {
        if is_han(c) || CLOSING.contains(c) && !c.is_ascii() { 1.0 } else { 0.5 }
    }

    #[test]
    fn lines_break_where_readers_expect_it() {
        let table: [(&str, f32, &[&str]); 7] = [
            ("秋收里的一堂课", 4.0, &["秋收里的", "一堂课"]),
            ("一二三，四五", 3.0, &["一二", "三，四", "五"]),
            ("一二（三四）五", 3.0, &["一二", "（三", "四）五"]),
            ("the long field", 4.0, &["the long", "field"]),
            ("第 3.5 课 Rust入门", 5.0, &["第 3.5 课", "Rust入门"]),
            ("https://a.example/x", 4.0, &["https://", "a.exampl", "e/x"]),
            ("  \n ", 4.0, &[]),
        ];
        for (text, most, want) in table {
            assert_eq!(wrap(text, most, &advance), want, "{text}");
        }
    }

    #[test]
    fn a_title_has_no_last_line_of_one_character() {
        assert_eq!(balanced("春耕秋收里的一堂好课", 9.0, &advance), ["春耕秋收里", "的一堂好课"]);
        assert_eq!(at_most(wrap("春耕秋收里的一堂好课", 4.0, &advance), 2, 4.0, &advance), ["春耕秋收", "里的一…"]);
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_nothing_is_lost(text in "([\u{4e00}-\u{4e80}]|[a-z]{1,30}|[，。（）“”《》!?. ]){0,200}", most in 2.0_f32..30.0) {
            let lines = wrap(&text, most, &advance);
            prop_assert!(lines.iter().all(|l| l.chars().map(advance).sum::<f32>() <= most + 0.001), "{lines:?}");
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
            prop_assert!(balanced(&text, most, &advance).len() <= lines.len());
        }
    }
}
