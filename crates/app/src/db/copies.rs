//! Copies of the records for backups: SQLite by itself, Postgres by its own tools.

use super::{Db, DbError, Inner, Pools, Tx};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Name of a SQLite database in the data folder, and of its copy in a backup.
pub const SQLITE: &str = "kaijiang.sqlite";
/// Name of the copy of a Postgres database in a backup.
pub const POSTGRES: &str = "records.dump";

/// The records could not be copied, or not be brought back.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The driver or the engine refused.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A program of Postgres is not there.
    #[error(
        "{0} not found: install the client programs of Postgres, as new as the server (Debian and Ubuntu: apt-get install postgresql-client)"
    )]
    ToolMissing(&'static str),
    /// A program of Postgres failed; its own words.
    #[error("{0}: {1}")]
    Tool(&'static str, String),
}

/// The address without its password, and the password: arguments of a program are seen by everybody on the machine.
fn without_password(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let authority = rest.find(['/', '?']).unwrap_or(rest.len());
    let Some(at) = rest[..authority].rfind('@') else { return (url.to_owned(), None) };
    let Some((user, password)) = rest[..at].split_once(':') else { return (url.to_owned(), None) };
    (format!("{scheme}://{user}{}", &rest[at..]), Some(decoded(password)))
}

/// `%40` becomes `@`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| byte == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let value = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(value.unwrap_or(byte));
        rest = if value.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs a program of Postgres on the database at `url`, off the async threads.
async fn tool(name: &'static str, url: &str, args: Vec<String>) -> Result<(), CopyError> {
    let (address, password) = without_password(url);
    let run = move || -> std::io::Result<Output> {
        let mut command = Command::new(name);
        command.arg(format!("--dbname={address}")).arg("--no-password").args(args).stdin(Stdio::null());
        command.envs(password.map(|password| ("PGPASSWORD", password))).output()
    };
    let failed = |cause: &dyn std::fmt::Display| CopyError::Tool(name, cause.to_string());
    match tokio::task::spawn_blocking(run).await.map_err(|e| failed(&e))? {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => Err(failed(&String::from_utf8_lossy(&done.stderr).trim())),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Err(CopyError::ToolMissing(name)),
        Err(cause) => Err(failed(&cause)),
    }
}

impl Db {
    /// Writes a consistent copy of the records into `folder`, while the server runs; what `look` finds in exactly the state
    /// that was copied. `url` is the address of the Postgres server, if that holds the records.
    pub async fn copy_into<T>(
        &self,
        folder: &Path,
        url: &str,
        look: impl AsyncFnOnce(&mut Tx) -> Result<T, DbError>,
    ) -> Result<T, CopyError> {
        if let Pools::Sqlite { reader, .. } = &self.pools {
            let target = folder.join(SQLITE);
            let copied = sqlx::query("vacuum into $1").bind(target.to_string_lossy().into_owned()).execute(reader).await;
            copied.map_err(DbError::from)?;
            let copy = Self::sqlite_copy(&target).await?;
            let found = look(&mut copy.read().await?).await;
            copy.close().await;
            return Ok(found?);
        }
        let mut tx = self.read().await?;
        let rows = tx.fetch_all("select pg_export_snapshot()::text as name", vec![]).await?;
        let snapshot = rows.first().map(|row| row.text("name")).transpose().map_err(DbError::from)?.unwrap_or_default();
        let file = folder.join(POSTGRES).display().to_string();
        let args = vec!["--format=custom".to_owned(), format!("--snapshot={snapshot}"), format!("--file={file}")];
        tool("pg_dump", url, args).await?;
        Ok(look(&mut tx).await?)
    }

    /// Fills this empty Postgres database with the copy in `folder`, all of it or nothing.
    pub async fn fill_from(&self, folder: &Path, url: &str) -> Result<(), CopyError> {
        let file = folder.join(POSTGRES).display().to_string();
        let args = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", &file].map(str::to_owned);
        tool("pg_restore", url, args.into()).await
    }
}

impl Tx {
    /// How many rows each table has.
    pub async fn row_counts(&mut self) -> Result<std::collections::BTreeMap<String, i64>, DbError> {
        let names = match self.inner {
            Inner::Sqlite(_) => "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
            Inner::Postgres(_) => "select tablename::text as name from pg_tables where schemaname = current_schema()",
        };
        let mut counts = std::collections::BTreeMap::new();
        for row in self.fetch_all(names, vec![]).await? {
            let name = row.text("name")?;
            let count = self.fetch_int(super::assembled(format!("select count(*) from \"{name}\"")), vec![]).await?;
            counts.insert(name, count);
        }
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_the_address() {
        let table = [
            ("postgres://u:p%40ss%3a@db:5432/k?sslmode=require", "postgres://u@db:5432/k?sslmode=require", Some("p@ss:")),
            ("postgres://u@db/k", "postgres://u@db/k", None),
            ("postgres://db/k?options=a:b@c", "postgres://db/k?options=a:b@c", None),
            ("postgres:///k", "postgres:///k", None),
            ("postgres://u:50%@db/k", "postgres://u@db/k", Some("50%")),
        ];
        for (url, address, password) in table {
            assert_eq!(without_password(url), (address.to_owned(), password.map(str::to_owned)), "{url}");
        }
    }
}
