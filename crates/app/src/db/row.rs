//! Rows as both engines give them: named integers, texts and bytes.

use super::{DbError, Value};
use kernel::{Id, Identified, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column, Row as _, TypeInfo, ValueRef};
use std::sync::Arc;

/// One row of a result.
#[derive(Debug, Clone)]
pub struct Row {
    names: Arc<[String]>,
    values: Vec<Value>,
}

/// A row lacks a column, or holds another type than the code expects: a fault of ours, never a reader's.
#[derive(Debug, thiserror::Error)]
#[error("column {column}: expected {expected}")]
pub struct RowError {
    /// The column asked for.
    pub column: String,
    /// What should have been there.
    pub expected: &'static str,
}

impl Row {
    fn get(&self, column: &str, expected: &'static str) -> Result<&Value, RowError> {
        let at = self.names.iter().position(|name| name == column);
        at.map(|i| &self.values[i]).ok_or_else(|| RowError { column: column.to_owned(), expected })
    }

    pub(super) fn first_int(&self) -> Option<i64> {
        match self.values.first() {
            Some(Value::Int(v)) => *v,
            _ => None,
        }
    }

    /// A nullable integer.
    pub fn opt_int(&self, column: &str) -> Result<Option<i64>, RowError> {
        match self.get(column, "an integer")? {
            Value::Int(v) => Ok(*v),
            Value::Text(None) | Value::Bytes(None) => Ok(None),
            _ => Err(RowError { column: column.to_owned(), expected: "an integer" }),
        }
    }

    /// An integer.
    pub fn int(&self, column: &str) -> Result<i64, RowError> {
        self.opt_int(column)?.ok_or_else(|| RowError { column: column.to_owned(), expected: "an integer, not null" })
    }

    /// A 0/1 column.
    pub fn bool(&self, column: &str) -> Result<bool, RowError> {
        Ok(self.int(column)? != 0)
    }

    /// An instant.
    pub fn time(&self, column: &str) -> Result<Timestamp, RowError> {
        Ok(Timestamp(self.int(column)?))
    }

    /// A nullable instant.
    pub fn opt_time(&self, column: &str) -> Result<Option<Timestamp>, RowError> {
        Ok(self.opt_int(column)?.map(Timestamp))
    }

    /// Nullable text.
    pub fn opt_text(&self, column: &str) -> Result<Option<String>, RowError> {
        match self.get(column, "text")? {
            Value::Text(v) => Ok(v.clone()),
            Value::Int(None) | Value::Bytes(None) => Ok(None),
            _ => Err(RowError { column: column.to_owned(), expected: "text" }),
        }
    }

    /// Text.
    pub fn text(&self, column: &str) -> Result<String, RowError> {
        self.opt_text(column)?.ok_or_else(|| RowError { column: column.to_owned(), expected: "text, not null" })
    }

    /// Bytes.
    pub fn bytes(&self, column: &str) -> Result<Vec<u8>, RowError> {
        match self.get(column, "bytes")? {
            Value::Bytes(Some(v)) => Ok(v.clone()),
            _ => Err(RowError { column: column.to_owned(), expected: "bytes" }),
        }
    }

    /// An id.
    pub fn id<T: Identified>(&self, column: &str) -> Result<Id<T>, RowError> {
        self.text(column)?.parse().map_err(|_| RowError { column: column.to_owned(), expected: "an id" })
    }

    /// A nullable id.
    pub fn opt_id<T: Identified>(&self, column: &str) -> Result<Option<Id<T>>, RowError> {
        let parse = |text: String| text.parse().map_err(|_| RowError { column: column.to_owned(), expected: "an id" });
        self.opt_text(column)?.map(parse).transpose()
    }

    /// Something kept as its short code, such as a state.
    pub fn code<T>(&self, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, RowError> {
        read(&self.text(column)?).ok_or_else(|| RowError { column: column.to_owned(), expected: "a known code" })
    }

    /// JSON kept as text.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T, RowError> {
        serde_json::from_str(&self.text(column)?).map_err(|_| RowError { column: column.to_owned(), expected: "JSON of the known shape" })
    }
}

/// The names of a result's columns, made once for all its rows.
type Names = Option<Arc<[String]>>;

fn names<R: sqlx::Row>(row: &R, known: &mut Names) -> Arc<[String]> {
    known.get_or_insert_with(|| row.columns().iter().map(|c| c.name().to_owned()).collect()).clone()
}

pub(super) fn from_sqlite(row: &SqliteRow, known: &mut Names) -> Result<Row, DbError> {
    let names = names(row, known);
    let values = (0..names.len()).map(|i| sqlite_value(row, i)).collect::<Result<_, DbError>>()?;
    Ok(Row { names, values })
}

fn sqlite_value(row: &SqliteRow, i: usize) -> Result<Value, DbError> {
    let kind = row.try_get_raw(i)?.type_info().name().to_owned();
    Ok(match kind.as_str() {
        "NULL" => Value::Text(None),
        "TEXT" => Value::Text(row.try_get(i)?),
        "BLOB" => Value::Bytes(row.try_get(i)?),
        _ => Value::Int(row.try_get(i)?),
    })
}

pub(super) fn from_postgres(row: &PgRow, known: &mut Names) -> Result<Row, DbError> {
    let names = names(row, known);
    let values = (0..names.len()).map(|i| postgres_value(row, i)).collect::<Result<_, DbError>>()?;
    Ok(Row { names, values })
}

fn postgres_value(row: &PgRow, i: usize) -> Result<Value, DbError> {
    let raw = row.try_get_raw(i)?;
    if raw.is_null() {
        return Ok(Value::Text(None));
    }
    let kind = raw.type_info().name().to_owned();
    Ok(match kind.as_str() {
        "INT8" => Value::Int(row.try_get(i)?),
        "INT4" => Value::Int(Some(i64::from(row.try_get::<i32, _>(i)?))),
        "BOOL" => Value::Int(Some(i64::from(row.try_get::<bool, _>(i)?))),
        "BYTEA" => Value::Bytes(row.try_get(i)?),
        _ => Value::Text(row.try_get(i)?),
    })
}
