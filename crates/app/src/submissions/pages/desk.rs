//! My desk.

use super::filters::{self, Narrowed};
use super::queue;
use super::reading::Reading;
use crate::campaigns::rules::gate;
use crate::campaigns::{CampaignState, Campaigns, StageKind};
use crate::lecturers::BookingRow;
use crate::lecturers::actions::booking::{self, Side};
use crate::lessons::Lessons;
use crate::organisations::access::domains;
use crate::organisations::{Action, may, may_anywhere};
use crate::problem::Problem;
use crate::recordings::Recordings;
use crate::state::App;
use crate::submissions::views::desk::{DeskPage, OpenCampaign, QuotaGroup};
use crate::submissions::views::{Said, WorkItem, editor, journey, words};
use crate::submissions::{Filter, State, SubmissionLine, Submissions, Verdict, rules, visible_to};
use crate::web::{Cursor, Done, SignedIn, Visit, html};
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use kernel::{Actor, OrganisationId, Timestamp};
use std::collections::HashMap;

/// Lines of the queue that the desk shows.
const REVIEWS: usize = 8;
/// Requests for lecturers that are looked through for the nearest.
const REQUESTS: usize = 100;

/// Something that waits, with its deadline: what has none comes last.
type Due = (Option<Timestamp>, WorkItem);

/// `GET /desk`
pub async fn desk(Shared(app): Shared<App>, visit: Visit, me: SignedIn, Query(done): Query<Done>) -> Result<Response, Problem> {
    let mut reading = Reading::open(&app, &visit.texts).await?;
    let (mut waiting, more_to_review) = reviews(&mut reading, &me).await?;
    waiting.extend(returned(&mut reading, &me).await?);
    waiting.extend(to_clear(&mut reading, &me).await?);
    waiting.extend(to_answer(&reading, &me).await?);
    waiting.sort_by_key(|(due, _)| due.map_or(i64::MAX, |d| d.0));
    let drafts = drafts(&mut reading, &me).await?;
    let summary = summary(&reading, &waiting);
    html(&DeskPage {
        p: visit.page(&app, visit.texts.s("nav-desk")),
        said: Said { done: done.notice(&visit.texts), refusal: None },
        greeting: greeting(&app, &visit, reading.now),
        summary,
        may_register: may_anywhere(&reading.tree, &me, Action::EditLesson),
        waiting: waiting.into_iter().map(|(_, item)| item).collect(),
        more_to_review,
        drafts,
        quotas: quotas(&mut reading, &me).await?,
        campaigns: campaigns(&mut reading, &me).await?,
    })
}

fn greeting(app: &App, visit: &Visit, now: Timestamp) -> String {
    let hour = jiff::ZonedDateTime::new(now.to_jiff(), app.zone.clone()).hour();
    let key = match hour {
        5..=10 => "greeting-morning",
        11..=12 => "greeting-noon",
        13..=17 => "greeting-afternoon",
        _ => "greeting-evening",
    };
    visit.texts.with(key, "name", visit.name.clone())
}

fn summary(reading: &Reading<'_>, waiting: &[Due]) -> String {
    let texts = reading.texts;
    match waiting.iter().find_map(|(due, _)| *due) {
        _ if waiting.is_empty() => texts.s("desk-summary-none"),
        Some(due) => {
            let args = [("n", waiting.len().to_string()), ("until", words::deadline(texts, due, reading.now))];
            texts.args("desk-summary-until", &args)
        }
        None => texts.with("desk-summary", "n", waiting.len()),
    }
}

async fn reviews(reading: &mut Reading<'_>, me: &Actor) -> Result<(Vec<Due>, bool), Problem> {
    let (mut waiting, mut more) = (Vec::new(), false);
    for desk in queue::desks(me) {
        let slice = queue::waiting(reading, me, desk, &Narrowed::default()).await?;
        more |= slice.next.is_some();
        waiting.extend(slice.items.into_iter().filter(|w| w.gate.permits()));
    }
    waiting.sort_by_key(|w| w.deadline().map_or(i64::MAX, |d| d.0));
    more |= waiting.len() > REVIEWS;
    let mut items = Vec::new();
    for one in waiting.iter().take(REVIEWS) {
        items.push((one.deadline(), queue::item(reading, one).await?));
    }
    Ok((items, more))
}

/// Requests for lecturers for whom I answer; the lecture itself is the deadline.
async fn to_answer(reading: &Reading<'_>, me: &Actor) -> Result<Vec<Due>, Problem> {
    let (app, texts) = (reading.app, reading.texts);
    let asked = booking::list(app, me, Side::ToAnswer, (i64::MAX, String::new()), REQUESTS).await?;
    let waits = |row: &BookingRow| booking::sides(app, me, row).answers && row.booking.starts_at > reading.now;
    let mut mine: Vec<_> = asked.into_iter().filter(waits).collect();
    mine.sort_by_key(|row| row.booking.starts_at);
    mine.truncate(REVIEWS);
    let item = |row: BookingRow| {
        let of = row.booking;
        let href = format!("/desk/bookings/{}", of.id);
        let item = WorkItem {
            title: of.title,
            href: href.clone(),
            state: "waiting",
            badge: texts.s("nav-bookings"),
            facts: vec![texts.span(of.starts_at, of.ends_at), row.name, reading.tree.name(of.organisation)],
            action: texts.s("booking-answer"),
            action_href: href,
            ..WorkItem::default()
        };
        (Some(of.starts_at), item)
    };
    Ok(mine.into_iter().map(item).collect())
}

/// Lines of the actor's own organisations in one state.
async fn mine(reading: &Reading<'_>, me: &Actor, state: State) -> Result<Vec<SubmissionLine>, Problem> {
    let filter = Filter { state: Some(state), ..Filter::default() };
    let mut lines = visible_to(reading.app, me, &filter, None, &Cursor::default()).await?.items;
    lines.retain(|line| may(&reading.tree, me, Action::EditLesson, line.organisation));
    Ok(lines)
}

async fn returned(reading: &mut Reading<'_>, me: &Actor) -> Result<Vec<Due>, Problem> {
    let lines = mine(reading, me, State::Returned).await?;
    let journeys = Submissions(&mut reading.tx).hops_of(&lines.iter().map(|line| line.id).collect::<Vec<_>>()).await?;
    let item = |line: SubmissionLine| {
        let texts = reading.texts;
        let last = journeys.get(&line.id).and_then(|hops| hops.iter().rev().find(|h| h.verdict == Some(Verdict::Returned)));
        let due = line.due_at.map(|due| texts.with("line-due", "until", words::deadline(texts, due, reading.now)));
        let item = WorkItem {
            title: line.title,
            href: format!("/submissions/{}", line.id),
            state: line.state.code(),
            badge: words::state(texts, line.state),
            facts: last.map(|h| texts.with("line-returned-by", "name", reading.tree.name(h.holder))).into_iter().collect(),
            late: due.unwrap_or_default(),
            action: texts.s("act-change"),
            action_href: format!("/submissions/{}/edit", line.id),
            note: last.map(|h| journey::opinion(texts, h)).unwrap_or_default(),
        };
        (line.due_at, item)
    };
    Ok(lines.into_iter().map(item).collect())
}

async fn to_clear(reading: &mut Reading<'_>, me: &Actor) -> Result<Vec<Due>, Problem> {
    let lines = crate::submissions::to_clear(reading.app, me, false, &Cursor::default()).await?.items;
    let approvers = Submissions(&mut reading.tx).approvers_of(&lines.iter().map(|line| line.id).collect::<Vec<_>>()).await?;
    let mut items = Vec::new();
    for line in lines {
        let given = approvers.get(&line.id).map_or(&[][..], Vec::as_slice);
        if !given.contains(&me.account) {
            items.push((None, super::clearance::item(reading, &line, given.len()).await?));
        }
    }
    Ok(items)
}

async fn drafts(reading: &mut Reading<'_>, me: &Actor) -> Result<Vec<WorkItem>, Problem> {
    let lines = mine(reading, me, State::Draft).await?;
    let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
    let of_lessons: Vec<_> = lines.iter().map(|line| line.lesson).collect();
    let submissions = Submissions(&mut reading.tx).several(&ids).await?;
    let lessons: HashMap<_, _> = Lessons(&mut reading.tx).several(&of_lessons).await?.into_iter().map(|l| (l.id, l)).collect();
    let materials = Recordings(&mut reading.tx).current_of(&of_lessons).await?;
    let mut items = Vec::new();
    for line in lines {
        // A draft that was withdrawn between two looks is left out.
        let (Some(submission), Some(lesson)) = (submissions.get(&line.id), lessons.get(&line.lesson)) else { continue };
        let files = materials.get(&line.lesson).map_or(&[][..], Vec::as_slice);
        let call = reading.call(line.campaign).await?;
        let category = call.category(line.category).ok_or_else(|| Problem::internal("a submission whose category is gone"))?;
        let checklist = rules::checklist(&call, category, lesson, files, &submission.consents);
        let missing = editor::checklist(reading.texts, &checklist, &call.consents, "").missing;
        items.push(draft(reading, line, missing, category.name.clone()));
    }
    Ok(items)
}

/// One draft with what it lacks.
fn draft(reading: &Reading<'_>, line: SubmissionLine, missing: usize, category: String) -> WorkItem {
    let texts = reading.texts;
    let lack = if missing == 0 { texts.s("draft-complete") } else { texts.with("draft-lacks", "n", missing) };
    WorkItem {
        title: line.title,
        href: format!("/submissions/{}", line.id),
        state: line.state.code(),
        badge: words::state(texts, line.state),
        facts: vec![lack, category, line.organisation_name],
        action: texts.s("act-continue"),
        action_href: format!("/submissions/{}/edit", line.id),
        ..WorkItem::default()
    }
}

async fn quotas(reading: &mut Reading<'_>, me: &Actor) -> Result<Vec<QuotaGroup>, Problem> {
    let open: Vec<_> = filters::campaigns(reading, me).await?.into_iter().filter(|c| c.state == CampaignState::Open).collect();
    let mut groups = Vec::new();
    for desk in queue::desks(me) {
        for campaign in open.iter().filter(|c| reading.tree.contains(c.organisation, desk)).cloned().collect::<Vec<_>>() {
            let quotas: Vec<_> = reading.places(me, desk, campaign.id).await?.into_iter().map(|(_, quota)| quota).collect();
            if !quotas.is_empty() {
                groups.push(QuotaGroup { title: format!("{} · {}", reading.tree.name(desk), campaign.title), quotas });
            }
        }
    }
    Ok(groups)
}

/// Open campaigns with the gate of the actor's own hand-in.
pub(super) async fn campaigns(reading: &mut Reading<'_>, me: &Actor) -> Result<Vec<OpenCampaign>, Problem> {
    let mut found = Vec::new();
    for campaign in filters::campaigns(reading, me).await?.into_iter().filter(|c| c.state == CampaignState::Open) {
        let call = reading.call(campaign.id).await?;
        let extensions = match own_organisation(me) {
            Some(org) => Campaigns(&mut reading.tx).extensions(campaign.id, org).await?,
            None => Vec::new(),
        };
        let gate = gate(&call.stages, &extensions, StageKind::Submit, 0, reading.now);
        found.push(OpenCampaign::new(reading.texts, &campaign, gate, reading.now));
    }
    Ok(found)
}

/// Where the actor registers lessons, when that is one place.
pub(super) fn own_organisation(me: &Actor) -> Option<OrganisationId> {
    domains(me, Action::EditLesson).first().map(|(org, _)| *org)
}
