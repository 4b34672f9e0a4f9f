//! Files on their way in and out: uploads by tus, examination, renditions, media.

mod bad_uploads;
mod kill;
mod real;
mod tus;
mod tus_client;
mod tuspy;
