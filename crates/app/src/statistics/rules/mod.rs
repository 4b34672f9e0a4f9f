//! Pure decisions about figures.

pub mod bands;
