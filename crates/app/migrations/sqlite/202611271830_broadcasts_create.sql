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
  starts_at integer not null,
  ends_at integer not null,
  state text not null,
  profile text not null,
  dropped_at integer,
  on_air_at integer,
  ended_at integer,
  held_at integer,
  held_ms integer not null default 0,
  key_hash text,
  key_hint text,
  material text,
  target_s integer,
  keeps_recording integer not null,
  external_url text,
  series text,
  created_by text not null references account (id),
  created_at integer not null,
  version integer not null default 1
);
create unique index broadcast_by_key on broadcast (key_hash) where key_hash is not null;
create index broadcast_by_time on broadcast (starts_at, id);
create index broadcast_by_organisation on broadcast (organisation, starts_at);
create index broadcast_by_lesson on broadcast (lesson);
create index broadcast_running on broadcast (state) where state in ('planned', 'testing', 'on-air', 'dropped');
create table recorded_segment (
  broadcast text not null references broadcast (id),
  track text not null,
  msn integer not null,
  generation integer not null,
  timeline integer not null,
  timescale integer not null,
  start integer not null,
  ticks integer not null,
  at_unix_ms integer not null,
  bytes integer not null,
  primary key (broadcast, track, msn)
);
