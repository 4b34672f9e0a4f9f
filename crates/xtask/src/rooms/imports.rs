//! Which imports are allowed: features leftwards only, rooms inside a feature, libraries inside their fence.

use super::{
    house::{ANSWERS_OF_RULES, ASSEMBLY, FEATURES, FENCED, FOUNDATION, Fenced, NOT_IN_RULES, Room},
    scan::Named,
};

/// Where a module of the product's crate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the feature with this number in [`FEATURES`].
    Feature(usize, Room),
    /// In a part beside the features.
    Beside,
}

/// The place of `crate::part::room::…`. `None` for the crate itself and for what is not in this crate.
fn place(path: &[String]) -> Option<Place> {
    let [root, part, rest @ ..] = path else { return None };
    if root != "crate" {
        return None;
    }
    let room = Room::called(rest.first().map_or("mod", String::as_str));
    Some(FEATURES.iter().position(|f| f == part).map_or(Place::Beside, |number| Place::Feature(number, room)))
}

/// The rule that `named` breaks when it is written in `module`, and why; `None` when it may stand there.
pub fn broken(module: &[String], named: &Named) -> Option<(&'static str, String)> {
    library(module, &named.segments).or_else(|| inside(module, &named.segments))
}

fn library(module: &[String], path: &[String]) -> Option<(&'static str, String)> {
    let whole = path.join("::");
    let part = module.get(1).map_or("lib", String::as_str);
    let room = match place(module) {
        Some(Place::Feature(_, room)) => Some(room),
        _ => None,
    };
    if room == Some(Room::Rules)
        && let Some(banned) = NOT_IN_RULES.iter().find(|banned| is_within(&whole, banned))
    {
        return Some(("rules-are-pure", format!("rules name `{banned}`; a rule decides and leaves the doing to actions")));
    }
    let fence = FENCED.iter().find(|fence| is_within(&whole, fence.library))?;
    let allowed = fence.parts.contains(&part) || room.is_some_and(|room| fence.rooms.contains(&room));
    (!allowed).then(|| ("fenced-library", format!("`{}` may be named only in {}", fence.library, fence_places(fence))))
}

fn fence_places(fence: &Fenced) -> String {
    let rooms = fence.rooms.iter().map(|room| format!("{room:?}").to_lowercase());
    fence.parts.iter().map(ToString::to_string).chain(rooms).collect::<Vec<_>>().join(", ")
}

fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn inside(module: &[String], path: &[String]) -> Option<(&'static str, String)> {
    let target = place(path)?;
    if ANSWERS_OF_RULES.iter().any(|answer| is_within(&path.join("::"), answer)) {
        return None;
    }
    let here = module.get(1).map_or("lib", String::as_str);
    let there = path[1].as_str();
    match (place(module), target) {
        (Some(Place::Feature(mine, _)), Place::Feature(other, _)) if other > mine => {
            Some(("features-leftwards", format!("{here} may not import {there}, which stands right of it")))
        }
        (Some(Place::Feature(_, room)), Place::Feature(_, other)) if !room.may_import(other) => {
            let text = format!("{} may not import {there}::{}", room_name(room), room_name(other));
            Some(("rooms", text))
        }
        (Some(Place::Feature(_, room)), Place::Beside) if !ASSEMBLY.contains(&there) && !room.may_use_part(there) => {
            Some(("rooms", format!("{} may not use {there}", room_name(room))))
        }
        (Some(Place::Beside), Place::Feature(..)) if FOUNDATION.contains(&here) => {
            Some(("foundation", format!("{here} stands below the features and may not import {there}")))
        }
        _ => None,
    }
}

fn room_name(room: Room) -> String {
    format!("{room:?}").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split("::").map(str::to_owned).collect()
    }

    fn rule(module: &str, named: &str) -> Option<&'static str> {
        broken(&path(module), &Named { segments: path(named), line: 1 }).map(|(rule, _)| rule)
    }

    #[test]
    fn features_import_leftwards_only() {
        let table = [
            ("crate::judging::actions", "crate::lessons::rules::is_open", None),
            ("crate::lessons::actions", "crate::judging::rules::is_open", Some("features-leftwards")),
            ("crate::accounts", "crate::organisations::Tree", Some("features-leftwards")),
            ("crate::routes", "crate::statistics::pages::show", None),
            ("crate::demo::lessons", "crate::statistics::actions::fold", None),
            ("crate::db::sqlite", "crate::accounts::Account", Some("foundation")),
            ("crate", "crate::accounts::Account", None),
        ];
        for (module, named, want) in table {
            assert_eq!(rule(module, named), want, "{module} names {named}");
        }
    }

    #[test]
    fn rooms_inside_a_feature_follow_the_table() {
        let table = [
            ("pages", "actions", true),
            ("api", "store", true),
            ("pages", "views", true),
            ("pages", "api", false),
            ("actions", "rules", true),
            ("actions", "store", true),
            ("actions", "views", false),
            ("actions", "pages", false),
            ("work", "actions", true),
            ("store", "rules", true),
            ("store", "actions", false),
            ("views", "rules", true),
            ("views", "store", false),
            ("rules", "store", false),
            ("rules", "actions", false),
            ("rules", "receipt", true),
        ];
        for (room, other, allowed) in table {
            let found = rule(&format!("crate::lessons::{room}"), &format!("crate::lessons::{other}::X"));
            assert_eq!(found.is_none(), allowed, "{room} names {other}: {found:?}");
        }
    }

    #[test]
    fn a_room_may_be_a_folder() {
        assert_eq!(rule("crate::lessons::rules::dates", "crate::lessons::store::Lessons"), Some("rooms"));
        assert_eq!(rule("crate::lessons::store::reads", "crate::lessons::store::Lessons"), None);
    }

    #[test]
    fn rules_touch_nothing() {
        for named in ["sqlx::query", "axum::Json", "tokio::spawn", "std::fs::read"] {
            assert_eq!(rule("crate::lessons::rules", named), Some("rules-are-pure"), "{named}");
        }
        assert_eq!(rule("crate::lessons::rules", "crate::db::Tx"), Some("rooms"));
        assert_eq!(rule("crate::lessons::rules", "crate::problem::Problem"), Some("rooms"));
        assert_eq!(rule("crate::lessons::rules", "crate::problem::FieldError"), None);
        assert_eq!(rule("crate::lessons::rules", "kernel::Timestamp"), None);
        assert_eq!(rule("crate::lessons::rules", "crate::accounts::rules::may"), None);
        assert_eq!(rule("crate::lessons::rules", "std::fmt::Display"), None);
    }

    #[test]
    fn libraries_stay_inside_their_fence() {
        let table = [
            ("crate::db::postgres", "sqlx::PgPool", true),
            ("crate::lessons::store", "sqlx::query", false),
            ("crate::jobs", "sqlx", false),
            ("crate::lessons::pages", "axum::Form", true),
            ("crate::lessons::api::upload", "axum::Json", true),
            ("crate::problem", "axum::response::Response", true),
            ("crate::lessons::actions", "axum::Json", false),
            ("crate::jobs", "axum::Router", false),
            ("crate::jobs", "axumish::Router", true),
        ];
        for (module, named, allowed) in table {
            assert_eq!(rule(module, named).is_none(), allowed, "{module} names {named}");
        }
    }
}
