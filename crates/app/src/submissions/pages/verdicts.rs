//! Giving a verdict by form.

use super::filters::Narrowed;
use super::reading::Reading;
use super::{Sent, mendable, queue, review};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::rules::{Decision, Ruling};
use crate::submissions::views::Said;
use crate::submissions::{Remark, State, SubmissionId, actions, dossier};
use crate::web::{SignedIn, Visit};
use axum::extract::{Form as Body, Path, Query, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::DateTime;
use kernel::{Actor, OrganisationId, Timestamp};

/// How far ahead a return is due unless the reviewer says otherwise.
const DUE_DAYS: i64 = 3;

/// The form of the review page as it was sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Form {
    /// It was sent, not only opened.
    pub sent: bool,
    /// Code of the decision.
    pub verdict: String,
    /// Opinion beside the recording.
    pub note: String,
    /// Code of the reason.
    pub reason: String,
    /// Opinion in the dialog of this verdict.
    pub words: String,
    /// `2026-11-30T18:00` in the zone of the installation.
    pub due: String,
    /// Field and words.
    pub remarks: Vec<(String, String)>,
    /// Moment in milliseconds and words.
    pub notes: Vec<(i64, String)>,
}

impl Form {
    fn read(sent: &Sent) -> Self {
        let verdict = sent.get("verdict").to_owned();
        let own = |name: &str| sent.get(&format!("{name}_{verdict}")).to_owned();
        let pairs = |a: &str, b: &str| -> Vec<(String, String)> {
            sent.all(a).map(str::to_owned).zip(sent.all(b).map(str::to_owned)).filter(|(_, text)| !text.trim().is_empty()).collect()
        };
        let notes = pairs("note_at_ms", "note_text").into_iter().filter_map(|(at, text)| Some((at.parse().ok()?, text)));
        Self {
            sent: true,
            note: sent.get("note").to_owned(),
            reason: own("reason"),
            words: own("note"),
            due: sent.get("due").to_owned(),
            remarks: pairs("remark_field", "remark_text"),
            notes: notes.collect(),
            verdict,
        }
    }

    /// Three days from now at six in the evening.
    pub fn suggested_due(app: &App) -> String {
        let day = jiff::ZonedDateTime::new(app.clock.now().plus_days(DUE_DAYS).to_jiff(), app.zone.clone());
        day.strftime("%Y-%m-%dT18:00").to_string()
    }

    /// What was decided. Remarks and a date go only with a return: pinned notes that were not meant for one stay behind.
    fn ruling(&self, app: &App) -> Result<Ruling, Problem> {
        let unknown = || Problem::field("verdict", "one-of", &self.verdict, Decision::ALL.map(Decision::code).join(", "));
        let decision = Decision::ALL.into_iter().find(|d| d.code() == self.verdict).ok_or_else(unknown)?;
        let note = if self.words.trim().is_empty() { self.note.clone() } else { self.words.clone() };
        let asks = matches!(decision, Decision::Return | Decision::Reject);
        let reason = Some(self.reason.clone()).filter(|r| asks && !r.is_empty());
        if decision != Decision::Return {
            return Ok(Ruling { note, reason, ..Ruling::plain(decision) });
        }
        let fields = self.remarks.iter().map(|(field, text)| Remark {
            field: Some(field.clone()).filter(|f| !f.is_empty()),
            at_ms: None,
            text: text.clone(),
        });
        let moments = self.notes.iter().map(|(at, text)| Remark { field: None, at_ms: Some(*at), text: text.clone() });
        Ok(Ruling { decision, note, reason, remarks: fields.chain(moments).collect(), due_at: due(app, &self.due)? })
    }
}

fn due(app: &App, text: &str) -> Result<Option<Timestamp>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let bad = || Problem::field("due", "moment", text, "2026-11-30T18:00");
    let local: DateTime = text.trim().parse().map_err(|_| bad())?;
    let zoned = local.to_zoned_datetime(app.zone.clone()).map_err(|_| bad())?;
    Ok(Some(Timestamp(zoned.timestamp().as_millisecond())))
}

/// `POST /review/{id}`: on to the next that waits.
pub async fn decide(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Query(narrowed): Query<Narrowed>,
    Body(sent): Body<Sent>,
) -> Result<Response, Problem> {
    let form = Form::read(&sent);
    let desk = dossier(&app, &me, id).await?.case.submission.holder;
    match mendable(given(&app, &me, id, sent.version(), &form).await)? {
        Ok(state) => {
            let to = next(&app, &visit, &me, desk, &narrowed).await?;
            let mark = if to.contains('?') { '&' } else { '?' };
            Ok(Redirect::to(&format!("{to}{mark}done={}", done(&form, state))).into_response())
        }
        Err(problem) => {
            let said = Said::refused(&visit.texts, &problem);
            let mut response = review::page(&app, &visit, &me, id, &narrowed, &form, said).await?;
            if !response.status().is_redirection() {
                *response.status_mut() = problem.status;
            }
            Ok(response)
        }
    }
}

async fn given(app: &App, me: &Actor, id: SubmissionId, seen: i64, form: &Form) -> Result<State, Problem> {
    actions::decide(app, me, id, seen, &form.ruling(app)?).await?;
    Ok(dossier(app, me, id).await?.case.submission.state)
}

fn done(form: &Form, state: State) -> &'static str {
    match (form.verdict.as_str(), state) {
        ("recommend", State::Selected) => "selected",
        ("recommend", _) => "recommended",
        ("return", _) => "returned",
        ("keep", _) => "kept",
        _ => "rejected",
    }
}

/// The review page of the next that can be decided on the same desk; the queue when there is none.
async fn next(app: &App, visit: &Visit, me: &Actor, desk: OrganisationId, narrowed: &Narrowed) -> Result<String, Problem> {
    let of_queue = Narrowed { organisation: desk.to_string(), state: String::new(), after: String::new(), ..narrowed.clone() };
    let mut reading = Reading::open(app, &visit.texts).await?;
    let waiting = queue::waiting(&mut reading, me, desk, &of_queue).await?.items;
    let next = waiting.iter().find(|w| w.gate.permits()).map(|w| format!("/review/{}", w.line.id));
    Ok(of_queue.address(next.as_deref().unwrap_or("/review"), ""))
}
