"""A broadcast for hours with the real program: drift against the clock, memory, and whether players still get every segment."""

import json
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
    """End of the newest whole segment, seconds; how long a segment is at most; its address."""
    text = viewer.ask("GET", f"{base}/video/plain.m3u8").decode()
    times = re.findall(r"PROGRAM-DATE-TIME:(\S+)\n#EXTINF:([\d.]+),\n(\S+)", text)
    at, length, name = times[-1]
    begun = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(timezone.utc).timestamp()
    target = int(re.search(r"TARGETDURATION:(\d+)", text)[1])
    return begun + float(length), target, f"{base}/video/{name}"


def main():
    program, minutes = sys.argv[1], float(sys.argv[2])
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
            base = standing["manifest"].rsplit("/", 1)[0]
            time.sleep(10)
            first, settled, failed = None, None, 0
            for minute in range(1, int(minutes) + 1):
                until = time.time() + 60
                while time.time() < until:
                    _, _, segment = newest(viewer, base)
                    for _ in range(PLAYERS):
                        failed += len(viewer.ask("GET", segment)) == 0
                    time.sleep(2)
                behind, target, _ = newest(viewer, base)
                behind = time.time() - behind
                first = behind if first is None else first
                now = memory(server)
                if minute == min(WARM_MINUTES, max(1, int(minutes) // 2)):
                    settled = now
                print(f"minute {minute}: {behind:.1f} s behind the clock, {now / 1e6:.1f} MB, {failed} empty answers", flush=True)
                if abs(behind - first) > target + 2:
                    raise SystemExit(f"drifted by {behind - first:.1f} s")
                if settled and now > settled * GROWTH + 4e6:
                    raise SystemExit(f"memory grew from {settled / 1e6:.1f} to {now / 1e6:.1f} MB")
            print("soak passed")
        finally:
            if encoder:
                encoder.kill()
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
