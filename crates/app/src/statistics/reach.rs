//! How far held sessions reached: different organisations, and the coverage rate. Distinct numbers cannot be added, so that they are
//! not in the cells: each day and each month has the set of those who held one, and a period lays its sets over each other.
//!
//! ```text
//! deltas ─drain─► the sets of their days and months, made right from the records   (by whoever folds)
//! a read = sets of the period, corrected by the records of whoever has deltas that wait ─► who of them counts for which line
//! ```
//!
//! * Whoever never stood below somebody who moved is looked for in the sets; the others' days are read from the records.
//! * Grassroots: without subordinates at the end of the period (or today), and not closed by then.

use super::bits::{Active, Bits};
use super::choice::Lens;
use super::figures::Reached;
use super::period::{Period, days_of};
use crate::db::{DbError, Tx};
use crate::deltas::{self, Day, Fact, Metric};
use crate::held_sessions::Counted;
use crate::organisations::{OrganisationId, Organisations, dated_tree};
use crate::state::App;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

mod marks;
mod members;
pub(super) use marks::Marks;
use members::Members;

/// Numbers by period, for an organisation and for those directly below it.
#[derive(Debug, Default)]
pub struct Reach {
    /// With everything below.
    pub total: Vec<Reached>,
    /// The organisation itself.
    pub own: Vec<Reached>,
    /// Children with everything below them.
    pub children: HashMap<OrganisationId, Vec<Reached>>,
}

/// Makes the sets right for whatever `facts` touched; for whoever holds the right to fold.
pub(super) async fn note(tx: &mut Tx, facts: &[Fact]) -> Result<(), DbError> {
    let touched: BTreeSet<_> =
        facts.iter().filter(|fact| fact.metric == Metric::Sessions).map(|fact| (fact.day, fact.organisation)).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let mut keys: BTreeMap<i32, BTreeSet<OrganisationId>> = BTreeMap::new();
    for (day, organisation) in touched {
        keys.entry(day.0).or_default().insert(organisation);
        keys.entry(day.month()).or_default().insert(organisation);
    }
    let ids: Vec<_> = keys.values().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let numbers = Active(tx).number(&ids).await?;
    let mut sets = Active(tx).on(&keys.keys().copied().collect::<Vec<_>>()).await?;
    for (key, ids) in keys {
        let ids: Vec<_> = ids.into_iter().collect();
        let held: HashSet<_> = Counted(tx).active(&ids, days_of((key, key))).await?.into_iter().map(|(id, _)| id).collect();
        let bits = sets.entry(key).or_default();
        for id in &ids {
            bits.set(numbers[id], held.contains(id));
        }
    }
    Active(tx).keep(&sets).await
}

/// The grassroots organisations of `organisation` that held no session in `period`, in no order.
pub async fn silent(
    app: &App,
    tx: &mut Tx,
    organisation: OrganisationId,
    lens: Lens,
    period: Period,
) -> Result<Vec<OrganisationId>, DbError> {
    let dated = dated_tree(app, tx).await?;
    let end = if lens == Lens::Now { app.today() } else { period.last };
    let members = Members::below(&dated, organisation, lens, app.today(), end);
    let told = told(tx, &members, (period.first, period.last)).await?;
    let days = Counted(tx).active(&told.iter().copied().collect::<Vec<_>>(), (period.first.0, period.last.0)).await?;
    let held: HashSet<_> = days.into_iter().filter(|(id, day)| members.line_on(*id, *day).is_some()).map(|(id, _)| id).collect();
    let bits = active(tx, period).await?;
    let numbers = Active(tx).numbers(app, &dated).await?;
    let closed = Organisations(tx).closed_by(end.end(&app.zone)).await?;
    let spoke = |id: &OrganisationId| if told.contains(id) { held.contains(id) } else { numbers.of(*id).is_some_and(|n| bits.has(n)) };
    Ok(members.grassroots(&closed).filter(|id| !spoke(id)).collect())
}

/// Whoever is looked up in the records: they have deltas that wait, or moved about.
async fn told(tx: &mut Tx, members: &Members<'_>, (first, last): (Day, Day)) -> Result<BTreeSet<OrganisationId>, DbError> {
    let recent = deltas::waiting(tx, first, last).await?.into_iter().filter(|fact| fact.metric == Metric::Sessions);
    let recent = recent.map(|fact| fact.organisation).filter(|id| members.has(*id));
    Ok(members.unsettled().chain(recent).collect())
}

/// The set of a period.
async fn active(tx: &mut Tx, period: Period) -> Result<Bits, DbError> {
    let mut bits = Bits::default();
    for span in period.spans() {
        bits.join(&Active(tx).between(span).await?);
    }
    Ok(bits)
}

/// How far the sessions of each period reached, for `organisation` and for its children. `whole` is the period that decides who
/// is a grassroots organisation.
pub async fn reach(
    app: &App,
    tx: &mut Tx,
    organisation: OrganisationId,
    lens: Lens,
    periods: &[Period],
    whole: Period,
) -> Result<Reach, DbError> {
    let dated = dated_tree(app, tx).await?;
    let end = if lens == Lens::Now { app.today() } else { whole.last };
    let members = Members::below(&dated, organisation, lens, app.today(), end);
    let (first, last) = periods.iter().fold((Day(i32::MAX), Day(0)), |(a, b), p| (a.min(p.first), b.max(p.last)));
    let told = told(tx, &members, (first, last)).await?;
    let days = Counted(tx).active(&told.iter().copied().collect::<Vec<_>>(), (first.0, last.0)).await?;
    let closed = Organisations(tx).closed_by(end.end(&app.zone)).await?;
    let tally = members.tally(&*Active(tx).numbers(app, &dated).await?, &closed, &told);
    let mut reach = Reach::default();
    for period in periods {
        let bits = active(tx, *period).await?;
        let lines = days.iter().filter(|(_, day)| period.has(*day)).filter_map(|(id, day)| Some((*id, members.line_on(*id, *day)?)));
        tally.count(bits, &lines.collect(), &mut reach);
    }
    Ok(reach)
}
