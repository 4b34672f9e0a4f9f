//! All figures at once: counted anew from the records, or compared with them.

use super::check::{Comparison, Difference, compare_cells};
use super::reach::Marks;
use super::recount::Recount;
use super::sources::{self, Sources};
use crate::db::{DbError, Tx};
use crate::deltas::{Day, Metric};
use crate::held_sessions::Counted;
use crate::organisations::OrganisationId;
use crate::state::App;
use crate::watching::work::{FoldError, Sums};
use crate::watching::{DayOf, Played, Reader, Spread, Watching};
use ledger::Offset;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// Sessions looked at in one step.
const BATCH: usize = 2_000;

/// How far the figures are from the records.
#[derive(Debug, Default)]
pub struct Compared {
    /// Figures that differ.
    pub figures: Vec<Difference>,
    /// Lessons whose plays, views or watch time differ from the ledger.
    pub lessons: usize,
    /// Days and months whose set of organisations that held a session differs from the records.
    pub sets: usize,
    /// Days of organisations whose lessons' views or watch time differ from the ledger.
    pub days: usize,
    /// Days of lessons of which it differs how sure their numbers are.
    pub spreads: usize,
}

impl Compared {
    /// How many numbers differ.
    pub fn count(&self) -> usize {
        self.figures.len() + self.sets + self.lessons + self.days + self.spreads
    }
}

/// Compares every figure with the records and the ledger. Without a ledger (a program that counts no views) views are
/// left out of the comparison.
pub async fn compare(app: &App) -> Result<Compared, FoldError> {
    compare_resting(app, Duration::ZERO).await
}

/// The same with a `rest` after each step, so that whoever works beside it hardly notices.
pub async fn compare_resting(app: &App, rest: Duration) -> Result<Compared, FoldError> {
    let mut tx = app.db.read().await?;
    let mut own = Comparison::default();
    let mut sources = Sources::apart_from_held();
    while let Some(facts) = sources.next(app, &mut tx).await? {
        own.add(facts);
        tokio::time::sleep(rest).await;
    }
    let sets = marks(&mut tx, rest).await?.differing(app, &mut tx).await?;
    let (mut lessons, mut days, mut spreads) = (0, 0, 0);
    if let Some(ledger) = app.views.clone() {
        let folded = Offset(Watching(&mut tx).position(Reader::Fold).await?);
        let (sums, _) = sources::views(ledger, Some(folded)).await?;
        own.add(sources::facts_of(&sums));
        days = differing_days(&sums, Watching(&mut tx).figures_by_day().await?);
        spreads = differing_spreads(&sums, &Watching(&mut tx).all_spreads().await?);
        let kept = Watching(&mut tx).all_counts().await?;
        let differs = |id| sums.lessons.get(id).copied().unwrap_or_default() != kept.get(id).copied().unwrap_or_default();
        lessons = sums.lessons.keys().chain(kept.keys().filter(|id| !sums.lessons.contains_key(id))).filter(|id| differs(*id)).count();
    } else {
        own.leave_out_views();
    }
    let mut figures = own.finish(&mut tx).await?;
    figures.extend(compare_cells(app, &mut tx, rest).await?);
    Ok(Compared { figures, lessons, sets, days, spreads })
}

/// Who held sessions on which days, from the records. Their figures need no comparison: they are read from the records.
async fn marks(tx: &mut Tx, rest: Duration) -> Result<Marks, DbError> {
    let (mut marks, mut after) = (Marks::default(), String::new());
    loop {
        let days = Counted(tx).days_behind(&after, BATCH).await?;
        let Some((last, _)) = days.last() else { return Ok(marks) };
        after = last.to_string();
        for (organisation, day) in &days {
            marks.mark(*organisation, *day);
        }
        tokio::time::sleep(rest).await;
    }
}

/// Days of organisations on which the lessons' days do not make up the ledger's figures.
fn differing_days(sums: &Sums, mut kept: HashMap<(OrganisationId, Day), Played>) -> usize {
    for ((organisation, day, metric), amount) in &sums.figures {
        let played = kept.entry((*organisation, *day)).or_default();
        match metric {
            Metric::Views => played.views -= amount,
            _ => played.watch_s -= amount,
        }
    }
    kept.into_values().filter(|left| *left != Played::default()).count()
}

/// Days of lessons whose spread is not that of the ledger.
fn differing_spreads(sums: &Sums, kept: &BTreeMap<DayOf, Spread>) -> usize {
    let all: BTreeSet<_> = sums.spreads.keys().chain(kept.keys()).collect();
    all.into_iter().filter(|day| sums.spreads.get(*day) != kept.get(*day)).count()
}

/// Counts all held sessions where nothing was counted before: for an installation that was filled at once.
pub async fn count_held(app: &App) -> anyhow::Result<()> {
    let mut recount = Recount::begin(app).await?;
    let mut held = Sources::of_held();
    let mut facts = Vec::new();
    while let Some(some) = held.next(app, recount.tx()).await? {
        facts.extend(some);
        if facts.len() >= super::recount::AT_ONCE {
            recount.add(std::mem::take(&mut facts)).await?;
        }
    }
    recount.add(facts).await?;
    Ok(recount.finish().await?)
}

/// Counts everything anew: figures from the records, views and watch time from the ledger, if this program holds it.
///
/// # Errors
///
/// [`FoldError::NoLedger`] without the ledger: its views would be lost.
pub async fn recount(app: &App) -> Result<(), FoldError> {
    let ledger = app.views.clone().ok_or(FoldError::NoLedger)?;
    let mut recount = Recount::begin(app).await?;
    let mut sources = Sources::default();
    while let Some(facts) = sources.next(app, recount.tx()).await? {
        recount.add(facts).await?;
    }
    let (sums, end) = sources::views(ledger, None).await?;
    recount.add(sources::facts_of(&sums)).await?;
    let mut watching = Watching(recount.tx());
    watching.clear().await?;
    for (lesson, counts) in sums.lessons {
        watching.add(lesson, counts).await?;
    }
    watching.add_days(sums.days).await?;
    watching.add_spreads(sums.spreads).await?;
    for reader in [Reader::Fold, Reader::Days] {
        let before = watching.position(reader).await?;
        watching.advance(reader, before, end.0).await?;
    }
    Ok(recount.finish().await?)
}
