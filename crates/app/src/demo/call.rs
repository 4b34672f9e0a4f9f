//! The demo's open campaign: two categories, every stage open now, places for each level.

use super::{people, refused};
use crate::campaigns::actions;
use crate::campaigns::input::{
    Basics, CategoryFields, ConsentFields, NewCampaign, QuotaFields, QuotaTable, StageFields, StageTable, StateChange,
};
use crate::campaigns::{Call, CampaignId, CampaignState, Campaigns, CategoryId, MaterialRules, QuotaKind, StageKind};
use crate::organisations::OrganisationId;
use crate::state::App;
use kernel::{Actor, Role, Timestamp};
use serde_json::json;

/// Code of the demo's campaign.
pub(super) const CODE: &str = "kaijiang-2026";

const CONSENTS: [(&str, &str, &str); 3] = [
    ("originality", "原创承诺", "本课程由报送单位原创，未侵犯他人权利。"),
    ("licence", "授权使用", "同意主办单位在课程库公开播放，并用于非营利学习。"),
    ("portrait", "肖像授权", "视频中出现的人已同意拍摄和公开；未成年人已由监护人同意。"),
];

/// Plants the campaign and opens it.
pub(super) async fn plant(app: &App) -> anyhow::Result<()> {
    let province = people::organisation(app, "province")?;
    let keeper = people::actor(app, Role::Administrator, province, "administrator.province").await?;
    let (opens_at, closes_at) = (at(app, -20, 8)?, at(app, 25, 18)?);
    let basics = Basics {
        title: "2026 年度“开讲”课程征集".into(),
        theme: "讲身边事，传真本领。每个支部一堂课，好课逐级推荐，获选课程进入全省课程库。".into(),
        zone: app.config.zone.clone(),
        opens_at,
        closes_at,
        approvals: 3,
    };
    let id = actions::create(app, &keeper, NewCampaign { organisation: province, code: CODE.into(), basics }).await.map_err(refused)?;
    let village = category(app, &keeper, id, "village", "乡村与社区", 1).await?;
    let trade = category(app, &keeper, id, "trade", "行业与岗位", 2).await?;
    let stages = std::iter::once((StageKind::Submit, -1)).chain((0..4).map(|depth| (StageKind::Review, depth)));
    let stage = |(kind, depth)| StageFields { kind, depth, opens_at, closes_at, grace_s: 86_400 };
    actions::set_stages(app, &keeper, id, None, StageTable { stages: stages.map(stage).collect() }).await.map_err(refused)?;
    let places = [(3, 3), (2, 4), (1, 6), (0, 12)];
    let quota = |category| places.map(|(depth, amount)| QuotaFields { category, depth, kind: QuotaKind::Number, amount });
    let quotas = [quota(village), quota(trade)].concat();
    actions::set_quotas(app, &keeper, id, None, QuotaTable { quotas }).await.map_err(refused)?;
    for (code, title, body) in CONSENTS {
        let fields = ConsentFields { code: code.into(), title: title.into(), body: body.into(), required: true };
        actions::put_consent(app, &keeper, id, None, fields).await.map_err(refused)?;
    }
    let open = StateChange { state: CampaignState::Open, reason: String::new() };
    actions::change_state(app, &keeper, id, None, open).await.map_err(refused)
}

async fn category(app: &App, keeper: &Actor, id: CampaignId, code: &str, name: &str, position: i64) -> anyhow::Result<CategoryId> {
    let rules: MaterialRules = serde_json::from_value(json!({ "slots": [
        { "slot": "video", "required": true, "most": 1, "kinds": ["mp4", "mov", "mkv", "webm"], "max_bytes": 8_000_000_000_u64,
          "min_seconds": 3, "max_seconds": 3_600, "min_width": 320, "min_height": 180 },
        { "slot": "slides", "required": false, "most": 1, "kinds": ["pdf", "pptx"], "max_bytes": 100_000_000 },
        { "slot": "photos", "required": false, "most": 5, "kinds": ["jpg", "png"], "max_bytes": 20_000_000 }
    ] }))?;
    let fields = CategoryFields { code: code.into(), name: name.into(), position, rules };
    actions::put_category(app, keeper, id, None, None, fields).await.map_err(refused)
}

/// The demo's campaign with everything in it.
pub(super) async fn find(app: &App) -> anyhow::Result<Call> {
    let province: OrganisationId = people::organisation(app, "province")?;
    let mut tx = app.db.read().await?;
    let all = Campaigns(&mut tx).run_by(&[province], None).await?;
    let campaign = all.into_iter().find(|c| c.code == CODE).ok_or_else(|| anyhow::anyhow!("the demo's campaign is gone"))?;
    Campaigns(&mut tx).call(campaign.id).await?.ok_or_else(|| anyhow::anyhow!("the demo's campaign is gone"))
}

/// A full hour so many days from today, where the server is: what people would write into a call.
fn at(app: &App, days: i64, hour: i8) -> anyhow::Result<Timestamp> {
    let day = jiff::ZonedDateTime::new(app.clock.now().plus_days(days).to_jiff(), app.zone.clone()).date();
    let moment = day.at(hour, 0, 0, 0).to_zoned_datetime(app.zone.clone())?;
    Ok(Timestamp(moment.timestamp().as_millisecond()))
}

/// A moment in the past weeks, for figures that have a history.
pub(super) fn days_ago(app: &App, days: i64) -> Timestamp {
    app.clock.now().plus_days(-days)
}
