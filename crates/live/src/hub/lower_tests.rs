use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    Rendition, Sample, SegmentInfo, VideoConfig,
    playlist::{Reload, Skip, name::Name},
    testing::{Encoder, Fragment, SIZE, clip},
};

const LINES: u16 = 90;

/// An encoder of a lower rendition that makes the same pictures, some pictures late, without B-frames.
struct Mirror {
    pictures: mpsc::Receiver<Picture>,
    inside: Vec<Sample>,
    delay: usize,
}

impl Mirror {
    fn new(live: &Live, delay: usize) -> Self {
        Self { pictures: live.pictures(256), inside: Vec::new(), delay }
    }

    /// Takes what the source sent; what became of it.
    fn work(&mut self, live: &Live) -> Result<(), LowerError> {
        while let Ok(picture) = self.pictures.try_recv() {
            if let Some(coding) = picture.coding {
                self.flush(live, 0)?;
                live.finish_lower(LINES);
                live.begin_lower(LINES, picture.begins.expect("it begins a segment"));
                live.push_lower(LINES, Event::Video(VideoConfig { width: 160, height: LINES, ..coding }))?;
            }
            let dts_ms = picture.sample.dts_ms + i64::from(picture.sample.cts_ms);
            self.inside.push(Sample { dts_ms, cts_ms: 0, ..picture.sample });
            self.inside.sort_by_key(|sample| sample.dts_ms);
            self.flush(live, self.delay)?;
        }
        Ok(())
    }

    fn flush(&mut self, live: &Live, keep: usize) -> Result<(), LowerError> {
        while self.inside.len() > keep {
            live.push_lower(LINES, Event::Sample(self.inside.remove(0)))?;
        }
        Ok(())
    }

    /// Killed, and started anew.
    fn die(&mut self, live: &Live) {
        live.stop_lower(LINES);
        *self = Self::new(live, self.delay);
    }
}

/// What both renditions have closed so far.
struct Run {
    live: Live,
    mirror: Mirror,
    source: BTreeMap<u64, SegmentInfo>,
    lower: BTreeMap<u64, SegmentInfo>,
}

impl Run {
    fn new(delay: usize) -> Self {
        let live = Live::new(Packaging::default(), 1_700_000_000_000);
        let mirror = Mirror::new(&live, delay);
        Self { live, mirror, source: BTreeMap::new(), lower: BTreeMap::new() }
    }

    fn send(&mut self, events: impl IntoIterator<Item = Event>) {
        for event in events {
            self.live.push(event).expect("a steady encoder is taken");
            self.mirror.work(&self.live).expect("a faithful encoder fits");
            self.look();
        }
    }

    fn look(&mut self) {
        let state = self.live.state();
        for (of, seen) in [(Rendition::Source(Track::Video), &mut self.source), (Rendition::Lower(LINES), &mut self.lower)] {
            for segment in state.window(of).into_iter().flat_map(crate::packager::window::Window::segments) {
                if let (Some(whole), false) = (&segment.whole, seen.contains_key(&segment.info.msn)) {
                    seen.insert(segment.info.msn, segment.info);
                    check(segment, whole);
                }
            }
        }
    }

    /// Whatever the lower rendition has, the source has alike.
    fn compare(&self) {
        for (msn, lower) in &self.lower {
            let source = &self.source[msn];
            let seen = |info: &SegmentInfo| (info.msn, info.timeline, info.timescale, info.start, info.ticks, info.at_unix_ms);
            assert_eq!(seen(lower), seen(source));
        }
    }
}

fn check(segment: &crate::packager::window::Segment, whole: &[u8]) {
    let limit = u64::from(Packaging::default().part_ms) * 90;
    assert!(segment.parts.iter().all(|part| part.ticks > 0 && part.ticks <= limit), "no part is longer than promised");
    assert!(segment.parts[0].independent, "a segment begins with a keyframe");
    let mut at = segment.info.start;
    for fragment in Fragment::read_all(whole) {
        assert_eq!(fragment.start, at, "without a hole");
        at += fragment.ticks();
    }
    assert_eq!(at, segment.info.start + segment.info.ticks);
}

#[derive(Debug, Clone)]
enum Step {
    Send { ms: i64 },
    Lose { ms: i64 },
    Jump { to_ms: i64 },
    Recode { variant: u8 },
    Reconnect,
    Die,
    Delay { pictures: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (100..9000_i64).prop_map(|ms| Step::Send { ms }),
        1 => (1..12_000_i64).prop_map(|ms| Step::Lose { ms }),
        1 => (-5_000_000..5_000_000_i64).prop_map(|to_ms| Step::Jump { to_ms }),
        1 => (0..4_u8).prop_map(|variant| Step::Recode { variant }),
        1 => Just(Step::Reconnect),
        2 => Just(Step::Die),
        1 => (0..40_usize).prop_map(|pictures| Step::Delay { pictures }),
    ];
    prop::collection::vec(step, 1..14)
}

/// Pictures shown two later than decoded, as encoders with B-frames stamp them.
fn shown_late(events: Vec<Event>) -> impl Iterator<Item = Event> {
    events.into_iter().map(|event| match event {
        Event::Sample(sample) if sample.track == Track::Video => Event::Sample(Sample { cts_ms: 66, ..sample }),
        other => other,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_lower_rendition_is_cut_as_its_source_whatever_happens(steps in steps(), delay in 0..40_usize) {
        let (mut run, mut encoder) = (Run::new(delay), Encoder { fps: 30, gop: 60, now_ms: 0, sent: 0 });
        run.send(Encoder::coding(0));
        for step in steps {
            match step {
                Step::Send { ms } => run.send(shown_late(encoder.run(ms))),
                Step::Lose { ms } => encoder.now_ms += ms,
                Step::Jump { to_ms } => encoder.now_ms = to_ms,
                Step::Recode { variant } => run.send(Encoder::coding(variant)),
                Step::Reconnect => {
                    run.live.reconnect(1_700_000_100_000);
                    run.send(Encoder::coding(0));
                }
                Step::Die => run.mirror.die(&run.live),
                Step::Delay { pictures } => run.mirror.delay = pictures,
            }
        }
        run.send(shown_late(encoder.run(20_000)));
        run.compare();
        prop_assert!(run.live.lists(LINES), "a living encoder is level again");
        prop_assert!(run.lower.len() >= 2);
    }
}

#[tokio::test]
async fn playlists_of_both_say_the_same_and_everything_they_name_is_there() {
    let mut run = Run::new(5);
    run.send(clip(12, 60, SIZE));
    assert!(run.lower.len() >= 3, "{:?}", run.lower.keys());
    let master = run.live.master(Audience::Interactive).unwrap();
    assert!(master.contains("RESOLUTION=160x90,AUDIO=\"sound\"\nvideo-90/index.m3u8\n"), "{master}");
    for audience in [Audience::Interactive, Audience::Mass] {
        let text = |of: Rendition| {
            let live = &run.live;
            async move { String::from_utf8(live.playlist(of, audience, Reload::default()).await.unwrap().to_vec()).unwrap() }
        };
        let (source, lower) = (text(Track::Video.into()).await, text(Rendition::Lower(LINES)).await);
        assert!(source.starts_with(&lower[..lower.find("#EXT-X-MAP").unwrap()]), "{lower}\nunlike\n{source}");
        let lengths = |text: &str| text.lines().filter(|line| line.starts_with("#EXTINF") || !line.starts_with('#')).count();
        assert!(lengths(&source) - lengths(&lower) <= 2, "{lower}\nunlike\n{source}");
        for name in lower.lines().filter(|line| !line.contains("PRELOAD") && !line.contains("REPORT")).filter_map(named) {
            let of = Rendition::Lower(LINES);
            let found = match name {
                Name::Init(generation) => run.live.init(of, generation),
                Name::Segment(msn) => run.live.segment(of, msn),
                Name::Part(msn, index) => run.live.part(of, msn, index).await.ok(),
                Name::Playlist(_) => None,
            };
            assert!(found.is_some(), "{name}");
        }
    }
}

fn named(line: &str) -> Option<Name> {
    let name = line.split_once("URI=\"").map_or(Some(line), |(_, rest)| rest.split('"').next())?;
    (!name.starts_with('#')).then(|| name.parse().expect("one of our names"))
}

#[tokio::test]
async fn a_rendition_that_ends_sends_its_players_elsewhere_and_never_uses_a_number_twice() {
    let (mut run, mut encoder) = (Run::new(3), Encoder { fps: 30, gop: 60, now_ms: 0, sent: 0 });
    run.send(Encoder::coding(0).into_iter().chain(encoder.run(14_500)));
    assert!(run.live.lists(LINES));
    let (begun, _) = run.live.state().window(Rendition::Lower(LINES)).unwrap().next();
    let refused = run.live.push_lower(LINES, Event::Sample(Sample { key: true, ..a_picture(90_000) }));
    assert_eq!(refused, Err(LowerError::Hole));
    assert!(!run.live.lists(LINES) && !run.live.master(Audience::Interactive).unwrap().contains("video-90"));
    let asked = run.live.playlist(Rendition::Lower(LINES), Audience::Interactive, Reload::default()).await;
    assert_eq!(asked, Err(super::super::Unavailable::NotFound));
    run.mirror.die(&run.live);
    run.send(encoder.run(12_000));
    let state = run.live.state();
    let first = state.window(Rendition::Lower(LINES)).unwrap().segments().next().unwrap().info.msn;
    assert!(first > begun, "{first} after {begun}");
}

#[test]
fn one_that_falls_behind_is_left_out_and_whoever_does_not_take_pictures_gets_no_more() {
    let (mut run, mut encoder) = (Run::new(3), Encoder { fps: 30, gop: 60, now_ms: 0, sent: 0 });
    run.send(Encoder::coding(0).into_iter().chain(encoder.run(14_000)));
    assert!(run.live.lists(LINES));
    for event in encoder.run(20_000) {
        run.live.push(event).unwrap();
    }
    assert!(!run.live.lists(LINES), "four segments behind");
    assert_eq!(run.mirror.pictures.len(), 256, "no more than it asked for");
    while run.mirror.pictures.try_recv().is_ok() {}
    assert_eq!(run.mirror.pictures.try_recv(), Err(mpsc::error::TryRecvError::Disconnected));
}

#[tokio::test]
async fn the_end_answers_who_waits_for_a_lower_rendition() {
    let (mut run, mut encoder) = (Run::new(3), Encoder { fps: 30, gop: 60, now_ms: 0, sent: 0 });
    run.send(Encoder::coding(0).into_iter().chain(encoder.run(12_000)));
    let (msn, part) = run.live.state().window(Rendition::Lower(LINES)).unwrap().next();
    let Run { live, .. } = run;
    let live = std::sync::Arc::new(live);
    let reader = live.clone();
    let reload = Reload { msn: Some(msn), part: Some(part), skip: Skip::No };
    let waits = tokio::spawn(async move { reader.playlist(Rendition::Lower(LINES), Audience::Interactive, reload).await });
    tokio::task::yield_now().await;
    assert!(!waits.is_finished());
    live.end();
    assert!(waits.await.unwrap().unwrap().ends_with(b"#EXT-X-ENDLIST\n"));
}

fn a_picture(dts_ms: i64) -> Sample {
    Sample { track: Track::Video, dts_ms, cts_ms: 0, key: false, data: bytes::Bytes::from_static(&[0, 0, 0, 1, 5]) }
}
