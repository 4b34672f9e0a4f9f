//! Two revisions beside each other, with what changed inside a text marked.

use super::words;
use crate::i18n::Texts;
use crate::submissions::FileSeen;
use crate::submissions::rules::Difference;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// They are not on the other side.
    pub changed: bool,
}

/// One field or file with both its sides.
#[derive(Debug, Clone)]
pub struct Change {
    /// Name of the field or slot.
    pub name: String,
    /// The older side.
    pub was: Vec<Piece>,
    /// The newer side.
    pub now: Vec<Piece>,
    /// Hash of the older file; empty for fields.
    pub was_hash: String,
    /// Hash of the newer file.
    pub now_hash: String,
}

/// Everything that differs, fields first.
pub fn changes(texts: &Texts, difference: &Difference) -> Vec<Change> {
    let fields = difference.fields.iter().map(|change| {
        let (was, now) = (words::value(texts, &change.field, &change.before), words::value(texts, &change.field, &change.after));
        let (was, now) = marked(&was, &now);
        Change { name: words::field(texts, &change.field), was, now, was_hash: String::new(), now_hash: String::new() }
    });
    let files = difference.files.iter().map(|change| Change {
        name: words::slot(texts, &change.slot),
        was: file_piece(texts, change.before.as_ref()),
        now: file_piece(texts, change.after.as_ref()),
        was_hash: change.before.as_ref().map(|f| f.sha256.clone()).unwrap_or_default(),
        now_hash: change.after.as_ref().map(|f| f.sha256.clone()).unwrap_or_default(),
    });
    fields.chain(files).collect()
}

fn file_piece(texts: &Texts, file: Option<&FileSeen>) -> Vec<Piece> {
    let text = file.map_or_else(|| texts.s("not-given"), |f| format!("{} · {}", f.filename, texts.bytes(f.bytes)));
    vec![Piece { text, changed: false }]
}

/// Both texts with their common beginning and end left plain: what stands between them was changed.
fn marked(was: &str, now: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (old, new): (Vec<char>, Vec<char>) = (was.chars().collect(), now.chars().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    (pieces(&old, head, tail), pieces(&new, head, tail))
}

fn pieces(text: &[char], head: usize, tail: usize) -> Vec<Piece> {
    let end = text.len() - tail;
    let parts = [(&text[..head], false), (&text[head..end], true), (&text[end..], false)];
    let filled = parts.into_iter().filter(|(part, _)| !part.is_empty());
    filled.map(|(part, changed)| Piece { text: part.iter().collect(), changed }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(pieces: &[Piece]) -> String {
        pieces.iter().map(|p| if p.changed { format!("[{}]", p.text) } else { p.text.clone() }).collect()
    }

    #[test]
    fn what_changed_is_marked_and_the_rest_is_not() {
        let table = [
            ("一位农技员的三十年", "把论文写在大地上：一位农技员的三十年", "一位农技员的三十年", "[把论文写在大地上：]一位农技员的三十年"),
            ("abc", "abc", "abc", "abc"),
            ("", "new", "", "[new]"),
            ("old", "", "[old]", ""),
            ("aXb", "aYYb", "a[X]b", "a[YY]b"),
            ("aaa", "aaaa", "aaa", "aaa[a]"),
        ];
        for (was, now, left, right) in table {
            let (a, b) = marked(was, now);
            assert_eq!((shown(&a).as_str(), shown(&b).as_str()), (left, right), "{was:?} {now:?}");
        }
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(was in "[abc。]{0,12}", now in "[abc。]{0,12}") {
            let (a, b) = marked(&was, &now);
            let plain = |pieces: &[Piece]| pieces.iter().map(|p| p.text.as_str()).collect::<String>();
            prop_assert_eq!(plain(&a), was.clone());
            prop_assert_eq!(plain(&b), now.clone());
            prop_assert!(was != now || !a.iter().chain(&b).any(|p| p.changed));
        }
    }
}
