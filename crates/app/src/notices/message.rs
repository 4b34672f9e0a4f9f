//! What goes over the wire: a message as RFC 5322 and MIME want it.

use super::store::Leased;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, MultiPartKind, SinglePart};
use lettre::{Address, Message};
use std::time::{Duration, UNIX_EPOCH};

/// Characters of a subject and of a name.
const LINE_MOST: usize = 200;
/// Characters of an address (RFC 5321, 4.5.3.1.3).
const ADDRESS_MOST: usize = 254;

/// A file as it is sent.
#[derive(Debug, Clone)]
pub struct Part {
    /// What it is called.
    pub name: String,
    /// Its media type.
    pub kind: String,
    /// Itself.
    pub bytes: Vec<u8>,
}

/// Why there is no message; without what the message says.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotWritten(String);

fn failed(cause: impl std::fmt::Display) -> NotWritten {
    NotWritten(cause.to_string())
}

/// Text that can stand in a header: nothing that ends its line, nothing that hides or turns letters, at most 200 characters.
pub fn one_line(text: &str) -> String {
    let hides =
        |c: char| c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    let words: String = text.chars().map(|c| if hides(c) { ' ' } else { c }).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LINE_MOST).collect()
}

/// Whether `text` is an address that every mail server takes: ASCII, with a domain that has a dot.
pub fn is_address(text: &str) -> bool {
    let plain = text.is_ascii()
        && text.len() <= ADDRESS_MOST
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "\"<>()[],;:\\".contains(c));
    plain && text.parse::<Address>().is_ok_and(|address| address.domain().contains('.') && !address.domain().ends_with('.'))
}

/// Reads `Name <address>` or an address; none when it is neither.
pub fn sender(text: &str) -> Option<Mailbox> {
    text.parse::<Mailbox>().ok().filter(|mailbox| mailbox.name.as_deref().is_none_or(|name| one_line(name) == name))
}

/// `List-Unsubscribe` and what makes it one click (RFC 8058).
#[derive(Debug, Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        // Neither folded nor encoded: it is ASCII, and readers of mail fetch it as it stands.
        HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), self.0.clone())
    }
}

#[derive(Debug, Clone)]
struct ListUnsubscribePost;

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

/// Says to programs that answer mails that nobody reads their answer (RFC 3834).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The message of a notice: the same each time, so that a repetition is known by its Message-ID and its date.
///
/// # Errors
///
/// An address, a link or a media type that is none.
pub fn message(from: &Mailbox, notice: &Leased, parts: Vec<Part>) -> Result<Message, NotWritten> {
    let to: Address = notice.to.parse().map_err(|_| failed("the address is none"))?;
    let name = one_line(&notice.name);
    let at = Duration::from_millis(u64::try_from(notice.created_at.0).unwrap_or_default());
    let mut builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(Some(name).filter(|name| !name.is_empty()), to))
        .subject(one_line(&notice.subject))
        .message_id(Some(format!("<{}@{}>", notice.id, from.email.domain())))
        .date(UNIX_EPOCH + at)
        .header(AutoSubmitted);
    if !notice.unsubscribe.is_empty() {
        let link = &notice.unsubscribe;
        if !link.bytes().all(|b| b.is_ascii_graphic() && !b"<>,\"".contains(&b)) {
            return Err(failed("the link to unsubscribe is none"));
        }
        builder = builder.header(ListUnsubscribe(format!("<{link}>"))).header(ListUnsubscribePost);
    }
    let text = SinglePart::plain(notice.text.clone());
    if parts.is_empty() {
        return builder.singlepart(text).map_err(failed);
    }
    // A boundary by chance would make each repetition another message; `=_` is in no text as it is encoded.
    let mut mixed = MultiPart::builder().kind(MultiPartKind::Mixed).boundary(format!("=_{}", notice.id)).singlepart(text);
    for part in parts {
        let kind = ContentType::parse(&part.kind).map_err(|_| failed("the media type of a file is none"))?;
        let name: String = part.name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect();
        mixed = mixed.singlepart(Attachment::new(name).body(part.bytes, kind));
    }
    builder.multipart(mixed).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Id, Timestamp};
    use proptest::prelude::*;

    fn leased(name: &str, subject: &str, text: &str) -> Leased {
        Leased {
            id: Id::from_u128(7),
            kind: "a.b".into(),
            about: String::new(),
            to: "li@example.org".into(),
            name: name.into(),
            subject: subject.into(),
            text: text.into(),
            files: Vec::new(),
            unsubscribe: "https://lessons.example/x?a=1".into(),
            attempts: 1,
            created_at: Timestamp(1_795_395_600_000),
        }
    }

    fn written(notice: &Leased, parts: Vec<Part>) -> String {
        let from = sender("开讲 <no-reply@lessons.example>").unwrap();
        String::from_utf8(message(&from, notice, parts).unwrap().formatted()).unwrap()
    }

    fn head(message: &str) -> Vec<String> {
        let head = message.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
        head.split("\r\n").map(|line| line.split(':').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_message_is_the_same_each_time_it_is_made() {
        let notice = leased("李桂芳", "清河省 统计月报", "你好\n");
        let text = written(&notice, Vec::new());
        assert_eq!(text, written(&notice, Vec::new()));
        for wanted in [
            "Message-ID: <ntc_00000000000000000000000000000007@lessons.example>\r\n",
            "Date: Mon, 23 Nov 2026 01:00:00 +0000\r\n",
            "List-Unsubscribe: <https://lessons.example/x?a=1>\r\n",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Subject: =?utf-8?b?",
        ] {
            assert!(text.contains(wanted), "{wanted} is not in {text}");
        }
    }

    #[test]
    fn files_are_parts_with_a_plain_name() {
        let part = Part { name: "a\"\r\nb/../report-1.pdf".into(), kind: "application/pdf".into(), bytes: vec![0, 255, 13, 10] };
        let text = written(&leased("L", "S", "T"), vec![part.clone()]);
        assert_eq!(text, written(&leased("L", "S", "T"), vec![part]));
        assert!(text.contains("filename=\"ab..report-1.pdf\"") && text.contains("AP8NCg=="), "{text}");
    }

    #[test]
    fn addresses_follow_the_table() {
        for good in ["li@example.org", "li.wei+reports@mail.example.org.cn", "1@a.b", "a_b-c@sub.example.com"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "li",
            "li@",
            "@example.org",
            "li@example",
            "li@example.",
            "李@example.org",
            "li@例子.中国",
            "a b@example.org",
            "li@example.org\r\nBcc: x@y.z",
            "li@example.org,x@y.z",
            "<li@example.org>",
            "Li <li@example.org>",
            "li@[127.0.0.1]",
            "\"li\"@example.org",
            "li@exa mple.org",
            "li@example..org",
            "a@b@c.d",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(!is_address(&format!("{}@example.org", "a".repeat(250))));
        assert!(sender("开讲 <no-reply@example.org>").is_some() && sender("no-reply@example.org").is_some());
        assert!(sender("nobody").is_none() && sender("").is_none());
    }

    proptest! {
        #[test]
        fn s9_no_header_comes_from_what_was_typed(name in "(\\PC|[\r\n\0\t]|\r\nBcc: a@b.c|=\\?utf-8\\?q\\?=0D=0A\\?=){0,40}", subject in "(\\PC|[\r\n\0\t]|\r\n\r\nBody|\nX-Evil: 1){0,60}") {
            let text = written(&leased(&name, &subject, "Text\r\n"), Vec::new());
            prop_assert_eq!(head(&text), head(&written(&leased("L", "S", "Text\r\n"), Vec::new())), "{}", text);
        }
    }
}
