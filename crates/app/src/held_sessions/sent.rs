//! The register of held sessions that this feature takes in.

use super::actions::importing::IMPORT;
use crate::organisations::access::Action;
use crate::organisations::sent::Register;

/// The register of held sessions.
pub const SESSIONS: Register = Register {
    job: IMPORT,
    needs: Action::RecordSession,
    pages: "/held-sessions",
    above: "held-sessions",
    title: "held-import-title",
    columns: "held-import-columns",
    consequence: "held-import-consequence",
    counts: &["added", "corrected", "unchanged"],
    links: false,
    blank: "/held-sessions/blank",
};
