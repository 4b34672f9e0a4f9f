//! What speaks against a record, gathered for whoever sees it.

use super::sees;
use crate::db::Tx;
use crate::held_sessions::rules::checks::{Stay, crowded, two_places};
use crate::held_sessions::{Check, HeldSession, HeldSessionId, HeldSessions};
use crate::lecturers::{LecturerId, Lecturers};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, OrganisationId};

/// Names of lecturers are compared among so many organisations below the superior.
const NEAR: usize = 1_000;
/// Of one kind told at most.
const MOST: usize = 5;

/// Everything that speaks against `one`. It never stands in the way of anything.
///
/// # Errors
///
/// Of the database only.
pub async fn checks(app: &App, tx: &mut Tx, actor: &Actor, one: &HeldSession) -> Result<Vec<Check>, Problem> {
    let tree = app.tree.load_full();
    let mut found = Vec::new();
    let other = |of: OrganisationId, id: HeldSessionId| sees(app, actor, of).then(|| (id, tree.name(of)));
    let tell = |code, other| Check { code, other, number: 0 };
    let near: Vec<_> =
        tree.parent(one.organisation).map_or_else(Vec::new, |parent| tree.subtree(parent).map(|node| node.id).take(NEAR).collect());
    let person = person(tx, one).await?;
    let elsewhere = HeldSessions(tx).of_lecturer_near(one, &person, &near).await?;
    let both = elsewhere.iter().filter(|there| two_places(stay(one), stay(there))).take(MOST);
    found.extend(both.map(|there| tell("two-places", other(there.organisation, there.id))));
    for (id, organisation) in HeldSessions(tx).same_photos(one.id, MOST).await? {
        found.push(tell("same-photo", other(organisation, id)));
    }
    let members = tree.get(one.organisation).map_or(0, |node| node.members);
    if crowded(one.told.people, members) {
        found.push(Check { code: "crowded", other: None, number: members });
    }
    let twins = HeldSessions(tx).twins(one).await?;
    found.extend(twins.iter().take(MOST).map(|twin| tell("twin", other(twin.organisation, twin.id))));
    Ok(found)
}

/// Every row of the register that is the lecturer of `one`; none when it does not know the lecturer.
async fn person(tx: &mut Tx, one: &HeldSession) -> Result<Vec<LecturerId>, Problem> {
    let Some(id) = one.told.lecturer_id.as_deref().and_then(|id| id.parse().ok()) else { return Ok(Vec::new()) };
    let Some(root) = Lecturers(tx).root(id).await? else { return Ok(Vec::new()) };
    Ok(Lecturers(tx).family(root.id).await?)
}

fn stay(one: &HeldSession) -> Stay<'_> {
    Stay { from: one.told.held_at, minutes: one.told.minutes, place: &one.told.place, venue: &one.told.venue_kind }
}
