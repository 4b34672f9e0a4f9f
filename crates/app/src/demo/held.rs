//! Three months of held sessions in every branch, most of them verified, and plans of this month and the next.

use super::lessons::{DemoLesson, LESSONS};
use super::{people, refused};
use crate::deltas::Day;
use crate::held_sessions::actions::{self, MOST, Save, Saved, Verdict, plans};
use crate::held_sessions::rules::{Move, PlanFields, VENUES};
use crate::held_sessions::{HeldSession, HeldSessionId, SessionFields};
use crate::organisations::OrganisationId;
use crate::state::App;
use kernel::{Actor, Role};

/// How many there are.
const SESSIONS: usize = 260;
/// Days back that they spread over.
const DAYS: usize = 92;
/// Every so many of them waits, was returned, was voided.
const WAITS: usize = 9;
const RETURNED: usize = 41;
const VOID: usize = 83;
/// Days from today for which the demo's branch plans; those in the past were missed, but for the first.
const PLANNED: [i64; 8] = [-9, -6, -2, 3, 8, 15, 24, 38];

/// Plants them all, by the same actions as a person's click.
pub(super) async fn plant(app: &App) -> anyhow::Result<()> {
    let branches = branches(app);
    let mut made = Vec::new();
    for n in 0..SESSIONS {
        let branch = branches[n * 7 % branches.len()];
        made.push(record(app, branch, n, fields(app, n)).await?);
    }
    decide(app, &made).await?;
    plan(app).await
}

fn branches(app: &App) -> Vec<OrganisationId> {
    let tree = app.tree.load();
    tree.roots().flat_map(|root| tree.subtree(root.id)).filter(|node| !tree.has_children(node.id)).map(|node| node.id).collect()
}

fn told(n: usize) -> &'static DemoLesson {
    &LESSONS[n % LESSONS.len()]
}

/// What was held as the `n`th: more of late than before, in the evening, before a village's worth of people.
fn fields(app: &App, n: usize) -> SessionFields {
    let lesson = told(n);
    let back = 1 + (n * n + n * 13) % DAYS * (n % 5 + 1) / 5;
    let day = app.today().plus(-(back as i64)).date().map(|date| date.to_string()).unwrap_or_default();
    SessionFields {
        title: lesson.title.into(),
        held_at: format!("{day}T{:02}:{:02}", [9, 14, 15, 19][n % 4], [0, 30][n / 4 % 2]),
        minutes: [45, 60, 90, 120][n % 4],
        lecturer: lesson.lecturer.into(),
        lecturer_kind: lesson.kind.into(),
        form: lesson.form.into(),
        venue_kind: VENUES[n * 5 % VENUES.len()].into(),
        topic: lesson.topic.into(),
        people: 12 + (n * 37 % 71) as i64,
        place: ["村文化广场", "党群服务中心二楼", "镇中心小学", "田头讲堂", "社区礼堂"][n % 5].into(),
        ..SessionFields::default()
    }
}

async fn record(app: &App, organisation: OrganisationId, n: usize, fields: SessionFields) -> anyhow::Result<HeldSession> {
    let clerk = clerk(app, organisation).await?;
    let save = Save {
        id: HeldSessionId::new(app.clock.as_ref()),
        organisation,
        operation: format!("demo-held-session-{n}"),
        based_on: 0,
        fields,
        reason: String::new(),
    };
    match actions::save(app, &clerk, save).await.map_err(refused)? {
        Saved::Done(one) => Ok(*one),
        Saved::Meanwhile(_) => anyhow::bail!("the demo met somebody else"),
    }
}

async fn clerk(app: &App, organisation: OrganisationId) -> anyhow::Result<Actor> {
    people::actor(app, Role::Clerk, organisation, "clerk.branch").await
}

/// The province decides about most of them, in a few batches.
async fn decide(app: &App, made: &[HeldSession]) -> anyhow::Result<()> {
    let reviewer = people::actor(app, Role::Reviewer, people::organisation(app, "province")?, "reviewer.province").await?;
    let fate = |n: usize| match n {
        n if n % VOID == VOID - 1 => Some(Move::Void),
        n if n % RETURNED == RETURNED - 1 => Some(Move::Return),
        n if n % WAITS == 0 => None,
        _ => Some(Move::Verify),
    };
    let reasons = [(Move::Verify, ""), (Move::Return, "人数与现场照片不符，请核对后更正。"), (Move::Void, "同一场重复登记。")];
    for (mv, reason) in reasons {
        let chosen: Vec<_> = made.iter().enumerate().filter(|(n, _)| fate(*n) == Some(mv)).map(|(_, one)| (one.id, one.version)).collect();
        for some in chosen.chunks(MOST) {
            actions::decide_all(app, &reviewer, some, &Verdict { mv, reason: reason.into() }).await.map_err(refused)?;
        }
    }
    Ok(())
}

/// Plans of the branch where the demo's people work: one was held, others missed, one called off, the rest to come.
async fn plan(app: &App) -> anyhow::Result<()> {
    let branch = people::organisation(app, "branch")?;
    let clerk = clerk(app, branch).await?;
    for (n, days) in PLANNED.into_iter().enumerate() {
        let day = app.today().plus(days);
        let plan = plans::make(app, &clerk, branch, plan_fields(told(n), day)).await.map_err(refused)?;
        if n == 0 {
            let held_at = format!("{}T19:30", plan_fields(told(n), day).day);
            let held = SessionFields { held_at, plan: Some(plan.id.to_string()), ..fields(app, SESSIONS) };
            record(app, branch, SESSIONS, SessionFields { title: plan.title, lecturer: plan.lecturer, ..held }).await?;
        } else if n == 4 {
            plans::cancel(app, &clerk, plan.id, plan.version, "主讲人临时有抢收任务，改期另行通知。").await.map_err(refused)?;
        }
    }
    Ok(())
}

fn plan_fields(lesson: &DemoLesson, day: Day) -> PlanFields {
    PlanFields {
        title: lesson.title.into(),
        day: day.date().map(|date| date.to_string()).unwrap_or_default(),
        lecturer: lesson.lecturer.into(),
        ..PlanFields::default()
    }
}
