//! Indexes that are put aside while a table is filled at once: built of rows that stand already they are sorted once, instead of being
//! kept in order at every row.

use super::{DbError, Inner, Tx, args, assembled};

/// Indexes put aside, each as the statement that makes it.
#[derive(Debug)]
#[must_use = "without them the table is slow"]
pub struct PutAside(Vec<String>);

impl Tx {
    /// Drops the indexes of `table` that keep nothing unique. Only where nobody else works: others would find the table slow.
    pub async fn put_indexes_aside(&mut self, table: &'static str) -> Result<PutAside, DbError> {
        let wanted = match self.inner {
            Inner::Sqlite(_) => {
                "select name, sql from sqlite_master where type = 'index' and tbl_name = $1 and sql not like 'create unique%'"
            }
            Inner::Postgres(_) => {
                "select cast(i.relname as text) as name, pg_get_indexdef(i.oid) as sql
                 from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
                 where t.relname = $1 and pg_table_is_visible(t.oid) and not x.indisunique"
            }
        };
        let mut made = Vec::new();
        for row in self.fetch_all(wanted, args![table]).await? {
            made.push(row.text("sql")?);
            self.execute(assembled(format!("drop index {}", row.text("name")?)), vec![]).await?;
        }
        Ok(PutAside(made))
    }

    /// Makes them again.
    pub async fn build_indexes(&mut self, PutAside(made): PutAside) -> Result<(), DbError> {
        for sql in made {
            self.execute(assembled(sql), vec![]).await?;
        }
        Ok(())
    }
}
