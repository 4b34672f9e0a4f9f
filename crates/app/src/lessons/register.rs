//! The register of lessons, public or not: what it is narrowed to, and SQL for its pages.

use super::store::lesson;
use super::{Lesson, LessonId, Lessons};
use crate::db::{DbError, Row, Value, args, assembled, places};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Whether the public sees a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Publicity {
    /// Never was.
    Never,
    /// It does.
    Public,
    /// It did.
    TakenBack,
}

impl Publicity {
    /// In the order in which a lesson comes to them.
    pub const ALL: [Self; 3] = [Self::Never, Self::Public, Self::TakenBack];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Public => "public",
            Self::TakenBack => "taken-back",
        }
    }

    const fn condition(self) -> &'static str {
        match self {
            Self::Never => "p.lesson is null",
            Self::Public => "p.lesson is not null and p.unpublished_at is null",
            Self::TakenBack => "p.unpublished_at is not null",
        }
    }
}

/// What the register is narrowed to; every part is in the address and may be empty.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct LessonFilter {
    /// Id of an organisation: its own lessons and those of its subtree.
    pub organisation: String,
    /// `never`, `public` or `taken-back`.
    pub publicity: String,
    /// Words, all of which must occur in the title or the lecturer's name.
    pub q: String,
}

impl LessonFilter {
    /// The organisation whose subtree is meant.
    ///
    /// # Errors
    ///
    /// 404 for what is no id: it narrows to nothing that exists, never to everything.
    pub fn below(&self) -> Result<Option<OrganisationId>, Problem> {
        let text = &self.organisation;
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| Problem::not_found()) }
    }

    /// Which lessons are meant.
    ///
    /// # Errors
    ///
    /// 404 for an unknown code.
    pub fn publicity(&self) -> Result<Option<Publicity>, Problem> {
        let known = Publicity::ALL.into_iter().find(|one| one.code() == self.publicity);
        if self.publicity.is_empty() { Ok(None) } else { known.map(Some).ok_or_else(Problem::not_found) }
    }

    /// Words of the search in small letters, at most eight.
    fn words(&self) -> Vec<String> {
        self.q.to_lowercase().split_whitespace().take(8).map(|word| word.chars().take(40).collect()).collect()
    }
}

impl Lessons<'_> {
    /// The `most` lessons that fit and were registered before the position (`at`, `id`), newest first: of these organisations
    /// or, for none, of all.
    pub async fn before(
        &mut self,
        organisations: Option<&[OrganisationId]>,
        filter: &LessonFilter,
        publicity: Option<Publicity>,
        (at, id): &(i64, String),
        most: usize,
    ) -> Result<Vec<Lesson>, DbError> {
        let mut values = args![*at, id, most];
        let mut conditions = vec!["(l.created_at < $1 or (l.created_at = $1 and l.id < $2))".to_owned()];
        conditions.extend(publicity.map(|one| one.condition().to_owned()));
        for word in filter.words() {
            values.push(Value::from(format!("%{}%", word.replace('!', "!!").replace('%', "!%").replace('_', "!_"))));
            let n = values.len();
            conditions.push(format!("(lower(l.title) like ${n} escape '!' or lower(l.lecturer) like ${n} escape '!')"));
        }
        if let Some(chosen) = organisations {
            conditions.push(format!("l.organisation in ({})", places(values.len() + 1, chosen.len())));
            values.extend(chosen.iter().map(|id| Value::from(*id)));
        }
        let sql = format!(
            "select l.* from lesson l left join publication p on p.lesson = l.id where {} order by l.created_at desc, l.id desc limit $3",
            conditions.join(" and ")
        );
        self.0.fetch_all(assembled(sql), values).await?.iter().map(lesson).collect()
    }

    /// Whether the public sees the lessons of one page; those that are left out it never saw.
    pub async fn publicity_of(&mut self, lessons: &[LessonId]) -> Result<HashMap<LessonId, Publicity>, DbError> {
        if lessons.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!("select lesson, unpublished_at from publication where lesson in ({})", places(1, lessons.len()));
        let read = |row: &Row| {
            let back = row.opt_int("unpublished_at")?.is_some();
            Ok((row.id("lesson")?, if back { Publicity::TakenBack } else { Publicity::Public }))
        };
        self.0.fetch_all(assembled(sql), lessons.iter().map(|id| Value::from(*id)).collect()).await?.iter().map(read).collect()
    }
}
