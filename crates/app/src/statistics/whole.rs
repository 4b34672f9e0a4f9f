//! All figures at once: counted anew from the records, or compared with them.

use super::check::{Comparison, Difference, compare_cells};
use super::recount::Recount;
use super::sources::{self, Sources};
use crate::state::App;
use crate::watching::Watching;
use crate::watching::work::FoldError;
use ledger::Offset;

/// How far the figures are from the records.
#[derive(Debug, Default)]
pub struct Compared {
    /// Figures that differ.
    pub figures: Vec<Difference>,
    /// Lessons whose plays, views or watch time differ from the ledger.
    pub lessons: usize,
}

impl Compared {
    /// How many numbers differ.
    pub fn count(&self) -> usize {
        self.figures.len() + self.lessons
    }
}

/// Compares every figure with the records and the ledger. Without a ledger (a program that counts no views) views are
/// left out of the comparison.
pub async fn compare(app: &App) -> Result<Compared, FoldError> {
    let mut tx = app.db.read().await?;
    let mut own = Comparison::default();
    let mut sources = Sources::default();
    while let Some(facts) = sources.next(app, &mut tx).await? {
        own.add(facts);
    }
    let mut lessons = 0;
    if let Some(ledger) = app.views.clone() {
        let folded = Offset(Watching(&mut tx).position().await?);
        let (sums, _) = sources::views(ledger, Some(folded)).await?;
        own.add(sources::facts_of(&sums));
        let kept = Watching(&mut tx).all_counts().await?;
        let differs = |id| sums.lessons.get(id).copied().unwrap_or_default() != kept.get(id).copied().unwrap_or_default();
        lessons = sums.lessons.keys().chain(kept.keys().filter(|id| !sums.lessons.contains_key(id))).filter(|id| differs(*id)).count();
    } else {
        own.leave_out_views();
    }
    let mut figures = own.finish(&mut tx).await?;
    figures.extend(compare_cells(app, &mut tx).await?);
    Ok(Compared { figures, lessons })
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
    let before = watching.position().await?;
    watching.advance(before, end.0).await?;
    Ok(recount.finish().await?)
}
