-- Broadcasts: planned, tested, on air, kept. What a publisher sends is in memory and in files; these rows outlive the program.
-- While old code runs: safe, there is none.
create table broadcast (
  id text primary key,
  organisation text not null references organisation (id),
  lesson text not null references lesson (id),
  campaign text references campaign (id),
  kind text not null,
  title text not null,
  lecturer text not null,
  abstract text not null,
  admission text not null,
  host text references account (id),
  starts_at bigint not null,
  ends_at bigint not null,
  state text not null,
  profile text not null,
  dropped_at bigint,
  on_air_at bigint,
  ended_at bigint,
  held_at bigint,
  held_ms bigint not null default 0,
  key_hash text,
  key_hint text,
  material text,
  target_s bigint,
  keeps_recording bigint not null,
  external_url text,
  series text,
  created_by text not null references account (id),
  created_at bigint not null,
  version bigint not null default 1
);
create unique index broadcast_by_key on broadcast (key_hash) where key_hash is not null;
create index broadcast_by_time on broadcast (starts_at, id);
create index broadcast_by_organisation on broadcast (organisation, starts_at);
create index broadcast_by_lesson on broadcast (lesson);
create index broadcast_running on broadcast (state) where state in ('planned', 'testing', 'on-air', 'dropped');
create table recorded_segment (
  broadcast text not null references broadcast (id),
  track text not null,
  msn bigint not null,
  generation bigint not null,
  timeline bigint not null,
  timescale bigint not null,
  start bigint not null,
  ticks bigint not null,
  at_unix_ms bigint not null,
  bytes bigint not null,
  primary key (broadcast, track, msn)
);
