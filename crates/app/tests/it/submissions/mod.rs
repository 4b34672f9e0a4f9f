//! Submissions: the journey up the tree (C1, C6, C7, D1 to D8).

mod api;
mod concurrency;
mod facts;
mod journey;
mod lessons;
mod lists;
mod moved_tree;
mod narrowing;
mod properties;
mod queries;
mod quotas;
mod versions;
