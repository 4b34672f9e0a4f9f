//! What stands in the fields of a page's forms: stored, or typed and refused, then with what is wrong beside it.

use super::{Fault, in_words};
use crate::i18n::Texts;
use crate::problem::Problem;
use axum::http::StatusCode;
use std::collections::BTreeMap;

/// The values of a page's fields, by name, with what is wrong with them.
#[derive(Debug, Clone, Default)]
pub struct Form {
    values: BTreeMap<String, Vec<String>>,
    faults: Vec<Fault>,
}

impl Form {
    /// What a browser sent.
    pub fn sent(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.values.entry(name).or_default().push(value);
        }
        form
    }

    /// Fills a field.
    pub fn set(&mut self, name: impl Into<String>, value: impl std::fmt::Display) {
        self.values.insert(name.into(), vec![value.to_string()]);
    }

    /// Fills a field that has several values.
    pub fn set_all(&mut self, name: impl Into<String>, values: Vec<String>) {
        self.values.insert(name.into(), values);
    }

    /// Puts what was sent for the section `prefix` over what is stored, with its faults.
    pub fn overlay(&mut self, prefix: &str, sent: Self, faults: Vec<Fault>) {
        self.values.retain(|name, _| !name.starts_with(prefix));
        self.values.extend(sent.values);
        self.faults = faults.into_iter().map(|f| Fault { field: format!("{prefix}{}", f.field), ..f }).collect();
    }

    /// The value of a field; empty when it has none.
    pub fn v(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// Whether a choice or tick box holds `value`.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|values| values.iter().any(|v| v == value))
    }

    /// What is wrong with a field, in words; empty when nothing is.
    pub fn fault(&self, name: &str) -> &str {
        self.faults.iter().find(|f| f.field == name).map_or("", |f| f.text.as_str())
    }

    /// Everything that is wrong.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.values.get(name).cloned().unwrap_or_default()
    }

    /// Puts what was typed into the section `prefix` over what is stored, with what is wrong with it; the problem in words.
    pub fn typed(&mut self, prefix: &str, values: &[(&str, &str)], texts: &Texts, problem: &Problem) -> String {
        let mut sent = Self::default();
        for (name, value) in values {
            sent.set(format!("{prefix}{name}"), value);
        }
        let (error, faults) = in_words(texts, problem);
        self.overlay(prefix, sent, faults);
        error
    }
}

/// Whether a refusal is told beside the form that was sent: what was typed can be mended and sent again. Somebody else's change must be
/// read first.
pub fn is_mendable(problem: &Problem) -> bool {
    matches!(problem.status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT) && problem.code != "moved-meanwhile"
}
