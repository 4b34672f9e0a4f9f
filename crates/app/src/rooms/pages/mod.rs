//! The board of moderators, the word list, and forms of people who watch without script.

mod act;
mod asked;
mod board;
pub mod groups;
mod words;

pub use act::act;
pub use asked::{ask, ask_about};
pub use board::board;
pub use words::{keep_words, words};
