//! What can be bound to a statement: integers, text and bytes, each possibly null.

use kernel::{Id, Identified, Timestamp};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr, Sqlite};

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

/// From so many values on, places are numbered by their order: SQLite looks each name up among all others, so that a statement of
/// 14,000 named places takes it a quarter of a second, and 3 ms without names.
const MANY: usize = 100;

pub(super) fn bind_sqlite(sql: impl SqlSafeStr, args: Vec<Value>) -> Query<'static, Sqlite, SqliteArguments> {
    let sql = sql.into_sql_str();
    let (query, args) = if args.len() < MANY {
        (sqlx::query(sql), args)
    } else {
        let (sql, args) = in_order(sql.as_str(), &args);
        (sqlx::query(AssertSqlSafe(sql)), args)
    };
    args.into_iter().fold(query, |query, value| match value {
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

/// The same statement with `?` for each `$n`, and its values in the order in which they stand; what is quoted stays.
fn in_order(sql: &str, args: &[Value]) -> (String, Vec<Value>) {
    let (mut text, mut values) = (String::with_capacity(sql.len()), Vec::with_capacity(args.len()));
    for (n, part) in sql.split('\'').enumerate() {
        if n > 0 {
            text.push('\'');
        }
        if n % 2 == 1 {
            text.push_str(part);
            continue;
        }
        let mut pieces = part.split('$');
        text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let value = piece[..digits].parse().ok().and_then(|n: usize| args.get(n.checked_sub(1)?));
            text.push(if value.is_some() { '?' } else { '$' });
            text.push_str(&piece[if value.is_some() { digits } else { 0 }..]);
            values.extend(value.cloned());
        }
    }
    (text, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stand_in_their_order_and_quoted_ones_stay() {
        let args = [Value::from(1), Value::from("b"), Value::from(3)];
        let table = [
            ("values ($1, $2, $3)", "values (?, ?, ?)", vec![0, 1, 2]),
            ("a in ($2, $3) and b = $1 and c > $1", "a in (?, ?) and b = ? and c > ?", vec![1, 2, 0, 0]),
            ("'$1' || $2 || 'it''s $3' || '$'", "'$1' || ? || 'it''s $3' || '$'", vec![1]),
            ("$9 $0 $", "$9 $0 $", vec![]),
            ("'秋$1' = $3", "'秋$1' = ?", vec![2]),
        ];
        for (sql, wanted, order) in table {
            let (text, values) = in_order(sql, &args);
            assert_eq!((text.as_str(), values), (wanted, order.iter().map(|n: &usize| args[*n].clone()).collect()), "{sql}");
        }
    }
}
