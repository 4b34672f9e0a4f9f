//! The mails of this installation: what waits, what was given up.

use crate::administration::actions::{self, Mail};
use crate::i18n::Texts;
use crate::notices::{Line, NoticeId, NoticeState};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, Done, PAGE_SIZE, Page, SignedIn, Slice, Visit, html};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "administration/views/mail.html")]
struct MailPage {
    p: Page,
    operates: bool,
    notice: String,
    server: String,
    waiting: String,
    waits: bool,
    parked: String,
    states: Vec<(String, String, bool)>,
    rows: Vec<MailRow>,
    next: String,
}

/// A notice in words.
struct MailRow {
    id: String,
    kind: String,
    recipient: String,
    badge: &'static str,
    state: String,
    attempts: i64,
    told: String,
    since: String,
    may_send_again: bool,
}

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MailAsked {
    state: String,
}

/// `GET /administration/mail`
pub async fn mail(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<MailAsked>,
    Query(done): Query<Done>,
    Query(cursor): Query<Cursor>,
) -> Result<Response, Problem> {
    let state = NoticeState::from_code(&asked.state);
    let Mail { server, counts, lines } = actions::mail(&app, &me, state, &cursor.after, PAGE_SIZE + 1).await?;
    let slice = Slice::cut(lines, |one| one.id.to_string());
    let words = &visit.texts;
    let chosen = state.map_or("", NoticeState::code);
    let filter = |code: &str, key: &str| (code.to_owned(), words.s(key), chosen == code);
    let all = std::iter::once(filter("", "job-all"));
    html(&MailPage {
        operates: true,
        notice: done.notice(words),
        server: server.unwrap_or_default(),
        waiting: words.number(counts.waiting),
        waits: counts.waiting > 0,
        parked: words.number(counts.parked),
        states: all.chain(NoticeState::ALL.iter().map(|s| filter(s.code(), &format!("mail-{}", s.code())))).collect(),
        rows: slice.items.iter().map(|one| row(words, one)).collect(),
        next: slice.next.map(|after| format!("/administration/mail?state={chosen}&after={after}")).unwrap_or_default(),
        p: visit.page(&app, words.s("mail-title")),
    })
}

fn row(words: &Texts, one: &Line) -> MailRow {
    let kind = format!("notice-kind-{}", one.kind.replace('.', "-"));
    let due = (one.state == NoticeState::Waiting && one.attempts > 0).then(|| words.with("mail-next", "time", words.time(one.due_at)));
    MailRow {
        id: one.id.to_string(),
        kind: if words.has(&kind) { words.s(&kind) } else { one.kind.clone() },
        recipient: one.recipient.clone(),
        badge: match one.state {
            NoticeState::Waiting => "waiting",
            NoticeState::Sending => "running",
            NoticeState::Sent => "ready",
            NoticeState::Parked => "failed",
            NoticeState::Dropped => "withdrawn",
        },
        state: words.s(&format!("mail-{}", one.state.code())),
        attempts: one.attempts,
        told: [one.reason.clone(), due].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        since: words.time(one.created_at),
        may_send_again: one.state == NoticeState::Parked,
    }
}

/// `POST /administration/mail/{id}/again`
pub async fn send_again(State(app): State<App>, me: SignedIn, Path(id): Path<NoticeId>) -> Result<Redirect, Problem> {
    actions::send_again(&app, &me, id).await?;
    Ok(Redirect::to("/administration/mail?done=mail-again"))
}
