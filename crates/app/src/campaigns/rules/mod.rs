//! Pure rules of campaigns: when a gate is open, how many places there are, what a file must be like.

mod materials;
mod places;
mod stages;

pub use materials::{SLOTS, SlotKind, material_faults, slot_kind};
pub use places::places;
pub use stages::{Gate, gate};
