//! SQL of one organisation's dated facts: its last place, name and end, and how they change.

use super::Organisations;
use crate::db::{DbError, Row, Value, args, assembled};
use crate::organisations::{MAIN_LINE, OrganisationId};
use kernel::{Clock, Timestamp};
use std::collections::HashSet;

/// How an organisation stands after the last change that is known, which may lie in the future.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its superior; none for the root.
    pub parent: Option<OrganisationId>,
    /// Since when it stands there.
    pub placed_at: Timestamp,
    /// Its name.
    pub name: String,
    /// Since when it has that name.
    pub named_at: Timestamp,
    /// Word of the vocabulary pack.
    pub kind: String,
    /// Members it has itself.
    pub members: i64,
    /// Since or from when it is closed.
    pub closed_at: Option<Timestamp>,
    /// The organisation it was merged into.
    pub merged_into: Option<OrganisationId>,
    /// Counts changes.
    pub version: i64,
}

/// A subordinate as a change of its superior sees it.
#[derive(Debug, Clone, Copy)]
pub struct Child {
    /// Its id.
    pub id: OrganisationId,
    /// Since when it stands there.
    pub from: Timestamp,
    /// Until when, if it is to leave.
    pub to: Option<Timestamp>,
}

/// One stretch of time of a name or a place.
#[derive(Debug, Clone)]
pub struct History {
    /// The name, or the superior's id.
    pub what: String,
    /// From when.
    pub from: Timestamp,
    /// Until when; none for the last.
    pub to: Option<Timestamp>,
}

fn standing(row: &Row) -> Result<Standing, DbError> {
    Ok(Standing {
        parent: row.opt_id("parent")?,
        placed_at: row.time("placed_at")?,
        name: row.text("name")?,
        named_at: row.time("named_at")?,
        kind: row.text("kind")?,
        members: row.int("members")?,
        closed_at: row.opt_time("closed_at")?,
        merged_into: row.opt_id("merged_into")?,
        version: row.int("version")?,
    })
}

impl Organisations<'_> {
    /// How `id` stands after its last known change.
    pub async fn standing(&mut self, id: OrganisationId) -> Result<Option<Standing>, DbError> {
        let sql = "select o.kind, o.members, o.version, o.closed_at, o.merged_into, e.parent, e.from_at as placed_at, n.name,
                     n.from_at as named_at
                   from organisation o
                   join organisation_edge e on e.child = o.id and e.line = $2 and e.to_at is null
                   join organisation_name n on n.organisation = o.id and n.to_at is null where o.id = $1";
        self.0.fetch_optional(sql, args![id, MAIN_LINE]).await?.as_ref().map(standing).transpose()
    }

    /// When the organisation began to exist.
    pub async fn began(&mut self, id: OrganisationId) -> Result<Timestamp, DbError> {
        let sql = "select min(from_at) from organisation_edge where child = $1 and line = $2";
        self.0.fetch_int(sql, args![id, MAIN_LINE]).await.map(Timestamp)
    }

    /// Whether `above` is, at any moment from `from` on, `below` itself or one of its superiors.
    ///
    /// Follows each edge only for the time in which it and the edges below it hold.
    pub async fn ever_above(&mut self, above: OrganisationId, below: OrganisationId, from: Timestamp) -> Result<bool, DbError> {
        let mut open = vec![(below, from.0, i64::MAX)];
        while let Some((at, from, to)) = open.pop() {
            if at == above {
                return Ok(true);
            }
            let sql = "select parent, from_at, to_at from organisation_edge
                       where child = $1 and line = $2 and parent is not null and from_at < $4 and (to_at is null or to_at > $3)";
            for row in self.0.fetch_all(sql, args![at, MAIN_LINE, from, to]).await? {
                let until = row.opt_int("to_at")?.unwrap_or(i64::MAX);
                open.push((row.id("parent")?, from.max(row.int("from_at")?), to.min(until)));
            }
        }
        Ok(false)
    }

    /// Subordinates at any moment from `from` on that are not closed by then.
    pub async fn children_from(&mut self, id: OrganisationId, from: Timestamp) -> Result<Vec<Child>, DbError> {
        let sql = "select e.child, e.from_at, e.to_at from organisation_edge e join organisation o on o.id = e.child
                   where e.parent = $1 and e.line = $2 and (e.to_at is null or e.to_at > $3) and (o.closed_at is null or o.closed_at > $3)";
        let rows = self.0.fetch_all(sql, args![id, MAIN_LINE, from]).await?;
        rows.iter().map(|row| Ok(Child { id: row.id("child")?, from: row.time("from_at")?, to: row.opt_time("to_at")? })).collect()
    }

    /// Counts a change of `id` unless somebody changed it since `seen`; true if it was counted.
    pub async fn touch(&mut self, id: OrganisationId, seen: i64) -> Result<bool, DbError> {
        let sql = "update organisation set version = version + 1 where id = $1 and version = $2";
        Ok(self.0.execute(sql, args![id, seen]).await? == 1)
    }

    /// Puts `child` under `parent` from `from` on. A place that began at that very moment is replaced.
    pub async fn place(
        &mut self,
        child: OrganisationId,
        parent: OrganisationId,
        from: Timestamp,
        clock: &dyn Clock,
    ) -> Result<(), DbError> {
        let same = "update organisation_edge set parent = $1 where child = $2 and line = $3 and to_at is null and from_at = $4";
        if self.0.execute(same, args![parent, child, MAIN_LINE, from]).await? == 1 {
            return Ok(());
        }
        let end = "update organisation_edge set to_at = $1 where child = $2 and line = $3 and to_at is null";
        self.0.execute(end, args![from, child, MAIN_LINE]).await?;
        self.insert_edge(child, Some(parent), from, clock).await
    }

    /// Gives `id` another name from `from` on. A name that began at that very moment is replaced.
    pub async fn rename(&mut self, id: OrganisationId, name: &str, from: Timestamp, clock: &dyn Clock) -> Result<(), DbError> {
        let same = "update organisation_name set name = $1 where organisation = $2 and to_at is null and from_at = $3";
        if self.0.execute(same, args![name, id, from]).await? == 1 {
            return Ok(());
        }
        self.0.execute("update organisation_name set to_at = $1 where organisation = $2 and to_at is null", args![from, id]).await?;
        self.insert_name(id, name, from, clock).await
    }

    /// Sets what has no history: kind and members.
    pub async fn describe(&mut self, id: OrganisationId, kind: &str, members: i64) -> Result<(), DbError> {
        self.0.execute("update organisation set kind = $1, members = $2 where id = $3", args![kind, members, id]).await?;
        Ok(())
    }

    /// Ends an organisation at `at`.
    pub async fn close(&mut self, id: OrganisationId, at: Timestamp, merged_into: Option<OrganisationId>) -> Result<(), DbError> {
        let sql = "update organisation set closed_at = $1, merged_into = $2 where id = $3";
        self.0.execute(sql, args![at, merged_into, id]).await?;
        Ok(())
    }

    /// Names, oldest first.
    pub async fn names(&mut self, id: OrganisationId) -> Result<Vec<History>, DbError> {
        let sql = "select name as what, from_at, to_at from organisation_name where organisation = $1 order by from_at";
        self.0.fetch_all(sql, args![id]).await?.iter().map(history).collect()
    }

    /// Whoever is closed at `at`.
    pub async fn closed_by(&mut self, at: Timestamp) -> Result<HashSet<OrganisationId>, DbError> {
        let rows = self.0.fetch_all("select id from organisation where closed_at <= $1", args![at]).await?;
        rows.iter().map(|row| Ok(row.id("id")?)).collect()
    }

    /// The names of `ids` at `at`; who was not there yet is not in the answer.
    pub async fn names_at(&mut self, ids: &[OrganisationId], at: Timestamp) -> Result<Vec<(OrganisationId, String)>, DbError> {
        let mut names = Vec::with_capacity(ids.len());
        for some in ids.chunks(1_000) {
            let places: Vec<_> = (2..some.len() + 2).map(|n| format!("${n}")).collect();
            let sql = format!(
                "select organisation, name from organisation_name
                 where organisation in ({}) and from_at <= $1 and (to_at is null or to_at > $1)",
                places.join(", ")
            );
            let args = std::iter::once(Value::from(at)).chain(some.iter().map(|id| Value::from(*id))).collect();
            for row in self.0.fetch_all(assembled(sql), args).await? {
                names.push((row.id("organisation")?, row.text("name")?));
            }
        }
        Ok(names)
    }

    /// Superiors, oldest first; empty text for a root.
    pub async fn places(&mut self, id: OrganisationId) -> Result<Vec<History>, DbError> {
        let sql =
            "select coalesce(parent, '') as what, from_at, to_at from organisation_edge where child = $1 and line = $2 order by from_at";
        self.0.fetch_all(sql, args![id, MAIN_LINE]).await?.iter().map(history).collect()
    }
}

fn history(row: &Row) -> Result<History, DbError> {
    Ok(History { what: row.text("what")?, from: row.time("from_at")?, to: row.opt_time("to_at")? })
}
