//! The facts in the records of all features: what a recount counts.

use crate::campaigns::{CampaignId, Campaigns};
use crate::db::{DbError, Tx};
use crate::deltas::Fact;
use crate::held_sessions::Counted;
use crate::lessons::Lessons;
use crate::organisations::OrganisationId;
use crate::rooms::Questions;
use crate::state::App;
use crate::submissions::Submissions;
use crate::watching::work::{FoldError, Sums, sum_all};
use ledger::{Ledger, Offset};
use std::collections::HashMap;
use std::sync::Arc;

/// Rows read at once.
const BATCH: usize = 2_000;

/// Where facts are kept, but for views, whose truth is the ledger.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Lessons,
    Published,
    Submissions,
    Recommendations,
    Awards,
    Questions,
    Held,
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Lessons, Self::Published, Self::Submissions, Self::Recommendations, Self::Awards, Self::Questions, Self::Held];
}

/// Reads every fact once, in batches, from whatever state the transaction sees.
#[derive(Debug)]
pub struct Sources {
    kinds: std::vec::IntoIter<Kind>,
    kind: Option<Kind>,
    after: String,
    /// Who runs a campaign.
    runners: HashMap<CampaignId, Option<OrganisationId>>,
}

impl Default for Sources {
    /// At the beginning.
    fn default() -> Self {
        let mut kinds = Kind::ALL.to_vec().into_iter();
        Self { kind: kinds.next(), kinds, after: String::new(), runners: HashMap::new() }
    }
}

impl Sources {
    /// All but held sessions, from the beginning.
    pub fn apart_from_held() -> Self {
        let mut kinds = Kind::ALL.into_iter().filter(|kind| !matches!(kind, Kind::Held)).collect::<Vec<_>>().into_iter();
        Self { kind: kinds.next(), kinds, ..Self::default() }
    }

    /// Only held sessions, from the beginning.
    pub fn of_held() -> Self {
        Self { kind: Some(Kind::Held), kinds: vec![].into_iter(), ..Self::default() }
    }

    /// The next facts; none at the end. A batch may be empty.
    pub async fn next(&mut self, app: &App, tx: &mut Tx) -> Result<Option<Vec<Fact>>, DbError> {
        let Some(kind) = self.kind else { return Ok(None) };
        let after = self.after.clone();
        let read = match kind {
            Kind::Lessons => Lessons(tx).registered_facts(&app.zone, &after, BATCH).await?,
            Kind::Published => Lessons(tx).published_facts(&app.zone, &after, BATCH).await?,
            Kind::Submissions => Submissions(tx).facts(&app.zone, &after, BATCH).await?,
            Kind::Awards => Submissions(tx).award_facts(&app.zone, &after, BATCH).await?,
            Kind::Questions => Questions(tx).facts(&app.zone, &after, BATCH).await?,
            Kind::Recommendations => return self.recommendations(app, tx).await.map(Some),
            Kind::Held => {
                let held = Counted(tx).facts(&after, BATCH).await?;
                self.moved(held.last().map(|(id, _)| id.clone()));
                return Ok(Some(held.into_iter().flat_map(|(_, facts)| facts).collect()));
            }
        };
        self.moved(read.last().map(|(id, _)| id.clone()));
        Ok(Some(read.into_iter().map(|(_, fact)| fact).collect()))
    }

    async fn recommendations(&mut self, app: &App, tx: &mut Tx) -> Result<Vec<Fact>, DbError> {
        let places = Submissions(tx).place_facts(&app.zone, &self.after, BATCH).await?;
        self.moved(places.last().map(|place| place.id.clone()));
        let mut facts = Vec::new();
        for place in places {
            let runner = match self.runners.get(&place.campaign) {
                Some(runner) => *runner,
                None => Campaigns(tx).find(place.campaign).await?.map(|campaign| campaign.organisation),
            };
            self.runners.insert(place.campaign, runner);
            if runner != Some(place.of) {
                facts.push(place.fact);
            }
        }
        Ok(facts)
    }

    /// Reads on after `last`, or with the next kind.
    fn moved(&mut self, last: Option<String>) {
        if last.is_none() {
            self.kind = self.kinds.next();
        }
        self.after = last.unwrap_or_default();
    }
}

/// Views and watch time of the ledger's events before `until`, or of all; with where they end.
pub async fn views(ledger: Arc<Ledger>, until: Option<Offset>) -> Result<(Sums, Offset), FoldError> {
    Ok(tokio::task::spawn_blocking(move || sum_all(&ledger, until)).await??)
}

/// The facts that they are.
pub fn facts_of(sums: &Sums) -> impl Iterator<Item = Fact> {
    let fact = |((organisation, day, metric), amount): (&(OrganisationId, _, _), &i64)| Fact {
        organisation: *organisation,
        day: *day,
        metric: *metric,
        dimension: String::new(),
        amount: *amount,
    };
    sums.figures.iter().map(fact)
}
