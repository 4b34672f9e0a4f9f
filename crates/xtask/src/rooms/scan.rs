//! Reads one Rust source as tokens: which paths it names, which functions and string literals it holds.
//!
//! Tokens rather than a syntax tree, because paths and SQL also stand inside macro calls, where a tree ends.
//! Left out: everything under `#[cfg(test)]`, since tests may reach into any room.

use std::str::FromStr;

use anyhow::anyhow;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::names::Names;

/// A path as written, made absolute where it points into the same crate (`crate::…`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `["crate", "lessons", "store"]` or `["axum", "Router"]`.
    pub segments: Vec<String>,
    pub line: usize,
}

/// A function and its length in lines, from `fn` to the closing brace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

/// What one source file holds.
#[derive(Debug, Default)]
pub struct Source {
    pub paths: Vec<Named>,
    pub functions: Vec<Function>,
    /// Text of string literals, escapes untouched, and the line each begins on.
    pub literals: Vec<(String, usize)>,
}

/// Reads `text`, the source of module `module` (`["crate", "lessons", "store"]`).
///
/// # Errors
///
/// When `text` is not a sequence of Rust tokens.
pub fn read(text: &str, module: &[String]) -> anyhow::Result<Source> {
    let stream = TokenStream::from_str(text).map_err(|e| anyhow!("line {}: {e}", e.span().start().line))?;
    let mut scan = Scan::default();
    scan.tokens(stream, module);
    Ok(scan.finish())
}

/// A path with the module it was written in.
struct Written {
    module: Vec<String>,
    named: Named,
}

#[derive(Default)]
struct Scan {
    source: Source,
    written: Vec<Written>,
    names: Names,
}

impl Scan {
    fn tokens(&mut self, stream: TokenStream, module: &[String]) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = self.one(&tokens, at, module);
        }
    }

    /// Takes in what begins at `at`; returns where the next thing begins.
    fn one(&mut self, tokens: &[TokenTree], at: usize, module: &[String]) -> usize {
        match &tokens[at] {
            TokenTree::Punct(p) if p.as_char() == '#' => self.attribute(tokens, at, module),
            TokenTree::Punct(_) => at + 1,
            TokenTree::Group(group) => {
                self.tokens(group.stream(), module);
                at + 1
            }
            TokenTree::Literal(literal) => {
                if let Some(text) = string_text(&literal.to_string()) {
                    self.source.literals.push((text, literal.span().start().line));
                }
                at + 1
            }
            TokenTree::Ident(word) => match word.to_string().as_str() {
                // `use<'a>` in a type says which lifetimes it keeps; it imports nothing.
                "use" if !is_punct(tokens.get(at + 1), '<') => self.use_line(tokens, at + 1, module),
                "mod" => self.module(tokens, at + 1, module),
                "fn" => {
                    self.function(tokens, at);
                    at + 1
                }
                _ => self.path(tokens, at, module),
            },
        }
    }

    /// `#[…]` or `#![…]`. After `#[cfg(test)]` the item that follows is skipped.
    fn attribute(&mut self, tokens: &[TokenTree], at: usize, module: &[String]) -> usize {
        let bang = usize::from(is_punct(tokens.get(at + 1), '!'));
        let Some(TokenTree::Group(group)) = tokens.get(at + 1 + bang) else { return at + 1 };
        let after = at + 2 + bang;
        let first = group.stream().into_iter().next().map(|t| t.to_string());
        if first.as_deref() == Some("doc") {
            return after;
        }
        if is_test_only(group) {
            return tokens[after..].iter().position(ends_item).map_or(tokens.len(), |end| after + end + 1);
        }
        self.tokens(group.stream(), module);
        after
    }

    fn use_line(&mut self, tokens: &[TokenTree], from: usize, module: &[String]) -> usize {
        let end = tokens[from..].iter().position(|t| is_punct(Some(t), ';')).map_or(tokens.len(), |n| from + n);
        self.use_tree(&tokens[from..end], &[], module);
        end + 1
    }

    /// One tree of a `use`: `a::b`, `a::{b, c as d}`, `a::*`.
    fn use_tree(&mut self, tokens: &[TokenTree], prefix: &[String], module: &[String]) {
        let mut segments = prefix.to_vec();
        let mut line = None;
        let mut alias = None;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            line = line.or(Some(token.span().start().line));
            match token {
                TokenTree::Ident(word) if word == "as" => {
                    alias = tokens.get(at + 1).map(ToString::to_string);
                    break;
                }
                TokenTree::Ident(word) => segments.push(word.to_string()),
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for branch in inner.split(|t| is_punct(Some(t), ',')).filter(|b| !b.is_empty()) {
                        self.use_tree(branch, &segments, module);
                    }
                    return;
                }
                _ => {}
            }
            at += 1;
        }
        if segments.len() > prefix.len() && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        let name = alias.or_else(|| segments.last().cloned()).unwrap_or_default();
        self.names.bring(module, name, segments.clone());
        let named = Named { segments, line: line.unwrap_or(0) };
        self.written.push(Written { module: module.to_vec(), named });
    }

    /// `mod name;` makes `name` known here; `mod name { … }` is read as a module of its own.
    fn module(&mut self, tokens: &[TokenTree], at: usize, module: &[String]) -> usize {
        let Some(TokenTree::Ident(name)) = tokens.get(at) else { return at };
        let mut inner = module.to_vec();
        inner.push(name.to_string());
        self.names.bring(module, name.to_string(), inner.clone());
        if let Some(TokenTree::Group(body)) = tokens.get(at + 1) {
            self.tokens(body.stream(), &inner);
        }
        at + 2
    }

    fn function(&mut self, tokens: &[TokenTree], at: usize) {
        let Some(TokenTree::Ident(name)) = tokens.get(at + 1) else { return };
        let body = tokens[at..].iter().find(|t| ends_item(t));
        if let Some(TokenTree::Group(body)) = body {
            let line = tokens[at].span().start().line;
            let lines = body.span_close().end().line - line + 1;
            self.source.functions.push(Function { name: name.to_string(), line, lines });
        }
    }

    /// A word, or a path `a::b::c` that begins with it. A lone word names nothing outside its module.
    fn path(&mut self, tokens: &[TokenTree], at: usize, module: &[String]) -> usize {
        let mut segments = vec![tokens[at].to_string()];
        let mut next = at + 1;
        while is_punct(tokens.get(next), ':') && is_punct(tokens.get(next + 1), ':') {
            let Some(TokenTree::Ident(word)) = tokens.get(next + 2) else { break };
            segments.push(word.to_string());
            next += 3;
        }
        let of_a_type = at >= 3 && is_punct(tokens.get(at - 1), ':') && is_punct(tokens.get(at - 3), '>');
        if segments.len() > 1 && !of_a_type {
            let named = Named { segments, line: tokens[at].span().start().line };
            self.written.push(Written { module: module.to_vec(), named });
        }
        next
    }

    fn finish(mut self) -> Source {
        self.source.paths = self.written.iter().map(|w| self.names.absolute(&w.module, &w.named)).collect();
        self.source
    }
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == wanted)
}

fn ends_item(token: &TokenTree) -> bool {
    is_punct(Some(token), ';') || matches!(token, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace)
}

fn is_test_only(attribute: &Group) -> bool {
    let text: String = attribute.stream().to_string().split_whitespace().collect();
    text == "cfg(test)" || (text.starts_with("cfg(any(") && text.contains("test"))
}

/// The text between the quotes of a string literal; `None` for numbers, characters and bytes.
fn string_text(literal: &str) -> Option<String> {
    let start = literal.find('"')?;
    let hashes = literal[..start].strip_prefix('r').map_or(0, str::len);
    if start > 0 && !literal.starts_with('r') {
        return None;
    }
    literal.get(start + 1..literal.len().checked_sub(1 + hashes)?).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(path: &str) -> Vec<String> {
        path.split("::").map(str::to_owned).collect()
    }

    fn paths(text: &str, at: &str) -> Vec<(String, usize)> {
        let source = read(text, &module(at)).expect("the sample is Rust");
        source.paths.iter().map(|p| (p.segments.join("::"), p.line)).collect()
    }

    #[test]
    fn a_use_tree_becomes_whole_paths() {
        let found = paths("use crate::{\n  db::Tx,\n  lessons::{self, store as shelf},\n};", "crate::judging::actions");
        let wanted = [("crate::db::Tx", 2), ("crate::lessons", 3), ("crate::lessons::store", 3)];
        assert_eq!(found, wanted.map(|(path, line)| (path.to_owned(), line)));
    }

    #[test]
    fn super_and_self_are_followed() {
        let found = paths("use super::store::Lessons;\nuse super::super::judging;\nuse self::deep::X;", "crate::lessons::pages");
        let wanted = ["crate::lessons::store::Lessons", "crate::judging", "crate::lessons::pages::deep::X"];
        assert_eq!(found.into_iter().map(|(p, _)| p).collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn names_brought_in_are_followed() {
        let found = paths("use crate::judging;\nmod store;\nfn f() { judging::store::all(); store::one() }", "crate::lessons");
        assert!(found.contains(&("crate::judging::store::all".to_owned(), 3)), "{found:?}");
        assert!(found.contains(&("crate::lessons::store::one".to_owned(), 3)), "{found:?}");
    }

    #[test]
    fn paths_inside_macros_and_attributes_count() {
        let found = paths("#[derive(sqlx::FromRow)] struct A;\nfn f() { vec![tokio::spawn(x)]; }", "crate::lessons::rules");
        assert_eq!(found, [("sqlx::FromRow".to_owned(), 1), ("tokio::spawn".to_owned(), 2)]);
    }

    #[test]
    fn tests_and_comments_do_not_count() {
        let text = "//! see crate::judging\n/// axum::Router\nfn f() {}\n#[cfg(test)]\nmod tests { use axum::Router; }\nuse std::fmt;";
        assert_eq!(paths(text, "crate::lessons::rules"), [("std::fmt".to_owned(), 6)]);
    }

    #[test]
    fn what_follows_a_generic_type_is_not_a_path() {
        assert_eq!(paths("fn f() { <A as B>::axum::x(); }", "crate::lessons::rules"), []);
    }

    #[test]
    fn functions_are_measured_to_their_closing_brace() {
        let source = read("fn a()\n{\n 1\n}\ntrait T { fn b(); }", &module("crate")).expect("the sample is Rust");
        assert_eq!(source.functions, [Function { name: "a".to_owned(), line: 1, lines: 4 }]);
    }

    #[test]
    fn string_literals_are_kept_with_their_line() {
        let source =
            read("fn f() {\n q(\"select 1\"); r(r#\"from x\"#); b(b\"no\"); c('\"') }", &module("crate")).expect("the sample is Rust");
        assert_eq!(source.literals, [("select 1".to_owned(), 2), ("from x".to_owned(), 2)]);
    }

    #[test]
    fn broken_source_is_an_error() {
        assert!(read("fn f( {", &module("crate")).is_err());
    }
}
