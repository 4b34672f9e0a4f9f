//! SQL for second superiors: edges of the other line.

use super::Organisations;
use crate::db::{DbError, args};
use crate::organisations::{Edge, OrganisationId, SECOND_LINE};
use kernel::{Clock, Id, Timestamp};

impl Organisations<'_> {
    /// Ends the second place of `child` at `from`, and begins one under `above` if there is such.
    pub async fn place_on_line(
        &mut self,
        child: OrganisationId,
        above: Option<OrganisationId>,
        from: Timestamp,
        clock: &dyn Clock,
    ) -> Result<(), DbError> {
        // What begins at this moment or later never was.
        let never = "update organisation_edge set to_at = from_at where child = $1 and line = $2 and from_at >= $3";
        self.0.execute(never, args![child, SECOND_LINE, from]).await?;
        let end = "update organisation_edge set to_at = $3 where child = $1 and line = $2 and (to_at is null or to_at > $3)";
        self.0.execute(end, args![child, SECOND_LINE, from]).await?;
        if let Some(above) = above {
            let begin = "insert into organisation_edge (id, child, parent, line, from_at) values ($1, $2, $3, $4, $5)";
            self.0.execute(begin, args![Id::<Edge>::new(clock), child, above, SECOND_LINE, from]).await?;
        }
        Ok(())
    }

    /// Who stands under whom on the second line at `at`.
    pub async fn line_edges(&mut self, at: Timestamp) -> Result<Vec<(OrganisationId, OrganisationId)>, DbError> {
        // Said twice, so that the index of what is beside the main line answers.
        let sql = "select child, parent from organisation_edge where line = $1 and line <> 'main' and from_at <= $2 and (to_at is null or to_at > $2) order by child";
        let rows = self.0.fetch_all(sql, args![SECOND_LINE, at]).await?;
        rows.iter().map(|row| Ok((row.id("child")?, row.id("parent")?))).collect()
    }
}
