//! The second lens: every fact counts for whoever stands above its organisation today.
//!
//! Cells are kept through the tree of each day. Below an organisation whose subtree never changed the two trees agree, so its
//! cells serve; above such ones the sum is made of the parts: as many as organisations stand directly below those that changed.

use super::figures::Figures;
use super::period::Period;
use super::read::{self, Report};
use super::store::Question;
use crate::db::{DbError, Tx};
use crate::deltas::{self, Day, Metric};
use crate::organisations::{DatedTree, OrganisationId, dated_tree};
use crate::state::App;
use std::collections::{BTreeMap, HashMap};

/// An organisation that is asked about: with all below it, or only itself; and the child whose line it belongs to.
#[derive(Debug, Clone, Copy)]
struct Asked {
    whole: bool,
    line: Option<OrganisationId>,
}

type AskedAbout = HashMap<OrganisationId, Asked>;

/// Like [`read::report`], through the tree of today.
pub async fn report_now(
    app: &App,
    tx: &mut Tx,
    organisation: OrganisationId,
    periods: &[Period],
    metrics: &[Metric],
) -> Result<Report, DbError> {
    let (dated, today) = (dated_tree(app, tx).await?, app.today());
    let asked = asked_about(&dated, organisation, today);
    let nothing = || vec![Figures::default(); periods.len()];
    let mut report = Report { total: nothing(), own: nothing(), children: BTreeMap::new() };
    report.children.extend(asked.values().filter_map(|asked| asked.line).map(|line| (line, nothing())));
    for sum in read::sums(app, tx, &question(&asked, periods, metrics)).await? {
        let Some(about) = asked.get(&sum.organisation) else { continue };
        if !sum.own && !about.whole {
            continue;
        }
        let of_line = about.line.map_or_else(|| Some(&mut report.own).filter(|_| sum.own), |line| report.children.get_mut(&line));
        // The cells of the organisation hold its children; without them they are added line by line.
        let counts = about.line.is_none() || !asked[&organisation].whole;
        for part in [of_line, Some(&mut report.total).filter(|_| counts)].into_iter().flatten() {
            part[sum.bucket].add_all(sum.metric, &sum.amounts);
        }
    }
    add_waiting(&mut report, tx, &dated, &asked, organisation, (periods, metrics, today)).await?;
    Ok(report)
}

/// What makes up `organisation`: itself, and each child or, where a child's subtree changed, the child's parts.
fn asked_about(dated: &DatedTree, organisation: OrganisationId, today: Day) -> AskedAbout {
    let mut asked = AskedAbout::from([(organisation, Asked { whole: !dated.is_disturbed(organisation), line: None })]);
    let mut open: Vec<_> = dated.children(organisation, today).into_iter().map(|child| (child, child)).collect();
    while let Some((id, line)) = open.pop() {
        let whole = !dated.is_disturbed(id);
        if asked.contains_key(&id) {
            continue;
        }
        asked.insert(id, Asked { whole, line: Some(line) });
        if !whole {
            open.extend(dated.children(id, today).into_iter().map(|child| (child, line)));
        }
    }
    asked
}

fn question(asked: &AskedAbout, periods: &[Period], metrics: &[Metric]) -> Question {
    let spans = periods.iter().enumerate().flat_map(|(bucket, period)| period.spans().into_iter().map(move |span| (0, bucket, span)));
    Question { who: asked.keys().map(|id| (*id, 0)).collect(), spans: spans.collect(), metrics: metrics.to_vec() }
}

async fn add_waiting(
    report: &mut Report,
    tx: &mut Tx,
    dated: &DatedTree,
    asked: &AskedAbout,
    organisation: OrganisationId,
    (periods, metrics, today): (&[Period], &[Metric], Day),
) -> Result<(), DbError> {
    let (Some(first), Some(last)) = (periods.iter().map(|p| p.first).min(), periods.iter().map(|p| p.last).max()) else {
        return Ok(());
    };
    let waiting = deltas::waiting(tx, first, last).await?;
    for fact in waiting.iter().filter(|fact| metrics.contains(&fact.metric)) {
        let mut path = vec![fact.organisation];
        path.extend(dated.above(fact.organisation, today));
        let Some(at) = path.iter().position(|id| *id == organisation) else { continue };
        // Own figures with traits were read from the records, but are not yet in the cells above.
        let is_read = fact.metric.has_traits() && asked.contains_key(&fact.organisation);
        let in_cells = asked[&organisation].whole && at > 0;
        for (bucket, _) in periods.iter().enumerate().filter(|(_, period)| period.has(fact.day)) {
            let line = if at == 0 { Some(&mut report.own) } else { report.children.get_mut(&path[at - 1]) };
            let total = Some(&mut report.total).filter(|_| !is_read || in_cells);
            for part in [line.filter(|_| !is_read), total].into_iter().flatten() {
                part[bucket].add_fact(fact);
            }
        }
    }
    Ok(())
}
