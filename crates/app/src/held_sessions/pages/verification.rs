//! What waits to be verified, one by one or many at once.

use super::{Pairs, organisation_filter};
use crate::held_sessions::actions::verdict;
use crate::held_sessions::actions::{self, Whose};
use crate::held_sessions::filters::SessionFilter;
use crate::held_sessions::views::{PreviewPage, VerificationPage, line};
use crate::held_sessions::{HeldSession, HeldSessionId, HeldSessions, ListFilter, State as Stands};
use crate::organisations::Action;
use crate::organisations::access::domains_below;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, Done, Form, PAGE_SIZE, SignedIn, Slice, Visit, html, in_words, is_mendable};
use axum::extract::{Form as Sent, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;

const HERE: &str = "/held-sessions/verification";

/// `GET /held-sessions/verification`
pub async fn verification(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(narrowed): Query<SessionFilter>,
    Query(cursor): Query<Cursor>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    html(&VerificationPage { notice: done.notice(&visit.texts), ..page(&app, &visit, &me, &narrowed, &cursor).await? })
}

async fn page(app: &App, visit: &Visit, me: &Actor, narrowed: &SessionFilter, cursor: &Cursor) -> Result<VerificationPage, Problem> {
    let tops = domains_below(me, Action::VerifySession);
    if tops.is_empty() {
        return Err(Problem::forbidden());
    }
    let (tree, texts) = (app.tree.load_full(), &visit.texts);
    let filter = ListFilter { state: Some(Stands::Registered), ..narrowed.filter()? };
    let whose = (Whose::ToVerify, narrowed.organisation()?);
    let found = actions::list(app, me, whose, &filter, cursor.descending(), PAGE_SIZE + 1).await?;
    let Slice { items, next } = Slice::cut(found, |one| Cursor::after(one.told.held_at.0, one.id));
    Ok(VerificationPage {
        p: visit.page(app, texts.s("held-verification")),
        notice: String::new(),
        error: String::new(),
        filters: organisation_filter(&tree, tops, &narrowed.organisation, texts.s("field-organisation")).into_iter().collect(),
        filtered: narrowed.any(),
        lines: items.iter().map(|one| line(texts, &tree, one)).collect(),
        first: if cursor.after.is_empty() { String::new() } else { narrowed.address(HERE, "") },
        next: next.map(|after| narrowed.address(HERE, &after)).unwrap_or_default(),
    })
}

/// `POST /held-sessions/verification`: first shows what would change, then, confirmed, does it.
pub async fn decide_chosen(State(app): State<App>, visit: Visit, me: SignedIn, Sent(pairs): Sent<Pairs>) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let done = async {
        let verdict = verdict(sent.v("verdict"), sent.v("reason"))?;
        let chosen = chosen(&sent)?;
        if sent.v("confirm").is_empty() {
            return html(&preview(&app, &visit, &me, &verdict, &chosen).await?);
        }
        actions::decide_all(&app, &me, &chosen, &verdict).await?;
        Ok(Redirect::to(&format!("{HERE}?done=held-batch")).into_response())
    };
    match done.await {
        Err(problem) if is_mendable(&problem) => {
            let (error, faults) = in_words(&visit.texts, &problem);
            let error = faults.first().map_or(error, |fault| format!("{}: {}", fault.label, fault.text));
            let page = VerificationPage { error, ..page(&app, &visit, &me, &SessionFilter::default(), &Cursor::default()).await? };
            Ok((problem.status, html(&page)?).into_response())
        }
        answer => answer,
    }
}

/// `chosen` of the form: id and version of each.
fn chosen(sent: &Form) -> Result<Vec<(HeldSessionId, i64)>, Problem> {
    let read = |text: String| {
        let (id, version) = text.split_once('~')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    let chosen: Option<Vec<_>> = sent.all("chosen").into_iter().map(read).collect();
    let chosen = chosen.ok_or_else(Problem::not_found)?;
    if chosen.is_empty() || chosen.len() > actions::MOST {
        return Err(Problem::field("items", "range", chosen.len().to_string(), format!("1–{}", actions::MOST)));
    }
    Ok(chosen)
}

async fn preview(
    app: &App,
    visit: &Visit,
    me: &Actor,
    verdict: &actions::Verdict,
    chosen: &[(HeldSessionId, i64)],
) -> Result<PreviewPage, Problem> {
    let ids: Vec<_> = chosen.iter().map(|(id, _)| *id).collect();
    let mut known = HeldSessions(&mut app.db.read().await?).several(&ids).await?;
    for one in &known {
        actions::may_decide(app, me, one)?;
    }
    known.retain(|one| one.state.after(verdict.mv).is_ok() && chosen.contains(&(one.id, one.version)));
    known.sort_by_key(|one| std::cmp::Reverse((one.told.held_at, one.id)));
    let (tree, texts) = (app.tree.load_full(), &visit.texts);
    let gone = chosen.len() - known.len();
    let people: i64 = known.iter().map(|one: &HeldSession| one.told.people).sum();
    let code = verdict.mv.code();
    Ok(PreviewPage {
        p: visit.page(app, texts.s(&format!("held-{code}"))),
        lead: texts.args(&format!("held-{code}-lead"), &[("n", known.len().to_string()), ("people", texts.number(people))]),
        verdict: code,
        confirm: texts.s(&format!("held-{code}")),
        reason: verdict.reason.clone(),
        needs_reason: verdict.mv.needs_reason(),
        lines: known.iter().map(|one| line(texts, &tree, one)).collect(),
        gone: if gone == 0 { String::new() } else { texts.args("held-gone", &[("n", gone.to_string())]) },
    })
}
