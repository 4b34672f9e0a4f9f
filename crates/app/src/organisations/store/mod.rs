//! SQL for organisations, their names and edges.

mod dated;
mod lines;
mod staged;

pub use dated::{Child, History, Standing};
pub use staged::{Change, StagingId};

use super::{DatedTree, Edge, Edged, MAIN_LINE, Node, OrganisationId, Tree};
use crate::db::{DbError, Row, Tx, args};
use crate::deltas::Day;
use kernel::{Clock, Id, Timestamp};

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Organisations<'t>(pub &'t mut Tx);

fn node(row: &Row) -> Result<Node, DbError> {
    Ok(Node {
        id: row.id("id")?,
        code: row.text("code")?,
        name: row.text("name")?,
        kind: row.text("kind")?,
        members: row.int("members")?,
        parent: row.opt_id("parent")?,
        closed: row.bool("closed")?,
    })
}

impl Organisations<'_> {
    /// The number of the last change.
    pub async fn revision(&mut self) -> Result<i64, DbError> {
        self.0.fetch_int("select revision from tree_revision where id = 1", vec![]).await
    }

    /// Counts a change, so that every node of the program reads the tree anew.
    ///
    /// First statement of every change: on Postgres the row's lock makes changes of the tree follow one another, so that
    /// two moves which are good apart can't make a cycle together.
    pub async fn bump_revision(&mut self) -> Result<(), DbError> {
        self.0.execute("update tree_revision set revision = revision + 1 where id = 1", vec![]).await?;
        Ok(())
    }

    /// The tree as it was, is or will be at `at`, with the names of that time. Who was not there yet is not in it.
    pub async fn tree(&mut self, at: Timestamp) -> Result<Tree, DbError> {
        let revision = self.revision().await?;
        let sql = "select o.id, o.code, n.name, o.kind, o.members, e.parent, case when o.closed_at <= $1 then 1 else 0 end as closed
                   from organisation o
                   join organisation_edge e on e.child = o.id and e.line = $2 and e.from_at <= $1 and (e.to_at is null or e.to_at > $1)
                   join organisation_name n on n.organisation = o.id and n.from_at <= $1 and (n.to_at is null or n.to_at > $1)";
        let nodes = self.0.fetch_each(sql, args![at, MAIN_LINE], |row| node(&row)).await?;
        let mut tree = Tree::build(revision, nodes);
        tree.next_change = self.next_change(at).await?;
        Ok(tree)
    }

    /// When, after `at`, the next dated change comes into force.
    async fn next_change(&mut self, at: Timestamp) -> Result<Option<Timestamp>, DbError> {
        let sql = "select min(at) as at from (
                     select min(from_at) as at from organisation_edge where from_at > $1
                     union all select min(from_at) from organisation_name where from_at > $1
                     union all select min(closed_at) from organisation where closed_at > $1) as changes";
        self.0.fetch_optional(sql, args![at]).await?.map_or(Ok(None), |row| Ok(row.opt_time("at")?))
    }

    /// Where every organisation stood on every day of `zone`.
    pub async fn dated_tree(&mut self, zone: &jiff::tz::TimeZone) -> Result<DatedTree, DbError> {
        let revision = self.revision().await?;
        let sql = "select child, parent, from_at, case when to_at <= from_at then 0 else 1 end as held from organisation_edge
                   where line = $1 order by from_at, id";
        let edge = |row: Row| {
            let first = Day::of(row.time("from_at")?, zone);
            Ok(Edged { child: row.id("child")?, parent: row.opt_id("parent")?, first, held: row.bool("held")? })
        };
        Ok(DatedTree::build(revision, self.0.fetch_each(sql, args![MAIN_LINE], edge).await?))
    }

    /// Adds an organisation with its name and its place in the main line, all in force from `from`.
    pub async fn insert_plain(
        &mut self,
        id: OrganisationId,
        code: &str,
        name: &str,
        kind: &str,
        members: i64,
        parent: Option<OrganisationId>,
        from: Timestamp,
        clock: &dyn Clock,
    ) -> Result<(), DbError> {
        self.0
            .execute(
                "insert into organisation (id, code, kind, members, created_at) values ($1, $2, $3, $4, $5)",
                args![id, code, kind, members, clock.now()],
            )
            .await?;
        self.insert_name(id, name, from, clock).await?;
        self.insert_edge(id, parent, from, clock).await
    }

    async fn insert_name(&mut self, id: OrganisationId, name: &str, from: Timestamp, clock: &dyn Clock) -> Result<(), DbError> {
        let sql = "insert into organisation_name (id, organisation, name, from_at) values ($1, $2, $3, $4)";
        self.0.execute(sql, args![Id::<super::DatedName>::new(clock), id, name, from]).await?;
        Ok(())
    }

    async fn insert_edge(
        &mut self,
        child: OrganisationId,
        parent: Option<OrganisationId>,
        from: Timestamp,
        clock: &dyn Clock,
    ) -> Result<(), DbError> {
        let sql = "insert into organisation_edge (id, child, parent, line, from_at) values ($1, $2, $3, $4, $5)";
        self.0.execute(sql, args![Id::<Edge>::new(clock), child, parent, MAIN_LINE, from]).await?;
        Ok(())
    }
}
