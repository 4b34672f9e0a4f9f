//! A campaign that is valid by default: run by `province`, open, in the middle of its submit stage, every review stage open.

use super::{TestApp, tree::org};
use app::campaigns::{
    Call, Campaign, CampaignId, CampaignState, Campaigns, Category, CategoryId, Consent, ConsentId, MaterialRules, QuotaKind, QuotaRule,
    QuotaRuleId, SUBMIT_DEPTH, SlotRule, Stage, StageId, StageKind,
};
use kernel::{Clock, Id, Timestamp};

const DEEPEST: i64 = 4;

/// What a test may name about its campaign.
pub struct CampaignBuilder<'a> {
    app: &'a TestApp,
    code: String,
    title: String,
    run_by: &'static str,
    state: CampaignState,
    submit: (Timestamp, Timestamp),
    grace_s: i64,
    quota: Option<(QuotaKind, i64)>,
    categories: Vec<(String, MaterialRules)>,
    consents: Vec<String>,
}

impl TestApp {
    /// Open from ten days ago to twenty days ahead, one category `main` with a required video, two places at every depth.
    pub fn a_campaign(&self) -> CampaignBuilder<'_> {
        let now = self.clock.now();
        CampaignBuilder {
            app: self,
            code: "spring".into(),
            title: "Spring lectures".into(),
            run_by: "province",
            state: CampaignState::Open,
            submit: (now.plus_days(-10), now.plus_days(20)),
            grace_s: 0,
            quota: Some((QuotaKind::Number, 2)),
            categories: vec![("main".into(), video_required())],
            consents: Vec::new(),
        }
    }
}

/// One required video of any length.
pub fn video_required() -> MaterialRules {
    let kinds = ["mp4", "mov", "mkv", "webm"].map(str::to_owned).to_vec();
    MaterialRules { slots: vec![SlotRule { slot: "video".into(), required: true, most: 1, kinds, ..SlotRule::default() }] }
}

impl CampaignBuilder<'_> {
    pub fn code(mut self, code: &str) -> Self {
        self.code = code.into();
        self
    }

    pub fn title(mut self, title: &str) -> Self {
        self.title = title.into();
        self
    }

    pub fn run_by(mut self, code: &'static str) -> Self {
        self.run_by = code;
        self
    }

    pub fn state(mut self, state: CampaignState) -> Self {
        self.state = state;
        self
    }

    /// From when to when lessons are handed in.
    pub fn submit(mut self, opens: Timestamp, closes: Timestamp) -> Self {
        self.submit = (opens, closes);
        self
    }

    pub fn grace_s(mut self, seconds: i64) -> Self {
        self.grace_s = seconds;
        self
    }

    /// The quota of every category at every depth; none means no limit.
    pub fn quota(mut self, quota: Option<(QuotaKind, i64)>) -> Self {
        self.quota = quota;
        self
    }

    /// A further category.
    pub fn category(mut self, code: &str, rules: MaterialRules) -> Self {
        self.categories.push((code.into(), rules));
        self
    }

    /// A required consent with this code.
    pub fn consent(mut self, code: &str) -> Self {
        self.consents.push(code.into());
        self
    }

    fn campaign(&self, id: CampaignId) -> Campaign {
        Campaign {
            id,
            organisation: org(self.run_by),
            code: self.code.clone(),
            title: self.title.clone(),
            theme: "Lectures worth hearing".into(),
            state: self.state,
            opens_at: self.submit.0,
            closes_at: self.submit.1.plus_days(90),
            zone: "Asia/Shanghai".into(),
            approvals: 3,
            cloned_from: None,
            created_by: Id::from_u128(1),
            created_at: self.app.clock.now(),
            version: 1,
        }
    }

    fn stages(&self, closes_at: Timestamp) -> Vec<Stage> {
        let stage = |kind, depth, closes_at, grace_s| Stage {
            id: StageId::new(self.app.clock.as_ref()),
            kind,
            depth,
            opens_at: self.submit.0,
            closes_at,
            grace_s,
        };
        let submit = stage(StageKind::Submit, SUBMIT_DEPTH, self.submit.1, self.grace_s);
        (0..=DEEPEST).map(|depth| stage(StageKind::Review, depth, closes_at, 0)).chain([submit]).collect()
    }

    /// Stores it and gives it back as it is stored.
    pub async fn create(self) -> Call {
        let clock = self.app.clock.as_ref();
        let campaign = self.campaign(CampaignId::new(clock));
        let mut tx = self.app.db.begin().await.unwrap();
        Campaigns(&mut tx).insert(&campaign).await.unwrap();
        Campaigns(&mut tx).set_stages(campaign.id, &self.stages(campaign.closes_at)).await.unwrap();
        for (position, (code, rules)) in (0..).zip(&self.categories) {
            let id = CategoryId::new(clock);
            let category = Category { id, campaign: campaign.id, code: code.clone(), name: code.clone(), position, rules: rules.clone() };
            Campaigns(&mut tx).put_category(&category).await.unwrap();
            for (depth, (kind, amount)) in (0..=DEEPEST).filter_map(|depth| Some((depth, self.quota?))) {
                let rule = QuotaRule { id: QuotaRuleId::new(clock), category: id, depth, kind, amount };
                Campaigns(&mut tx).put_quota_rule(campaign.id, &rule).await.unwrap();
            }
        }
        for code in &self.consents {
            let (title, body) = (format!("Consent {code}"), format!("I agree to {code}."));
            let consent = Consent { id: ConsentId::new(clock), code: code.clone(), revision: 1, title, body, required: true };
            Campaigns(&mut tx).insert_consent(campaign.id, &consent).await.unwrap();
        }
        let call = Campaigns(&mut tx).call(campaign.id).await.unwrap().expect("it was just stored");
        tx.commit().await.unwrap();
        call
    }
}
