//! Pure decisions about rooms.

mod groups;
mod hours;
mod questions;
mod speaking;
mod words;

pub use groups::group_fault;
pub use hours::{Stretch, is_open, moment_of, recorded_moment};
pub use questions::{ANSWER, NotPossible, OPEN_QUESTIONS, QUESTION, Signal, may_vote};
pub use speaking::{MESSAGE, MOST_SLOW_S, Own, Refusal, Speaker, fate, is_client_id, may_speak, wish_faults};
pub use words::{MOST_WORDS, WORD, WordList, folded};
