//! Files on their way in and out: uploads by tus, examination, renditions, media.

mod bad_uploads;
mod real;
mod tus;
mod tus_client;
