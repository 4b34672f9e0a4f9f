//! SQL that changes many organisations at once.
//!
//! Rows are staged in short transactions, during which others write as always, and applied by a few statements over all of
//! them: only those keep others waiting.

use super::Organisations;
use crate::db::{DbError, Row, Value, args, assembled};
use crate::organisations::{DatedName, Edge, MAIN_LINE, OrganisationId};
use kernel::{Clock, Id, Identified, Timestamp};
use std::collections::HashSet;

/// A change of the tree that waits to be applied with others.
#[derive(Debug)]
pub struct Staging;
impl Identified for Staging {
    const PREFIX: &'static str = "imp";
}
/// Names the rows of one import.
pub type StagingId = Id<Staging>;

/// One change of one organisation.
#[derive(Debug, Clone, Copy)]
pub enum Change<'a> {
    /// It is new.
    Add {
        /// Its code.
        code: &'a str,
        /// Its name.
        name: &'a str,
        /// Word of the vocabulary pack.
        kind: &'a str,
        /// Members it has itself.
        members: i64,
        /// Its superior, who may be added by the same import.
        parent: Option<OrganisationId>,
    },
    /// Another name.
    Rename(&'a str),
    /// Another superior.
    Move(OrganisationId),
    /// Another kind and number of members.
    Correct(&'a str, i64),
}

/// `($1, $2), ($3, $4), …`
fn places(rows: usize, columns: usize) -> String {
    let row = |r: usize| format!("({})", (1..=columns).map(|c| format!("${}", r * columns + c)).collect::<Vec<_>>().join(", "));
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

impl Organisations<'_> {
    /// Stages changes of the import `id`: at most one of a sort for each organisation.
    pub async fn stage(&mut self, id: StagingId, changes: &[(OrganisationId, Change<'_>)], clock: &dyn Clock) -> Result<(), DbError> {
        let row = |(organisation, change): &(OrganisationId, Change<'_>)| {
            let none = || Value::Text(None);
            let organisation = *organisation;
            // The id of the edge or name that begins with the change.
            let fact = format!("{:032x}", Id::<Edge>::new(clock).as_u128());
            match *change {
                Change::Add { code, name, kind, members, parent } => {
                    args![id, "add", organisation, fact, code, name, kind, members, parent]
                }
                Change::Rename(name) => args![id, "rename", organisation, fact, none(), name, none(), Value::Int(None), none()],
                Change::Move(parent) => args![id, "move", organisation, fact, none(), none(), none(), Value::Int(None), parent],
                Change::Correct(kind, members) => args![id, "correct", organisation, fact, none(), none(), kind, members, none()],
            }
        };
        let sql = "insert into organisation_staged (staging, act, organisation, fact, code, name, kind, members, parent) values";
        self.0.execute(assembled(format!("{sql} {}", places(changes.len(), 9))), changes.iter().flat_map(row).collect()).await?;
        Ok(())
    }

    /// Applies what was staged, in force from `from`. A fact that began at that very moment is replaced.
    pub async fn apply_staged(&mut self, id: StagingId, from: Timestamp, clock: &dyn Clock) -> Result<(), DbError> {
        self.add_staged(id, from, clock).await?;
        self.rename_staged(id, from).await?;
        self.move_staged(id, from).await?;
        let correct = "update organisation set
                         kind = (select s.kind from organisation_staged s where s.staging = $1 and s.act = 'correct' and s.organisation = organisation.id),
                         members = (select s.members from organisation_staged s where s.staging = $1 and s.act = 'correct' and s.organisation = organisation.id)
                       where id in (select organisation from organisation_staged where staging = $1 and act = 'correct')";
        self.0.execute(correct, args![id]).await?;
        let touch = "update organisation set version = version + 1
                     where id in (select organisation from organisation_staged where staging = $1 and act <> 'add')";
        self.0.execute(touch, args![id]).await?;
        Ok(())
    }

    async fn add_staged(&mut self, id: StagingId, from: Timestamp, clock: &dyn Clock) -> Result<(), DbError> {
        let organisations = "insert into organisation (id, code, kind, members, created_at)
                             select organisation, code, kind, members, $2 from organisation_staged where staging = $1 and act = 'add'";
        self.0.execute(organisations, args![id, clock.now()]).await?;
        let names = "insert into organisation_name (id, organisation, name, from_at)
                     select $3 || '_' || fact, organisation, name, $2 from organisation_staged where staging = $1 and act = 'add'";
        self.0.execute(names, args![id, from, DatedName::PREFIX]).await?;
        let edges = "insert into organisation_edge (id, child, parent, line, from_at)
                     select $3 || '_' || fact, organisation, parent, $4, $2 from organisation_staged where staging = $1 and act = 'add'";
        self.0.execute(edges, args![id, from, Edge::PREFIX, MAIN_LINE]).await?;
        Ok(())
    }

    async fn rename_staged(&mut self, id: StagingId, from: Timestamp) -> Result<(), DbError> {
        let same = "update organisation_name set name = (select s.name from organisation_staged s
                      where s.staging = $1 and s.act = 'rename' and s.organisation = organisation_name.organisation)
                    where to_at is null and from_at = $2
                      and organisation in (select organisation from organisation_staged where staging = $1 and act = 'rename')";
        self.0.execute(same, args![id, from]).await?;
        let end = "update organisation_name set to_at = $2 where to_at is null and from_at < $2
                     and organisation in (select organisation from organisation_staged where staging = $1 and act = 'rename')";
        self.0.execute(end, args![id, from]).await?;
        let begin = "insert into organisation_name (id, organisation, name, from_at)
                     select $3 || '_' || s.fact, s.organisation, s.name, $2 from organisation_staged s where s.staging = $1 and s.act = 'rename'
                       and not exists (select 1 from organisation_name n where n.organisation = s.organisation and n.to_at is null)";
        self.0.execute(begin, args![id, from, DatedName::PREFIX]).await?;
        Ok(())
    }

    async fn move_staged(&mut self, id: StagingId, from: Timestamp) -> Result<(), DbError> {
        let same = "update organisation_edge set parent = (select s.parent from organisation_staged s
                      where s.staging = $1 and s.act = 'move' and s.organisation = organisation_edge.child)
                    where line = $3 and to_at is null and from_at = $2
                      and child in (select organisation from organisation_staged where staging = $1 and act = 'move')";
        self.0.execute(same, args![id, from, MAIN_LINE]).await?;
        let end = "update organisation_edge set to_at = $2 where line = $3 and to_at is null and from_at < $2
                     and child in (select organisation from organisation_staged where staging = $1 and act = 'move')";
        self.0.execute(end, args![id, from, MAIN_LINE]).await?;
        let begin = "insert into organisation_edge (id, child, parent, line, from_at)
                     select $4 || '_' || s.fact, s.organisation, s.parent, $3, $2 from organisation_staged s
                     where s.staging = $1 and s.act = 'move' and not exists
                       (select 1 from organisation_edge e where e.child = s.organisation and e.line = $3 and e.to_at is null)";
        self.0.execute(begin, args![id, from, MAIN_LINE, Edge::PREFIX]).await?;
        Ok(())
    }

    /// Forgets what was staged.
    pub async fn unstage(&mut self, id: StagingId) -> Result<(), DbError> {
        self.0.execute("delete from organisation_staged where staging = $1", args![id]).await?;
        Ok(())
    }

    /// Forgets what was staged before `at`, by imports that a crash ended.
    pub async fn unstage_before(&mut self, at: Timestamp) -> Result<u64, DbError> {
        // An id begins with its time.
        let first = format!("{}_{:012x}", Staging::PREFIX, at.0.max(0));
        self.0.execute("delete from organisation_staged where staging < $1", args![first]).await
    }

    /// Whose place, and whose name, changes after `at`.
    pub async fn changes_after(&mut self, at: Timestamp) -> Result<(HashSet<OrganisationId>, HashSet<OrganisationId>), DbError> {
        let placed = self.0.fetch_all("select child as id from organisation_edge where from_at > $1", args![at]).await?;
        let named = self.0.fetch_all("select organisation as id from organisation_name where from_at > $1", args![at]).await?;
        let ids = |rows: Vec<Row>| rows.iter().map(|row| row.id("id")).collect::<Result<_, _>>();
        Ok((ids(placed)?, ids(named)?))
    }
}
