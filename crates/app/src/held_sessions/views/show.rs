//! One held session: what was recorded, its history, its photos, what speaks against it.

use super::{Line, coded, field_name, look, said, state_name};
use crate::held_sessions::rules::differences;
use crate::held_sessions::{Check, HeldSession, Photo, Revision};
use crate::i18n::Texts;
use crate::organisations::Tree;
use crate::web::Page;
use askama::Template;
use kernel::AccountId;
use std::collections::HashMap;

/// A field that a revision changed.
#[derive(Debug)]
pub struct Change {
    name: String,
    was: String,
    now: String,
}

/// One revision.
#[derive(Debug)]
pub struct History {
    title: String,
    who: String,
    when: String,
    reason: String,
    changes: Vec<Change>,
}

/// Something that speaks against it.
#[derive(Debug)]
pub struct CheckLine {
    text: String,
    href: String,
    link: String,
}

/// A photo.
#[derive(Debug)]
pub struct PhotoLine {
    href: String,
    alt: String,
    width: i64,
    height: i64,
}

/// `GET /held-sessions/{id}`
#[derive(Template)]
#[template(path = "held_sessions/views/show.html")]
pub struct ShowPage {
    /// The frame.
    pub p: Page,
    /// What was done.
    pub notice: String,
    /// Why something was not done.
    pub error: String,
    /// What was typed as reason.
    pub reason_typed: String,
    /// The reader may correct it.
    pub may_correct: bool,
    /// The reader may change its photos.
    pub may_photograph: bool,
    /// The reader may decide about it.
    pub may_decide: bool,
    /// What else waits.
    pub queue: Vec<Line>,
    /// Its campaign: address, name.
    pub campaign: Option<(String, String)>,
    /// The lecturer, as the register knows the person: address, name.
    pub lecturer: Option<(String, String)>,
    pub(in crate::held_sessions) here: String,
    pub(in crate::held_sessions) id: String,
    pub(in crate::held_sessions) version: i64,
    pub(in crate::held_sessions) title: String,
    pub(in crate::held_sessions) state: &'static str,
    pub(in crate::held_sessions) state_name: String,
    pub(in crate::held_sessions) counted: bool,
    pub(in crate::held_sessions) reason: String,
    pub(in crate::held_sessions) decided: String,
    pub(in crate::held_sessions) facts: Vec<(String, String)>,
    pub(in crate::held_sessions) note: String,
    pub(in crate::held_sessions) photos: Vec<PhotoLine>,
    pub(in crate::held_sessions) checks: Vec<CheckLine>,
    pub(in crate::held_sessions) history: Vec<History>,
}

/// Everything that follows from the record itself; what the reader may is added by the page.
pub fn show(
    p: Page,
    tree: &Tree,
    one: &HeldSession,
    (revisions, photos, checks): (&[Revision], &[Photo], &[Check]),
    names: &HashMap<AccountId, String>,
) -> ShowPage {
    let texts: &Texts = &p;
    let who = |id: AccountId| names.get(&id).cloned().unwrap_or_default();
    let decided =
        one.decided_by.zip(one.decided_at).map(|(by, at)| texts.args("held-decided", &[("who", who(by)), ("when", texts.time(at))]));
    ShowPage {
        notice: String::new(),
        error: String::new(),
        reason_typed: String::new(),
        may_correct: false,
        may_photograph: false,
        may_decide: false,
        queue: Vec::new(),
        campaign: None,
        lecturer: None,
        here: format!("/held-sessions/{}", one.id),
        id: one.id.to_string(),
        version: one.version,
        title: one.told.title.clone(),
        state: look(one.state),
        state_name: state_name(texts, one.state),
        counted: one.state.counts(),
        reason: one.reason.clone(),
        decided: decided.unwrap_or_default(),
        facts: facts(texts, tree, one),
        note: one.told.note.clone(),
        photos: photos.iter().enumerate().map(|(n, photo)| photo_line(texts, one, n, photo)).collect(),
        checks: checks.iter().map(|check| check_line(texts, check)).collect(),
        history: history(texts, revisions, who),
        p,
    }
}

fn facts(texts: &Texts, tree: &Tree, one: &HeldSession) -> Vec<(String, String)> {
    let told = &one.told;
    let mut facts = vec![
        (texts.s("field-organisation"), tree.name(one.organisation)),
        (texts.s("field-held-at"), texts.time(told.held_at)),
        (texts.s("field-minutes"), texts.number(told.minutes)),
        (texts.s("field-people"), texts.number(told.people)),
        (texts.s("field-lecturer"), told.lecturer.clone()),
        (texts.s("field-lecturer-kind"), coded(texts, "lecturer-kind", &told.lecturer_kind)),
        (texts.s("field-form"), coded(texts, "form", &told.form)),
        (texts.s("field-topic"), coded(texts, "topic", &told.topic)),
        (texts.s("field-venue-kind"), coded(texts, "venue", &told.venue_kind)),
        (texts.s("field-place"), told.place.clone()),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

fn photo_line(texts: &Texts, one: &HeldSession, n: usize, photo: &Photo) -> PhotoLine {
    PhotoLine {
        href: format!("/held-sessions/{}/photos/{}", one.id, photo.id),
        alt: texts.with("held-photo-alt", "n", i64::try_from(n + 1).unwrap_or(i64::MAX)),
        width: photo.width,
        height: photo.height,
    }
}

fn check_line(texts: &Texts, check: &Check) -> CheckLine {
    let (href, link) = match &check.other {
        Some((id, name)) => (format!("/held-sessions/{id}"), name.clone()),
        None => Default::default(),
    };
    CheckLine { text: texts.with(&format!("held-check-{}", check.code), "n", check.number), href, link }
}

/// The revisions, the newest first, each with what it says differently from the one before.
fn history(texts: &Texts, revisions: &[Revision], who: impl Fn(AccountId) -> String) -> Vec<History> {
    let changes = |n: usize| {
        let Some(before) = revisions.get(n + 1) else { return Vec::new() };
        let differ = differences(&before.fields, &revisions[n].fields);
        let change = |d: &crate::held_sessions::rules::Alteration| Change {
            name: field_name(texts, &d.field),
            was: said(texts, &d.field, &d.before),
            now: said(texts, &d.field, &d.after),
        };
        differ.iter().map(change).collect()
    };
    let line = |(n, r): (usize, &Revision)| History {
        title: texts.args("held-revision", &[("n", r.version.to_string()), ("state", state_name(texts, r.state))]),
        who: who(r.account),
        when: texts.time(r.at),
        reason: r.reason.clone(),
        changes: changes(n),
    };
    revisions.iter().enumerate().map(line).collect()
}
