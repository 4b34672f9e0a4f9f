# Thin on purpose: each line calls one command; what it does is written there.
.PHONY: help run test check bench e2e web

help:
	@echo "make run    build and start a server with demonstration data in ./data"
	@echo "make test   every test, with Postgres and a browser"
	@echo "make check  format, lints, rooms, migrations, licences, types"
	@echo "make e2e    only the browser tests, with pictures in e2e/shots"
	@echo "make bench  measure beside the peers (ONLY=name for one)"
	@echo "make web    build the front end"

run:
	@scripts/run $(ARGS)

test:
	@scripts/test

check:
	@scripts/check

bench:
	@bench/run $(ONLY)

e2e:
	@scripts/e2e

web:
	@scripts/web build
