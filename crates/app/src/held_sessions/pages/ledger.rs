//! `GET /held-sessions`: everything that was held, the latest first.

use super::organisation_filter;
use crate::held_sessions::actions::{self, Whose};
use crate::held_sessions::filters::SessionFilter;
use crate::held_sessions::views::{LedgerPage, filters, line};
use crate::organisations::access::{domains, domains_below};
use crate::organisations::{Action, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, Done, PAGE_SIZE, SignedIn, Slice, Visit, html};
use axum::extract::{Query, State};
use axum::response::Response;

/// `GET /held-sessions`
pub async fn ledger(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(narrowed): Query<SessionFilter>,
    Query(cursor): Query<Cursor>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let tree = app.tree.load_full();
    if !may_anywhere(&tree, &me, Action::SeeSessions) {
        return Err(Problem::forbidden());
    }
    let whose = (Whose::Visible, narrowed.organisation()?);
    let found = actions::list(&app, &me, whose, &narrowed.filter()?, cursor.descending(), PAGE_SIZE + 1).await?;
    let Slice { items, next } = Slice::cut(found, |one| Cursor::after(one.told.held_at.0, one.id));
    let texts = &visit.texts;
    let tops = domains(&me, Action::SeeSessions).into_iter().map(|(top, _)| top).collect();
    let set = |name: &str| narrowed.pairs().into_iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value);
    let mut fields: Vec<_> = organisation_filter(&tree, tops, &narrowed.organisation, texts.s("field-organisation")).into_iter().collect();
    fields.extend(filters(texts, set));
    html(&LedgerPage {
        p: visit.page(&app, texts.s("held-sessions")),
        notice: done.notice(texts),
        filters: fields,
        from: narrowed.from.clone(),
        to: narrowed.to.clone(),
        lecturer: narrowed.lecturer.clone(),
        campaign: narrowed.campaign.clone(),
        filtered: narrowed.any(),
        may_record: may_anywhere(&tree, &me, Action::RecordSession),
        may_verify: !domains_below(&me, Action::VerifySession).is_empty(),
        lines: items.iter().map(|one| line(texts, &tree, one)).collect(),
        first: if cursor.after.is_empty() { String::new() } else { narrowed.address("/held-sessions", "") },
        next: next.map(|after| narrowed.address("/held-sessions", &after)).unwrap_or_default(),
        csv: narrowed.address("/held-sessions/export.csv", ""),
        narrowing: narrowed
            .pairs()
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, value.to_owned()))
            .collect(),
    })
}
