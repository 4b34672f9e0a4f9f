//! The public catalogue: what readers may see of published lessons, by facets and words.
//!
//! Nothing here ever returns a lesson that is not public.

use super::store::publication;
use super::{LessonId, Publication};
use crate::db::{DbError, Row, Tx, Value, args, assembled};
use crate::lecturers::LecturerId;
use crate::web::{Cursor, PAGE_SIZE};
use kernel::OrganisationId;
use serde::{Deserialize, Serialize};

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Catalogue<'t>(pub &'t mut Tx);

/// What a reader asks for; every part is in the URL and may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Words, all of which must occur.
    pub q: String,
    /// Code of a topic.
    pub topic: String,
    /// Code of a kind of lecturer.
    pub lecturer_kind: String,
    /// Code of a form.
    pub form: String,
    /// Depth in the tree of the organisation whose lesson it is.
    pub level: String,
    /// Code of an award.
    pub award: String,
    /// Id of a campaign.
    pub campaign: String,
    /// Year.
    pub year: String,
    /// `short` (under 10 minutes), `medium` (to 30), `long`.
    pub length: String,
    /// Id of an organisation: its own lessons and those of its subtree.
    pub organisation: String,
    /// `viewed`: the most viewed first; otherwise the newest.
    pub sort: String,
}

/// A way to narrow the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    /// By topic.
    Topic,
    /// By kind of lecturer.
    LecturerKind,
    /// By form.
    Form,
    /// By level of the organisation.
    Level,
    /// By award.
    Award,
    /// By campaign.
    Campaign,
    /// By year.
    Year,
    /// By length.
    Length,
}

const LENGTH: &str = "case when duration_ms < 600000 then 'short' when duration_ms <= 1800000 then 'medium' else 'long' end";

impl Facet {
    /// In the order in which pages show them.
    pub const ALL: [Self; 8] =
        [Self::Topic, Self::LecturerKind, Self::Form, Self::Length, Self::Level, Self::Award, Self::Campaign, Self::Year];

    /// Name of the parameter in the URL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::LecturerKind => "lecturer_kind",
            Self::Form => "form",
            Self::Level => "level",
            Self::Award => "award",
            Self::Campaign => "campaign",
            Self::Year => "year",
            Self::Length => "length",
        }
    }

    const fn sql(self) -> &'static str {
        match self {
            Self::Level => "cast(level as text)",
            Self::Year => "cast(year as text)",
            Self::Length => LENGTH,
            other => other.name(),
        }
    }
}

impl Wanted {
    /// What is chosen in a facet; empty when nothing is.
    pub fn chosen(&self, facet: Facet) -> &str {
        match facet {
            Facet::Topic => &self.topic,
            Facet::LecturerKind => &self.lecturer_kind,
            Facet::Form => &self.form,
            Facet::Level => &self.level,
            Facet::Award => &self.award,
            Facet::Campaign => &self.campaign,
            Facet::Year => &self.year,
            Facet::Length => &self.length,
        }
    }

    /// Whether the most viewed lessons come first, instead of the newest.
    pub fn by_views(&self) -> bool {
        self.sort == "viewed"
    }

    /// Words of the search, at most eight.
    pub fn words(&self) -> Vec<String> {
        self.q.to_lowercase().split_whitespace().take(8).map(|w| w.chars().take(40).collect()).collect()
    }
}

/// A value of a facet and how many lessons have it, under all other choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FacetValue {
    /// Its code.
    pub code: String,
    /// Lessons.
    pub count: i64,
}

/// Conditions and their arguments, apart from those of `except`.
fn conditions(wanted: &Wanted, within: Option<&[OrganisationId]>, except: Option<Facet>) -> (String, Vec<Value>) {
    let mut sql = "unpublished_at is null".to_owned();
    let mut args = Vec::new();
    let mut also = |condition: &dyn Fn(usize) -> String, value: Value| {
        args.push(value);
        sql += " and ";
        sql += &condition(args.len());
    };
    for facet in Facet::ALL {
        let chosen = wanted.chosen(facet);
        if !chosen.is_empty() && except != Some(facet) {
            also(&|n| format!("{} = ${n}", facet.sql()), chosen.into());
        }
    }
    for word in wanted.words() {
        let pattern = format!("%{}%", word.replace('!', "!!").replace('%', "!%").replace('_', "!_"));
        also(&|n| format!("search like ${n} escape '!'"), pattern.into());
    }
    if let Some(organisations) = within {
        args.extend(organisations.iter().map(|o| Value::from(*o)));
        let first = args.len() - organisations.len() + 1;
        let listed = if organisations.is_empty() { "null".to_owned() } else { crate::db::places(first, organisations.len()) };
        sql = [&sql, " and organisation in (", &listed, ")"].concat();
    }
    (sql, args)
}

impl Catalogue<'_> {
    /// One public lesson.
    pub async fn find(&mut self, lesson: LessonId) -> Result<Option<Publication>, DbError> {
        let sql = "select * from publication where lesson = $1 and unpublished_at is null";
        self.0.fetch_optional(sql, args![lesson]).await?.as_ref().map(publication).transpose()
    }

    /// A page of the catalogue in the order asked for; one row more than fits, to know whether there is a next page.
    pub async fn page(&mut self, wanted: &Wanted, within: Option<&[OrganisationId]>, cursor: &Cursor) -> Result<Vec<Publication>, DbError> {
        let (conditions, mut args) = conditions(wanted, within, None);
        let (at, id) = cursor.descending();
        let (a, b) = (args.len() + 1, args.len() + 2);
        args.extend(args![at, id]);
        let most = PAGE_SIZE + 1;
        let sql = if wanted.by_views() {
            format!(
                "select * from (select publication.*, coalesce((select views from lesson_count where lesson_count.lesson = publication.lesson), 0)
                 as seen from publication where {conditions}) as counted where seen < ${a} or (seen = ${a} and lesson < ${b})
                 order by seen desc, lesson desc limit {most}"
            )
        } else {
            format!(
                "select * from publication where {conditions} and (published_at < ${a} or (published_at = ${a} and lesson < ${b}))
                 order by published_at desc, lesson desc limit {most}"
            )
        };
        self.0.fetch_all(assembled(sql), args).await?.iter().map(publication).collect()
    }

    /// The newest lessons with an award, at most `most`.
    pub async fn awarded(&mut self, most: usize) -> Result<Vec<Publication>, DbError> {
        let sql = "select * from publication where unpublished_at is null and award <> '' order by published_at desc, lesson desc limit $1";
        self.0.fetch_all(sql, args![most]).await?.iter().map(publication).collect()
    }

    /// How many lessons fit.
    pub async fn count(&mut self, wanted: &Wanted, within: Option<&[OrganisationId]>) -> Result<i64, DbError> {
        let (conditions, args) = conditions(wanted, within, None);
        self.0.fetch_int(assembled(format!("select count(*) from publication where {conditions}")), args).await
    }

    /// The values of one facet, most frequent first, at most 30.
    pub async fn facet(&mut self, facet: Facet, wanted: &Wanted, within: Option<&[OrganisationId]>) -> Result<Vec<FacetValue>, DbError> {
        let (conditions, args) = conditions(wanted, within, Some(facet));
        let sql = format!(
            "select {value} as code, count(*) as n from publication where {conditions} group by {value} order by n desc, code limit 30",
            value = facet.sql()
        );
        let rows = self.0.fetch_all(assembled(sql), args).await?;
        let read = |row: &Row| Ok(FacetValue { code: row.text("code")?, count: row.int("n")? });
        rows.iter().map(read).filter(|v: &Result<FacetValue, DbError>| v.as_ref().is_ok_and(|v| !v.code.is_empty()) || v.is_err()).collect()
    }

    /// The `most` public lessons of these lecturers, the newest first. A lesson under another name than the one that was cleared is
    /// not theirs as far as the public knows.
    pub async fn of_lecturers(&mut self, ids: &[LecturerId], most: usize) -> Result<Vec<Publication>, DbError> {
        let sql = format!(
            "select p.* from publication p join lesson l on l.id = p.lesson where l.lecturer_id in ({}) and p.lecturer = l.lecturer
             and p.unpublished_at is null order by p.published_at desc, p.lesson desc limit {most}",
            crate::db::places(1, ids.len())
        );
        self.0.fetch_all(assembled(sql), ids.iter().map(|id| Value::from(*id)).collect()).await?.iter().map(publication).collect()
    }

    /// The lecturer of a public lesson, when it is known who that is and the name is still the one that was cleared.
    pub async fn lecturer(&mut self, lesson: LessonId) -> Result<Option<LecturerId>, DbError> {
        let sql =
            "select l.lecturer_id from publication p join lesson l on l.id = p.lesson where p.lesson = $1 and p.lecturer = l.lecturer";
        Ok(self.0.fetch_optional(sql, args![lesson]).await?.map(|row| row.opt_id("lecturer_id")).transpose()?.flatten())
    }

    /// The newest public lessons of these organisations, with their titles.
    pub async fn titles(&mut self, within: &[OrganisationId], most: usize) -> Result<Vec<(LessonId, String)>, DbError> {
        if within.is_empty() {
            return Ok(Vec::new());
        }
        let mut args = args![most];
        args.extend(within.iter().map(|organisation| Value::from(*organisation)));
        let places = crate::db::places(2, within.len());
        let sql = format!(
            "select lesson, title from publication where unpublished_at is null and organisation in ({places})
             order by published_at desc, lesson desc limit $1"
        );
        let rows = self.0.fetch_all(assembled(sql), args).await?;
        rows.iter().map(|row| Ok((row.id("lesson")?, row.text("title")?))).collect()
    }

    /// Organisations that have public lessons, with how many.
    pub async fn organisations(&mut self) -> Result<Vec<(OrganisationId, i64)>, DbError> {
        let rows = self
            .0
            .fetch_all("select organisation, count(*) as n from publication where unpublished_at is null group by organisation", vec![])
            .await?;
        rows.iter().map(|row| Ok((row.id("organisation")?, row.int("n")?))).collect()
    }
}
