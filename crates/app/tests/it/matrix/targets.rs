//! What the rows of the matrix are tried on: one of everything that an organisation has.

use crate::support::TestApp;
use crate::support::tree::org;
use app::accounts::Accounts;
use app::broadcasts::Broadcast;
use app::campaigns::CampaignState;
use app::jobs;
use app::notices::NoticeId;
use app::organisations::access::Relation;
use app::recordings::Recordings;
use app::submissions::{State, Submission, Submissions};
use axum::http::Method;
use kernel::{OrganisationId, Role};

/// An organisation with one of everything. All ids are texts as addresses carry them.
pub struct Target {
    pub relation: Relation,
    pub organisation: OrganisationId,
    pub account: String,
    pub grant: String,
    /// Runs, and nothing in it was handed in by others.
    pub campaign: String,
    pub category: String,
    /// Over: whoever may change it is told so, and nothing changes.
    pub closed: String,
    /// Handed in by the organisation to itself, and waiting for its verdict.
    pub waiting: Submission,
    /// Cleared by the organisation itself; its lesson is public.
    pub public: Submission,
    pub material: String,
    pub receipt: String,
    /// On air for everybody.
    pub broadcast: String,
    /// A message in its room that was taken away.
    pub removed: String,
    /// A question in its room that was answered.
    pub answered: String,
    /// A question in its room that was taken away.
    pub gone: String,
    /// A held session that waits to be verified.
    pub held: String,
    /// A planned session of a day to come.
    pub plan: String,
    /// Work that is done.
    pub job: String,
    /// A mail that was sent.
    pub notice: String,
    /// A lecturer of the organisation with a public page.
    pub lecturer: String,
    /// Another, without.
    pub other_lecturer: String,
    /// The organisation asks for its own lecturer.
    pub booking: String,
    /// A broadcast that was called off: whoever may run it is told so, and nothing changes.
    pub cancelled: String,
}

/// The holder's grant is at county-a, with its subtree.
const OBJECTS: [(&str, Relation); 4] =
    [("county-a", Relation::Own), ("township-a", Relation::Above), ("city-a", Relation::Below), ("county-c", Relation::Beside)];

/// One target for each relation.
pub async fn targets(app: &TestApp) -> Vec<Target> {
    let mut targets = Vec::new();
    for (code, relation) in OBJECTS {
        targets.push(target(app, code, relation).await);
    }
    targets
}

async fn target(app: &TestApp, code: &'static str, relation: Relation) -> Target {
    let account = app.account(&format!("somebody.{code}"), Role::Viewer, code).await;
    let call = app.a_campaign().code(&format!("call-{code}")).run_by(code).quota(None).consent("rights").create().await;
    let closed = app.a_campaign().code(&format!("closed-{code}")).run_by(code).state(CampaignState::Closed).create().await;
    let waiting = app.a_submission().from(code).to(&call).at(State::InReview).create().await;
    let public = app.a_submission().from(code).to(&call).at(State::Published).create().await;
    let clerk = app.person(&format!("clerk.{code}"), Role::Clerk, code).await;
    let captions = format!("/api/v1/lessons/{}/captions/en", public.lesson);
    clerk.send(Method::PUT, &captions, "text/vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n").await.expect(200);
    let room = app.a_broadcast(code).by(account).create().await;
    let (removed, answered, gone) = talked(app, &room, code).await;
    let mut tx = app.db.begin().await.unwrap();
    let grant = Accounts(&mut tx).grants_of(account).await.unwrap()[0].id.to_string();
    let material = Recordings(&mut tx).current(public.lesson).await.unwrap()[0].id.to_string();
    let receipt = Submissions(&mut tx).revisions(public.id).await.unwrap()[0].receipt.clone();
    let job = jobs::enqueue(&mut tx, app.clock.as_ref(), "test", code, &serde_json::json!({}), None).await.unwrap().to_string();
    let notice = NoticeId::new(app.clock.as_ref());
    let sql = "insert into notice (id, kind, about, account, recipient, name, subject, text, files, unsubscribe, state, due_at, created_at)
               values ($1, 'test', '', $2, '', '', '', '', '[]', '', 'sent', 0, 0)";
    tx.execute(sql, vec![notice.into(), account.into()]).await.unwrap();
    tx.commit().await.unwrap();
    let (held, plan) = super::held_sessions::recorded(app, &clerk, code).await;
    let (lecturer, other_lecturer, booking) = super::lecturers::booked(&clerk, org(code)).await;
    let cancelled = super::broadcasts::called_off(app, code, public.lesson).await;
    Target {
        relation,
        organisation: org(code),
        account: account.to_string(),
        grant,
        campaign: call.campaign.id.to_string(),
        category: call.categories[0].id.to_string(),
        closed: closed.campaign.id.to_string(),
        waiting,
        public,
        material,
        receipt,
        broadcast: room.id.to_string(),
        removed,
        answered,
        gone,
        held,
        plan,
        job,
        notice: notice.to_string(),
        lecturer,
        other_lecturer,
        booking,
        cancelled,
    }
}

/// What was said and asked in a room: a message and a question that were taken away, and a question that was answered.
async fn talked(app: &TestApp, room: &Broadcast, code: &str) -> (String, String, String) {
    let host = app.person(&format!("host.{code}"), Role::Host, code).await;
    crate::rooms::say(&host, room, 1, "to be removed").await.expect(201);
    let answered = crate::rooms::ask(&host, room, 2, "Answered?").await;
    let gone = crate::rooms::ask(&host, room, 3, "Gone?").await;
    let events = crate::rooms::look(app, &host, room, "").await;
    let removed = crate::rooms::only(&events, "message")[0]["id"].as_str().unwrap().to_owned();
    let at = |rest: String| format!("/rooms/{}/{rest}", room.id);
    let nothing = serde_json::json!(null);
    host.json(Method::DELETE, &at(format!("messages/{removed}")), &nothing).await.expect(204);
    host.json(Method::DELETE, &at(format!("questions/{gone}")), &nothing).await.expect(204);
    host.post(&at(format!("questions/{answered}/answer")), &serde_json::json!({ "aloud": true })).await.expect(204);
    (removed, answered, gone)
}
