use proptest::prelude::*;

use super::*;
use crate::testing::{Encoder, Fragment};

mod auto;
mod resume;

/// What may happen to a broadcast.
#[derive(Debug, Clone)]
enum Step {
    Send {
        ms: i64,
    },
    /// Nothing is sent while the publisher's clock goes on.
    Lose {
        ms: i64,
    },
    /// The publisher's clock is set.
    Jump {
        to_ms: i64,
    },
    Recode {
        variant: u8,
    },
    Reconnect,
    /// Only the microphone fails.
    Mute {
        ms: i64,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let send = (100..9000_i64).prop_map(|ms| Step::Send { ms });
    let step = prop_oneof![
        6 => send.clone(),
        1 => (1..12_000_i64).prop_map(|ms| Step::Lose { ms }),
        1 => (-5_000_000..5_000_000_i64).prop_map(|to_ms| Step::Jump { to_ms }),
        1 => (0..4_u8).prop_map(|variant| Step::Recode { variant }),
        1 => Just(Step::Reconnect),
        1 => (1..9000_i64).prop_map(|ms| Step::Mute { ms }),
    ];
    (send, prop::collection::vec(step, 0..12)).prop_map(|(first, rest)| std::iter::once(first).chain(rest).collect())
}

/// Everything that came out of a broadcast.
struct Run {
    packager: Packager,
    out: Output,
}

impl Run {
    fn new() -> Self {
        Self { packager: Packager::new(Packaging::default(), 1_700_000_000_000), out: Output::default() }
    }

    fn push(&mut self, events: impl IntoIterator<Item = Event>) {
        for event in events {
            let out = self.packager.push(event).expect("a steady encoder is taken");
            self.keep(out);
        }
    }

    fn keep(&mut self, out: Output) {
        self.out.parts.extend(out.parts);
        self.out.closed_segments.extend(out.closed_segments);
    }

    fn step(&mut self, encoder: &mut Encoder, step: &Step) {
        match step {
            Step::Send { ms } => self.push(encoder.run(*ms)),
            Step::Lose { ms } => encoder.now_ms += ms,
            Step::Jump { to_ms } => encoder.now_ms = *to_ms,
            Step::Recode { variant } => self.push(Encoder::coding(*variant)),
            Step::Reconnect => {
                let out = self.packager.reconnect(1_700_000_100_000);
                self.keep(out);
                self.push(Encoder::coding(0));
            }
            Step::Mute { ms } => {
                let events = encoder.run(*ms);
                self.push(events.into_iter().filter(|event| !matches!(event, Event::Sample(sample) if sample.track == Track::Audio)));
            }
        }
    }

    fn end(&mut self) {
        let out = self.packager.end();
        self.keep(out);
    }

    fn segments(&self, track: Track) -> impl Iterator<Item = &ClosedSegment> {
        self.out.closed_segments.iter().filter(move |closed| closed.info.track == track)
    }

    fn parts(&self, track: Track, msn: u64) -> Vec<&Part> {
        self.out.parts.iter().filter(|part| part.track == track && part.msn == msn).collect()
    }

    /// Numbers of the samples of a track, silence left out.
    fn samples(&self, track: Track) -> Vec<u64> {
        let fragments = self.segments(track).flat_map(|closed| Fragment::read_all(&closed.data));
        let samples = fragments.flat_map(|fragment| fragment.samples);
        samples.filter_map(|(_, data)| Some(u64::from_be_bytes(data.try_into().ok()?))).collect()
    }
}

/// What holds whatever happens.
fn check(run: &Run) {
    let target_s = run.packager.target_s().expect("the broadcast ended");
    for track in [Track::Video, Track::Audio] {
        let mut before: Option<SegmentInfo> = None;
        for (msn, closed) in run.segments(track).enumerate() {
            let info = closed.info;
            assert_eq!(info.msn, msn as u64, "numbers grow by one");
            assert!(info.seconds() <= f64::from(target_s), "{info:?} is longer than {target_s} s");
            let parts = run.parts(track, info.msn);
            check_parts(&info, &parts);
            assert_eq!(closed.data, parts.iter().flat_map(|part| part.data.to_vec()).collect::<Vec<u8>>());
            assert!(parts[0].independent, "a segment begins with a keyframe");
            check_times(before.as_ref(), closed);
            before = Some(info);
        }
        assert!(run.samples(track).windows(2).all(|pair| pair[0] < pair[1]), "no sample twice, none out of order");
    }
}

fn check_parts(info: &SegmentInfo, parts: &[&Part]) {
    let limit = u64::from(Packaging::default().part_ms) * u64::from(info.timescale) / 1000;
    for (index, part) in parts.iter().enumerate() {
        assert_eq!(part.index, index as u32, "parts are counted from zero");
        assert!(part.ticks > 0 && part.ticks <= limit, "a part of {} ticks where {limit} are allowed", part.ticks);
    }
    assert_eq!(parts.iter().map(|part| part.ticks).sum::<u64>(), info.ticks);
}

/// Fragments follow each other without a hole, except where a timeline begins, and never go back.
fn check_times(before: Option<&SegmentInfo>, closed: &ClosedSegment) {
    let mut at = closed.info.start;
    if let Some(before) = before {
        // Rates may differ from one timeline to the next; then seconds are compared.
        let (end, start) =
            ((before.start + before.ticks) * 1000 / u64::from(before.timescale), at * 1000 / u64::from(closed.info.timescale));
        let same = before.timeline == closed.info.timeline;
        assert!(if same { before.start + before.ticks == at } else { end <= start + 1 }, "{before:?} then {:?}", closed.info);
        assert!(before.timeline <= closed.info.timeline && before.generation <= closed.info.generation);
    }
    for fragment in Fragment::read_all(&closed.data) {
        assert_eq!(fragment.start, at, "tfdt continues");
        at += fragment.ticks();
    }
    assert_eq!(at, closed.info.start + closed.info.ticks);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_players_get_what_they_were_promised(steps in steps(), fps in 20..61_i64) {
        let (mut run, mut encoder) = (Run::new(), Encoder { fps, gop: fps * 2, now_ms: 0, sent: 0 });
        run.push(Encoder::coding(0));
        for step in &steps {
            run.step(&mut encoder, step);
        }
        run.push(encoder.run(500));
        run.end();
        check(&run);
    }

    #[test]
    fn a_steady_broadcast_keeps_every_sample_in_parts_that_are_full(fps in 20..61_i64, gop_ms in 500..5000_i64, ms in 1000..30_000_i64) {
        let (mut run, mut encoder) = (Run::new(), Encoder { fps, gop: (fps * gop_ms / 1000).max(1), now_ms: 77, sent: 0 });
        run.push(Encoder::coding(0));
        run.push(encoder.run(ms));
        run.end();
        check(&run);
        prop_assert_eq!(run.samples(Track::Video).len() + run.samples(Track::Audio).len(), encoder.sent as usize);
        for closed in &run.out.closed_segments {
            let parts = run.parts(closed.info.track, closed.info.msn);
            let least = 350 * u64::from(closed.info.timescale) * 85 / 100_000;
            let (_, but_last) = parts.split_last().unwrap();
            prop_assert!(but_last.iter().all(|part| part.ticks >= least), "{:?}", closed.info);
        }
    }
}

fn steady(events: impl IntoIterator<Item = Event>) -> Run {
    let mut run = Run::new();
    run.push(events);
    run.end();
    run
}

fn encoder() -> Encoder {
    Encoder { fps: 30, gop: 60, now_ms: 5000, sent: 0 }
}

#[test]
fn one_track_alone_is_a_broadcast_too() {
    for track in [Track::Video, Track::Audio] {
        let only = |event: &Event| match event {
            Event::Video(_) => track == Track::Video,
            Event::Audio(_) => track == Track::Audio,
            Event::Sample(sample) => sample.track == track,
        };
        let run = steady(Encoder::coding(0).into_iter().chain(encoder().run(20_000)).filter(only));
        check(&run);
        // Until the interval of keyframes is known, each ends a segment.
        let want = if track == Track::Video { 6 } else { 5 };
        assert_eq!((run.segments(track).count(), run.out.closed_segments.len()), (want, want), "{track:?}, and nothing of the other");
    }
}

#[test]
fn sound_is_cut_where_the_picture_is() {
    let run = steady(Encoder::coding(0).into_iter().chain(encoder().run(20_000)));
    let starts = |track| run.segments(track).map(|closed| closed.info.start as f64 / f64::from(closed.info.timescale)).collect::<Vec<_>>();
    let (video, audio) = (starts(Track::Video), starts(Track::Audio));
    assert_eq!(video, [0.0, 2.0, 6.0, 10.0, 14.0, 18.0]);
    assert!(video.iter().zip(&audio).all(|(video, audio)| (video - audio).abs() < 0.05), "{audio:?}");
}

#[test]
fn a_changed_coding_begins_a_generation_and_a_timeline_on_both_tracks() {
    let mut encoder = encoder();
    let mut events: Vec<Event> = Encoder::coding(0).into();
    events.extend(encoder.run(5000));
    events.extend(Encoder::coding(0));
    events.extend(encoder.run(5000));
    events.extend(Encoder::coding(1));
    events.extend(encoder.run(5000));
    let run = steady(events);
    check(&run);
    for track in [Track::Video, Track::Audio] {
        let steps: Vec<_> = run.segments(track).map(|closed| (closed.info.generation, closed.info.timeline)).collect();
        assert_eq!(steps, [(0, 0), (0, 0), (0, 0), (1, 1), (1, 1)], "an equal coding changes nothing on {track:?}");
        assert_ne!(run.packager.init(track, 1), None);
    }
}

#[test]
fn another_publisher_continues_the_timeline_at_its_own_hour() {
    let mut run = Run::new();
    run.push(Encoder::coding(0));
    run.push(encoder().run(5000));
    let out = run.packager.reconnect(1_700_000_060_000);
    run.keep(out);
    run.push(Encoder::coding(0));
    run.push(Encoder { now_ms: 999_000, ..encoder() }.run(5000));
    run.end();
    check_numbers(&run);
    let second = run.segments(Track::Video).find(|closed| closed.info.timeline == 1).unwrap().info;
    assert_eq!(second.generation, 0, "the coding is the same");
    assert_eq!(second.at_unix_ms, 1_700_000_060_000);
}

fn check_numbers(run: &Run) {
    for track in [Track::Video, Track::Audio] {
        let numbers: Vec<_> = run.segments(track).map(|closed| (closed.info.msn, closed.info.timeline)).collect();
        assert_eq!(numbers, [(0, 0), (1, 0), (2, 1), (3, 1)]);
    }
}

#[test]
fn missing_sound_is_silence_of_the_right_length() {
    let lost =
        |event: &Event| !matches!(event, Event::Sample(sample) if sample.track == Track::Audio && (7000..9000).contains(&sample.dts_ms));
    let run = steady(Encoder::coding(0).into_iter().chain(encoder().run(8000)).filter(lost));
    check(&run);
    let total: f64 = run.segments(Track::Audio).map(|closed| closed.info.seconds()).sum();
    assert!((total - 8.0).abs() < 0.05, "{total} s");
    assert_eq!(run.segments(Track::Video).last().unwrap().info.timeline, 0, "the picture was not interrupted");
}

#[test]
fn encoders_that_cannot_be_played_live_are_told_what_to_change() {
    let refused = |mut encoder: Encoder| {
        let mut packager = Packager::new(Packaging::default(), 0);
        let mut events = Encoder::coding(0).into_iter().chain(encoder.run(15_000));
        events.find_map(|event| packager.push(event).err())
    };
    let far = refused(Encoder { gop: 320, ..encoder() }).expect("a keyframe each 10.7 s");
    assert_eq!(far, PackagingError::KeyframesTooFar { gap_ms: 10_033, limit_ms: 10_000 });
    assert_eq!(refused(Encoder { fps: 2, gop: 2, ..encoder() }), Some(PackagingError::FrameRateTooLow { least: 3 }));
    assert_eq!(refused(Encoder { gop: 299, ..encoder() }), None);
}

#[test]
fn memory_holds_a_minute_however_long_the_broadcast() {
    let run = steady(Encoder::coding(0).into_iter().chain(encoder().run(200_000)));
    for track in [Track::Video, Track::Audio] {
        let held: f64 = run.packager.window(track).segments().map(|segment| segment.info.seconds()).sum();
        assert!((50.0..=60.0).contains(&held), "{held} s of {track:?}");
        assert_eq!(run.segments(track).count(), 51, "all were handed out");
    }
}
