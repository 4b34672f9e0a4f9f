//! Publishers against the real server: ffmpeg, clients that mean harm, and one of our own that does as it is told.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

mod client;
mod dismissal;
mod ffmpeg;
mod gstreamer;
mod publish;
mod rtmps;
mod server;
mod takeover;
