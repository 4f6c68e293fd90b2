-- What a person has beside a password: an authenticator, recovery codes, passkeys. No household's data:
-- reached by the person's own id, or by a secret that only they hold.

-- The key of a person's authenticator, sealed for this row. Until it is confirmed it proves nothing;
-- last_step is the newest step of 30 seconds whose code was used, so that none is used twice.
create table totp (
    person_id     uuid primary key references person on delete cascade,
    sealed_secret bytea not null,
    created_at    timestamptz not null,
    confirmed_at  timestamptz,
    last_step     bigint not null default 0
);
grant select, insert, delete, update (sealed_secret, created_at, confirmed_at, last_step) on totp to solvent_app;

create table recovery_code (
    person_id  uuid not null references person on delete cascade,
    digest     bytea not null,
    created_at timestamptz not null,
    used_at    timestamptz,
    primary key (person_id, digest)
);
grant select, insert, delete, update (used_at) on recovery_code to solvent_app;

create table passkey (
    id            uuid primary key,
    person_id     uuid not null references person on delete cascade,
    credential_id bytea not null unique check (length(credential_id) <= 1023),
    public_key    bytea not null,
    sign_count    bigint not null,
    synced        boolean not null,
    name          text not null check (length(name) between 1 and 100),
    created_at    timestamptz not null,
    used_at       timestamptz
);
create index passkey_by_person on passkey (person_id);
grant select, insert, delete, update (name, sign_count, synced, used_at) on passkey to solvent_app;

-- A question that is answered once and soon: the second step of a log-in, or a passkey's signature.
-- Only a digest of the challenge is kept; answering it removes it.
create table factor_challenge (
    digest     bytea primary key,
    purpose    text not null check (purpose in ('second_step', 'passkey_made', 'passkey_used')),
    person_id  uuid references person on delete cascade,
    expires_at timestamptz not null
);
create index factor_challenge_by_age on factor_challenge (expires_at);
create index factor_challenge_by_person on factor_challenge (person_id);
grant select, insert, delete, update (expires_at) on factor_challenge to solvent_app;

-- Verification follows every foreign key, and sees the keys alone.
grant select (person_id) on totp, recovery_code, passkey, factor_challenge to solvent_verifier;
