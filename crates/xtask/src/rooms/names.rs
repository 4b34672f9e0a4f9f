//! What a name means in a module: how `super::x`, `store::y` and names brought in by `use` become whole paths.

use std::collections::BTreeMap;

use super::scan::Named;

/// Names brought into modules by `use` or `mod`, and what they mean.
#[derive(Default)]
pub struct Names(BTreeMap<(Vec<String>, String), Vec<String>>);

impl Names {
    /// From now on `name` means `path` in `module`.
    pub fn bring(&mut self, module: &[String], name: String, path: Vec<String>) {
        self.0.insert((module.to_vec(), name), path);
    }

    /// `named`, written in `module`, as a path that begins with `crate` or a library.
    pub fn absolute(&self, module: &[String], named: &Named) -> Named {
        let mut module = module.to_vec();
        let mut segments = named.segments.clone();
        // A name may stand for a path that begins with another name; ten steps are more than anyone writes.
        for _ in 0..10 {
            let Some(first) = segments.first().cloned() else { break };
            match first.as_str() {
                "crate" => break,
                "self" => drop(segments.splice(..1, module.iter().cloned())),
                "super" => {
                    module.pop();
                    segments.remove(0);
                    if segments.first().is_none_or(|next| next != "super") {
                        segments.splice(..0, module.iter().cloned());
                    }
                }
                _ => match self.0.get(&(module.clone(), first.clone())) {
                    Some(meaning) if meaning.first() != Some(&first) => drop(segments.splice(..1, meaning.iter().cloned())),
                    _ => break,
                },
            }
        }
        Named { segments, line: named.line }
    }
}
