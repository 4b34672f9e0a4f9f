//! What deltas say and what the table says, read beside each other.

use crate::support::TestApp;
use app::deltas::{Day, Fact, Metric};
use app::held_sessions::Counted;
use kernel::OrganisationId;
use std::collections::BTreeMap;

/// Organisation, day, metric, dimension.
type Figures = BTreeMap<(OrganisationId, Day, Metric, String), i64>;

fn add(figures: &mut Figures, fact: Fact) {
    *figures.entry((fact.organisation, fact.day, fact.metric, fact.dimension)).or_default() += fact.amount;
}

/// What was posted, summed up.
pub async fn posted(app: &TestApp) -> Figures {
    let mut figures = Figures::new();
    let mut tx = app.db.read().await.unwrap();
    for fact in app::deltas::waiting(&mut tx, Day(0), Day(99_991_231)).await.unwrap() {
        add(&mut figures, fact);
    }
    figures.retain(|(_, _, metric, _), amount| *amount != 0 && metric.has_traits());
    figures
}

/// What a recount finds in the table, in batches of three.
pub async fn recounted(app: &TestApp) -> Figures {
    let (mut figures, mut after) = (Figures::new(), String::new());
    let mut tx = app.db.read().await.unwrap();
    loop {
        let facts = Counted(&mut tx).facts(&after, 3).await.unwrap();
        let Some((last, _)) = facts.last() else { break };
        after.clone_from(last);
        for fact in facts.into_iter().flat_map(|(_, facts)| facts) {
            add(&mut figures, fact);
        }
    }
    figures.retain(|_, amount| *amount != 0);
    figures
}

/// What the sums by day say of these organisations.
pub async fn summed(app: &TestApp, organisations: &[OrganisationId]) -> Figures {
    let mut figures = Figures::new();
    let mut tx = app.db.read().await.unwrap();
    for sum in Counted(&mut tx).by_day(organisations, (0, 99_991_231)).await.unwrap() {
        let day = Day(i32::try_from(sum.at).unwrap());
        for (metric, amount) in sum.amounts() {
            add(&mut figures, Fact { organisation: sum.organisation, day, metric, dimension: sum.dimension.clone(), amount });
        }
    }
    figures.retain(|_, amount| *amount != 0);
    figures
}
