//! The list of lecturers.

use crate::lecturers::Filter;
use crate::lecturers::reading::{list, position_after};
use crate::lecturers::views::{Choice, Line, ListPage, kinds, topics};
use crate::organisations::{Action, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{PAGE_SIZE, SignedIn, Slice, Visit, html, percent_encode};
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

/// The filter of a page and where the page begins.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(flatten)]
    filter: Filter,
    #[serde(default)]
    after: String,
    /// An organisation that was typed without script: its code or name.
    #[serde(default)]
    organisation_text: String,
}

/// `GET /desk/lecturers`
pub async fn lecturers(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (texts, tree) = (&visit.texts, app.tree.load_full());
    let mut filter = asked.filter;
    if asked.organisation_text.trim().is_empty() {
        filter.organisation.clear();
    } else {
        filter.organisation =
            crate::organisations::pages::picked(&tree, "organisation", &filter.organisation, &asked.organisation_text)?.to_string();
    }
    let found = list(&app, &me, &filter, &asked.after, PAGE_SIZE + 1).await?;
    let slice = Slice::cut(found, position_after);
    let organisation = filter.organisation.parse().map(|id| tree.name(id)).unwrap_or_default();
    let coded = |family: &str, codes: &[&str], now: &str| -> Vec<Choice> {
        codes.iter().map(|code| Choice::new(*code, texts.coded(family, code), now)).collect()
    };
    let next = slice.next.map(|after| address(&filter, &organisation, &after)).unwrap_or_default();
    html(&ListPage {
        p: visit.page(&app, texts.s("nav-lecturers")),
        keeps: may_anywhere(&tree, &me, Action::KeepLecturers),
        q: filter.q.clone(),
        kinds: kinds(texts, &filter.kind),
        topics: topics(texts, &filter.topic),
        terms: coded("term", &["now", "over"], &filter.term),
        states: coded("lecturer-state", &["retired"], &filter.state),
        filtered: filter.is_set(),
        organisation: (filter.organisation.clone(), organisation),
        lines: slice.items.iter().map(|l| Line::of(texts, &tree, l)).collect(),
        next,
    })
}

fn address(filter: &Filter, organisation: &str, after: &str) -> String {
    let parts = [
        ("q", filter.q.as_str()),
        ("kind", &filter.kind),
        ("topic", &filter.topic),
        ("organisation", &filter.organisation),
        ("organisation_text", organisation),
        ("term", &filter.term),
        ("state", &filter.state),
        ("after", after),
    ];
    let set = parts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={}", percent_encode(value)));
    format!("/desk/lecturers?{}", set.collect::<Vec<_>>().join("&"))
}
