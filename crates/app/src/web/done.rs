//! After a form: the page it came from says in a notice what was done.

use crate::i18n::Texts;
use serde::Deserialize;

/// `?done=KEY` of the page that a form leads back to.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    /// The words `done-KEY`; empty when there is no such key, whatever somebody typed into the address.
    pub fn notice(&self, texts: &Texts) -> String {
        let key = format!("done-{}", self.done);
        if !self.done.is_empty() && texts.has(&key) { texts.s(&key) } else { String::new() }
    }
}
