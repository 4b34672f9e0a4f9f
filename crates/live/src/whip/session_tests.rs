//! A session against a whole peer in memory: no socket, and time that is made to pass.

use super::*;
use str0m::media::{Direction, MediaTime};

const PHONE: &str = "127.0.0.1:40000";
const DOOR: &str = "127.0.0.1:8189";
const SPS_PPS_IDR: [u8; 38] = [
    0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x0C, 0xD9, 0x01, 0x41, 0x8F, 0x97, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x03, 0x03,
    0x20, 0xF1, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 1, 0x65,
];
const BETWEEN: [u8; 7] = [0, 0, 0, 1, 0x41, 0x9A, 0x01];

fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// A phone with these codecs and its offer.
fn phone(settings: RtcConfig) -> (Rtc, String, str0m::change::SdpPendingOffer) {
    let mut rtc = settings.set_crypto_provider(CRYPTO.clone()).enable_opus(true, false).build(now());
    rtc.add_local_candidate(Candidate::host(PHONE.parse().unwrap(), "udp").unwrap());
    let mut changes = rtc.sdp_api();
    for kind in [MediaKind::Audio, MediaKind::Video] {
        changes.add_media(kind, Direction::SendOnly, None, None, None);
    }
    let (offer, pending) = changes.apply().unwrap();
    (rtc, offer.to_sdp_string(), pending)
}

#[test]
fn the_answer_takes_h264_and_opus_and_leaves_turning_to_the_phone() {
    let (_, offer, _) = phone(RtcConfig::new().clear_codecs().enable_vp8(true).enable_h264(true));
    assert!(offer.contains("video-orientation"), "the phone could tell");
    let (session, answer) = Session::answer(&offer, DOOR.parse().unwrap(), now()).unwrap();
    assert!(session.has_sound());
    assert!(answer.contains("a=ice-lite") && answer.contains("127.0.0.1 8189") && answer.contains("a=recvonly"), "{answer}");
    assert!(answer.contains("H264/90000") && answer.contains("opus/48000/2") && !answer.contains("VP8"), "{answer}");
    assert!(!answer.contains("video-orientation"), "{answer}");
}

#[test]
fn vp8_alone_and_nonsense_are_refused() {
    let (_, offer, _) = phone(RtcConfig::new().clear_codecs().enable_vp8(true));
    let refused = |offer: &str| Session::answer(offer, DOOR.parse().unwrap(), now()).unwrap_err();
    assert_eq!(refused(&offer), OfferError::NoH264("VP8".to_owned()));
    let torn = &offer.replace("VP8/90000", "H264/90000\r\na=fmtp:96 packetization-mode=1")[..300];
    assert!(matches!(refused(torn), OfferError::Malformed(_) | OfferError::Nothing));
}

/// Both ends and what passed between them.
struct Line {
    phone: Rtc,
    session: Session,
    now: Instant,
    heard: Vec<Heard>,
    keyframes_asked: u32,
    /// Datagrams of the phone that get lost from now on.
    torn: bool,
}

impl Line {
    fn new() -> (Self, [Mid; 2]) {
        let (mut phone, offer, pending) = phone(RtcConfig::new().clear_codecs().enable_h264(true));
        let now = now();
        let (session, answer) = Session::answer(&offer, DOOR.parse().unwrap(), now).unwrap();
        phone.sdp_api().accept_answer(pending, str0m::change::SdpAnswer::from_sdp_string(&answer).unwrap()).unwrap();
        let mids =
            ["0", "1"].map(|nth| offer.lines().filter_map(|line| line.strip_prefix("a=mid:")).nth(nth.parse().unwrap()).unwrap().into());
        (Self { phone, session, now, heard: Vec::new(), keyframes_asked: 0, torn: false }, mids)
    }

    /// Lets 10 ms pass.
    fn step(&mut self) -> Result<(), Gone> {
        let (phone, door): (SocketAddr, SocketAddr) = (PHONE.parse().unwrap(), DOOR.parse().unwrap());
        self.now += Duration::from_millis(10);
        self.phone.handle_input(Input::Timeout(self.now)).unwrap();
        loop {
            match self.phone.poll_output().unwrap() {
                Output::Transmit(_) if self.torn => {}
                Output::Transmit(sent) => {
                    if self.session.accepts(self.now, phone, &sent.contents) {
                        self.session.receive(self.now, phone, &sent.contents);
                    }
                    self.work(door)?;
                }
                Output::Event(RtcEvent::KeyframeRequest(_)) => self.keyframes_asked += 1,
                Output::Event(_) => {}
                Output::Timeout(_) => break,
            }
        }
        self.work(door)
    }

    fn work(&mut self, door: SocketAddr) -> Result<(), Gone> {
        let mut back = Vec::new();
        let heard = &mut self.heard;
        self.session.work(self.now, |_, datagram| back.push(datagram.to_vec()), |one| heard.push(one))?;
        for datagram in back {
            let received = Receive::new(Protocol::Udp, door, PHONE.parse().unwrap(), &datagram).unwrap();
            self.phone.handle_input(Input::Receive(self.now, received)).unwrap();
        }
        Ok(())
    }

    fn write(&mut self, mid: Mid, time: MediaTime, data: &[u8]) {
        let Some(writer) = self.phone.writer(mid) else { return };
        let Some(payload) = writer.payload_params().next().map(str0m::format::PayloadParams::pt) else { return };
        writer.write(payload, self.now, time, data.to_vec()).unwrap();
    }

    /// Sends for so many seconds, a keyframe whenever it is asked for.
    fn send(&mut self, mids: [Mid; 2], seconds: u64) {
        let mut answered = self.keyframes_asked;
        for n in 0..seconds * 100 {
            self.step().unwrap();
            if n % 2 == 0 {
                self.write(mids[0], MediaTime::new(n * 480, str0m::media::Frequency::FORTY_EIGHT_KHZ), &opus::SILENCE);
            }
            if n % 4 == 0 {
                let key = n == 0 || self.keyframes_asked > answered;
                answered = self.keyframes_asked;
                let unit: &[u8] = if key { &[&SPS_PPS_IDR[..], &[0x88, 0x84]].concat() } else { &BETWEEN };
                self.write(mids[1], MediaTime::from_90khz(n * 900), unit);
            }
        }
    }
}

#[test]
fn pictures_and_sound_arrive_on_one_timeline_with_keyframes_as_asked() {
    let (mut line, mids) = Line::new();
    for _ in 0..200 {
        line.step().unwrap();
    }
    assert!(line.phone.is_connected(), "ICE and DTLS are done in two seconds");
    line.send(mids, 12);
    assert!((4..=8).contains(&line.keyframes_asked), "{} requests in twelve seconds", line.keyframes_asked);
    let configs = line.heard.iter().filter(|heard| matches!(heard, Heard::Event(Event::Video(_)))).count();
    assert_eq!(configs, 1, "the same parameter sets change nothing");
    let pictures: Vec<&Sample> =
        line.heard.iter().filter_map(|heard| if let Heard::Event(Event::Sample(sample)) = heard { Some(sample) } else { None }).collect();
    assert!(pictures.len() > 150 && pictures[0].key, "{} pictures from a keyframe on", pictures.len());
    assert!(pictures.windows(2).all(|two| two[1].dts_ms - two[0].dts_ms == 40), "counted by their RTP times");
    let sounds: Vec<i64> =
        line.heard.iter().filter_map(|heard| if let Heard::Sound(packet) = heard { Some(packet.at_ms) } else { None }).collect();
    assert!(sounds.len() > 300, "{} packets", sounds.len());
    let apart = sounds.last().unwrap() - pictures.last().unwrap().dts_ms;
    assert!(apart.abs() <= 60, "sound and picture of one moment are {apart} ms apart");
}

#[test]
fn a_line_that_falls_silent_is_lost_after_a_while() {
    let (mut line, mids) = Line::new();
    for _ in 0..200 {
        line.step().unwrap();
    }
    line.send(mids, 1);
    line.torn = true;
    let silent_ms = (0..3_000).take_while(|_| line.step().is_ok()).count() * 10;
    assert!((5_000..=16_000).contains(&silent_ms), "{silent_ms}");
}

#[test]
fn who_is_turned_away_is_told() {
    let (mut line, mids) = Line::new();
    for _ in 0..200 {
        line.step().unwrap();
    }
    line.send(mids, 1);
    let mut farewell = Vec::new();
    line.session.close(line.now, |_, datagram| farewell.push(datagram.to_vec()));
    // DTLS (RFC 7983): 20 to 63; SRTCP: 128 and more.
    assert!(farewell.iter().any(|datagram| (20..64).contains(&datagram[0])), "{:?}", farewell.iter().map(|d| d[0]).collect::<Vec<_>>());
    for datagram in farewell {
        let received = Receive::new(Protocol::Udp, DOOR.parse().unwrap(), PHONE.parse().unwrap(), &datagram).unwrap();
        line.phone.handle_input(Input::Receive(line.now, received)).unwrap();
        while !matches!(line.phone.poll_output().unwrap(), Output::Timeout(_)) {}
    }
    assert!(!line.phone.is_alive(), "the phone knows");
}
