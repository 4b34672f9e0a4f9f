//! Kaijiang, the product: features in the order in which the tree of imports allows them, and what stands beside them.

#![allow(clippy::too_many_arguments, reason = "stores bind rows; a struct for each would only rename the columns")]

pub mod accounts;
pub mod administration;
pub mod audit;
pub mod broadcasts;
pub mod calendars;
pub mod campaigns;
pub mod commands;
pub mod config;
pub mod db;
pub mod deltas;
pub mod demo;
pub mod health;
pub mod held_sessions;
pub mod hex;
pub mod i18n;
pub mod jobs;
pub mod lecturers;
pub mod lessons;
pub mod machine;
pub mod notices;
pub mod objects;
pub mod openapi;
pub mod organisations;
pub mod problem;
pub mod recordings;
pub mod registers;
pub mod rooms;
pub mod routes;
pub mod spreadsheets;
pub mod state;
pub mod statistics;
pub mod submissions;
pub mod texts;
pub mod typesetting;
pub mod watching;
pub mod web;
pub mod work;
