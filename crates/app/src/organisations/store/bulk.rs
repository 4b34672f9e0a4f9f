//! SQL that adds many organisations at once: several rows a statement, for imports of a whole register.

use super::Organisations;
use crate::db::{DbError, Row, Value, args, assembled};
use crate::organisations::{DatedName, Edge, MAIN_LINE, OrganisationId};
use kernel::{Clock, Id, Timestamp};
use std::collections::HashSet;

/// An organisation to be added.
#[derive(Debug, Clone)]
pub struct Added {
    /// Its new id.
    pub id: OrganisationId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Word of the vocabulary pack.
    pub kind: String,
    /// Members it has itself.
    pub members: i64,
    /// Its superior, who may be added by the same import.
    pub parent: Option<OrganisationId>,
}

/// `($1, $2), ($3, $4), …`
fn places(rows: usize, columns: usize) -> String {
    let row = |r: usize| format!("({})", (1..=columns).map(|c| format!("${}", r * columns + c)).collect::<Vec<_>>().join(", "));
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

impl Organisations<'_> {
    async fn insert_rows(&mut self, into: &str, columns: usize, rows: usize, values: Vec<Value>) -> Result<(), DbError> {
        self.0.execute(assembled(format!("insert into {into} values {}", places(rows, columns))), values).await?;
        Ok(())
    }

    /// Adds the organisations themselves; edges wait for [`Organisations::place_many`], since a superior may come later.
    pub async fn insert_many(&mut self, added: &[Added], from: Timestamp, clock: &dyn Clock) -> Result<(), DbError> {
        let now = clock.now();
        let rows = |a: &Added| args![a.id, &a.code, &a.kind, a.members, now];
        let values = added.iter().flat_map(rows).collect();
        self.insert_rows("organisation (id, code, kind, members, created_at)", 5, added.len(), values).await?;
        let rows = |a: &Added| args![Id::<DatedName>::new(clock), a.id, &a.name, from];
        let values = added.iter().flat_map(rows).collect();
        self.insert_rows("organisation_name (id, organisation, name, from_at)", 4, added.len(), values).await
    }

    /// Puts added organisations in their places.
    pub async fn place_many(&mut self, added: &[Added], from: Timestamp, clock: &dyn Clock) -> Result<(), DbError> {
        let rows = |a: &Added| args![Id::<Edge>::new(clock), a.id, a.parent, MAIN_LINE, from];
        let values = added.iter().flat_map(rows).collect();
        self.insert_rows("organisation_edge (id, child, parent, line, from_at)", 5, added.len(), values).await
    }

    /// Whose place, and whose name, changes after `at`.
    pub async fn changes_after(&mut self, at: Timestamp) -> Result<(HashSet<OrganisationId>, HashSet<OrganisationId>), DbError> {
        let placed = self.0.fetch_all("select child as id from organisation_edge where from_at > $1", args![at]).await?;
        let named = self.0.fetch_all("select organisation as id from organisation_name where from_at > $1", args![at]).await?;
        let ids = |rows: Vec<Row>| rows.iter().map(|row| row.id("id")).collect::<Result<_, _>>();
        Ok((ids(placed)?, ids(named)?))
    }

    /// Counts a change of each of `ids`, once.
    pub async fn touch_many(&mut self, ids: impl Iterator<Item = OrganisationId>) -> Result<(), DbError> {
        for id in ids.collect::<HashSet<_>>() {
            self.0.execute("update organisation set version = version + 1 where id = $1", args![id]).await?;
        }
        Ok(())
    }
}
