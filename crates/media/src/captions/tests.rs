use proptest::prelude::*;

use super::*;

fn clean(text: &str) -> String {
    sanitise(text.as_bytes()).expect("good captions")
}

#[test]
fn webvtt_is_written_anew() {
    let got = clean(
        "\u{feff}WEBVTT - a title\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { background: url(http://x/) }\r\n\r\nREGION\r\nid:r\r\n\r\n\
         NOTE 1 --> 2\r\n\r\nintro\r\n00:01.000 --> 00:02.500 align:start region:r line:90%\r\n<b>Hello</b> & <i.loud>you</i>\r\n\r\n\
         01:00:00.000 --> 01:00:01.000\r\n<v Old  Wang>two\r\nlines",
    );
    let want = "WEBVTT\n\n00:00:01.000 --> 00:00:02.500 align:start line:90%\n<b>Hello</b> &amp; <i.loud>you</i>\n\n\
        01:00:00.000 --> 01:00:01.000\n<v Old Wang>two\nlines</v>\n";
    assert_eq!(got, want);
}

#[test]
fn subrip_becomes_webvtt() {
    let got = clean("1\n00:00:00,500 --> 00:00:02,000\n第一句\n\n2\n00:00:02,000 --> 00:00:03,000\n<font color=red>x</font>\n");
    let want = "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\n第一句\n\n00:00:02.000 --> 00:00:03.000\n&lt;font color=red&gt;x&lt;/font&gt;\n";
    assert_eq!(got, want);
}

/// S9: a caption must not carry script into a page.
#[test]
fn nothing_of_html_passes() {
    let attacks = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b onclick=alert(1)>x</b>",
        "<c.a\" onmouseover=\"x>y",
        "<v <script>>x",
        "<lang \"><script>>x",
        "&lt;script&gt;",
        "<00:00:01.000>",
        "<B>",
        "</script>",
        "<v a&quot; onx=>z",
    ];
    for attack in attacks {
        let out = clean(&format!("WEBVTT\n\n00:00.000 --> 00:01.000\n{attack}\n"));
        let cue = out.split_once(".000\n").expect("a cue").1;
        let opened: Vec<&str> = cue.split('<').skip(1).map(|tag| tag.trim_start_matches('/')).collect();
        let known = |tag: &&str| ["b>", "c>", "v>", "v ", "lang>"].iter().any(|start| tag.starts_with(start));
        assert!(opened.iter().all(known), "{attack} became {cue}");
        assert!(!cue.contains("onclick") && !cue.contains("<script"), "{attack} became {cue}");
    }
}

#[test]
fn tags_are_closed_in_order() {
    let out = clean("WEBVTT\n\n00:00.000 --> 00:01.000\n<b><i>x</b>y</u>\n");
    assert!(out.ends_with("<b><i>x</i></b>y\n"), "{out}");
}

#[test]
fn refusals_name_line_and_rule() {
    use CaptionRule::*;
    let table: [(&[u8], usize, CaptionRule); 11] = [
        (b"", 1, NotCaptions),
        (b"hello", 1, NotCaptions),
        (b"WEBVTTX\n", 1, NotCaptions),
        (b"WEBVTT\n\nNOTE nothing\n", 0, NoCues),
        (b"WEBVTT\n\nx\xff\n", 3, NotUtf8),
        (b"WEBVTT\n\n00:00 --> 00:01\nx", 3, BadTime),
        (b"WEBVTT\n\n00:61.000 --> 00:62.000\nx", 3, BadTime),
        (b"WEBVTT\n\na\n00:00.000 -->\nx", 4, BadTime),
        (b"WEBVTT\n\n00:02.000 --> 00:02.000\nx", 3, EndsBeforeStart),
        (b"WEBVTT\n\n00:02.000 --> 00:03.000\nx\n\n00:01.000 --> 00:03.000\ny", 6, OutOfOrder),
        (b"1\n00:00:99999999999999999999,000 --> 00:00:03,000\nx", 2, BadTime),
    ];
    for (bytes, line, rule) in table {
        assert_eq!(sanitise(bytes), Err(CaptionError { line, rule }), "{}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(sanitise(&vec![b'x'; MOST_BYTES + 1]), Err(CaptionError { line: 0, rule: TooLarge }));
}

#[test]
fn too_many_cues() {
    let cue = |n: usize| format!("\n{} --> {}\nx\n", timestamp(n as u64), timestamp(n as u64 + 1));
    let file = |many: usize| "WEBVTT\n".to_owned() + &(0..many).map(cue).collect::<String>();
    assert!(sanitise(file(MOST_CUES).as_bytes()).is_ok());
    assert_eq!(sanitise(file(MOST_CUES + 1).as_bytes()).expect_err("one too many").rule, CaptionRule::TooManyCues);
}

#[test]
fn a_transcript_has_words_only() {
    let got = cues(b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Wang>a &lt; <b>b</b>\nc\n\n00:03.000 --> 00:04.000\n \n").expect("cues");
    assert_eq!(got, [Cue { start_ms: 1000, end_ms: 2000, text: "a < b\nc".into() }]);
}

proptest! {
    /// S16: any bytes give an answer, and a clean file stays as it is.
    #[test]
    fn cleaning_twice_is_cleaning_once(text in "[<>&/bivu.c 'x\n;ltgamp\\-]{0,60}") {
        if let Ok(once) = sanitise(format!("WEBVTT\n\n00:00.000 --> 00:01.000\n{text}").as_bytes()) {
            let again = sanitise(once.as_bytes());
            prop_assert_eq!(again.as_deref(), Ok(once.as_str()));
        }
    }

    #[test]
    fn any_bytes_give_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..300), vtt in any::<bool>()) {
        let bytes = if vtt { [b"WEBVTT\n\n".to_vec(), bytes].concat() } else { bytes };
        prop_assert_eq!(sanitise(&bytes).is_ok(), cues(&bytes).is_ok());
    }
}
