//! SQL for campaigns and what belongs to them.

mod due;

use super::narrowing::Narrowed;
use super::{
    Call, Campaign, CampaignId, CampaignState, Category, CategoryId, Consent, ConsentId, Extension, NarrowedId, QuotaKind, QuotaRule,
    QuotaRuleId, Stage, StageKind,
};
use crate::db::{DbError, Row, Tx, Value, args, assembled, places};
use kernel::{OrganisationId, Role, Timestamp};

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Campaigns<'t>(pub &'t mut Tx);

fn campaign(row: &Row) -> Result<Campaign, DbError> {
    Ok(Campaign {
        id: row.id("id")?,
        organisation: row.id("organisation")?,
        code: row.text("code")?,
        title: row.text("title")?,
        theme: row.text("theme")?,
        state: row.code("state", CampaignState::from_code)?,
        opens_at: row.time("opens_at")?,
        closes_at: row.time("closes_at")?,
        zone: row.text("zone")?,
        approvals: row.int("approvals")?,
        cloned_from: row.opt_id("cloned_from")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        version: row.int("version")?,
    })
}

fn category(row: &Row) -> Result<Category, DbError> {
    Ok(Category {
        id: row.id("id")?,
        campaign: row.id("campaign")?,
        code: row.text("code")?,
        name: row.text("name")?,
        position: row.int("position")?,
        rules: row.json("rules")?,
    })
}

fn stage(row: &Row) -> Result<Stage, DbError> {
    Ok(Stage {
        id: row.id("id")?,
        kind: row.code("kind", StageKind::from_code)?,
        depth: row.int("depth")?,
        opens_at: row.time("opens_at")?,
        closes_at: row.time("closes_at")?,
        grace_s: row.int("grace_s")?,
    })
}

fn quota_rule(row: &Row) -> Result<QuotaRule, DbError> {
    Ok(QuotaRule {
        id: row.id("id")?,
        category: row.id("category")?,
        depth: row.int("depth")?,
        kind: row.code("kind", QuotaKind::from_code)?,
        amount: row.int("amount")?,
    })
}

fn consent(row: &Row) -> Result<Consent, DbError> {
    Ok(Consent {
        id: row.id("id")?,
        code: row.text("code")?,
        revision: row.int("revision")?,
        title: row.text("title")?,
        body: row.text("body")?,
        required: row.bool("required")?,
    })
}

fn extension(row: &Row) -> Result<Extension, DbError> {
    Ok(Extension {
        id: row.id("id")?,
        campaign: row.id("campaign")?,
        organisation: row.id("organisation")?,
        kind: row.code("kind", StageKind::from_code)?,
        until_at: row.time("until_at")?,
        reason: row.text("reason")?,
        granted_by: row.id("granted_by")?,
        created_at: row.time("created_at")?,
    })
}

fn narrowed(row: &Row) -> Result<Narrowed, DbError> {
    Ok(Narrowed {
        id: row.id("id")?,
        role: row.code("role", Role::from_code)?,
        organisation: row.id("organisation")?,
        account: row.id("account")?,
        name: row.text("name")?,
    })
}

/// Reading.
impl Campaigns<'_> {
    /// By id.
    pub async fn find(&mut self, id: CampaignId) -> Result<Option<Campaign>, DbError> {
        self.0.fetch_optional("select * from campaign where id = $1", args![id]).await?.as_ref().map(campaign).transpose()
    }

    /// Everything of one campaign.
    pub async fn call(&mut self, id: CampaignId) -> Result<Option<Call>, DbError> {
        let Some(campaign) = self.find(id).await? else { return Ok(None) };
        let categories = self.0.fetch_all("select * from category where campaign = $1 order by position, code", args![id]).await?;
        let stages = "select * from stage where campaign = $1 order by case kind when 'submit' then 0 else 1 end, depth desc";
        let stages = self.0.fetch_all(stages, args![id]).await?;
        let quotas = self.0.fetch_all("select * from quota_rule where campaign = $1 order by category, depth", args![id]).await?;
        let consents = "select * from consent c where campaign = $1 and retired = 0 and revision =
                        (select max(n.revision) from consent n where n.campaign = c.campaign and n.code = c.code) order by code";
        let consents = self.0.fetch_all(consents, args![id]).await?;
        let named = "select n.*, a.name from narrowed_role n join account a on a.id = n.account where n.campaign = $1
                     order by n.role, n.organisation, a.name, n.id";
        let named = self.0.fetch_all(named, args![id]).await?;
        Ok(Some(Call {
            campaign,
            categories: categories.iter().map(category).collect::<Result<_, _>>()?,
            stages: stages.iter().map(stage).collect::<Result<_, _>>()?,
            quota_rules: quotas.iter().map(quota_rule).collect::<Result<_, _>>()?,
            consents: consents.iter().map(consent).collect::<Result<_, _>>()?,
            narrowed: named.iter().map(narrowed).collect::<Result<_, _>>()?,
        }))
    }

    /// Campaigns run by `orgs`, the latest to open first; all states, or one.
    ///
    /// Give it a handful of organisations, such as a path up the tree.
    pub async fn run_by(&mut self, orgs: &[OrganisationId], state: Option<CampaignState>) -> Result<Vec<Campaign>, DbError> {
        if orgs.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "select * from campaign where organisation in ({}) and (state = $1 or $1 is null) order by opens_at desc, id desc",
            places(2, orgs.len())
        );
        let mut bound = args![state.map(CampaignState::code)];
        bound.extend(orgs.iter().map(|org| Value::from(*org)));
        self.0.fetch_all(assembled(sql), bound).await?.iter().map(campaign).collect()
    }

    /// Every organisation that ever ran a campaign: few, even where the tree is large.
    pub async fn runners(&mut self) -> Result<Vec<OrganisationId>, DbError> {
        let rows = self.0.fetch_all("select distinct organisation from campaign", vec![]).await?;
        rows.iter().map(|row| Ok(row.id("organisation")?)).collect()
    }

    /// A page of the campaigns run by `orgs`, one more than `limit` when there are more; see [`crate::web::Cursor`] for `after`.
    pub async fn page(
        &mut self,
        orgs: &[OrganisationId],
        drafts_of: &[OrganisationId],
        after: (i64, String),
        limit: usize,
    ) -> Result<Vec<Campaign>, DbError> {
        if orgs.is_empty() {
            return Ok(Vec::new());
        }
        let drafts = if drafts_of.is_empty() { "null".to_owned() } else { places(4 + orgs.len(), drafts_of.len()) };
        let sql = format!(
            "select * from campaign where organisation in ({}) and (state <> 'draft' or organisation in ({drafts}))
               and (opens_at < $1 or (opens_at = $1 and id < $2)) order by opens_at desc, id desc limit $3",
            places(4, orgs.len()),
        );
        let mut bound = args![after.0, after.1, limit];
        bound.extend(orgs.iter().chain(drafts_of).map(|org| Value::from(*org)));
        self.0.fetch_all(assembled(sql), bound).await?.iter().map(campaign).collect()
    }

    /// What was granted to one organisation.
    pub async fn extensions(&mut self, campaign: CampaignId, organisation: OrganisationId) -> Result<Vec<Extension>, DbError> {
        let sql = "select * from extension where campaign = $1 and organisation = $2 order by created_at, id";
        self.0.fetch_all(sql, args![campaign, organisation]).await?.iter().map(extension).collect()
    }

    /// What was granted to anybody, newest first; at most 500.
    pub async fn all_extensions(&mut self, campaign: CampaignId) -> Result<Vec<Extension>, DbError> {
        let sql = "select * from extension where campaign = $1 order by created_at desc, id desc limit 500";
        self.0.fetch_all(sql, args![campaign]).await?.iter().map(extension).collect()
    }

    /// Every revision of every consent text, also those no longer asked for: what submissions refer to.
    pub async fn consent_revisions(&mut self, campaign: CampaignId) -> Result<Vec<Consent>, DbError> {
        let sql = "select * from consent where campaign = $1 order by code, revision";
        self.0.fetch_all(sql, args![campaign]).await?.iter().map(consent).collect()
    }
}

/// Writing. Versions are the campaign's: whoever changes a part moves [`Campaigns::touch`] first.
impl Campaigns<'_> {
    /// Adds a campaign; a taken code is [`DbError::is_duplicate`].
    pub async fn insert(&mut self, c: &Campaign) -> Result<(), DbError> {
        let sql = "insert into campaign (id, organisation, code, title, theme, state, opens_at, closes_at, zone, approvals, cloned_from, created_by, created_at)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let state = c.state.code();
        let bound = args![
            c.id,
            c.organisation,
            &c.code,
            &c.title,
            &c.theme,
            state,
            c.opens_at,
            c.closes_at,
            &c.zone,
            c.approvals,
            c.cloned_from,
            c.created_by,
            c.created_at
        ];
        self.0.execute(sql, bound).await.map(drop)
    }

    /// Saves everything of the campaign itself that may ever change.
    pub async fn save(&mut self, c: &Campaign) -> Result<(), DbError> {
        let sql = "update campaign set title = $1, theme = $2, opens_at = $3, closes_at = $4, zone = $5, approvals = $6, state = $7 where id = $8";
        let bound = args![&c.title, &c.theme, c.opens_at, c.closes_at, &c.zone, c.approvals, c.state.code(), c.id];
        self.0.execute(sql, bound).await.map(drop)
    }

    /// Counts the version up, unless someone else did since `seen_version`; locks the campaign until the commit.
    pub async fn touch(&mut self, id: CampaignId, seen_version: i64) -> Result<bool, DbError> {
        let sql = "update campaign set version = version + 1 where id = $1 and version = $2";
        Ok(self.0.execute(sql, args![id, seen_version]).await? == 1)
    }

    /// Adds or changes a category, by its id.
    pub async fn put_category(&mut self, c: &Category) -> Result<(), DbError> {
        let sql = "insert into category (id, campaign, code, name, position, rules) values ($1, $2, $3, $4, $5, $6)
                   on conflict (id) do update set code = excluded.code, name = excluded.name, position = excluded.position, rules = excluded.rules";
        let rules = serde_json::json!({ "slots": c.rules.slots });
        self.0.execute(sql, args![c.id, c.campaign, &c.code, &c.name, c.position, &rules]).await.map(drop)
    }

    /// Removes a category and its quotas; one that is in use is refused by the database.
    pub async fn remove_category(&mut self, id: CategoryId) -> Result<(), DbError> {
        self.0.execute("delete from quota_rule where category = $1", args![id]).await?;
        self.0.execute("delete from category where id = $1", args![id]).await.map(drop)
    }

    /// Replaces all stages.
    pub async fn set_stages(&mut self, campaign: CampaignId, stages: &[Stage]) -> Result<(), DbError> {
        self.0.execute("delete from stage where campaign = $1", args![campaign]).await?;
        let sql = "insert into stage (id, campaign, kind, depth, opens_at, closes_at, grace_s) values ($1, $2, $3, $4, $5, $6, $7)";
        for s in stages {
            self.0.execute(sql, args![s.id, campaign, s.kind.code(), s.depth, s.opens_at, s.closes_at, s.grace_s]).await?;
        }
        Ok(())
    }

    /// Adds a quota rule, or changes the one of the same category and depth.
    pub async fn put_quota_rule(&mut self, campaign: CampaignId, q: &QuotaRule) -> Result<(), DbError> {
        let sql = "insert into quota_rule (id, campaign, category, depth, kind, amount) values ($1, $2, $3, $4, $5, $6)
                   on conflict (campaign, category, depth) do update set kind = excluded.kind, amount = excluded.amount";
        self.0.execute(sql, args![q.id, campaign, q.category, q.depth, q.kind.code(), q.amount]).await.map(drop)
    }

    /// Removes a quota rule: then there is no limit.
    pub async fn remove_quota_rule(&mut self, id: QuotaRuleId) -> Result<(), DbError> {
        self.0.execute("delete from quota_rule where id = $1", args![id]).await.map(drop)
    }

    /// Adds a revision of a consent text.
    pub async fn insert_consent(&mut self, campaign: CampaignId, c: &Consent) -> Result<(), DbError> {
        let sql = "insert into consent (id, campaign, code, revision, title, body, required) values ($1, $2, $3, $4, $5, $6, $7)";
        self.0.execute(sql, args![c.id, campaign, &c.code, c.revision, &c.title, &c.body, c.required]).await.map(drop)
    }

    /// Asks for a consent no more; its text stays for those who gave it.
    pub async fn retire_consent(&mut self, id: ConsentId) -> Result<(), DbError> {
        self.0.execute("update consent set retired = 1 where id = $1", args![id]).await.map(drop)
    }

    /// Names somebody who acts in a role; a second time is [`DbError::is_duplicate`].
    pub async fn insert_narrowed(&mut self, campaign: CampaignId, n: &Narrowed, now: Timestamp) -> Result<(), DbError> {
        let sql = "insert into narrowed_role (id, campaign, role, organisation, account, created_at) values ($1, $2, $3, $4, $5, $6)";
        self.0.execute(sql, args![n.id, campaign, n.role.code(), n.organisation, n.account, now]).await.map(drop)
    }

    /// Names him no more.
    pub async fn remove_narrowed(&mut self, id: NarrowedId) -> Result<(), DbError> {
        self.0.execute("delete from narrowed_role where id = $1", args![id]).await.map(drop)
    }

    /// Adds an extension.
    pub async fn insert_extension(&mut self, e: &Extension) -> Result<(), DbError> {
        let sql = "insert into extension (id, campaign, organisation, kind, until_at, reason, granted_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let bound = args![e.id, e.campaign, e.organisation, e.kind.code(), e.until_at, &e.reason, e.granted_by, e.created_at];
        self.0.execute(sql, bound).await.map(drop)
    }
}
