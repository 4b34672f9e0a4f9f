//! Uploads by tus, files, captions and media over HTTP.

pub mod captions;
pub mod files;
pub mod media;
mod stream;
pub mod tus;
pub mod uploads;
