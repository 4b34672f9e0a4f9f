//! Campaigns over HTTP and in both databases (B1, B3, B4, B6).

mod api;
mod pages;
