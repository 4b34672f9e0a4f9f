//! Receipts: what was handed in when, for everybody who has the number.

use super::{Answer, FileLine, Said};
use crate::web::Page;
use askama::Template;

/// The form that asks for a number.
#[derive(Debug, Template)]
#[template(path = "submissions/views/receipts.html")]
pub struct ReceiptsPage {
    /// The frame.
    pub p: Page,
    /// As typed.
    pub number: String,
    /// That there is no such receipt; empty before anything was typed.
    pub unknown: String,
}

/// One receipt.
#[derive(Debug, Template)]
#[template(path = "submissions/views/receipt.html")]
pub struct ReceiptPage {
    /// The frame.
    pub p: Page,
    /// That it was just handed in.
    pub said: Said,
    /// Its number.
    pub number: String,
    /// When it was handed in.
    pub at: String,
    /// The same, RFC 3339.
    pub at_iso: String,
    /// What is public of it.
    pub answers: Vec<Answer>,
    /// With their hashes.
    pub files: Vec<FileLine>,
}
