//! Rows that may be one person.

use crate::lecturers::reading::{few, reach};
use crate::lecturers::rules::{Why, same};
use crate::lecturers::{Lecturer, Lecturers};
use crate::organisations::{Action, OrganisationId, Tree, may, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use std::collections::BTreeMap;

/// Names that are looked at for one page.
const NAMES: usize = 400;
/// Pairs of one page at most.
const PAIRS: usize = 100;
/// People of one name that are compared with each other.
const ALIKE: usize = 40;

/// Two rows that may be one person, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The one registered first.
    pub older: Lecturer,
    /// The other.
    pub newer: Lecturer,
    /// What speaks for it.
    pub why: Vec<Why>,
}

/// Pairs among the lecturers that `actor` keeps, by name; at most 100, because each that is merged makes room for the next.
///
/// # Errors
///
/// `forbidden` for who keeps no lecturers.
pub async fn pairs(app: &App, actor: &Actor) -> Result<Vec<Pair>, Problem> {
    let tree = app.tree.load_full();
    if !may_anywhere(&tree, actor, Action::KeepLecturers) {
        return Err(Problem::forbidden());
    }
    let kept = reach(&tree, actor, Action::KeepLecturers);
    // A small reach is asked for its own names, which are few; a large one for the names that several people have.
    let near = few(&kept);
    let (mut found, mut after, mut tx) = (Vec::new(), String::new(), app.db.read().await?);
    while found.len() < PAIRS {
        let names = Lecturers(&mut tx).shared_names_of(near, &after, NAMES).await?;
        let Some(last) = names.last().cloned() else { break };
        let rows = Lecturers(&mut tx).named_among(&names).await?;
        found.extend(among(&tree, rows.into_iter().filter(|l| may(&tree, actor, Action::KeepLecturers, l.organisation))));
        if names.len() < NAMES {
            break;
        }
        after = last;
    }
    found.truncate(PAIRS);
    Ok(found)
}

fn among(tree: &Tree, rows: impl Iterator<Item = Lecturer>) -> Vec<Pair> {
    let mut by_name: BTreeMap<String, Vec<Lecturer>> = BTreeMap::new();
    for row in rows {
        by_name.entry(same::plain(&row.name)).or_default().push(row);
    }
    let mut found = Vec::new();
    for mut people in by_name.into_values() {
        people.sort_by_key(|l| (l.created_at, l.id));
        people.truncate(ALIKE);
        for (n, older) in people.iter().enumerate() {
            for newer in &people[n + 1..] {
                let why = same::why(older, newer, nearby(tree, older.organisation, newer.organisation));
                if !why.is_empty() {
                    found.push(Pair { older: older.clone(), newer: newer.clone(), why });
                }
            }
        }
    }
    found
}

/// One is above the other, or both have the same superior.
pub(super) fn nearby(tree: &Tree, a: OrganisationId, b: OrganisationId) -> bool {
    tree.contains(a, b) || tree.contains(b, a) || tree.parent(a).is_some_and(|parent| tree.parent(b) == Some(parent))
}
