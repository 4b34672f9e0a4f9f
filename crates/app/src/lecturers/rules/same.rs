//! Whether two rows may be one person.

use crate::lecturers::Lecturer;

/// A reason to ask whether two people of one name are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = SameBecause)]
pub enum Why {
    /// One organisation is above the other, or both have the same superior.
    Nearby,
    /// The same kind of lecturer.
    Kind,
    /// A topic that both have.
    Topic,
}

impl Why {
    /// The stable code; its words are `same-CODE`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nearby => "nearby",
            Self::Kind => "kind",
            Self::Topic => "topic",
        }
    }
}

/// A name as it is compared: without blanks and marks, narrow letters for wide ones, small for capital ones.
pub fn plain(name: &str) -> String {
    let narrow = |c: char| match c {
        // The wide forms of ASCII stand in its order.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    name.chars().map(narrow).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Why `a` and `b` may be one person; empty when nothing but perhaps the name is alike.
pub fn why(a: &Lecturer, b: &Lecturer, nearby: bool) -> Vec<Why> {
    if a.root == b.root || plain(&a.name) != plain(&b.name) {
        return Vec::new();
    }
    let shared = a.topics.iter().any(|topic| b.topics.contains(topic));
    let reasons = [(nearby, Why::Nearby), (a.kind == b.kind, Why::Kind), (shared, Why::Topic)];
    let found: Vec<_> = reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, why)| why).collect();
    // Far from each other, people of one name are many: the kind alone says too little, unless they also speak about the same.
    if nearby || found.len() == 2 { found } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_blanks_and_marks_make_no_other_name() {
        for (name, want) in [("李　桂芳", "李桂芳"), (" Ｌｉ Ｇuifang ", "liguifang"), ("阿依古丽·买买提", "阿依古丽买买提")]
        {
            assert_eq!(plain(name), want);
        }
    }
}
