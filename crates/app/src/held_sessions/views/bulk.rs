//! Files of held sessions.

use crate::web::Page;
use askama::Template;

/// `GET /held-sessions/exports/{id}`
#[derive(Template)]
#[template(path = "held_sessions/views/export.html")]
#[allow(clippy::struct_excessive_bools, reason = "each says whether one part of the page is there")]
pub struct ExportPage {
    /// The frame.
    pub p: Page,
    /// The job.
    pub id: String,
    /// How far it is.
    pub percent: i64,
    /// It is being written, or waits.
    pub running: bool,
    /// Somebody stopped it.
    pub cancelled: bool,
    /// It can be fetched.
    pub ready: bool,
    /// It was tried three times.
    pub failed: bool,
}

/// `GET /held-sessions/blank`
#[derive(Template)]
#[template(path = "held_sessions/views/blank.html")]
pub struct BlankPage {
    /// The frame.
    pub p: Page,
    /// Ids and titles.
    pub campaigns: Vec<(String, String)>,
    /// Id of the one that a link named.
    pub chosen: String,
}
