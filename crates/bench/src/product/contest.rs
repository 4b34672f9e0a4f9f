//! A campaign in which many clerks compete for the places of a few townships.
//!
//! ```text
//! province (runs it) ─ 40 townships (quota each) ─ a branch each, with 5 clerks; 5 reviewers in each township
//! ```

use super::{Person, lesson, person};
use app::campaigns::{
    Campaign, CampaignId, CampaignState, Campaigns, Category, CategoryId, MaterialRules, QuotaKind, QuotaRule, QuotaRuleId, SUBMIT_DEPTH,
    Stage, StageId, StageKind,
};
use app::lessons::Lessons;
use app::organisations::{BEGINNING, OrganisationId, Organisations, refresh};
use app::state::App;
use app::submissions::{SubmissionId, actions};
use kernel::{Id, Role};

/// Townships, each with a quota of its own.
const TOWNSHIPS: usize = 40;
/// People of each kind in each township.
const PER_TOWNSHIP: usize = 5;

/// Somebody with the submissions that are theirs to hand in or to decide.
pub struct Desk {
    /// Who.
    pub person: Person,
    /// What.
    pub submissions: Vec<SubmissionId>,
}

/// Everything that the two benches need.
pub struct Contest {
    /// Those who hand in.
    pub clerks: Vec<Desk>,
    /// Those who decide about the same submissions.
    pub reviewers: Vec<Desk>,
    /// Places of each township.
    pub places: usize,
    /// All places.
    pub all_places: usize,
}

/// Prepares drafts of `each` submissions a clerk; three in five will find a place.
pub async fn contest(app: &App, each: usize) -> anyhow::Result<Contest> {
    let clock = app.clock.as_ref();
    let province = OrganisationId::new(clock);
    let townships: Vec<_> = (0..TOWNSHIPS).map(|_| (OrganisationId::new(clock), OrganisationId::new(clock))).collect();
    let mut tx = app.db.begin().await?;
    let mut tree = Organisations(&mut tx);
    tree.insert_plain(province, "province", "province", "province", 0, None, BEGINNING, clock).await?;
    for (n, (township, branch)) in townships.iter().enumerate() {
        let (upper, lower) = (format!("township-{n}"), format!("branch-{n}"));
        tree.insert_plain(*township, &upper, &upper, "township", 0, Some(province), BEGINNING, clock).await?;
        tree.insert_plain(*branch, &lower, &lower, "branch", 30, Some(*township), BEGINNING, clock).await?;
    }
    tree.bump_revision().await?;
    tx.commit().await?;
    refresh(app).await?;
    let places = PER_TOWNSHIP * each * 3 / 5;
    let (campaign, category) = campaign(app, province, places).await?;
    let (mut clerks, mut reviewers) = (Vec::new(), Vec::new());
    for (n, (township, branch)) in townships.iter().enumerate() {
        for m in 0..PER_TOWNSHIP {
            let clerk = person(app, &format!("clerk-{n}-{m}"), Role::Clerk, *branch).await?;
            let reviewer = person(app, &format!("reviewer-{n}-{m}"), Role::Reviewer, *township).await?;
            let submissions = drafts(app, &clerk, *branch, (campaign, category), each).await?;
            reviewers.push(Desk { person: reviewer, submissions: submissions.clone() });
            clerks.push(Desk { person: clerk, submissions });
        }
    }
    Ok(Contest { clerks, reviewers, places, all_places: places * TOWNSHIPS })
}

/// Open now at every level, one category without files, `places` for each township.
async fn campaign(app: &App, province: OrganisationId, places: usize) -> anyhow::Result<(CampaignId, CategoryId)> {
    let (clock, now) = (app.clock.as_ref(), app.clock.now());
    let (id, category, closes_at) = (CampaignId::new(clock), CategoryId::new(clock), now.plus_days(60));
    let row = Campaign {
        id,
        organisation: province,
        code: "contest".into(),
        title: "Contest".into(),
        theme: String::new(),
        state: CampaignState::Open,
        opens_at: now.plus_days(-1),
        closes_at,
        zone: "Asia/Shanghai".into(),
        approvals: 3,
        cloned_from: None,
        created_by: Id::from_u128(1),
        created_at: now,
        version: 1,
    };
    let stage = |kind, depth| Stage { id: StageId::new(clock), kind, depth, opens_at: row.opens_at, closes_at, grace_s: 0 };
    let stages: Vec<_> = (0..=1).map(|depth| stage(StageKind::Review, depth)).chain([stage(StageKind::Submit, SUBMIT_DEPTH)]).collect();
    let main =
        Category { id: category, campaign: id, code: "main".into(), name: "main".into(), position: 0, rules: MaterialRules::default() };
    let quota = QuotaRule { id: QuotaRuleId::new(clock), category, depth: 1, kind: QuotaKind::Number, amount: places as i64 };
    let mut tx = app.db.begin().await?;
    let mut store = Campaigns(&mut tx);
    store.insert(&row).await?;
    store.set_stages(id, &stages).await?;
    store.put_category(&main).await?;
    store.put_quota_rule(id, &quota).await?;
    tx.commit().await?;
    Ok((id, category))
}

async fn drafts(
    app: &App,
    clerk: &Person,
    branch: OrganisationId,
    (campaign, category): (CampaignId, CategoryId),
    count: usize,
) -> anyhow::Result<Vec<SubmissionId>> {
    let lessons: Vec<_> = (0..count).map(|n| lesson(app, branch, n)).collect();
    let mut tx = app.db.begin().await?;
    for lesson in &lessons {
        Lessons(&mut tx).insert(lesson).await?;
    }
    tx.commit().await?;
    let mut started = Vec::with_capacity(count);
    for lesson in lessons {
        let id = actions::start(app, &clerk.actor, campaign, category, lesson.id).await;
        started.push(id.map_err(|problem| anyhow::anyhow!("a draft: {} {:?}", problem.code, problem.fields))?);
    }
    Ok(started)
}
