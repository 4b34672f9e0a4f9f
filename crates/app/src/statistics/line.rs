//! The third lens: an organisation with whoever is attached to it on the second line, and everything below them.
//!
//! Whoever is attached stands somewhere in the territory too. Those who stand below the organisation, or below another one that is
//! attached, are in its sum already: only the topmost are added, so that no total counts anything twice.

use super::choice::Lens;
use super::period::Period;
use super::reach::{Reach, reach};
use super::read::{self, Part, Report};
use crate::db::{DbError, Tx};
use crate::deltas::Metric;
use crate::organisations::rules::attached_to;
use crate::organisations::{DatedTree, OrganisationId, Organisations, dated_tree};
use crate::state::App;

/// Who is added to `organisation`: attached at the end of `period`, and in nobody's sum yet.
pub async fn added(app: &App, tx: &mut Tx, organisation: OrganisationId, period: Period) -> Result<Vec<OrganisationId>, DbError> {
    let edges = Organisations(tx).line_edges(period.last.end(&app.zone)).await?;
    let dated = dated_tree(app, tx).await?;
    Ok(topmost(&dated, &attached_to(&edges, organisation), organisation, period))
}

/// Those of `attached` who stand neither below `organisation` nor below another of them at the end of `period`. Who has come to
/// stand above it since would hold it twice, and is left out.
fn topmost(dated: &DatedTree, attached: &[OrganisationId], organisation: OrganisationId, period: Period) -> Vec<OrganisationId> {
    let is_counted = |above: &OrganisationId| *above == organisation || attached.contains(above);
    let above = dated.above(organisation, period.last);
    let beside = attached.iter().copied().filter(|id| !above.contains(id));
    beside.filter(|id| !dated.above(*id, period.last).iter().any(is_counted)).collect()
}

/// Like [`read::report`]; whoever is added stands among the children.
pub async fn report_line(
    app: &App,
    tx: &mut Tx,
    organisation: OrganisationId,
    periods: &[Period],
    metrics: &[Metric],
    end: Period,
) -> Result<Report, DbError> {
    let mut report = read::report(app, tx, organisation, periods, metrics).await?;
    for id in added(app, tx, organisation, end).await? {
        let part = read::totals(app, tx, id, periods, metrics).await?.total;
        join(&mut report.total, &part);
        report.children.insert(id, part);
    }
    Ok(report)
}

fn join(total: &mut Part, part: &Part) {
    for (total, figures) in total.iter_mut().zip(part) {
        total.join(figures);
    }
}

/// Like [`reach`]; those added have nobody in common with each other.
pub async fn reach_line(app: &App, tx: &mut Tx, organisation: OrganisationId, periods: &[Period], whole: Period) -> Result<Reach, DbError> {
    let mut reached = reach(app, tx, organisation, Lens::Then, periods, whole).await?;
    for id in added(app, tx, organisation, whole).await? {
        let part = reach(app, tx, id, Lens::Then, periods, whole).await?.total;
        for (total, more) in reached.total.iter_mut().zip(&part) {
            total.add(*more);
        }
        reached.children.insert(id, part);
    }
    Ok(reached)
}
