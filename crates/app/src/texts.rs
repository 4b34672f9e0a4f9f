//! What every text field refuses: hidden characters, too little, too much.

use crate::problem::FieldError;

/// Marks that turn the direction of writing, so that a reader sees something else than what is stored.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// One line of text, trimmed: `min` to `max` characters without control characters or direction marks.
///
/// # Errors
///
/// `required`, `too-short`, `too-long`, `hidden-characters` or `lost-character`, with `field` as given.
pub fn check(field: &str, text: &str, min: usize, max: usize) -> Result<String, FieldError> {
    bounded(field, text.trim(), min, max, char::is_control)
}

/// Text of several lines: like [`check`], but line breaks (unified to `\n`) and tabs may stand in it.
///
/// # Errors
///
/// As [`check`].
pub fn check_lines(field: &str, text: &str, min: usize, max: usize) -> Result<String, FieldError> {
    let unified = text.replace("\r\n", "\n");
    bounded(field, unified.trim(), min, max, |c| c.is_control() && !matches!(c, '\n' | '\t'))
}

fn bounded(field: &str, text: &str, min: usize, max: usize, forbidden: impl Fn(char) -> bool) -> Result<String, FieldError> {
    // Programs put it where they could not read a character: what it stood for is lost.
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err(FieldError::new(field, "lost-character", text, ""));
    }
    if let Some(c) = text.chars().find(|c| forbidden(*c) || turns_direction(*c)) {
        return Err(FieldError::new(field, "hidden-characters", format!("U+{:04X}", u32::from(c)), ""));
    }
    match text.chars().count() {
        0 if min > 0 => Err(FieldError::new(field, "required", "", min)),
        n if n < min => Err(FieldError::new(field, "too-short", n.to_string(), min)),
        n if n > max => Err(FieldError::new(field, "too-long", n.to_string(), max)),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_follow_the_table() {
        let table = [
            (" 讲好一堂课 ", Ok("讲好一堂课")),
            ("👩‍🏫 lesson", Ok("👩‍🏫 lesson")),
            ("<script>alert(1)</script>", Ok("<script>alert(1)</script>")),
            ("   ", Err("required")),
            ("a", Err("too-short")),
            ("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", Err("too-long")),
            ("two\nlines", Err("hidden-characters")),
            ("nul\0", Err("hidden-characters")),
            ("exe.\u{202E}4pm", Err("hidden-characters")),
            ("a\u{2066}b", Err("hidden-characters")),
            ("pay\u{fffd}an", Err("lost-character")),
        ];
        for (text, want) in table {
            let got = check("title", text, 2, 40);
            assert_eq!(got.as_deref().map_err(|e| e.rule), want, "{text:?}");
        }
    }

    #[test]
    fn lines_may_break_and_nothing_else_may_hide() {
        assert_eq!(check_lines("body", "one\r\ntwo\tthree", 1, 40).as_deref(), Ok("one\ntwo\tthree"));
        assert_eq!(check_lines("body", "one\u{7}", 1, 40).map_err(|e| (e.rule, e.found)), Err(("hidden-characters", "U+0007".into())));
    }

    #[test]
    fn length_counts_characters_and_not_bytes() {
        assert!(check("title", &"字".repeat(40), 1, 40).is_ok());
        assert_eq!(check("title", &"字".repeat(41), 1, 40).map_err(|e| e.found), Err("41".into()));
        assert_eq!(check("note", "", 0, 40).as_deref(), Ok(""));
    }
}
