//! The register of lecturers that this feature takes in.

use super::actions::importing::IMPORT;
use crate::organisations::access::Action;
use crate::organisations::sent::Register;

/// The register of lecturers.
pub const LECTURERS: Register = Register {
    job: IMPORT,
    needs: Action::KeepLecturers,
    pages: "/desk/lecturers",
    above: "nav-lecturers",
    title: "lecturers-import-title",
    columns: "lecturers-import-columns",
    consequence: "lecturers-import-consequence",
    counts: &["added", "corrected", "unchanged"],
    links: false,
    blank: "",
};
