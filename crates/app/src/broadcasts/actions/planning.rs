//! Planning, changing, repeating, calling off.

use super::{keep, locked, record};
use crate::broadcasts::rules::{self, Showing, Signal};
use crate::broadcasts::{Broadcast, BroadcastId, Broadcasts, Kind, Plan, Profile, State};
use crate::campaigns::Campaigns;
use crate::db::Tx;
use crate::deltas::{self, Metric};
use crate::lessons::rules::TextLimit;
use crate::lessons::{self, Catalogue, Lesson, LessonId, Lessons};
use crate::organisations::{Action, may};
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::texts;
use kernel::{Actor, Timestamp};
use serde_json::json;

/// Plans a broadcast. A live one without a lesson registers the lesson that it becomes.
///
/// # Errors
///
/// `forbidden` without [`Action::Broadcast`] at the organisation; `organisation-closed`; `invalid` names broken fields.
pub async fn plan(app: &App, actor: &Actor, plan: Plan) -> Result<BroadcastId, Problem> {
    let tree = app.tree.load_full();
    if !may(&tree, actor, Action::Broadcast, plan.organisation) {
        return Err(Problem::forbidden());
    }
    if tree.get(plan.organisation).is_none_or(|node| node.closed) {
        return Err(Problem::conflict("organisation-closed"));
    }
    let mut tx = app.db.begin().await?;
    let (plan, material) = checked(app, &mut tx, actor, plan, None).await?;
    let lesson = match plan.lesson {
        Some(lesson) => lesson,
        None => new_lesson(app, &mut tx, actor, &plan).await?,
    };
    let new = Broadcast {
        id: BroadcastId::new(app.clock.as_ref()),
        organisation: plan.organisation,
        lesson,
        campaign: plan.campaign,
        kind: plan.kind,
        title: plan.title,
        lecturer: plan.lecturer,
        abstract_: plan.abstract_,
        admission: plan.admission,
        host: plan.host,
        starts_at: plan.starts_at,
        ends_at: plan.ends_at,
        state: State::Planned,
        profile: Profile::Interactive,
        on_air_at: None,
        ended_at: None,
        held_at: None,
        held_ms: 0,
        key_hint: None,
        material,
        keeps_recording: plan.keeps_recording,
        external_url: plan.external_url,
        pinned_stage: None,
        series: None,
        created_by: actor.account,
        created_at: app.clock.now(),
        version: 1,
    };
    Broadcasts(&mut tx).insert(&new).await?;
    let detail = json!({ "title": new.title, "kind": new.kind, "starts_at": new.starts_at });
    record(app, &mut tx, &new, Some(actor.account), "broadcast.planned", detail).await?;
    tx.commit().await?;
    Ok(new.id)
}

/// Changes the plan that was read as version `seen`. What is on air keeps its beginning.
///
/// # Errors
///
/// `stale` (412), `broadcast-over`, `invalid`; rights as [`locked`].
pub async fn change(app: &App, actor: &Actor, id: BroadcastId, seen: i64, plan: Plan) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let broadcast = locked(app, &mut tx, actor, id).await?;
    if broadcast.version != seen {
        return Err(Problem::stale());
    }
    if broadcast.state.is_over() {
        return Err(Problem::conflict("broadcast-over"));
    }
    let (plan, material) = checked(app, &mut tx, actor, plan, Some(&broadcast)).await?;
    let ends_at = end_of(&broadcast, &plan);
    let changed = Broadcast {
        campaign: plan.campaign,
        title: plan.title,
        lecturer: plan.lecturer,
        abstract_: plan.abstract_,
        admission: plan.admission,
        host: plan.host,
        starts_at: if broadcast.on_air_at.is_some() { broadcast.starts_at } else { plan.starts_at },
        ends_at,
        keeps_recording: plan.keeps_recording,
        external_url: plan.external_url,
        material: if broadcast.kind == Kind::Showing { material } else { broadcast.material.clone() },
        ..broadcast
    };
    keep(app, &mut tx, &changed, Some(actor.account), "broadcast.changed", json!({ "starts_at": changed.starts_at })).await?;
    Ok(tx.commit().await?)
}

/// When a changed plan ends: a showing that began shows its recording whole, so what it was held until now comes on top.
fn end_of(was: &Broadcast, plan: &Plan) -> Timestamp {
    let length_ms = plan.ends_at - plan.starts_at;
    let running = Showing::of(was, length_ms).filter(|_| was.kind == Kind::Showing);
    running.map_or(plan.ends_at, |showing| showing.wall(length_ms))
}

/// Calls off what has not begun.
///
/// # Errors
///
/// `not-possible` when it has; rights as [`locked`].
pub async fn cancel(app: &App, actor: &Actor, id: BroadcastId) -> Result<Broadcast, Problem> {
    let cancelled = super::move_by(app, Some(actor), id, Signal::Cancel, "broadcast.cancelled").await?;
    app.studios.turn_away(id, "This broadcast was called off.");
    Ok(cancelled)
}

/// Shows the same recording once more at each of `at`; the new showings, which make a series with the first.
///
/// # Errors
///
/// `not-a-showing`; `invalid` for a moment that has passed; rights as [`locked`].
pub async fn repeat(app: &App, actor: &Actor, id: BroadcastId, at: &[Timestamp]) -> Result<Vec<BroadcastId>, Problem> {
    let mut tx = app.db.begin().await?;
    let first = locked(app, &mut tx, actor, id).await?;
    if first.kind != Kind::Showing {
        return Err(Problem::conflict("not-a-showing"));
    }
    if at.is_empty() || at.len() > MOST_REPEATS {
        return Err(Problem::field("starts_at", "too-many", at.len().to_string(), MOST_REPEATS));
    }
    let mut made = Vec::new();
    for starts_at in at {
        let again = Plan { starts_at: *starts_at, ..Plan::of(&first) };
        let (again, material) = checked(app, &mut tx, actor, again, None).await?;
        let new = Broadcast {
            id: BroadcastId::new(app.clock.as_ref()),
            starts_at: again.starts_at,
            ends_at: again.ends_at,
            state: State::Planned,
            on_air_at: None,
            ended_at: None,
            held_at: None,
            held_ms: 0,
            key_hint: None,
            material,
            pinned_stage: None,
            series: Some(first.series.clone().unwrap_or_else(|| first.id.to_string())),
            created_by: actor.account,
            created_at: app.clock.now(),
            version: 1,
            ..first.clone()
        };
        Broadcasts(&mut tx).insert(&new).await?;
        record(app, &mut tx, &new, Some(actor.account), "broadcast.repeated", json!({ "of": first.id, "starts_at": new.starts_at }))
            .await?;
        made.push(new.id);
    }
    tx.commit().await?;
    Ok(made)
}

/// How a text is looked at: its field, the text, its least and greatest length.
type Check = fn(&str, &str, usize, usize) -> Result<String, FieldError>;

/// Repeats planned at once.
const MOST_REPEATS: usize = 60;

/// The plan with its texts trimmed and what follows from its lesson, and the recording of a showing; or everything that it breaks.
async fn checked(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    mut plan: Plan,
    was: Option<&Broadcast>,
) -> Result<(Plan, Option<String>), Problem> {
    let mut faults = was.map(|was| fixed(was, &plan)).unwrap_or_default();
    let material = match (plan.kind, plan.lesson) {
        (Kind::Showing, _) => match shown(tx, &mut plan).await? {
            Ok(material) => Some(material),
            Err(fault) => {
                faults.push(fault);
                None
            }
        },
        (_, Some(lesson)) if was.is_none() => {
            lessons::actions::editable(app, tx, actor, lesson).await?;
            None
        }
        _ => None,
    };
    if let Some(campaign) = plan.campaign
        && Campaigns(tx).find(campaign).await?.is_none()
    {
        faults.push(FieldError::new("campaign", "unknown", campaign.to_string(), ""));
    }
    let began = was.is_some_and(|was| was.on_air_at.is_some());
    faults.extend(rules::faults(&plan, app.clock.now(), began));
    let mut clean = |text: &mut String, (name, min, max): TextLimit, check: Check| match check(name, text, min, max) {
        Ok(trimmed) => *text = trimmed,
        Err(fault) => faults.push(fault),
    };
    clean(&mut plan.title, lessons::rules::TITLE, texts::check);
    clean(&mut plan.lecturer, lessons::rules::LECTURER, texts::check);
    clean(&mut plan.abstract_, lessons::rules::ABSTRACT, texts::check_lines);
    if faults.is_empty() { Ok((plan, material)) } else { Err(Problem::invalid(faults)) }
}

/// The recording that a showing shows; what is known of its lesson goes into the plan.
async fn shown(tx: &mut Tx, plan: &mut Plan) -> Result<Result<String, FieldError>, Problem> {
    let Some(lesson) = plan.lesson else { return Ok(Err(FieldError::new("lesson", "required", "", ""))) };
    let Some(public) = Catalogue(tx).find(lesson).await? else {
        return Ok(Err(FieldError::new("lesson", "public-lesson", lesson.to_string(), "")));
    };
    plan.ends_at = plan.starts_at.plus_ms(public.duration_ms.max(1));
    fill(&mut plan.title, &public.title);
    fill(&mut plan.lecturer, &public.lecturer);
    fill(&mut plan.abstract_, &public.abstract_);
    Ok(Ok(public.material))
}

fn fill(text: &mut String, from: &str) {
    if text.trim().is_empty() {
        from.clone_into(text);
    }
}

/// What a planned broadcast keeps.
fn fixed(was: &Broadcast, plan: &Plan) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if plan.organisation != was.organisation {
        faults.push(FieldError::new("organisation", "fixed-once-planned", plan.organisation.to_string(), was.organisation));
    }
    if plan.kind != was.kind {
        faults.push(FieldError::new("kind", "fixed-once-planned", plan.kind.code(), was.kind.code()));
    }
    if plan.lesson.is_some_and(|lesson| lesson != was.lesson) {
        faults.push(FieldError::new("lesson", "fixed-once-planned", "", was.lesson));
    }
    faults
}

/// The lesson that a live broadcast becomes, whoever plans it.
async fn new_lesson(app: &App, tx: &mut Tx, actor: &Actor, plan: &Plan) -> Result<LessonId, Problem> {
    let lesson = Lesson {
        id: LessonId::new(app.clock.as_ref()),
        organisation: plan.organisation,
        title: plan.title.clone(),
        lecturer: plan.lecturer.clone(),
        lecturer_id: None,
        lecturer_kind: String::new(),
        topic: String::new(),
        form: String::new(),
        held_on: jiff::ZonedDateTime::new(plan.starts_at.to_jiff(), app.zone.clone()).date().to_string(),
        audience: None,
        abstract_: plan.abstract_.clone(),
        script: String::new(),
        chapters: Vec::new(),
        created_by: actor.account,
        created_at: app.clock.now(),
        version: 1,
    };
    Lessons(tx).insert(&lesson).await?;
    deltas::post(tx, app.clock.as_ref(), plan.organisation, app.today(), Metric::Lessons, "", 1).await?;
    Ok(lesson.id)
}
