-- Uploads on their way in, originals with their hashes, renditions that can be rebuilt, captions.
-- While old code runs: safe, there is none.
create table upload (
  id text primary key,
  account text not null references account (id),
  lesson text references lesson (id),
  slot text not null,
  variant text not null,
  filename text not null,
  length integer not null,
  state text not null,
  concat text,
  material text,
  created_at integer not null,
  expires_at integer not null
);
create index upload_by_lesson on upload (lesson, slot);
create index upload_by_material on upload (material);
create index upload_open_by_expiry on upload (expires_at) where state = 'open';
create table material (
  id text primary key,
  lesson text not null references lesson (id),
  slot text not null,
  variant text not null,
  filename text not null,
  bytes integer not null,
  sha256 text,
  state text not null,
  source text,
  problems text not null,
  created_by text not null,
  created_at integer not null,
  replaced_at integer
);
create index material_by_lesson on material (lesson, slot, created_at);
create index material_by_hash on material (sha256);
create table rendition (
  material text not null references material (id),
  name text not null,
  kind text not null,
  detail text not null,
  bytes integer not null,
  created_at integer not null,
  primary key (material, name)
);
create table caption (
  id text primary key,
  lesson text not null references lesson (id),
  language text not null,
  label text not null,
  body text not null,
  created_by text not null,
  created_at integer not null,
  unique (lesson, language)
);
