"""Uploads a file with tuspy: part of it, then, as another process would, the rest with checksums.

usage: upload.py ENDPOINT COOKIE FILE LESSON SLOT
Prints the address of the upload.
"""

import sys

from tusclient.client import TusClient

CHUNK = 100_000


def main() -> None:
    endpoint, cookie, path, lesson, slot = sys.argv[1:]
    metadata = {"filename": "第一课 tuspy.pdf", "lesson": lesson, "slot": slot}

    first = TusClient(endpoint, headers={"Cookie": cookie}).uploader(path, chunk_size=CHUNK, metadata=metadata)
    first.upload(stop_at=3 * CHUNK)

    second = TusClient(endpoint, headers={"Cookie": cookie}).uploader(path, url=first.url, chunk_size=CHUNK, upload_checksum=True)
    if second.offset != 3 * CHUNK:
        sys.exit(f"the server went on at {second.offset} instead of {3 * CHUNK}")
    second.upload()
    print(second.url)


main()
