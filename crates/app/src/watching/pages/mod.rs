//! The portal: home, catalogue, places, the lesson and its player.

pub mod catalogue;
pub mod lecturers;
pub mod lesson;
pub mod live;
pub mod poster;
pub mod programme;
pub mod standing;

use crate::i18n::Texts;

/// The words for a code of the vocabulary pack; nothing for an empty one.
fn code_words(words: &Texts, list: &str, code: &str) -> String {
    let key = format!("{list}-{code}");
    if code.is_empty() || !words.has(&key) { code.to_owned() } else { words.s(&key) }
}
