//! Views of the past two weeks, so that figures have a history. They go through the ledger like any others.

use crate::deltas::Day;
use crate::lessons::LessonId;
use crate::organisations::OrganisationId;
use crate::state::App;
use crate::watching::{PLAY, VIEW, WATCHED, rules, token};
use ledger::{Event, Weight};

/// Days of history.
const DAYS: i64 = 14;

/// Adds views of one lesson; the `n`th lesson is seen more than the next. Doing it again adds nothing.
pub(super) async fn add(app: &App, n: usize, lesson: LessonId, organisation: OrganisationId) -> anyhow::Result<()> {
    let mut events = Vec::new();
    for day in 1..=DAYS {
        let at = super::call::days_ago(app, DAYS - day);
        let viewers = (90 / (n as i64 + 1) + day * 3) % 70 + 5;
        for viewer in 0..viewers {
            let key = token::key(&[b"demo", &lesson.as_u128().to_be_bytes(), &day.to_be_bytes(), &viewer.to_be_bytes()]);
            let event = |kind: u8, amount: u32| Event {
                kind,
                key: key ^ u128::from(kind),
                subject: lesson.as_u128(),
                group: organisation.as_u128(),
                at,
                amount,
                weight: Weight::ONE,
                day: Day::of(at, &app.zone).0,
            };
            events.extend([event(PLAY, 1), event(VIEW, 1), event(WATCHED, rules::STEP_S as u32 * 2)]);
        }
    }
    let ledger = app.ledger().map_err(super::refused)?;
    for part in events.chunks(1_000) {
        ledger.append_all(part.to_vec()).await?;
    }
    Ok(())
}
