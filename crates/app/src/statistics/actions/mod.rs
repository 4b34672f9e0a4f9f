//! What people change about how figures are shown.

pub mod bands;
