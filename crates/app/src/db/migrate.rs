//! Applies the migrations that the binary carries, in order of their names, each in a transaction of its own.

use super::{Db, DbError, Pools, args};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "migrations"]
struct Files;

pub(super) async fn run(db: &Db) -> Result<(), DbError> {
    let folder = match db.pools {
        Pools::Sqlite { .. } => "sqlite/",
        Pools::Postgres(_) => "postgres/",
    };
    let mut tx = db.begin().await?;
    if let Pools::Postgres(_) = db.pools {
        // Two nodes may start at once; the second waits here and then finds nothing to do.
        tx.execute("select pg_advisory_xact_lock(4201)", vec![]).await?;
    }
    tx.execute_script("create table if not exists migration (name text primary key, hash text not null)").await?;
    let mut names: Vec<_> = Files::iter().filter(|name| name.starts_with(folder)).collect();
    names.sort();
    for path in names {
        apply(&mut tx, &path, folder).await?;
    }
    tx.commit().await
}

async fn apply(tx: &mut super::Tx, path: &str, folder: &str) -> Result<(), DbError> {
    let name = path.trim_start_matches(folder).trim_end_matches(".sql");
    let failed = |reason: String| DbError::Migration { name: name.to_owned(), reason };
    let file = Files::get(path).ok_or_else(|| failed("not in the binary".into()))?;
    let hash = crate::hex::hex(&Sha256::digest(&file.data));
    let applied = tx.fetch_optional("select hash from migration where name = $1", args![name]).await?;
    if let Some(row) = applied {
        let same = row.text("hash")? == hash;
        return if same { Ok(()) } else { Err(failed("its text changed after it was applied".into())) };
    }
    let text = String::from_utf8(file.data.into_owned()).map_err(|e| failed(e.to_string()))?;
    tx.execute_script(sqlx::AssertSqlSafe(text)).await.map_err(|e| failed(e.to_string()))?;
    tx.execute("insert into migration (name, hash) values ($1, $2)", args![name, hash]).await?;
    Ok(())
}
