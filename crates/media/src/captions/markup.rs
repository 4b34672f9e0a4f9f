//! The text inside a cue: known tags kept, everything else escaped.

/// Tags that stay. `v` and `lang` carry a word or two, `c` its classes.
const TAGS: [&str; 6] = ["b", "i", "u", "v", "c", "lang"];

enum Piece<'a> {
    Text(&'a str),
    /// The tag as it is to be written, without `<` and `>`, and its name.
    Open(&'a str, String),
    Close(&'a str),
}

/// Strict WebVTT cue text; tags are closed in order and at the latest at the end.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Vec<&str> = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => escape(text, &mut out),
            Piece::Open(name, tag) => {
                out.extend(["<", &tag, ">"]);
                open.push(name);
            }
            // A tag that is closed too early takes those inside it along; one that was never opened is dropped.
            Piece::Close(name) => {
                if let Some(depth) = open.iter().rposition(|found| *found == name) {
                    open.drain(depth..).rev().for_each(|name| out.extend(["</", name, ">"]));
                }
            }
        }
    }
    open.into_iter().rev().for_each(|name| out.extend(["</", name, ">"]));
    out
}

/// The words alone.
pub(super) fn plain(text: &str) -> String {
    let words: String = pieces(text).map(|piece| if let Piece::Text(text) = piece { unescape(text) } else { String::new() }).collect();
    words.trim().to_owned()
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((piece, after)) = tag(rest) {
            rest = after;
            return Some(piece);
        }
        // At least one character is text, even if it is a `<` that opens no tag of ours.
        let next = rest.char_indices().skip(1).find(|(_, c)| *c == '<').map_or(rest.len(), |(at, _)| at);
        let (piece, after) = rest.split_at(next);
        rest = after;
        Some(Piece::Text(piece))
    })
}

/// The known tag at the start of `text`, and what follows it.
fn tag(text: &str) -> Option<(Piece<'_>, &str)> {
    let (inside, after) = text.strip_prefix('<')?.split_once('>')?;
    if let Some(name) = inside.strip_prefix('/') {
        return TAGS.contains(&name).then_some((Piece::Close(name), after));
    }
    let (head, note) = inside.split_once([' ', '\t', '\n']).unwrap_or((inside, ""));
    let (name, classes) = head.split_once('.').unwrap_or((head, ""));
    let is_word = |word: &str| word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !TAGS.contains(&name) || inside.contains('<') || !classes.split('.').all(is_word) {
        return None;
    }
    let mut tag = name.to_owned();
    classes.split('.').filter(|class| !class.is_empty()).for_each(|class| tag.extend([".", class]));
    match name {
        "v" if !note.trim().is_empty() => {
            let mut voice = String::new();
            escape(&note.split_whitespace().collect::<Vec<_>>().join(" "), &mut voice);
            tag.extend([" ", &voice]);
        }
        "lang" if !note.is_empty() && is_word(note.trim()) => tag.extend([" ", note.trim()]),
        _ => {}
    }
    Some((Piece::Open(name, tag), after))
}

const ENTITIES: [(&str, &str); 7] =
    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{a0}"), ("&lrm;", "\u{200e}"), ("&rlm;", "\u{200f}"), ("&quot;", "\"")];

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        let (skip, meant) = known.map_or((1, "&"), |(entity, meant)| (entity.len(), *meant));
        out.push_str(meant);
        rest = &rest[skip..];
    }
    out + rest
}

/// `&`, `<` and `>` as entities, once: what was an entity stays one.
fn escape(text: &str, out: &mut String) {
    for c in unescape(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}
