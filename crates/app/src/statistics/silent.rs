//! Who held nothing: the grassroots organisations that the coverage rate misses, to be called rather than ranked.

use super::choice::{Asked, Choice, Lens};
use super::line::added;
use super::overview::{choose, sees_below};
use super::reach::silent;
use super::refold::settled;
use crate::organisations::OrganisationId;
use crate::organisations::lines::OrganisationLine;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, Slice};
use kernel::Actor;

/// Organisations of one page.
pub const PAGE: usize = 50;

/// A page of those who held nothing.
#[derive(Debug)]
pub struct Silent {
    /// What was asked for.
    pub choice: Choice,
    /// How many there are in all.
    pub count: usize,
    /// In the order of the tree.
    pub page: Slice<OrganisationLine>,
}

/// The grassroots organisations below the one asked for that held no session in the period, `most` after `cursor`.
///
/// # Errors
///
/// As the statistics page; 403 for whoever sees only the organisation itself.
pub async fn load(app: &App, actor: &Actor, asked: &Asked, cursor: &Cursor, most: usize) -> Result<Silent, Problem> {
    let tree = app.tree.load_full();
    let mut tx = settled(app).await?;
    let choice = choose(app, &mut tx, actor, asked).await?;
    if !sees_below(&tree, actor, choice.organisation) {
        return Err(Problem::forbidden());
    }
    let mut found = silent(app, &mut tx, choice.organisation, choice.lens, choice.period).await?;
    if choice.lens == Lens::Line {
        for id in added(app, &mut tx, choice.organisation, choice.period).await? {
            found.extend(silent(app, &mut tx, id, Lens::Then, choice.period).await?);
        }
    }
    let order = |id: &OrganisationId| tree.place(*id);
    let mut found: Vec<_> = found.into_iter().filter_map(|id| Some((order(&id)?, id))).collect();
    found.sort_unstable();
    let count = found.len();
    let from = cursor.ascending();
    let mut rest = found.into_iter().filter(|(place, _)| i64::from(*place) > from);
    let items: Vec<_> = rest.by_ref().take(most).collect();
    let next = rest.next().and_then(|_| items.last()).map(|(place, id)| Cursor::after(i64::from(*place), id));
    let items = items.iter().filter_map(|(_, id)| tree.get(*id)).map(|node| OrganisationLine::of(&tree, node)).collect();
    Ok(Silent { choice, count, page: Slice { items, next } })
}
