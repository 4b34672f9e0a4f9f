//! Reading for pages: what one page needs of several features, each thing once.

use crate::accounts::Accounts;
use crate::campaigns::rules::{Gate, gate};
use crate::campaigns::{Call, CampaignId, Campaigns, CategoryId, StageKind};
use crate::db::Tx;
use crate::i18n::Texts;
use crate::jobs;
use crate::lessons::{Chapter, LessonId, Lessons};
use crate::organisations::Tree;
use crate::problem::Problem;
use crate::recordings::{self, Addresses, Audience, Material, MaterialId, Recordings, Variant};
use crate::state::App;
use crate::submissions::rules::{depth_below, may_see};
use crate::submissions::views::QuotaView;
use crate::submissions::views::player::{PlayerView, Track};
use crate::submissions::views::slots::Making;
use crate::submissions::{FileSeen, Quota, Submission, SubmissionId, Submissions, quotas};
use kernel::{AccountId, Actor, OrganisationId, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// One page's look into the records.
pub(super) struct Reading<'a> {
    pub app: &'a App,
    pub texts: &'a Texts,
    pub tree: Arc<Tree>,
    pub now: Timestamp,
    pub tx: Tx,
    calls: HashMap<CampaignId, Arc<Call>>,
    gates: HashMap<(CampaignId, OrganisationId), Gate>,
}

impl<'a> Reading<'a> {
    /// Opens a consistent view of the records.
    pub async fn open(app: &'a App, texts: &'a Texts) -> Result<Self, Problem> {
        let (tree, now, tx) = (app.tree.load_full(), app.clock.now(), app.db.read().await?);
        Ok(Self { app, texts, tree, now, tx, calls: HashMap::new(), gates: HashMap::new() })
    }

    /// A campaign with everything in it.
    pub async fn call(&mut self, id: CampaignId) -> Result<Arc<Call>, Problem> {
        if let Some(call) = self.calls.get(&id) {
            return Ok(call.clone());
        }
        let call = Arc::new(Campaigns(&mut self.tx).call(id).await?.ok_or_else(Problem::not_found)?);
        self.calls.insert(id, call.clone());
        Ok(call)
    }

    /// Name of an account.
    pub async fn account(&mut self, id: AccountId) -> Result<String, Problem> {
        Ok(Accounts(&mut self.tx).find(id).await?.map(|a| a.name).unwrap_or_default())
    }

    /// The places of `holder` in each category of a campaign that has a quota there.
    pub async fn places(
        &mut self,
        actor: &Actor,
        holder: OrganisationId,
        campaign: CampaignId,
    ) -> Result<Vec<(CategoryId, QuotaView)>, Problem> {
        let call = self.call(campaign).await?;
        let found = quotas(self.app, actor, holder, campaign).await?;
        let view = |quota: &Quota| {
            let name = call.category(quota.category)?.name.clone();
            Some((quota.category, QuotaView::new(self.texts, name, quota.places?, quota.used)))
        };
        Ok(found.iter().filter_map(view).collect())
    }

    /// The gate of the verdicts of `holder` in a campaign.
    pub async fn review_gate(&mut self, campaign: CampaignId, holder: OrganisationId) -> Result<Gate, Problem> {
        if let Some(gate) = self.gates.get(&(campaign, holder)) {
            return Ok(*gate);
        }
        let call = self.call(campaign).await?;
        let extensions = Campaigns(&mut self.tx).extensions(campaign, holder).await?;
        let depth = depth_below(&self.tree, call.campaign.organisation, holder).unwrap_or(0);
        let gate = gate(&call.stages, &extensions, StageKind::Review, depth, self.now);
        self.gates.insert((campaign, holder), gate);
        Ok(gate)
    }

    /// Submissions with the titles of their lessons, each asked for once.
    ///
    /// # Errors
    ///
    /// 404 when one of them is none that `actor` may know of.
    pub async fn titled(&mut self, actor: &Actor, ids: &[SubmissionId]) -> Result<HashMap<SubmissionId, (Submission, String)>, Problem> {
        let found = Submissions(&mut self.tx).several(ids).await?;
        let known = |s: &Submission| may_see(&self.tree, actor, s.organisation, s.submitted_at.is_some());
        if ids.iter().any(|id| !found.get(id).is_some_and(known)) {
            return Err(Problem::hidden());
        }
        let lessons: Vec<_> = found.values().map(|submission| submission.lesson).collect();
        let titles: HashMap<_, _> = Lessons(&mut self.tx).several(&lessons).await?.into_iter().map(|l| (l.id, l.title)).collect();
        let title = |s: &Submission| titles.get(&s.lesson).cloned().unwrap_or_default();
        Ok(found.into_iter().map(|(id, submission)| (id, (submission.clone(), title(&submission)))).collect())
    }

    /// How far the work on a file is.
    pub async fn making(&mut self, material: MaterialId) -> Result<Making, Problem> {
        let job = jobs::latest_for(&mut self.tx, recordings::RENDITIONS, &material.to_string()).await?;
        let running = job.filter(|j| matches!(j.state, jobs::JobState::Queued | jobs::JobState::Running));
        Ok(match running {
            Some(job) => Making::Running(job.percent),
            None if Recordings(&mut self.tx).ready_rungs(material).await? => Making::Playable,
            None => Making::Idle,
        })
    }

    /// The player that `viewer` is given of one recording, or what stands in its place.
    pub async fn player(
        &mut self,
        viewer: AccountId,
        of: Option<MaterialId>,
        lesson: LessonId,
        title: &str,
        chapters: &[Chapter],
        id: SubmissionId,
    ) -> Result<PlayerView, Problem> {
        let Some(material) = of else { return Ok(PlayerView::missing(self.texts)) };
        let made = Recordings(&mut self.tx).renditions(material).await?;
        if !made.iter().any(|rendition| rendition.kind == "master") {
            let percent = if let Making::Running(percent) = self.making(material).await? { Some(percent) } else { None };
            return Ok(PlayerView::preparing(self.texts, percent));
        }
        let captions = Recordings(&mut self.tx).captions(lesson).await?;
        let track = |c: &recordings::Caption| Track {
            src: format!("/api/v1/lessons/{}/captions/{}", c.lesson, c.language),
            language: c.language.clone(),
            label: c.label.clone(),
        };
        let base = recordings::media_base(self.app, Audience::Account(viewer), material, self.now);
        let refresh = format!("/submissions/{id}/addresses?material={material}");
        let tracks = captions.iter().map(track).collect();
        Ok(PlayerView::of(Addresses::below(&base, &made), title, refresh, material.to_string(), tracks, chapters))
    }
}

/// The recordings among the files of a revision, the most finished first.
pub(super) fn recordings_of(files: &[FileSeen]) -> Vec<&FileSeen> {
    let mut found: Vec<_> = files.iter().filter(|f| f.slot == "video").collect();
    found.sort_by_key(|f| std::cmp::Reverse(Variant::from_code(&f.variant)));
    found
}

/// The most finished recording of a draft.
pub(super) fn draft_recording(materials: &[Material]) -> Option<MaterialId> {
    materials.iter().filter(|m| m.slot == "video" && m.sha256.is_some()).max_by_key(|m| (m.variant, m.created_at)).map(|m| m.id)
}
