"""A broadcast for hours with the real program: drift against the clock, memory, and whether players still get every segment."""

import json
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from datetime import datetime, timezone
from http.cookiejar import CookieJar
from pathlib import Path

PLAYERS = 50
WARM_MINUTES = 10
GROWTH = 1.10
# Below this much more it is no growth: what an allocator keeps back for a while.
SLACK = 4e6
PASSWORD = "open-the-lecture"


class Session:
    def __init__(self, address):
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def ask(self, method, path, body=None, form=None):
        headers = {"sec-fetch-site": "same-origin"}
        data = None
        if body is not None:
            data, headers["content-type"] = json.dumps(body).encode(), "application/json"
        if form is not None:
            data, headers["content-type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        with self.opener.open(request, timeout=30) as answer:
            return answer.read()


def start(program, folder):
    config = folder / "soak.toml"
    config.write_text('rtmp_listen = "127.0.0.1:0"\nwhip_listen = "127.0.0.1:0"\nlive_rungs = "off"\nrequests_per_minute = 10000000\n')
    command = [program, "serve", "--demo", "--data", str(folder / "data"), "--listen", "127.0.0.1:0", "--config", str(config)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    found = {}
    while len(found) < 2:
        line = server.stdout.readline()
        if not line:
            raise SystemExit("the server ended")
        for name, pattern in (("http", r"listening on (http:\S+)"), ("rtmp", r"taken in at (rtmp:\S+)")):
            match = re.search(pattern, line)
            if match:
                found[name] = match[1]
    return server, found["http"], found["rtmp"]


def on_air(host, rtmp):
    organisation = re.search(rb'<option value="(org_[0-9a-f]+)"', host.ask("GET", "/broadcasts/new"))[1].decode()
    now = int(time.time() * 1000)
    plan = {"organisation": organisation, "kind": "live", "title": "soak", "lecturer": "soak", "admission": "everybody"}
    made = json.loads(host.ask("POST", "/api/v1/broadcasts", plan | {"starts_at": now, "ends_at": now + 11 * 3_600_000}))
    path = "/api/v1/broadcasts/" + made["id"]
    key = json.loads(host.ask("POST", path + "/key"))["key"]
    picture = ["-re", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac", "-ac", "2"]
    encoder = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "error", *picture, *coding, "-f", "flv", f"{rtmp}/{key}"])
    for _ in range(120):
        if json.loads(host.ask("GET", path))["state"] == "testing":
            break
        time.sleep(0.5)
    host.ask("POST", path + "/on-air")
    return made["id"], encoder


def memory(server):
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+)", status)[1]) * 1024


def newest(viewer, base):
    """End of the newest whole segment, seconds; how long it is; its address."""
    text = viewer.ask("GET", f"{base}/video/plain.m3u8").decode()
    times = re.findall(r"PROGRAM-DATE-TIME:(\S+)\n#EXTINF:([\d.]+),\n(\S+)", text)
    at, length, name = times[-1]
    begun = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(timezone.utc).timestamp()
    return begun + float(length), float(length), f"{base}/video/{name}"


class Watch:
    """What is seen of the broadcast, minute by minute."""

    def __init__(self, server, viewer, base, minutes):
        self.server, self.viewer, self.base, self.minutes = server, viewer, base, minutes
        self.first, self.settled, self.memory = None, None, None
        self.segment, self.drift, self.worst, self.failed = None, 0.0, 0.0, 0

    def minute(self, number):
        """The least age of a new segment in a minute does not depend on when it was looked, so two minutes can be compared."""
        until, least = time.time() + 60, float("inf")
        while time.time() < until:
            end, self.segment, address = newest(self.viewer, self.base)
            least = min(least, time.time() - end)
            for _ in range(PLAYERS):
                self.failed += len(self.viewer.ask("GET", address)) == 0
            time.sleep(random.uniform(0.9, 1.9))
        self.first = least if self.first is None else self.first
        self.drift = least - self.first
        self.worst = max(self.worst, abs(self.drift))
        self.memory = memory(self.server)
        if number == min(WARM_MINUTES, max(1, self.minutes // 2)):
            self.settled = self.memory
        told = f"drift {self.drift:+.2f} s ({self.drift / self.segment:+.2f} segments), memory {self.memory / 1e6:.1f} MB"
        print(f"minute {number}: {told}{self.growth_words()}, {self.failed} empty answers", flush=True)

    def growth(self):
        return self.memory / self.settled - 1 if self.settled else 0.0

    def growth_words(self):
        return f" ({self.growth():+.1%} since it settled)" if self.settled else " (warming up)"

    def faults(self):
        drifted = f"drifted by {self.worst:.2f} s, more than a segment of {self.segment:.2f} s" if self.worst > self.segment else None
        grown = self.settled and self.memory > self.settled * GROWTH + SLACK
        grew = f"memory grew from {self.settled / 1e6:.1f} to {self.memory / 1e6:.1f} MB" if grown else None
        empty = f"{self.failed} empty answers" if self.failed else None
        return [fault for fault in (drifted, grew, empty) if fault]

    def result(self, watched):
        return {
            "name": "soak", "minutes": watched, "segment_s": round(self.segment, 3), "drift_s": round(self.drift, 3),
            "worst_drift_segments": round(self.worst / self.segment, 3), "memory_settled_mb": round((self.settled or self.memory) / 1e6, 1),
            "memory_end_mb": round(self.memory / 1e6, 1), "growth": round(self.growth(), 4), "empty_answers": self.failed,
            "faults": self.faults(), "passed": not self.faults(),
        }


def main():
    program, minutes = sys.argv[1], max(1, int(float(sys.argv[2])))
    with tempfile.TemporaryDirectory(prefix="kaijiang-soak.") as folder:
        server, address, rtmp = start(program, Path(folder))
        encoder = None
        try:
            host, viewer = Session(address), Session(address)
            host.ask("POST", "/sign-in", form={"login": "host.township", "password": PASSWORD})
            broadcast, encoder = on_air(host, rtmp)
            for _ in range(120):
                standing = json.loads(viewer.ask("GET", f"/live/{broadcast}/state"))
                if standing["state"] == "on_air":
                    break
                time.sleep(0.5)
            time.sleep(10)
            watch = Watch(server, viewer, standing["manifest"].rsplit("/", 1)[0], minutes)
            for minute in range(1, minutes + 1):
                watch.minute(minute)
                if watch.faults():
                    break
            print(json.dumps(watch.result(minute)))
            return 1 if watch.faults() else 0
        finally:
            if encoder:
                encoder.kill()
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    sys.exit(main())
