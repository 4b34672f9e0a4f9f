//! SQL for organisations, their names and edges.

use super::{Edge, MAIN_LINE, Node, OrganisationId, Tree};
use crate::db::{DbError, Row, Tx, args};
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
    pub async fn bump_revision(&mut self) -> Result<(), DbError> {
        self.0.execute("update tree_revision set revision = revision + 1 where id = 1", vec![]).await?;
        Ok(())
    }

    /// The tree as it is at `now`.
    pub async fn tree(&mut self, now: Timestamp) -> Result<Tree, DbError> {
        let revision = self.revision().await?;
        let sql = "select o.id, o.code, o.name, o.kind, o.members, e.parent, case when o.closed_at <= $1 then 1 else 0 end as closed
                   from organisation o left join organisation_edge e
                     on e.child = o.id and e.line = $2 and e.from_at <= $1 and (e.to_at is null or e.to_at > $1)";
        let rows = self.0.fetch_all(sql, args![now, MAIN_LINE]).await?;
        Ok(Tree::build(revision, rows.iter().map(node).collect::<Result<_, _>>()?))
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
                "insert into organisation (id, code, name, kind, members, created_at) values ($1, $2, $3, $4, $5, $6)",
                args![id, code, name, kind, members, clock.now()],
            )
            .await?;
        self.0
            .execute(
                "insert into organisation_name (id, organisation, name, from_at) values ($1, $2, $3, $4)",
                args![Id::<super::DatedName>::new(clock), id, name, from],
            )
            .await?;
        self.0
            .execute(
                "insert into organisation_edge (id, child, parent, line, from_at) values ($1, $2, $3, $4, $5)",
                args![Id::<Edge>::new(clock), id, parent, MAIN_LINE, from],
            )
            .await?;
        Ok(())
    }
}
