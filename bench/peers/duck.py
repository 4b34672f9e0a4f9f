"""Keeps facts in DuckDB and answers one question: duck.py CREATE QUESTION, then a line "answer" or a number of reads to time."""

import json
import sys
import time

import duckdb

create, question = sys.argv[1:]
connection = duckdb.connect()
connection.execute(create)
print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "answer":
        print(json.dumps(connection.execute(question).fetchall()), flush=True)
        continue
    reads = int(line)
    begin = time.perf_counter()
    for _ in range(reads):
        connection.execute(question).fetchall()
    print((time.perf_counter() - begin) * 1000 / reads, flush=True)
