//! The demo's story: each lesson is registered, recorded, submitted, and meets its fate.

use super::lessons::{DemoLesson, Fate, LESSONS};
use super::{call, clips, people, refused, views};
use crate::campaigns::Call;
use crate::jobs::{Context, Failure, Outcome};
use crate::lessons::{self, LessonFields, LessonId, Lessons};
use crate::organisations::OrganisationId;
use crate::recordings::actions::{self as uploads, NewUpload};
use crate::recordings::{MaterialState, Recordings};
use crate::state::App;
use crate::submissions::actions::{self, Draft};
use crate::submissions::rules::{Decision, Ruling};
use crate::submissions::{AwardLevel, Submission, SubmissionId, Submissions};
use kernel::{Actor, Role};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What the first published lessons are given.
const AWARDS: [AwardLevel; 4] = [AwardLevel::First, AwardLevel::Second, AwardLevel::Second, AwardLevel::Third];

/// The body of the job [`super::STORY`].
pub async fn tell(app: App, context: Context) -> Result<Outcome, Failure> {
    if let Err(missing) = app.toolbox.ready().await {
        return Ok(Outcome::Later { ms: 10_000, why: missing.to_string() });
    }
    let call = call::find(&app).await?;
    for (n, lesson) in LESSONS.iter().enumerate() {
        if context.cancelled.is_cancelled() {
            return Ok(Outcome::Failed("stopped".into()));
        }
        let teller = Teller { app: &app, call: &call, lesson, n, cancel: &context.cancelled };
        teller.tell().await?;
        context.progress(100 * (n as i64 + 1) / LESSONS.len() as i64);
    }
    Ok(Outcome::Done)
}

/// One lesson on its way.
struct Teller<'a> {
    app: &'a App,
    call: &'a Call,
    lesson: &'a DemoLesson,
    n: usize,
    cancel: &'a CancellationToken,
}

impl Teller<'_> {
    async fn tell(&self) -> anyhow::Result<()> {
        let branch = self.branch()?;
        // The demo's clerk acts for every branch of the province, so that all of the tree has something to show.
        let clerk = people::actor(self.app, Role::Clerk, branch, "clerk.branch").await?;
        let mut tx = self.app.db.read().await?;
        let known = Lessons(&mut tx).of(branch, 50).await?.into_iter().find(|l| l.title == self.lesson.title);
        drop(tx);
        let lesson = match known {
            Some(known) => known.id,
            None => self.register(&clerk, branch).await?,
        };
        let submission = self.draft(&clerk, lesson).await?;
        if self.lesson.fate == Fate::Draft || submission.revision > 0 {
            return Ok(());
        }
        self.record(&clerk, lesson).await?;
        actions::submit(self.app, &clerk, submission.id, self.version(submission.id).await?).await.map_err(refused)?;
        self.meet_fate(&clerk, submission.id, branch).await?;
        if self.lesson.fate == Fate::Published {
            views::add(self.app, self.n, lesson, branch).await?;
        }
        Ok(())
    }

    fn branch(&self) -> anyhow::Result<OrganisationId> {
        let tree = self.app.tree.load();
        let branches = tree.roots().flat_map(|root| tree.subtree(root.id)).filter(|node| !tree.has_children(node.id));
        branches.map(|node| node.id).nth(self.lesson.branch).ok_or_else(|| anyhow::anyhow!("the demo's tree is smaller than its stories"))
    }

    async fn register(&self, clerk: &Actor, branch: OrganisationId) -> anyhow::Result<LessonId> {
        let told = self.lesson;
        let day = jiff::ZonedDateTime::new(call::days_ago(self.app, 9).to_jiff(), self.app.zone.clone()).date();
        let fields = LessonFields {
            title: Some(told.title.into()),
            lecturer: Some(told.lecturer.into()),
            lecturer_id: super::lecturers::called(self.app, told.lecturer).await?.map(|id| id.to_string()),
            lecturer_kind: Some(told.kind.into()),
            topic: Some(told.topic.into()),
            form: Some(told.form.into()),
            held_on: Some(day.to_string()),
            audience: Some(Some(24 + self.n as i64 * 5)),
            abstract_: Some(told.about.into()),
            script: Some(format!("各位同志，大家好。今天讲的是《{}》。{}", told.title, told.about)),
            chapters: Some(vec![chapter(0, "开场"), chapter(8_000, "一个例子"), chapter(16_000, "怎样用起来")]),
        };
        lessons::actions::register(self.app, clerk, branch, fields).await.map_err(refused)
    }

    async fn draft(&self, clerk: &Actor, lesson: LessonId) -> anyhow::Result<Submission> {
        let mut tx = self.app.db.read().await?;
        if let Some(known) = Submissions(&mut tx).of_lesson(self.call.campaign.id, lesson).await? {
            return Ok(known);
        }
        drop(tx);
        let category = &self.call.categories[self.lesson.category];
        let id = actions::start(self.app, clerk, self.call.campaign.id, category.id, lesson).await.map_err(refused)?;
        let consents = self.call.consents.iter().map(|c| c.code.clone()).collect();
        let draft = Draft { consents: Some(consents), ..Draft::default() };
        let version = self.version(id).await?;
        actions::autosave(self.app, clerk, id, version, draft).await.map_err(refused)?;
        self.find(id).await
    }

    /// Uploads a fresh clip and waits until it is examined and plays.
    async fn record(&self, clerk: &Actor, lesson: LessonId) -> anyhow::Result<()> {
        let mut tx = self.app.db.read().await?;
        let there = !Recordings(&mut tx).current(lesson).await?.is_empty();
        drop(tx);
        if !there {
            let clip = clips::render(self.app, self.n as u32, self.lesson.title, self.cancel).await?;
            let metadata = [
                ("filename", format!("{}.mp4", self.lesson.title)),
                ("lesson", lesson.to_string()),
                ("slot", "video".into()),
                ("variant", "field".into()),
            ];
            let metadata = metadata.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
            let length = tokio::fs::metadata(&clip).await?.len();
            let begun = uploads::begin(self.app, clerk, NewUpload { length, metadata, partial: false }).await.map_err(refused)?;
            tokio::fs::rename(&clip, begun.spool.path()).await?;
            uploads::finish(self.app, &begun.upload).await.map_err(refused)?;
        }
        self.wait_for_recording(lesson).await
    }

    async fn wait_for_recording(&self, lesson: LessonId) -> anyhow::Result<()> {
        loop {
            let mut tx = self.app.db.read().await?;
            let materials = Recordings(&mut tx).current(lesson).await?;
            let video = materials.iter().find(|m| m.slot == "video").ok_or_else(|| anyhow::anyhow!("the demo's clip is gone"))?;
            if video.state == MaterialState::Refused {
                anyhow::bail!("the demo's clip was refused: {:?}", video.problems);
            }
            if video.state == MaterialState::Ready && Recordings(&mut tx).ready_rungs(video.id).await? {
                return Ok(());
            }
            drop(tx);
            tokio::select! {
                () = self.cancel.cancelled() => anyhow::bail!("stopped"),
                () = tokio::time::sleep(Duration::from_millis(300)) => {}
            }
        }
    }

    async fn meet_fate(&self, clerk: &Actor, id: SubmissionId, branch: OrganisationId) -> anyhow::Result<()> {
        let above: Vec<_> = self.app.tree.load().path_up(branch).into_iter().skip(1).collect();
        let steps = match self.lesson.fate {
            Fate::Waits(steps) => steps - 1,
            Fate::Selected(_) | Fate::Published => above.len(),
            Fate::Returned | Fate::Kept | Fate::Rejected => 1,
            Fate::Draft | Fate::Withdrawn => 0,
        };
        for holder in above.iter().take(steps) {
            self.decide(id, *holder, Ruling { note: "内容扎实，讲得明白，同意推荐。".into(), ..Ruling::plain(Decision::Recommend) })
                .await?;
        }
        let reasoned =
            |decision, reason: &str, note: &str| Ruling { reason: Some(reason.into()), note: note.into(), ..Ruling::plain(decision) };
        match self.lesson.fate {
            Fate::Returned => self.decide(id, above[1], reasoned(Decision::Return, "sound", "第 8 秒起声音偏小，请重新调整后再报。")).await,
            Fate::Kept => self.decide(id, above[1], Ruling::plain(Decision::Keep)).await,
            Fate::Rejected => self.decide(id, above[1], reasoned(Decision::Reject, "content", "主题与本次征集不符。")).await,
            Fate::Withdrawn => {
                let version = self.version(id).await?;
                actions::withdraw(self.app, clerk, id, version, "准备重新录制").await.map_err(refused)
            }
            Fate::Selected(approvals) => self.approve(id, approvals).await,
            Fate::Published => {
                self.approve(id, usize::try_from(self.call.campaign.approvals)?).await?;
                self.honour(id).await
            }
            Fate::Draft | Fate::Waits(_) => Ok(()),
        }
    }

    async fn decide(&self, id: SubmissionId, holder: OrganisationId, ruling: Ruling) -> anyhow::Result<()> {
        let kind = self.app.tree.load().get(holder).map(|n| n.kind.clone()).unwrap_or_default();
        let reviewer = people::actor(self.app, Role::Reviewer, holder, &format!("reviewer.{kind}")).await?;
        actions::open(self.app, &reviewer, id).await.map_err(refused)?;
        let version = self.version(id).await?;
        actions::decide(self.app, &reviewer, id, version, &ruling).await.map_err(refused)
    }

    async fn approve(&self, id: SubmissionId, times: usize) -> anyhow::Result<()> {
        let province = people::organisation(self.app, "province")?;
        for login in ["editor.province", "editor2.province", "editor3.province"].into_iter().take(times) {
            let editor = people::actor(self.app, Role::Editor, province, login).await?;
            let version = self.version(id).await?;
            actions::approve(self.app, &editor, id, version, "可以公开。").await.map_err(refused)?;
        }
        Ok(())
    }

    /// Gives the first of the published ones their awards.
    async fn honour(&self, id: SubmissionId) -> anyhow::Result<()> {
        let before = LESSONS[..self.n].iter().filter(|lesson| lesson.fate == Fate::Published).count();
        let Some(level) = AWARDS.get(before) else { return Ok(()) };
        let editor = people::actor(self.app, Role::Editor, people::organisation(self.app, "province")?, "editor.province").await?;
        actions::give_award(self.app, &editor, id, self.version(id).await?, *level).await.map_err(refused)
    }

    async fn find(&self, id: SubmissionId) -> anyhow::Result<Submission> {
        let mut tx = self.app.db.read().await?;
        Submissions(&mut tx).find(id).await?.ok_or_else(|| anyhow::anyhow!("the demo's submission is gone"))
    }

    async fn version(&self, id: SubmissionId) -> anyhow::Result<i64> {
        Ok(self.find(id).await?.version)
    }
}

fn chapter(at_ms: i64, title: &str) -> lessons::Chapter {
    lessons::Chapter { at_ms, title: title.into() }
}
