//! A text that is made once and sent many times: the same bytes to every socket.

use axum::extract::ws::{Message, Utf8Bytes};
use bytes::Bytes;

/// Text that costs nothing to copy and is known to be UTF-8, so that no socket checks it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Utf8Bytes);

impl Text {
    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The same bytes, for a body.
    pub fn bytes(&self) -> Bytes {
        self.0.clone().into()
    }

    /// The same bytes, for a socket.
    pub(in crate::rooms) fn message(&self) -> Message {
        Message::Text(self.0.clone())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}
