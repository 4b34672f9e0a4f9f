//! Broadcasts for hosts: the list, the plan, the control room.

pub mod control;
mod list;
mod plan;
mod recording;

pub use control::{cancel, control, end, go_on, hold, make_key, measure, on_air, pin_stage, profile, repeat, unpublish};
pub use list::list;
pub use plan::{change, create, edit, new_form};
pub use recording::{recording, trim, untrim};
