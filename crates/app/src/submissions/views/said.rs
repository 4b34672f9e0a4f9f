//! What a page says on top: what was just done, or why it was not.

use crate::i18n::Texts;
use crate::problem::Problem;
use crate::web::{Fault, in_words};

/// The notice on top of a page.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// What was done; empty for nothing.
    pub done: String,
    /// Why something was not done.
    pub refusal: Option<Refusal>,
}

/// A refusal in words.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What went wrong.
    pub title: String,
    /// Field by field.
    pub faults: Vec<Fault>,
}

impl Said {
    /// The words of `?done=KEY`; a key that nobody wrote words for says nothing.
    pub fn done(texts: &Texts, key: &str) -> Self {
        let key = format!("done-{key}");
        let done = if texts.has(&key) { texts.s(&key) } else { String::new() };
        Self { done, refusal: None }
    }

    /// Why a form was refused.
    pub fn refused(texts: &Texts, problem: &Problem) -> Self {
        let (title, faults) = in_words(texts, problem);
        Self { done: String::new(), refusal: Some(Refusal { title, faults }) }
    }
}
