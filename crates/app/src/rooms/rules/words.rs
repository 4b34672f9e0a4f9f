//! The word list: what is held for a moderator, what is refused, and how a text is compared with it.

use crate::rooms::{ForbiddenWord, WordAction};

/// Characters of a word.
pub const WORD: usize = 50;
/// Words of the list.
pub const MOST_WORDS: usize = 2_000;

/// A text as it is compared: full width and case folded, spaces, punctuation and invisible marks left out, so that
/// "Ｂａｄ  w.o.r.d" and "badword" are the same.
pub fn folded(text: &str) -> String {
    text.chars().map(half_width).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The ordinary form of a full-width letter, digit or sign.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// The list, folded once.
#[derive(Debug, Clone, Default)]
pub struct WordList {
    hold: Vec<String>,
    refuse: Vec<String>,
}

impl WordList {
    /// A list of these words; those of which folding leaves nothing are left out.
    pub fn of(words: &[ForbiddenWord]) -> Self {
        let only =
            |action: WordAction| words.iter().filter(|w| w.action == action).map(|w| folded(&w.word)).filter(|w| !w.is_empty()).collect();
        Self { hold: only(WordAction::Hold), refuse: only(WordAction::Refuse) }
    }

    /// What the list does to `text`; the stricter of two words wins.
    pub fn action(&self, text: &str) -> Option<WordAction> {
        let text = folded(text);
        let found = |words: &[String]| words.iter().any(|word| text.contains(word.as_str()));
        if found(&self.refuse) { Some(WordAction::Refuse) } else { found(&self.hold).then_some(WordAction::Hold) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_follows_the_table() {
        let table = [
            ("Hello, World", "helloworld"),
            ("ＢＡＤ　ｗｏｒｄ！", "badword"),
            ("b-a-d  w_o_r_d", "badword"),
            ("加 微 信：１２３", "加微信123"),
            ("加\u{200B}微\u{FEFF}信", "加微信"),
            ("。。。！？", ""),
        ];
        for (text, want) in table {
            assert_eq!(folded(text), want, "{text}");
        }
    }

    #[test]
    fn words_follow_the_table() {
        let word = |word: &str, action| ForbiddenWord { word: word.into(), action };
        let list = WordList::of(&[
            word("加微信", WordAction::Hold),
            word("Lottery", WordAction::Hold),
            word("中 奖", WordAction::Refuse),
            word("free money", WordAction::Refuse),
            word("！！", WordAction::Refuse),
        ]);
        let table = [
            ("讲得真好", None),
            ("Very clear, thank you!!", None),
            ("请加 微 信", Some(WordAction::Hold)),
            ("the L O T T E R Y", Some(WordAction::Hold)),
            ("恭喜中、奖", Some(WordAction::Refuse)),
            ("ＦＲＥＥ ｍｏｎｅｙ", Some(WordAction::Refuse)),
            ("加微信领 free-money", Some(WordAction::Refuse)),
        ];
        for (text, want) in table {
            assert_eq!(list.action(text), want, "{text}");
        }
        assert_eq!(WordList::default().action("anything"), None);
    }
}
