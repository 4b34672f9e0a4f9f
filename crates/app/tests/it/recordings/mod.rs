//! Files on their way in and out: uploads by tus, examination, renditions, media.

mod bad_uploads;
mod captions;
mod disk_full;
mod kill;
mod kinds;
mod large;
mod photos;
mod pipeline;
mod plain;
pub mod real;
mod restored;
mod serving;
pub mod tus;
mod tus_client;
mod tuspy;
