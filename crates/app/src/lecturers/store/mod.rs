//! SQL for lecturers, their posts, photos, merges and bookings.

mod bookings;
mod lists;
mod merges;
mod photos;

pub use bookings::{BookingRow, Bookings, Stars, Which};
pub use lists::Narrowed;
pub use merges::Merge;
pub use photos::Photo;

use super::{Lecturer, LecturerId};
use crate::db::{DbError, Row, Tx, args, assembled, places};
use kernel::{OrganisationId, Timestamp};
use serde_json::json;

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Lecturers<'t>(pub &'t mut Tx);

/// A stretch of time in which somebody belonged to an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// Which.
    pub organisation: OrganisationId,
    /// Since when.
    pub from: Timestamp,
    /// Until when; none for now.
    pub to: Option<Timestamp>,
}

/// A row of `lecturer`.
fn lecturer(row: &Row) -> Result<Lecturer, DbError> {
    Ok(Lecturer {
        id: row.id("id")?,
        organisation: row.id("organisation")?,
        name: row.text("name")?,
        kind: row.text("kind")?,
        topics: row.json("topics")?,
        occupation: row.text("occupation")?,
        about: row.text("about")?,
        contact: row.text("contact")?,
        term_from: row.text("term_from")?,
        term_to: row.text("term_to")?,
        photo: row.opt_id("photo")?,
        account: row.opt_id("account")?,
        consent_at: row.opt_time("consent_at")?,
        consent_text: row.text("consent_text")?,
        retired: row.text("state")? == RETIRED,
        merged_into: row.opt_id("merged_into")?,
        root: row.id("root")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        version: row.int("version")?,
    })
}

/// The column `state` of somebody who lectures.
const ACTIVE: &str = "active";
/// And of somebody who no longer does.
const RETIRED: &str = "retired";

/// What a search looks through.
fn searched(of: &Lecturer) -> String {
    format!("{} {} {}", of.name, super::rules::plain(&of.name), of.occupation).to_lowercase()
}

impl Lecturers<'_> {
    /// By id, merged or not.
    pub async fn find(&mut self, id: LecturerId) -> Result<Option<Lecturer>, DbError> {
        self.0.fetch_optional("select * from lecturer where id = $1", args![id]).await?.as_ref().map(lecturer).transpose()
    }

    /// Who stands for the person `id`.
    pub async fn root(&mut self, id: LecturerId) -> Result<Option<Lecturer>, DbError> {
        let sql = "select * from lecturer where id = (select root from lecturer where id = $1)";
        self.0.fetch_optional(sql, args![id]).await?.as_ref().map(lecturer).transpose()
    }

    /// Everybody who is this person, the one that stands for all first.
    pub async fn family(&mut self, root: LecturerId) -> Result<Vec<LecturerId>, DbError> {
        let sql = "select id from lecturer where root = $1 order by case when id = root then 0 else 1 end, id";
        self.0.fetch_all(sql, args![root]).await?.iter().map(|row| Ok(row.id("id")?)).collect()
    }

    /// Those of `ids` that exist, merged or not; give it at most a page of them.
    pub async fn several(&mut self, ids: &[LecturerId]) -> Result<Vec<Lecturer>, DbError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!("select * from lecturer where id in ({})", places(1, ids.len()));
        self.0.fetch_all(assembled(sql), ids.iter().map(|id| (*id).into()).collect()).await?.iter().map(lecturer).collect()
    }

    /// Adds a lecturer with the first post.
    pub async fn insert(&mut self, new: &Lecturer) -> Result<(), DbError> {
        let sql =
            "insert into lecturer (id, organisation, name, plain, kind, topics, occupation, about, contact, term_from, term_to, photo,
                     account, consent_at, consent_text, state, merged_into, root, search, created_by, created_at, version)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
        let args = args![
            new.id,
            new.organisation,
            &new.name,
            super::rules::plain(&new.name),
            &new.kind,
            &json!(new.topics),
            &new.occupation,
            &new.about,
            &new.contact,
            &new.term_from,
            &new.term_to,
            new.photo,
            new.account,
            new.consent_at,
            &new.consent_text,
            if new.retired { RETIRED } else { ACTIVE },
            new.merged_into,
            new.root,
            searched(new),
            new.created_by,
            new.created_at,
            new.version
        ];
        self.0.execute(sql, args).await?;
        self.begin_post(new.id, new.organisation, new.created_at).await
    }

    /// Writes everything that may change over version `new.version`; false when somebody changed or merged it meanwhile.
    pub async fn save(&mut self, new: &Lecturer) -> Result<bool, DbError> {
        let sql = "update lecturer set organisation = $1, name = $2, plain = $3, kind = $4, topics = $5, occupation = $6, about = $7,
                     contact = $8, term_from = $9, term_to = $10, photo = $11, account = $12, consent_at = $13, consent_text = $14,
                     state = $15, search = $16, version = version + 1
                   where id = $17 and version = $18 and merged_into is null";
        let args = args![
            new.organisation,
            &new.name,
            super::rules::plain(&new.name),
            &new.kind,
            &json!(new.topics),
            &new.occupation,
            &new.about,
            &new.contact,
            &new.term_from,
            &new.term_to,
            new.photo,
            new.account,
            new.consent_at,
            &new.consent_text,
            if new.retired { RETIRED } else { ACTIVE },
            searched(new),
            new.id,
            new.version
        ];
        Ok(self.0.execute(sql, args).await? == 1)
    }

    /// Ends the present post and begins one at `organisation`; a post that began at that very moment is replaced.
    pub async fn begin_post(&mut self, id: LecturerId, organisation: OrganisationId, now: Timestamp) -> Result<(), DbError> {
        self.0.execute("delete from lecturer_post where lecturer = $1 and from_at = $2", args![id, now]).await?;
        self.0.execute("update lecturer_post set to_at = $1 where lecturer = $2 and to_at is null", args![now, id]).await?;
        let sql = "insert into lecturer_post (lecturer, organisation, from_at) values ($1, $2, $3)";
        self.0.execute(sql, args![id, organisation, now]).await?;
        Ok(())
    }

    /// Where somebody belonged, the latest first.
    pub async fn posts(&mut self, id: LecturerId) -> Result<Vec<Post>, DbError> {
        let sql = "select * from lecturer_post where lecturer = $1 order by from_at desc limit 100";
        let post = |row: &Row| Ok(Post { organisation: row.id("organisation")?, from: row.time("from_at")?, to: row.opt_time("to_at")? });
        self.0.fetch_all(sql, args![id]).await?.iter().map(post).collect()
    }

    /// Locks a person until the transaction ends, so that two who look for a free time look one after the other; false when
    /// the person was merged meanwhile.
    pub async fn lock(&mut self, root: LecturerId) -> Result<bool, DbError> {
        let sql = "update lecturer set version = version where id = $1 and merged_into is null";
        Ok(self.0.execute(sql, args![root]).await? == 1)
    }
}
