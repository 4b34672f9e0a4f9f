//! The order of recommendation, the reserve list, and verdicts for many at once.

use super::reading::Reading;
use super::{Sent, filters::Narrowed, mendable, queue};
use crate::campaigns::{CampaignId, CategoryId};
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::submissions::actions::{self, Preview};
use crate::submissions::rules::{Decision, REASONS, Ruling};
use crate::submissions::views::ranking::{BatchLine, BatchPage, RankLine, RankPage};
use crate::submissions::views::{Choice, QuotaView, Said, words};
use crate::submissions::{Hop, SubmissionId, Submissions, dossier};
use crate::web::{SignedIn, Visit, html};
use axum::Json;
use axum::extract::{Form, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, OrganisationId};
use serde::Deserialize;

/// Entries of a board.
const MOST: usize = 500;

/// Which board.
struct Board {
    campaign: CampaignId,
    category: CategoryId,
    holder: OrganisationId,
}

impl Board {
    fn of(me: &Actor, narrowed: &Narrowed) -> Result<Self, Problem> {
        let campaign = narrowed.campaign()?.ok_or_else(Problem::not_found)?;
        let category = narrowed.category()?.ok_or_else(Problem::not_found)?;
        Ok(Self { campaign, category, holder: queue::desk(me, narrowed.organisation()?)? })
    }

    fn address(&self, path: &str) -> String {
        format!("{path}?campaign={}&category={}&organisation={}", self.campaign, self.category, self.holder)
    }

    async fn entries(&self, reading: &mut Reading<'_>) -> Result<Vec<(SubmissionId, Hop)>, Problem> {
        Ok(Submissions(&mut reading.tx).rankable(self.campaign, self.category, self.holder, MOST).await?)
    }
}

/// `GET /review/rank?campaign=…&category=…`
pub async fn board(Shared(app): Shared<App>, visit: Visit, me: SignedIn, Query(narrowed): Query<Narrowed>) -> Result<Response, Problem> {
    let said = Said::done(&visit.texts, &narrowed.done);
    page(&app, &visit, &me, &Board::of(&me, &narrowed)?, said).await
}

async fn page(app: &App, visit: &Visit, me: &Actor, board: &Board, said: Said) -> Result<Response, Problem> {
    let (texts, mut reading) = (&visit.texts, Reading::open(app, &visit.texts).await?);
    let places = reading.places(me, board.holder, board.campaign).await?;
    let call = reading.call(board.campaign).await?;
    let category = call.category(board.category).ok_or_else(Problem::not_found)?.name.clone();
    let quota = places.into_iter().find(|(c, _)| *c == board.category).map(|(_, quota)| quota);
    let entries = board.entries(&mut reading).await?;
    let lines = lines(&mut reading, me, &entries, quota.as_ref()).await?;
    let holder = reading.tree.name(board.holder);
    html(&RankPage {
        p: visit.page(app, texts.s("rank")),
        said,
        lead: texts.args("rank-lead", &[("name", holder), ("category", category.clone())]),
        campaign_id: board.campaign,
        category_id: board.category,
        category,
        back: board.address("/review/rank"),
        here: board.address("/review/rank"),
        move_to: board.address("/review/rank/move"),
        lines,
        quota,
        verdicts: Decision::ALL.iter().map(|d| Choice::new(d.code(), texts.s(&format!("verdict-do-{}", d.code())), "")).collect(),
        reasons: REASONS.iter().map(|code| Choice::new(*code, words::coded(texts, "reason", code), "")).collect(),
    })
}

async fn lines(
    reading: &mut Reading<'_>,
    me: &Actor,
    entries: &[(SubmissionId, Hop)],
    quota: Option<&QuotaView>,
) -> Result<Vec<RankLine>, Problem> {
    let texts = reading.texts;
    let ids: Vec<_> = entries.iter().map(|(id, _)| *id).collect();
    let titled = reading.titled(me, &ids).await?;
    let mut lines = Vec::new();
    for (n, (id, hop)) in entries.iter().enumerate() {
        let (submission, title) = titled.get(id).ok_or_else(Problem::not_found)?;
        let standing =
            hop.verdict.map_or_else(|| words::state(texts, submission.state), |v| texts.s(&format!("verdict-{}", words::dashed(v.code()))));
        lines.push(RankLine {
            id: *id,
            number: n + 1,
            cut: quota.is_some_and(|q| i64::try_from(n) == Ok(q.places)),
            title: title.clone(),
            facts: format!("{} · {standing}", reading.tree.name(submission.organisation)),
            reserve: hop.reserve,
        });
    }
    Ok(lines)
}

/// The order that the script sends.
#[derive(Debug, Deserialize)]
pub struct Order {
    order: Vec<SubmissionId>,
}

/// `POST /review/rank`
pub async fn order(
    Shared(app): Shared<App>,
    me: SignedIn,
    Query(narrowed): Query<Narrowed>,
    Json(sent): Json<Order>,
) -> Result<StatusCode, Problem> {
    let board = Board::of(&me, &narrowed)?;
    actions::rank(&app, &me, board.holder, board.campaign, board.category, &sent.order).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /review/rank/move`: one up or down, or on and off the reserve list.
pub async fn move_one(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Query(narrowed): Query<Narrowed>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let board = Board::of(&me, &narrowed)?;
    match mendable(moved(&app, &visit, &me, &board, &sent).await)? {
        Ok(()) => Ok(Redirect::to(&format!("{}&done=ranked", board.address("/review/rank"))).into_response()),
        Err(problem) => {
            let mut response = page(&app, &visit, &me, &board, Said::refused(&visit.texts, &problem)).await?;
            *response.status_mut() = problem.status;
            Ok(response)
        }
    }
}

async fn moved(app: &App, visit: &Visit, me: &Actor, board: &Board, sent: &Sent) -> Result<(), Problem> {
    if let Ok(id) = sent.get("reserve").parse::<SubmissionId>() {
        let found = dossier(app, me, id).await?;
        let on = found.case.open_hop().is_some_and(|hop| !hop.reserve);
        return actions::reserve(app, me, id, found.case.submission.version, on).await;
    }
    let mut reading = Reading::open(app, &visit.texts).await?;
    let mut order: Vec<_> = board.entries(&mut reading).await?.into_iter().map(|(id, _)| id).collect();
    drop(reading);
    let (text, step) = if sent.get("up").is_empty() { (sent.get("down"), 1) } else { (sent.get("up"), -1) };
    let at = order.iter().position(|id| id.to_string() == text).ok_or_else(Problem::not_found)?;
    if let Some(to) = at.checked_add_signed(step).filter(|to| *to < order.len()) {
        order.swap(at, to);
    }
    actions::rank(app, me, board.holder, board.campaign, board.category, &order).await
}

/// `POST /review/batch`: a preview of one verdict for many; with the token of a preview, the verdict itself.
pub async fn batch(Shared(app): Shared<App>, visit: Visit, me: SignedIn, Form(sent): Form<Sent>) -> Result<Response, Problem> {
    if queue::desks(&me).is_empty() {
        return Err(Problem::forbidden());
    }
    if sent.get("token").is_empty() {
        return preview(&app, &visit, &me, &sent, Said::default()).await;
    }
    match mendable(confirm(&app, &me, &sent).await)? {
        Ok(()) => {
            let back = back(&sent);
            let mark = if back.contains('?') { '&' } else { '?' };
            Ok(Redirect::to(&format!("{back}{mark}done=batch")).into_response())
        }
        Err(problem) => {
            let mut response = preview(&app, &visit, &me, &sent, Said::refused(&visit.texts, &problem)).await?;
            *response.status_mut() = problem.status;
            Ok(response)
        }
    }
}

async fn confirm(app: &App, me: &Actor, sent: &Sent) -> Result<(), Problem> {
    actions::confirm(app, me, sent.get("token"), &ruling(sent)?).await.map(drop)
}

/// Only a board of our own.
fn back(sent: &Sent) -> &str {
    let back = sent.get("back");
    if back.starts_with("/review/rank?") { back } else { "/review" }
}

fn ruling(sent: &Sent) -> Result<Ruling, Problem> {
    let text = sent.get("verdict");
    let unknown = || Problem::field("verdict", "one-of", text, Decision::ALL.map(Decision::code).join(", "));
    let decision = Decision::ALL.into_iter().find(|d| d.code() == text).ok_or_else(unknown)?;
    let asks = matches!(decision, Decision::Return | Decision::Reject);
    let reason = Some(sent.get("reason").to_owned()).filter(|r| asks && !r.is_empty());
    Ok(Ruling { note: sent.get("note").to_owned(), reason, ..Ruling::plain(decision) })
}

async fn preview(app: &App, visit: &Visit, me: &Actor, sent: &Sent, mut said: Said) -> Result<Response, Problem> {
    let texts = &visit.texts;
    let (tried, status) = match mendable(tried(app, me, sent).await)? {
        Ok(tried) => (tried, StatusCode::OK),
        Err(problem) => {
            if said.refusal.is_none() {
                said = Said::refused(texts, &problem);
            }
            (None, problem.status)
        }
    };
    let decision = sent.get("verdict").to_owned();
    let items: Vec<_> = tried.iter().flat_map(|p| &p.items).collect();
    let ids: Vec<_> = items.iter().map(|item| item.submission).collect();
    let mut reading = Reading::open(app, texts).await?;
    let titled = reading.titled(me, &ids).await?;
    let mut lines = Vec::new();
    for item in items {
        let (submission, title) = titled.get(&item.submission).ok_or_else(Problem::not_found)?;
        let outcome = match &item.problem {
            Some(problem) => texts.args(&format!("problem-{}", problem.code), &problem.args),
            None => texts.s(&format!("batch-will-{decision}")),
        };
        lines.push(BatchLine {
            title: title.clone(),
            organisation: reading.tree.name(submission.organisation),
            possible: item.problem.is_none(),
            outcome,
        });
    }
    let in_the_way = lines.iter().filter(|l| !l.possible).count();
    let lead = match (lines.len(), in_the_way) {
        (n, 0) => texts.with("batch-lead", "n", n),
        (_, bad) => texts.with("batch-lead-refused", "n", bad),
    };
    let reason = sent.get("reason").to_owned();
    let spoken = [words::coded(texts, "reason", &reason), sent.get("note").to_owned()];
    let mut response = html(&BatchPage {
        p: visit.page(app, texts.s("batch-title")),
        said,
        lead,
        back: back(sent).to_owned(),
        token: tried.filter(|_| in_the_way == 0).map(|p| p.token).unwrap_or_default(),
        confirm: texts.args("batch-confirm", &[("n", lines.len().to_string()), ("verdict", verdict_words(texts, &decision))]),
        lines,
        note: sent.get("note").to_owned(),
        reason_words: spoken.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · "),
        reason,
        verdict: decision,
    })?;
    *response.status_mut() = status;
    Ok(response)
}

fn verdict_words(texts: &crate::i18n::Texts, decision: &str) -> String {
    let key = format!("verdict-do-{decision}");
    if texts.has(&key) { texts.s(&key) } else { String::new() }
}

/// What the batch would do; none when nothing was chosen.
async fn tried(app: &App, me: &Actor, sent: &Sent) -> Result<Option<Preview>, Problem> {
    let ruling = ruling(sent)?;
    let unknown = |text: &str| Problem::invalid(vec![FieldError::new("chosen", "unknown", text, "")]);
    let chosen = sent.all("chosen").map(|text| text.parse().map_err(|_| unknown(text))).collect::<Result<Vec<SubmissionId>, _>>()?;
    if chosen.is_empty() { Ok(None) } else { actions::preview(app, me, &chosen, &ruling).await.map(Some) }
}
