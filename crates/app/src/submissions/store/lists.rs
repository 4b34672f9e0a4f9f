//! SQL for lists of submissions: what an actor may see, and what lies on one desk.

use super::{Submissions, submission};
use crate::campaigns::{CampaignId, CategoryId};
use crate::db::{DbError, Row, Value, args, assembled};
use crate::submissions::{State, Submission};
use kernel::{OrganisationId, Timestamp};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One campaign.
    pub campaign: Option<CampaignId>,
    /// One category.
    pub category: Option<CategoryId>,
    /// One state.
    pub state: Option<State>,
    /// What lies on one desk.
    pub holder: Option<OrganisationId>,
}

/// Where a list begins: the organisations whose submissions may be in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Within {
    /// So many of them that rows are sorted out one by one.
    Many,
    /// These.
    These(Vec<OrganisationId>),
}

/// A submission with its newest stay on the desk that a list is about.
#[derive(Debug, Clone)]
pub struct Line {
    /// The submission.
    pub submission: Submission,
    /// When it came to its desk.
    pub arrived_at: Option<Timestamp>,
    /// When it was opened there.
    pub opened_at: Option<Timestamp>,
    /// Its place in the holder's order.
    pub rank: Option<i64>,
    /// It is on the holder's reserve list.
    pub reserve: bool,
}

fn line(row: &Row) -> Result<Line, DbError> {
    Ok(Line {
        submission: submission(row)?,
        arrived_at: row.opt_time("arrived_at")?,
        opened_at: row.opt_time("opened_at")?,
        rank: row.opt_int("rank")?,
        reserve: row.opt_int("reserve")? == Some(1),
    })
}

/// Conditions and the values bound to them, growing together.
#[derive(Default)]
struct Conditions {
    texts: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn is(&mut self, column: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            let place = self.bind(value);
            self.texts.push(format!("{column} = {place}"));
        }
    }

    fn of(filter: &Filter) -> Self {
        let mut all = Self::default();
        all.is("s.campaign", filter.campaign);
        all.is("s.category", filter.category);
        all.is("s.state", filter.state.map(State::code));
        all.is("s.holder", filter.holder);
        all
    }
}

const COLUMNS: &str = "select s.*, h.arrived_at, h.opened_at, h.rank, h.reserve from submission s
    left join hop h on h.submission = s.id and h.seq = (select max(n.seq) from hop n where n.submission = s.id) where ";

impl Submissions<'_> {
    /// The `most` submissions that changed before the position (`at`, `id`), the latest first.
    pub async fn latest(&mut self, within: &Within, filter: &Filter, (at, id): (i64, &str), most: usize) -> Result<Vec<Line>, DbError> {
        let mut conditions = Conditions::of(filter);
        if let Within::These(organisations) = within {
            let places: Vec<_> = organisations.iter().map(|o| conditions.bind(*o)).collect();
            conditions.texts.push(if places.is_empty() { "1 = 0".into() } else { format!("s.organisation in ({})", places.join(", ")) });
        }
        let (key, tie, most) = (conditions.bind(at), conditions.bind(id), conditions.bind(most));
        conditions.texts.push(format!("(s.updated_at < {key} or (s.updated_at = {key} and s.id < {tie}))"));
        let sql = format!("{COLUMNS}{} order by s.updated_at desc, s.id desc limit {most}", conditions.texts.join(" and "));
        self.0.fetch_all(assembled(sql), conditions.values).await?.iter().map(line).collect()
    }

    /// The `most` submissions that lie on the desk of `filter.holder`, from the position (`arrived_at`, `id`), the oldest first.
    pub async fn waiting(&mut self, filter: &Filter, (at, id): (i64, &str), most: usize) -> Result<Vec<Line>, DbError> {
        let mut conditions = Conditions::of(filter);
        let (key, tie, most) = (conditions.bind(at), conditions.bind(id), conditions.bind(most));
        conditions.texts.push(format!("(h.arrived_at > {key} or (h.arrived_at = {key} and s.id > {tie}))"));
        let sql = format!("{COLUMNS}{} order by h.arrived_at, s.id limit {most}", conditions.texts.join(" and "));
        self.0.fetch_all(assembled(sql), conditions.values).await?.iter().map(line).collect()
    }

    /// The `most` submissions with `holders` that are selected or, behind those and if asked for, published, from the position
    /// (0 selected or 1 published, `arrived_at`, `id`), the oldest first.
    pub async fn clearable(
        &mut self,
        holders: &[OrganisationId],
        published: bool,
        (behind, at, id): (i64, i64, &str),
        most: usize,
    ) -> Result<Vec<Line>, DbError> {
        const BEHIND: &str = "case when s.state = 'published' then 1 else 0 end";
        let states = if published { "'selected', 'published'" } else { "'selected'" };
        let mut values = args![behind, at, id, most];
        values.extend(holders.iter().map(|holder| Value::from(*holder)));
        let sql = format!(
            "{COLUMNS}s.holder in ({}) and s.state in ({states}) and ({BEHIND}, coalesce(h.arrived_at, 0), s.id) > ($1, $2, $3)
             order by {BEHIND}, coalesce(h.arrived_at, 0), s.id limit $4",
            crate::db::places(5, holders.len())
        );
        self.0.fetch_all(assembled(sql), values).await?.iter().map(line).collect()
    }

    /// How many lie on a desk and wait for a verdict.
    pub async fn count_waiting(&mut self, holder: OrganisationId) -> Result<i64, DbError> {
        self.0.fetch_int("select count(*) from submission where holder = $1 and state = 'in_review'", args![holder]).await
    }
}
