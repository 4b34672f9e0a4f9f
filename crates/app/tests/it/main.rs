//! Tests of the product over HTTP and on both databases, in one program so that they link once.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

mod accounts;
mod administration;
mod audit;
mod backup;
mod broadcasts;
mod campaigns;
mod command_line;
mod crash;
mod desk;
mod held_sessions;
mod lecturers;
mod lessons;
mod matrix;
mod notices;
mod openapi;
mod organisations;
mod parity;
mod people;
mod people_register;
mod playing;
mod recordings;
mod register;
mod register_bad;
mod requests;
mod rooms;
mod running;
mod sampling;
mod statistics;
mod submissions;
mod support;
mod walkthrough;
mod watching;
mod words;
