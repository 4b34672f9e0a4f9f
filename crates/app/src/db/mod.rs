//! Records: one SQL text over SQLite and Postgres.
//!
//! * Every access is a [`Tx`]: [`Db::read`] sees a consistent state, [`Db::begin`] may write.
//! * SQLite has one writer connection (`BEGIN IMMEDIATE`) and many readers; Postgres one pool.
//! * Times are integer milliseconds UTC, ids text, booleans 0/1, JSON text, in both engines.
//! * Nothing outside this folder knows which engine it talks to. Why a thin layer: docs/decisions/0001.

mod copies;
mod indexes;
mod migrate;
mod row;
mod value;

pub use copies::{CopyError, POSTGRES, SQLITE};
pub use indexes::PutAside;
pub use row::{Row, RowError};
pub use value::Value;
pub(crate) use value::args;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Postgres, SqlSafeStr, Sqlite, Transaction};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{path::Path, str::FromStr, time::Duration};

/// Pages of the file that SQLite's writer keeps in memory at most; its own 2 MiB make it read the same index pages again and again
/// as soon as a table has a million rows. Not more: what is sorted may take as much again, and 64 MiB made a large import take 368 MiB.
const WRITER_CACHE_KIB: u32 = 8 << 10;
/// The same for each of the readers, which the system's page cache helps too.
const READER_CACHE_KIB: u32 = 4 << 10;

/// A record store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The driver or the engine refused.
    #[error("database: {0}")]
    Driver(#[from] sqlx::Error),
    /// A row did not have the shape the code expects.
    #[error("database row: {0}")]
    Row(#[from] RowError),
    /// A migration is missing, changed or failed.
    #[error("migration {name}: {reason}")]
    Migration {
        /// File name without its ending.
        name: String,
        /// What is wrong, for the person who starts the server.
        reason: String,
    },
}

impl DbError {
    /// A unique index or primary key refused the row: somebody else was first.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Driver(sqlx::Error::Database(e)) if e.is_unique_violation())
    }

    /// Other rows still refer to the row that was to go.
    pub fn is_in_use(&self) -> bool {
        matches!(self, Self::Driver(sqlx::Error::Database(e)) if e.is_foreign_key_violation())
    }
}

/// `$first, $first+1, …` for a list of `n` bound values, as `in (…)` wants it.
pub fn places(first: usize, n: usize) -> String {
    (first..first + n).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ")
}

/// `($1, $2), ($3, $4)`: `rows` tuples of `width` places, numbered from `from`.
pub fn tuples(from: usize, rows: usize, width: usize) -> String {
    (0..rows).map(|row| format!("({})", places(from + row * width, width))).collect::<Vec<_>>().join(", ")
}

/// Marks SQL put together from constants of this code base as safe. Never pass a reader's text: bind it.
pub fn assembled(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}

/// The open database.
#[derive(Debug, Clone)]
pub struct Db {
    pools: Pools,
    statements: Arc<AtomicU64>,
}

#[derive(Debug, Clone)]
enum Pools {
    /// A file in the data folder.
    Sqlite {
        /// Many read-only connections.
        reader: SqlitePool,
        /// The one connection that writes.
        writer: SqlitePool,
    },
    /// A Postgres server.
    Postgres(PgPool),
}

impl Db {
    fn over(pools: Pools) -> Self {
        Self { pools, statements: Arc::default() }
    }

    /// How many statements ran so far: a test compares it before and after, so that a list cannot ask once a row.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// `sqlite` or `postgres`, for people who look after it.
    pub fn engine(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres(_) => "postgres",
        }
    }

    fn tx(&self, inner: Inner) -> Tx {
        Tx { inner, statements: self.statements.clone() }
    }

    /// Opens (and creates) the SQLite file at `path`.
    pub async fn sqlite(path: &Path) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .optimize_on_close(true, None);
        let cached = |kib: u32| options.clone().pragma("cache_size", format!("-{kib}"));
        let one = SqlitePoolOptions::new().max_connections(1).acquire_timeout(Duration::from_mins(1));
        let writer = one.connect_with(cached(WRITER_CACHE_KIB)).await?;
        let reader = SqlitePoolOptions::new().max_connections(8).connect_with(cached(READER_CACHE_KIB).read_only(true)).await?;
        Ok(Self::over(Pools::Sqlite { reader, writer }))
    }

    /// Opens the SQLite file at `path`, which nobody writes, without leaving a trace beside it: for backups.
    pub async fn sqlite_copy(path: &Path) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
        let reader = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        Ok(Self::over(Pools::Sqlite { writer: reader.clone(), reader }))
    }

    /// Connects to the Postgres server at `url`.
    pub async fn postgres(url: &str) -> Result<Self, DbError> {
        let options = PgConnectOptions::from_str(url)?.log_slow_statements(tracing::log::LevelFilter::Warn, Duration::from_secs(5));
        let pool = PgPoolOptions::new().max_connections(20).acquire_timeout(Duration::from_mins(1)).connect_with(options).await?;
        Ok(Self::over(Pools::Postgres(pool)))
    }

    /// A transaction that only reads and sees one consistent state.
    pub async fn read(&self) -> Result<Tx, DbError> {
        Ok(self.tx(match &self.pools {
            Pools::Sqlite { reader, .. } => Inner::Sqlite(reader.begin().await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin_with("begin isolation level repeatable read read only").await?),
        }))
    }

    /// A transaction that may write. Dropping it without [`Tx::commit`] changes nothing.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Ok(self.tx(match &self.pools {
            Pools::Sqlite { writer, .. } => Inner::Sqlite(writer.begin_with("begin immediate").await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        }))
    }

    /// Brings the tables up to this program's version; refuses a database whose applied text differs.
    pub async fn migrate(&self) -> Result<(), DbError> {
        migrate::run(self).await
    }

    /// Waits for running statements and closes every connection.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { reader, writer } => {
                reader.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// An open transaction.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
    statements: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Runs one statement; the number of rows it touched.
    pub async fn execute(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<u64, DbError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => value::bind_sqlite(sql, args).execute(&mut **tx).await?.rows_affected(),
            Inner::Postgres(tx) => value::bind_postgres(sql, args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// All rows of a query: give it a `limit` unless the set is small by its nature.
    pub async fn fetch_all(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Vec<Row>, DbError> {
        self.fetch_each(sql, args, Ok).await
    }

    /// What `take` makes of each row: for large results, whose rows are larger than what is wanted of them.
    pub async fn fetch_each<T>(
        &mut self,
        sql: impl SqlSafeStr,
        args: Vec<Value>,
        mut take: impl FnMut(Row) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let (mut names, mut taken) = (None, Vec::new());
        match &mut self.inner {
            Inner::Sqlite(tx) => {
                let mut rows = value::bind_sqlite(sql, args).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await? {
                    taken.push(take(row::from_sqlite(&row, &mut names)?)?);
                }
            }
            Inner::Postgres(tx) => {
                let mut rows = value::bind_postgres(sql, args).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await? {
                    taken.push(take(row::from_postgres(&row, &mut names)?)?);
                }
            }
        }
        Ok(taken)
    }

    /// The first row, if any.
    pub async fn fetch_optional(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Option<Row>, DbError> {
        Ok(self.fetch_all(sql, args).await?.into_iter().next())
    }

    /// The one integer of a query such as `select count(*)`; zero when there is no row or it is null.
    pub async fn fetch_int(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<i64, DbError> {
        Ok(self.fetch_optional(sql, args).await?.and_then(|row| row.first_int()).unwrap_or(0))
    }

    /// Several statements without arguments, for migrations.
    async fn execute_script(&mut self, sql: impl SqlSafeStr) -> Result<(), DbError> {
        match &mut self.inner {
            Inner::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
            Inner::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }

    /// ` for update` where the engine needs it to lock a row read before it is written; nothing on SQLite,
    /// whose writer is alone anyway.
    pub fn for_update(&self) -> &'static str {
        match self.inner {
            Inner::Sqlite(_) => "",
            Inner::Postgres(_) => " for update",
        }
    }

    /// ` for update skip locked` where several nodes take work from one table.
    pub fn skip_locked(&self) -> &'static str {
        match self.inner {
            Inner::Sqlite(_) => "",
            Inner::Postgres(_) => " for update skip locked",
        }
    }

    /// Lets nobody else write to `table` until the end of this transaction; waits for those who are writing.
    pub async fn lock_table(&mut self, table: &'static str) -> Result<(), DbError> {
        match self.inner {
            // The writer of SQLite is alone anyway.
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(_) => {
                self.execute(assembled(format!("lock table {table} in share row exclusive mode")), vec![]).await.map(drop)
            }
        }
    }

    /// Makes everything durable at once.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
