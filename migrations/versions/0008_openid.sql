-- Identities of a provider outside, each linked to one person, and questions that somebody is out with.

create table linked_identity (
    id        uuid primary key,
    person_id uuid not null references person on delete cascade,
    issuer    text not null check (length(issuer) between 1 and 500),
    subject   text not null check (length(subject) between 1 and 255),
    email     text check (length(email) <= 254),
    linked_at timestamptz not null,
    used_at   timestamptz,
    constraint linked_identity_once unique (issuer, subject)
);
create index linked_identity_by_person on linked_identity (person_id);
grant select, insert, delete, update (used_at) on linked_identity to solvent_app;

-- Removed as it is answered, so that an answer counts once. With a session: it links to that one.
create table openid_question (
    digest     bytea primary key check (length(digest) = 32),
    session_id uuid references session on delete cascade,
    following  text not null check (length(following) <= 500),
    asked_at   timestamptz not null
);
create index openid_question_by_age on openid_question (asked_at);
create index openid_question_by_session on openid_question (session_id);
grant select, insert, delete on openid_question to solvent_app;

-- Verification follows every foreign key, and sees the keys alone.
grant select (person_id) on linked_identity to solvent_verifier;
grant select (session_id) on openid_question to solvent_verifier;
