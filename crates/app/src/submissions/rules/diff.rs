//! What a new revision changed, field by field and file by file.

use crate::submissions::{FileSeen, Revision};
use serde::Serialize;
use serde_json::Value;

/// A field with another value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldChange {
    /// Name of the field.
    pub field: String,
    /// What was there; null when nothing.
    #[schema(value_type = Object)]
    pub before: Value,
    /// What is there now; null when nothing.
    #[schema(value_type = Object)]
    pub after: Value,
}

/// A file that came, went or was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FileChange {
    /// What it is for.
    pub slot: String,
    /// Which version of the recording.
    pub variant: String,
    /// The file that went.
    pub before: Option<FileSeen>,
    /// The file that came.
    pub after: Option<FileSeen>,
}

/// Everything that differs between two revisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Difference {
    /// Number of the older revision.
    pub from: i64,
    /// Number of the newer one.
    pub to: i64,
    /// In the order of their names.
    pub fields: Vec<FieldChange>,
    /// By slot and version.
    pub files: Vec<FileChange>,
}

/// What `after` changed against `before`.
pub fn diff(before: &Revision, after: &Revision) -> Difference {
    Difference {
        from: before.number,
        to: after.number,
        fields: fields(&before.answers, &after.answers),
        files: files(&before.files, &after.files),
    }
}

fn fields(before: &Value, after: &Value) -> Vec<FieldChange> {
    let names = |v: &Value| v.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let mut all = names(before);
    all.extend(names(after));
    all.sort();
    all.dedup();
    let changed = all.into_iter().filter(|name| before.get(name) != after.get(name));
    let of = |v: &Value, name: &str| v.get(name).cloned().unwrap_or(Value::Null);
    changed.map(|field| FieldChange { before: of(before, &field), after: of(after, &field), field }).collect()
}

/// The same bytes in the same place are the same file, whatever it is called; what is left is paired in order within its place.
fn files(before: &[FileSeen], after: &[FileSeen]) -> Vec<FileChange> {
    let mut came: Vec<&FileSeen> = after.iter().collect();
    let mut went = Vec::new();
    for old in before {
        match came.iter().position(|new| (&new.slot, &new.variant, &new.sha256) == (&old.slot, &old.variant, &old.sha256)) {
            Some(same) => drop(came.remove(same)),
            None => went.push(old),
        }
    }
    let mut changes: Vec<FileChange> = went
        .into_iter()
        .map(|old| {
            let pair = came.iter().position(|new| (&new.slot, &new.variant) == (&old.slot, &old.variant));
            let new = pair.map(|at| came.remove(at).clone());
            FileChange { slot: old.slot.clone(), variant: old.variant.clone(), before: Some(old.clone()), after: new }
        })
        .collect();
    changes.extend(came.into_iter().map(|new| FileChange {
        slot: new.slot.clone(),
        variant: new.variant.clone(),
        before: None,
        after: Some(new.clone()),
    }));
    changes.sort_by(|a, b| (&a.slot, &a.variant).cmp(&(&b.slot, &b.variant)));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Id, Timestamp};
    use serde_json::json;

    fn revision(number: i64, answers: Value, files: &[(&str, &str, &str)]) -> Revision {
        let file = |(slot, filename, sha256): &(&str, &str, &str)| FileSeen {
            material: Id::from_u128(1),
            slot: (*slot).into(),
            variant: "field".into(),
            filename: (*filename).into(),
            bytes: 1,
            sha256: (*sha256).into(),
            sent_sha256: None,
        };
        Revision {
            number,
            answers,
            files: files.iter().map(file).collect(),
            consents: vec![],
            receipt: String::new(),
            created_by: Id::from_u128(1),
            created_at: Timestamp(0),
        }
    }

    #[test]
    fn fields_that_differ_are_named_with_both_values() {
        let old = revision(1, json!({ "title": "a", "topic": "law", "audience": null }), &[]);
        let new = revision(2, json!({ "title": "b", "topic": "law", "audience": 40 }), &[]);
        let found = diff(&old, &new);
        assert_eq!((found.from, found.to, found.files.len()), (1, 2, 0));
        let names: Vec<_> = found.fields.iter().map(|c| (c.field.as_str(), &c.before, &c.after)).collect();
        assert_eq!(names, vec![("audience", &json!(null), &json!(40)), ("title", &json!("a"), &json!("b"))]);
    }

    #[test]
    fn files_are_compared_by_their_bytes() {
        let old = revision(1, json!({}), &[("video", "a.mp4", "11"), ("photos", "p.jpg", "33"), ("slides", "s.pdf", "44")]);
        let new = revision(2, json!({}), &[("video", "b.mp4", "22"), ("photos", "renamed.jpg", "33"), ("script", "s.docx", "55")]);
        let table: Vec<_> =
            diff(&old, &new).files.into_iter().map(|c| (c.slot, c.before.map(|f| f.sha256), c.after.map(|f| f.sha256))).collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            table,
            vec![("script".into(), None, some("55")), ("slides".into(), some("44"), None), ("video".into(), some("11"), some("22")),]
        );
    }

    #[test]
    fn nothing_changed_is_nothing() {
        let one = revision(1, json!({ "title": "a" }), &[("video", "a.mp4", "11")]);
        let found = diff(&one, &one);
        assert!(found.fields.is_empty() && found.files.is_empty());
    }
}
