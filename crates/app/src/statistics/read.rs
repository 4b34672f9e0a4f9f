//! Reads: an organisation and its children, over any periods.

use super::amounts::Amounts;
use super::figures::Figures;
use super::period::{self, Period};
use super::store::{Question, Statistics, Sum};
use crate::db::{DbError, Tx};
use crate::deltas::{self, Metric};
use crate::held_sessions::Counted;
use crate::organisations::{DatedTree, OrganisationId, Tenure, dated_tree};
use crate::state::App;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Figures by period, in the order in which the periods were asked for.
pub type Part = Vec<Figures>;

/// What one organisation did, and where below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The organisation with everything below it.
    pub total: Part,
    /// The organisation itself.
    pub own: Part,
    /// Each child with everything below it, on the days on which it was a child: with `own` they make up `total`.
    pub children: BTreeMap<OrganisationId, Part>,
}

/// Exact figures of `metrics` for `organisation` and each of its children in each of `periods`: folded ones and deltas
/// that still wait, as the open transaction sees them.
///
/// At most four statements for every thousand children, whatever the size of the tree.
pub async fn report(
    app: &App,
    tx: &mut Tx,
    organisation: OrganisationId,
    periods: &[Period],
    metrics: &[Metric],
) -> Result<Report, DbError> {
    let dated = dated_tree(app, tx).await?;
    let tenures = dated.tenures(organisation);
    sum(app, tx, &dated, organisation, &tenures, periods, metrics).await
}

/// Like [`report`], without the children.
pub async fn totals(
    app: &App,
    tx: &mut Tx,
    organisation: OrganisationId,
    periods: &[Period],
    metrics: &[Metric],
) -> Result<Report, DbError> {
    let dated = dated_tree(app, tx).await?;
    sum(app, tx, &dated, organisation, &[], periods, metrics).await
}

async fn sum(
    app: &App,
    tx: &mut Tx,
    dated: &DatedTree,
    organisation: OrganisationId,
    tenures: &[Tenure],
    periods: &[Period],
    metrics: &[Metric],
) -> Result<Report, DbError> {
    let nothing = || vec![Figures::default(); periods.len()];
    let mut report = Report { total: nothing(), own: nothing(), children: BTreeMap::new() };
    let shown = tenures.iter().filter(|tenure| periods.iter().any(|period| period.within(tenure.first, tenure.last).is_some()));
    report.children.extend(shown.map(|tenure| (tenure.child, nothing())));
    for sum in sums(app, tx, &question(organisation, tenures, periods, metrics)).await? {
        let itself = sum.organisation == organisation;
        let own = if sum.own { Some(&mut report.own) } else { None };
        let parts = if itself { [Some(&mut report.total), own] } else { [report.children.get_mut(&sum.organisation), None] };
        for part in parts.into_iter().flatten() {
            part[sum.bucket].add_all(sum.metric, &sum.amounts);
        }
    }
    add_waiting(&mut report, tx, dated, organisation, periods, metrics).await?;
    Ok(report)
}

/// Sums of both tables, and of the records whose own figures are not kept.
pub(super) async fn sums(app: &App, tx: &mut Tx, question: &Question) -> Result<Vec<Sum>, DbError> {
    let mut sums = app.cube.sums(tx, question).await?;
    sums.extend(Statistics(tx).sums(question).await?);
    if !question.metrics.iter().any(|metric| metric.has_traits()) {
        return Ok(sums);
    }
    let spans: Vec<_> = question.spans.iter().map(|(number, bucket, span)| (*number, *bucket, period::days_of(*span))).collect();
    for counted in Counted(tx).sums(&question.who, &spans).await? {
        for (metric, amount) in counted.amounts().into_iter().filter(|(metric, _)| question.metrics.contains(metric)) {
            let mut amounts = Amounts::default();
            amounts.add_with_traits(&counted.dimension, amount);
            sums.push(Sum {
                organisation: counted.organisation,
                bucket: counted.at as usize,
                metric,
                own: true,
                amounts: Arc::new(amounts),
            });
        }
    }
    Ok(sums)
}

/// The organisation over whole periods, each child over the days on which it was one. Children of equal tenure share spans.
fn question(organisation: OrganisationId, tenures: &[Tenure], periods: &[Period], metrics: &[Metric]) -> Question {
    let mut question = Question { metrics: metrics.to_vec(), ..Question::default() };
    let mut numbers: BTreeMap<Vec<Option<Period>>, usize> = BTreeMap::new();
    let whole = (organisation, periods.iter().map(|period| Some(*period)).collect());
    let cut = |t: &Tenure| (t.child, periods.iter().map(|period| period.within(t.first, t.last)).collect());
    for (who, cuts) in std::iter::once(whole).chain(tenures.iter().map(cut)) {
        let next = numbers.len();
        let number = *numbers.entry(cuts).or_insert(next);
        question.who.push((who, number));
    }
    for (cuts, number) in numbers {
        for (bucket, period) in cuts.into_iter().enumerate() {
            question.spans.extend(period.into_iter().flat_map(Period::spans).map(|span| (number, bucket, span)));
        }
    }
    question
}

/// Adds deltas that nobody folded yet: few, because that happens every second.
async fn add_waiting(
    report: &mut Report,
    tx: &mut Tx,
    dated: &DatedTree,
    organisation: OrganisationId,
    periods: &[Period],
    metrics: &[Metric],
) -> Result<(), DbError> {
    let (Some(first), Some(last)) = (periods.iter().map(|p| p.first).min(), periods.iter().map(|p| p.last).max()) else {
        return Ok(());
    };
    let waiting = deltas::waiting(tx, first, last).await?;
    for fact in waiting.iter().filter(|fact| metrics.contains(&fact.metric)) {
        let mut path = vec![fact.organisation];
        path.extend(dated.above(fact.organisation, fact.day));
        let Some(at) = path.iter().position(|id| *id == organisation) else { continue };
        // With traits, what an organisation itself did was read from its records, which are there already.
        let is_read = |steps: usize| fact.metric.has_traits() && at == steps;
        for (bucket, _) in periods.iter().enumerate().filter(|(_, period)| period.has(fact.day)) {
            let below = if at == 0 { Some(&mut report.own) } else { report.children.get_mut(&path[at - 1]) };
            let total = Some(&mut report.total).filter(|_| !is_read(0));
            for part in [total, below.filter(|_| !is_read(0) && !is_read(1))].into_iter().flatten() {
                part[bucket].add_fact(fact);
            }
        }
    }
    Ok(())
}
