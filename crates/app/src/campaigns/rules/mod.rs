//! Pure rules of campaigns: when a gate is open, how many places there are, what may be asked for and changed.

pub mod burden;
mod dates;
mod fields;
mod materials;
mod places;
mod stages;
mod states;

pub use dates::shifted;
pub use fields::{REASON, checked_basics, checked_category, checked_consent, clone_faults, code_fault, quota_faults, stage_faults};
pub use materials::{AUDIO_CODECS, SLOTS, SlotKind, VIDEO_CODECS, codec_name, material_faults, slot_kind};
pub use places::places;
pub use stages::{Gate, gate, stage_for};
pub use states::{Step, frozen_basics, frozen_rules, frozen_stages, is_short, opening_faults, step};
