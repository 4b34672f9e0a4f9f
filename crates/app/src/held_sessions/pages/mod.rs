//! Held sessions on the desk: the ledger, the form, one of them, what waits, plans, closed months.

pub mod blank;
pub mod export;
mod form;
pub mod import;
mod ledger;
mod months;
mod photos;
mod plans;
mod show;
mod verification;

pub use form::{change, create, edit, new_form};
pub use ledger::ledger;
pub use months::{close_month, months};
pub use photos::{add_photos, form_limit, remove_photo};
pub use plans::{cancel_plan, change_plan, create_plan, plans, remove_plan};
pub use show::{decide, show};
pub use verification::{decide_chosen, verification};

use super::views::{Choice, Filter};
use crate::organisations::access::domains;
use crate::organisations::{Action, OrganisationId, Tree};
use kernel::{Actor, Reach};

/// The fields of a form in the order in which they were sent.
type Pairs = Vec<(String, String)>;

/// More organisations than these are searched for, not listed.
const LISTED: usize = 100;

/// Where the actor may do `action`, open ones only: those of the grants first, then what is below them.
fn places(tree: &Tree, me: &Actor, action: Action) -> Vec<OrganisationId> {
    let domains = domains(me, action);
    let mut found: Vec<OrganisationId> = domains.iter().map(|(top, _)| *top).collect();
    for (top, reach) in domains {
        if reach == Reach::Subtree {
            found.extend(tree.subtree(top).map(|node| node.id).take(LISTED));
        }
    }
    let mut met = std::collections::HashSet::new();
    found.retain(|id| met.insert(*id) && tree.get(*id).is_some_and(|node| !node.closed));
    found.truncate(LISTED);
    found
}

/// Id and name of each.
fn named(tree: &Tree, ids: &[OrganisationId]) -> Vec<(String, String)> {
    ids.iter().map(|id| (id.to_string(), tree.name(*id))).collect()
}

/// The filter for organisations: those of the grants and those right below; none when there is but one.
fn organisation_filter(tree: &Tree, tops: Vec<OrganisationId>, chosen: &str, label: String) -> Option<Filter> {
    let mut all = tops;
    for top in all.clone() {
        all.extend(tree.children(top).map(|node| node.id).take(LISTED));
    }
    let mut met = std::collections::HashSet::new();
    all.retain(|id| met.insert(*id));
    // A link may have narrowed to one that is further down.
    if let Some(deep) = chosen.parse().ok().filter(|id| tree.get(*id).is_some() && !all.contains(id)) {
        all.push(deep);
    }
    let choice = |id: &OrganisationId| Choice { value: id.to_string(), label: tree.name(*id), chosen: id.to_string() == chosen };
    (all.len() > 1).then(|| Filter { name: "organisation", label, options: all.iter().map(choice).collect() })
}
