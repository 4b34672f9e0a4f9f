//! The children of an organisation in bands, and the band of the organisation itself among its peers (F11).
//!
//! * Who looks at an organisation is told its own band and where that begins and ends, never the numbers of its peers.
//! * Within a band children stand in the order of the tree.

use super::choice::{Asked, Choice};
use super::indicator::Indicator;
use super::overview::{self, Line, sees_below};
use super::refold::settled;
use super::rules::bands::{Bands, Standing};
use super::store::{ChosenLimits, Statistics};
use crate::db::Tx;
use crate::organisations::{Action, OrganisationId, Tree, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;

/// The band of an organisation among its peers.
#[derive(Debug)]
pub struct Own {
    /// Below whom they stand.
    pub parent: OrganisationId,
    /// That one's name.
    pub parent_name: String,
    /// The bands.
    pub bands: Bands,
    /// In which it stands, or why in none.
    pub standing: Standing,
}

/// A child in a list.
#[derive(Debug, Clone)]
pub struct Member {
    /// Which.
    pub organisation: OrganisationId,
    /// Its name at the end of the period.
    pub name: String,
    /// The reader may open its statistics.
    pub open: bool,
}

/// Everything that is shown.
#[derive(Debug)]
pub struct Banded {
    /// What was asked for.
    pub choice: Choice,
    /// The name of the organisation at the end of the period.
    pub name: String,
    /// Among its peers; none at the root.
    pub own: Option<Own>,
    /// The reader sees what is below.
    pub below: bool,
    /// The bands of the children.
    pub bands: Bands,
    /// Who set their limits; none: they are even.
    pub chosen: Option<ChosenLimits>,
    /// The children, the lowest band first.
    pub members: Vec<Vec<Member>>,
    /// Those that stand in no band, and why.
    pub others: Vec<(Member, Standing)>,
    /// The reader may set the limits.
    pub may_set: bool,
}

/// Reads what `asked` names, as far as `actor` may see it.
///
/// # Errors
///
/// As the statistics page.
pub async fn load(app: &App, actor: &Actor, asked: &Asked) -> Result<Banded, Problem> {
    let tree = app.tree.load_full();
    // The order of the tree, whatever the table is sorted by.
    let overview = overview::load(app, actor, &Asked { sort: String::new(), ..asked.clone() }).await?;
    let choice = overview.choice;
    let mut tx = settled(app).await?;
    let chosen = Statistics(&mut tx).limits(choice.organisation, choice.metric.code()).await?;
    let standing = |line: &Line| line.child.map(|id| (member(id, line), standing(&tree, &choice, id, &line.figures)));
    let children: Vec<_> = overview.lines.iter().filter_map(standing).collect();
    let bands = bands(chosen.as_ref(), children.iter().map(|(_, standing)| *standing));
    let (members, others) = bands.arrange(children);
    Ok(Banded {
        own: own(app, &mut tx, &tree, &choice).await?,
        below: sees_below(&tree, actor, choice.organisation),
        may_set: may(&tree, actor, Action::SetBands, choice.organisation),
        name: overview.name,
        bands,
        chosen,
        members,
        others,
        choice,
    })
}

fn member(organisation: OrganisationId, line: &Line) -> Member {
    Member { organisation, name: line.name.clone(), open: line.open }
}

fn standing(tree: &Tree, choice: &Choice, id: OrganisationId, figures: &super::Figures) -> Standing {
    let members = tree.subtree(id).map(|node| node.members).sum();
    Standing::of(figures.reach.of, choice.metric.rate(figures, &choice.only, members))
}

/// The limits that were chosen; even bands without.
fn bands(chosen: Option<&ChosenLimits>, standings: impl Iterator<Item = Standing>) -> Bands {
    // What was kept was checked; should it be damaged, even bands do no harm.
    let kept = chosen.and_then(|chosen| Bands::chosen(chosen.limits.clone()).ok());
    kept.unwrap_or_else(|| Bands::even(standings.filter_map(Standing::rate).collect()))
}

/// The band of the organisation among the children of its superior: nothing else of them leaves this function.
async fn own(app: &App, tx: &mut Tx, tree: &Tree, choice: &Choice) -> Result<Option<Own>, Problem> {
    let Some(parent) = tree.parent(choice.organisation) else { return Ok(None) };
    let above = Choice { organisation: parent, ..choice.clone() };
    let report = overview::report(app, tx, &above, &[choice.period]).await?;
    let figures = |id: OrganisationId| report.children.get(&id).and_then(|part| part.first());
    let Some(mine) = figures(choice.organisation) else { return Ok(None) };
    let peers = report.children.keys().filter_map(|id| Some(standing(tree, choice, *id, figures(*id)?)));
    let chosen = Statistics(tx).limits(parent, choice.metric.code()).await?;
    let (bands, standing) = (bands(chosen.as_ref(), peers), standing(tree, choice, choice.organisation, mine));
    Ok(Some(Own { parent, parent_name: tree.name(parent), bands, standing }))
}

/// The indicator that an address names.
///
/// # Errors
///
/// 404 for one that does not exist.
pub fn indicator(code: &str) -> Result<Indicator, Problem> {
    Indicator::from_code(code).ok_or_else(Problem::not_found)
}
