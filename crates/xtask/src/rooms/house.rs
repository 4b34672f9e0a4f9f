//! The map of the house: architecture in lists. Everything the room check knows about this product stands here.

/// Features, leftmost first. A feature may import those before it, never those after it.
pub const FEATURES: [&str; 15] = [
    "accounts",
    "organisations",
    "lecturers",
    "campaigns",
    "lessons",
    "recordings",
    "submissions",
    "judging",
    "results",
    "held_sessions",
    "broadcasts",
    "rooms",
    "watching",
    "statistics",
    "administration",
];

/// Parts beside the features that hold features together, so they may import any of them.
pub const ASSEMBLY: [&str; 6] = ["commands", "demo", "lib", "openapi", "routes", "state"];

/// Parts that know no feature: what stands below cannot lean on what stands above.
pub const FOUNDATION: [&str; 16] = [
    "audit",
    "bus",
    "calendars",
    "config",
    "db",
    "deltas",
    "i18n",
    "jobs",
    "machine",
    "notices",
    "objects",
    "problem",
    "registers",
    "spreadsheets",
    "texts",
    "typesetting",
];

/// Workspace crates and the workspace crates each may depend on.
pub const CRATES: [(&str, &[&str]); 7] = [
    ("kernel", &[]),
    ("media", &["kernel"]),
    ("live", &["kernel"]),
    ("ledger", &["kernel"]),
    ("app", &["kernel", "media", "live", "ledger"]),
    ("bench", &["app", "kernel"]),
    ("xtask", &["app"]),
];

/// Names that say nothing about what is inside.
pub const EMPTY_NAMES: [&str; 7] = ["common", "helper", "helpers", "misc", "shared", "util", "utils"];

/// A room of a feature, by the first name below the feature's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    Pages,
    Api,
    Actions,
    Rules,
    Store,
    Views,
    Work,
    /// `mod.rs`, or a file named for one thing of this feature.
    Own,
}

impl Room {
    /// The room called `name`; any other name is the feature's own.
    pub fn called(name: &str) -> Room {
        match name {
            "pages" => Room::Pages,
            "api" => Room::Api,
            "actions" => Room::Actions,
            "rules" => Room::Rules,
            "store" => Room::Store,
            "views" => Room::Views,
            "work" => Room::Work,
            _ => Room::Own,
        }
    }

    /// Whether a line in this room may name something in room `other`, of its own or an earlier feature.
    pub fn may_import(self, other: Room) -> bool {
        use Room::{Actions, Api, Own, Pages, Rules, Store, Views, Work};
        match self {
            _ if self == other || other == Own => true,
            Own => true,
            Pages | Api => matches!(other, Actions | Store | Views | Rules),
            Actions => matches!(other, Rules | Store | Work),
            Work => matches!(other, Actions | Rules | Store),
            Store | Views => other == Rules,
            Rules => false,
        }
    }

    /// Whether a line in this room may name `part`, a module beside the features.
    pub fn may_use_part(self, part: &str) -> bool {
        match self {
            Room::Rules => false,
            Room::Actions | Room::Store | Room::Work => !["routes", "web"].contains(&part),
            Room::Views => !["db", "jobs", "objects", "routes"].contains(&part),
            Room::Pages | Room::Api | Room::Own => true,
        }
    }
}

/// Where a library that carries a whole way of working may be named.
pub struct Fenced {
    pub library: &'static str,
    pub parts: &'static [&'static str],
    pub rooms: &'static [Room],
}

/// Libraries kept inside a fence.
pub const FENCED: [Fenced; 2] = [
    Fenced { library: "sqlx", parts: &["db"], rooms: &[] },
    Fenced {
        library: "axum",
        parts: &["commands", "health", "lib", "openapi", "problem", "routes", "state", "web"],
        rooms: &[Room::Pages, Room::Api],
    },
];

/// What a rule may not touch: a rule decides, it neither asks nor waits.
pub const NOT_IN_RULES: [&str; 8] = ["axum", "reqwest", "sqlx", "std::fs", "std::net", "std::process", "tokio", "tracing"];

/// What a rule may name of the parts beside the features: plain values that are a rule's answer.
pub const ANSWERS_OF_RULES: [&str; 2] = ["crate::problem::FieldError", "crate::texts"];

/// A file longer than this is reported.
pub const LONG_FILE: usize = 300;
/// A file longer than this must be split.
pub const TOO_LONG_FILE: usize = 600;
/// A function longer than this, signature and braces included, is reported.
pub const LONG_FUNCTION: usize = 40;
