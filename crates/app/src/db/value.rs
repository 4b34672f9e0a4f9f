//! What can be bound to a statement: integers, text and bytes, each possibly null.

use kernel::{Id, Identified, Timestamp};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Postgres, SqlSafeStr, Sqlite};

/// One bound value. Null has a type because Postgres wants to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Integers, booleans and instants.
    Int(Option<i64>),
    /// Text, ids and JSON.
    Text(Option<String>),
    /// Hashes and other bytes.
    Bytes(Option<Vec<u8>>),
}

/// The arguments of one statement, in the order of `$1`, `$2`, ….
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}
pub(crate) use args;

macro_rules! from_integer {
    ($($t:ty),*) => {$(
        impl From<$t> for Value { fn from(v: $t) -> Self { Self::Int(Some(i64::from(v))) } }
        impl From<Option<$t>> for Value { fn from(v: Option<$t>) -> Self { Self::Int(v.map(i64::from)) } }
    )*};
}
from_integer!(i64, i32, u32, u16, u8, bool);

impl From<usize> for Value {
    /// Larger numbers than a column can hold become its maximum.
    fn from(v: usize) -> Self {
        Self::Int(Some(i64::try_from(v).unwrap_or(i64::MAX)))
    }
}
impl From<u64> for Value {
    /// Larger numbers than a column can hold become its maximum.
    fn from(v: u64) -> Self {
        Self::Int(Some(i64::try_from(v).unwrap_or(i64::MAX)))
    }
}
impl From<Timestamp> for Value {
    fn from(v: Timestamp) -> Self {
        Self::Int(Some(v.0))
    }
}
impl From<Option<Timestamp>> for Value {
    fn from(v: Option<Timestamp>) -> Self {
        Self::Int(v.map(|t| t.0))
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Self::Text(Some(v.to_owned()))
    }
}
impl From<Option<&str>> for Value {
    fn from(v: Option<&str>) -> Self {
        Self::Text(v.map(str::to_owned))
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Self::Text(Some(v))
    }
}
impl From<&String> for Value {
    fn from(v: &String) -> Self {
        Self::Text(Some(v.clone()))
    }
}
impl From<Option<String>> for Value {
    fn from(v: Option<String>) -> Self {
        Self::Text(v)
    }
}
impl From<&serde_json::Value> for Value {
    fn from(v: &serde_json::Value) -> Self {
        Self::Text(Some(v.to_string()))
    }
}
impl From<&[u8]> for Value {
    fn from(v: &[u8]) -> Self {
        Self::Bytes(Some(v.to_vec()))
    }
}
impl From<[u8; 32]> for Value {
    fn from(v: [u8; 32]) -> Self {
        Self::Bytes(Some(v.to_vec()))
    }
}
impl From<Vec<u8>> for Value {
    fn from(v: Vec<u8>) -> Self {
        Self::Bytes(Some(v))
    }
}
impl<T: Identified> From<Id<T>> for Value {
    fn from(v: Id<T>) -> Self {
        Self::Text(Some(v.to_string()))
    }
}
impl<T: Identified> From<Option<Id<T>>> for Value {
    fn from(v: Option<Id<T>>) -> Self {
        Self::Text(v.map(|id| id.to_string()))
    }
}

pub(super) fn bind_sqlite(sql: impl SqlSafeStr, args: Vec<Value>) -> Query<'static, Sqlite, SqliteArguments> {
    args.into_iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Int(v) => query.bind(v),
        Value::Text(v) => query.bind(v),
        Value::Bytes(v) => query.bind(v),
    })
}

pub(super) fn bind_postgres(sql: impl SqlSafeStr, args: Vec<Value>) -> Query<'static, Postgres, PgArguments> {
    args.into_iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Int(v) => query.bind(v),
        Value::Text(v) => query.bind(v),
        Value::Bytes(v) => query.bind(v),
    })
}
