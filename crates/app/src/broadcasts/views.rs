//! What hosts are shown, in finished strings.

use super::{Broadcast, Kind, State};
use crate::i18n::Texts;
use crate::machine::LoadStage;
use crate::organisations::Tree;
use crate::state::App;
use crate::web::{Form, Page, Visit};
use askama::Template;

/// A broadcast in a list.
#[derive(Debug)]
pub struct Line {
    href: String,
    title: String,
    state: &'static str,
    state_name: String,
    when: String,
    lecturer: String,
    organisation: String,
    kind: String,
}

/// Lines with a heading.
#[derive(Debug)]
pub struct Group {
    /// The heading.
    pub title: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// `GET /broadcasts`
#[derive(Template)]
#[template(path = "broadcasts/views/list.html")]
pub struct ListPage {
    /// The frame.
    pub p: Page,
    /// What there is.
    pub groups: Vec<Group>,
}

/// The form of a plan.
#[derive(Template)]
#[template(path = "broadcasts/views/plan.html")]
pub struct PlanPage {
    /// The frame.
    pub p: Page,
    /// The fields.
    pub f: Form,
    /// Where a broadcast may be held: id, name.
    pub organisations: Vec<(String, String)>,
    /// Public lessons that can be shown: id, title.
    pub lessons: Vec<(String, String)>,
    /// Of the broadcast; empty for a new one.
    pub id: String,
    /// Its title.
    pub heading: String,
    /// Its version.
    pub version: i64,
    /// It was on air already.
    pub began: bool,
    /// The zone that times are entered in.
    pub zone: String,
}

/// The control room.
#[derive(Template)]
#[template(path = "broadcasts/views/control.html")]
pub struct ControlPage {
    /// The frame.
    pub p: Page,
    /// What was done.
    pub notice: String,
    /// What was refused.
    pub error: String,
    /// A new stream key, shown this once.
    pub key: String,
    /// Address of the host's preview.
    pub preview: String,
    /// The recording may be taken out of the library.
    pub may_unpublish: bool,
    id: String,
    title: String,
    lesson: String,
    kind: &'static str,
    kind_name: String,
    state: &'static str,
    state_name: String,
    facts: Vec<String>,
    abstract_: String,
    server: String,
    hint: String,
    watch: String,
    profile: &'static str,
    /// How much is given up now.
    stage: &'static str,
    stage_name: String,
    /// As pinned; empty for what is measured.
    pinned: &'static str,
    is_held: bool,
    is_on_air: bool,
    is_over: bool,
    may_begin: bool,
    may_cancel: bool,
    takes_publisher: bool,
    zone: String,
}

fn state_name(texts: &Texts, state: State) -> String {
    texts.s(&format!("broadcast-state-{}", state.code()))
}

/// How CSS knows a state: colours are shared with the states of other things.
const fn look(state: State) -> &'static str {
    match state {
        State::Planned => "draft",
        State::Testing => "in_review",
        State::OnAir => "live",
        State::Dropped { .. } => "returned",
        State::Ended => "published",
        State::Cancelled => "withdrawn",
    }
}

/// A broadcast in a list.
pub fn line(texts: &Texts, tree: &Tree, broadcast: &Broadcast) -> Line {
    Line {
        href: format!("/broadcasts/{}", broadcast.id),
        title: broadcast.title.clone(),
        state: look(broadcast.state),
        state_name: state_name(texts, broadcast.state),
        when: texts.time(broadcast.starts_at),
        lecturer: broadcast.lecturer.clone(),
        organisation: tree.name(broadcast.organisation),
        kind: texts.s(&format!("broadcast-kind-{}", broadcast.kind.code())),
    }
}

/// Everything of the control room that follows from the broadcast itself.
pub fn control_page(app: &App, visit: &Visit, broadcast: &Broadcast) -> ControlPage {
    let (texts, state) = (&visit.texts, broadcast.state);
    let mut facts = vec![app.tree.load().name(broadcast.organisation), broadcast.lecturer.clone(), texts.time(broadcast.starts_at)];
    facts.push(texts.s(&format!("broadcast-admission-{}", broadcast.admission.code())));
    facts.retain(|fact| !fact.is_empty());
    let planned = state == State::Planned;
    ControlPage {
        p: visit.page(app, broadcast.title.clone()),
        notice: String::new(),
        error: String::new(),
        key: String::new(),
        preview: String::new(),
        may_unpublish: false,
        id: broadcast.id.to_string(),
        title: broadcast.title.clone(),
        lesson: broadcast.lesson.to_string(),
        kind: broadcast.kind.code(),
        kind_name: texts.s(&format!("broadcast-kind-{}", broadcast.kind.code())),
        state: look(state),
        state_name: state_name(texts, state),
        facts,
        abstract_: broadcast.abstract_.clone(),
        server: app.studios.address(&visit.origin),
        hint: broadcast.key_hint.clone().unwrap_or_default(),
        watch: format!("{}/live/{}", visit.origin, broadcast.id),
        profile: broadcast.profile.code(),
        stage: broadcast.stage(app).code(),
        stage_name: texts.coded("load-stage", broadcast.stage(app).code()),
        pinned: broadcast.pinned_stage.map_or("", LoadStage::code),
        is_held: broadcast.held_at.is_some(),
        is_on_air: state.is_on_air(),
        is_over: state.is_over(),
        may_begin: state == State::Testing || (planned && broadcast.kind != Kind::Live),
        may_cancel: planned || state == State::Testing,
        takes_publisher: broadcast.kind != Kind::External && !state.is_over(),
        zone: app.zone.iana_name().unwrap_or("UTC").to_owned(),
    }
}

/// The editor of a recording.
#[derive(Template)]
#[template(path = "broadcasts/views/recording.html")]
pub struct RecordingPage {
    /// The frame.
    pub p: Page,
    /// What was done.
    pub notice: String,
    /// What was refused, when no field is to blame.
    pub error: String,
    /// The fields.
    pub f: Form,
    /// Numbers of the lines for cuts.
    pub lines: Vec<usize>,
    /// Of the broadcast.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where the recording's files are, for this reader.
    pub media: String,
    /// How long it is; empty while that is being found out.
    pub length: String,
    /// How far a version in the making is.
    pub percent: Option<i64>,
    /// The library shows a cut version.
    pub is_trimmed: bool,
}
