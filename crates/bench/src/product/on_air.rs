//! A broadcast on air, and the people who run it.

use super::{Home, Kaijiang, Person, Seed, lesson, person, publications};
use crate::lab::{Lab, free_port, get};
use anyhow::{Context, ensure};
use app::broadcasts::actions::hash_key;
use app::broadcasts::{Admission, Broadcast, BroadcastId, Broadcasts, Kind, Profile, State};
use app::lessons::Lessons;
use app::recordings::Audience;
use kernel::Role;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const KEY: &str = "kj-bench";
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: u32 = 300;

/// A server with one broadcast on air for everybody.
#[derive(Debug)]
pub struct OnAir {
    /// The server.
    pub ours: Kaijiang,
    /// The broadcast.
    pub id: BroadcastId,
    /// People who may run it.
    pub hosts: Vec<Person>,
    /// Somebody who hands recordings in, and the lesson for which.
    pub clerk: Person,
    /// That lesson.
    pub lesson: String,
    /// The folder of its playlists, for everybody.
    pub base: String,
    /// Where encoders send to, the stream key included.
    pub rtmp: String,
}

/// An encoder that sends until this is dropped.
#[derive(Debug)]
pub struct Publisher(Child);

impl Drop for Publisher {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl OnAir {
    /// Serves one with so many hosts and the source alone.
    pub async fn serve(lab: &Lab, name: &str, hosts: usize) -> anyhow::Result<Self> {
        Self::serve_with(lab, name, hosts, "off").await
    }

    /// The same with a choice of lower qualities, as `live_rungs` says it.
    pub async fn serve_with(lab: &Lab, name: &str, hosts: usize, rungs: &str) -> anyhow::Result<Self> {
        let home = Home::new(lab, name, "")?;
        let app = home.open().await?;
        let seed = publications(&app, 1).await?;
        let mut people = Vec::with_capacity(hosts);
        for n in 0..hosts {
            people.push(person(&app, &format!("host{n}"), Role::Host, seed.organisation).await?);
        }
        let clerk = person(&app, "clerk", Role::Clerk, seed.organisation).await?;
        let (broadcast, draft) = (broadcast(&app, &seed, &people[0]), lesson(&app, seed.organisation, 1));
        let mut tx = app.db.begin().await?;
        Lessons(&mut tx).insert(&draft).await?;
        Broadcasts(&mut tx).insert(&broadcast).await?;
        Broadcasts(&mut tx).set_key(broadcast.id, &hash_key(KEY), "ench").await?;
        tx.commit().await?;
        let master = app::broadcasts::addresses::on_air(&app, Audience::Public, broadcast.id, Profile::Interactive);
        let base = master.rsplit_once('/').context("an address")?.0.to_owned();
        app.db.close().await;
        drop(app);
        let rtmp = free_port()?;
        let settings = format!(
            "rtmp_listen = \"127.0.0.1:{rtmp}\"\nwhip_listen = \"127.0.0.1:0\"\nlive_rungs = \"{rungs}\"\nconnections_per_address = 1000000\n"
        );
        let ours = home.serve_with(lab, &settings).await?;
        let lesson = draft.id.to_string();
        Ok(Self { ours, id: broadcast.id, hosts: people, clerk, lesson, base, rtmp: format!("rtmp://127.0.0.1:{rtmp}/live/{KEY}") })
    }

    /// Sends a picture of `size` at `kbps` with a keyframe each two seconds, until players find `segments` whole segments of it.
    pub async fn publish(&self, size: &str, kbps: u32, segments: usize) -> anyhow::Result<Publisher> {
        let picture = format!("testsrc2=size={size}:rate=25");
        let (rate, buffer) = (format!("{kbps}k"), format!("{}k", kbps * 2));
        let child = Command::new("ffmpeg")
            .args(["-nostdin", "-hide_banner", "-v", "error", "-re", "-f", "lavfi", "-i", &picture])
            .args(["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"])
            .args(["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "50"])
            .args(["-b:v", &rate, "-maxrate", &rate, "-bufsize", &buffer, "-c:a", "aac", "-ac", "2", "-f", "flv", &self.rtmp])
            .stdin(Stdio::null())
            .spawn()
            .context("ffmpeg")?;
        let publisher = Publisher(child);
        for _ in 0..LOOKS {
            if self.segments().await?.len() >= segments {
                return Ok(publisher);
            }
            tokio::time::sleep(LOOK).await;
        }
        anyhow::bail!("the broadcast does not come on air")
    }

    /// Addresses of the picture's whole segments in memory, the oldest first.
    pub async fn segments(&self) -> anyhow::Result<Vec<String>> {
        let (status, body) = get(self.ours.address, &format!("{}/video/plain.m3u8", self.base)).await?;
        if status != 200 {
            return Ok(Vec::new());
        }
        let text = String::from_utf8(body)?;
        ensure!(text.starts_with("#EXTM3U"), "no playlist: {text}");
        Ok(text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|name| format!("{}/video/{name}", self.base))
            .collect())
    }
}

fn broadcast(app: &app::state::App, seed: &Seed, host: &Person) -> Broadcast {
    let now = app.clock.now();
    Broadcast {
        id: BroadcastId::new(app.clock.as_ref()),
        organisation: seed.organisation,
        lesson: seed.lessons[0],
        campaign: None,
        kind: Kind::Live,
        title: "一场直播".into(),
        lecturer: "李为".into(),
        abstract_: String::new(),
        admission: Admission::Everybody,
        host: None,
        starts_at: now,
        ends_at: now.plus_ms(3_600_000),
        state: State::OnAir,
        profile: Profile::Interactive,
        on_air_at: Some(now),
        ended_at: None,
        held_at: None,
        held_ms: 0,
        key_hint: None,
        material: None,
        keeps_recording: false,
        external_url: None,
        pinned_stage: None,
        series: None,
        created_by: host.actor.account,
        created_at: now,
        version: 1,
    }
}
