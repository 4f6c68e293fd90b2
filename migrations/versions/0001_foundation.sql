-- People, sessions, households, and the journal that everything else appends to.
-- Runs as solvent_owner with search_path solvent; the application is solvent_app and owns nothing.

create extension if not exists pg_trgm with schema solvent;
create extension if not exists btree_gin with schema solvent;

grant usage on schema solvent to solvent_app, solvent_jobs, solvent_verifier, solvent_backup;

-- The scope of one Work: set by open_work() for this transaction only.
create function scope_household() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('solvent.household', true), '')::uuid;

create function scope_person() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('solvent.person', true), '')::uuid;

-- How far a role goes with every account: 0 nothing, 1 balance, 2 read, 3 annotate, 4 edit.
create function level_of_role(p_role text) returns smallint
    language sql immutable parallel safe
    return case p_role when 'owner' then 4 when 'editor' then 4 when 'adviser' then 3 when 'viewer' then 2 else 0 end;

-- Sets the scope. Where no account is below reading (or editing), one word says so, and policies ask no
-- further; solvent.levels is the level of every account, or those that differ and "*" for the others.
create function set_scope(p_person uuid, p_household uuid, p_role text, p_others smallint, p_granted jsonb)
    returns void language plpgsql as $$
declare
    others smallint := case p_role when 'owner' then 4 else coalesce(p_others, level_of_role(p_role)) end;
    lowest smallint := others;
    levels text := others::text;
begin
    if p_granted is not null and p_role <> 'owner' then
        select least(others, min(value::smallint)) into lowest from jsonb_each_text(p_granted);
        levels := (p_granted || jsonb_build_object('*', others))::text;
    end if;
    perform set_config('solvent.person', coalesce(p_person::text, ''), true),
            set_config('solvent.household', coalesce(p_household::text, ''), true),
            set_config('solvent.role', coalesce(p_role, ''), true),
            set_config('solvent.reads', case when lowest >= 2 then 'all' else '' end, true),
            set_config('solvent.edits', case when lowest = 4 then 'all' else '' end, true),
            set_config('solvent.levels', levels, true);
end $$;

-- Row-level security of one household table. Definer functions run as solvent_owner and see the
-- whole of it; nobody else does, for FORCE holds for the owner too and only this policy lets it in.
create function protect(household_table regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', household_table);
    execute format('alter table %s force row level security', household_table);
    execute format('create policy members on %s to solvent_app
        using (household_id = (select scope_household())) with check (household_id = (select scope_household()))', household_table);
    execute format('create policy definers on %s to solvent_owner using (true) with check (true)', household_table);
    execute format('create policy verifiers on %s for select to solvent_verifier using (true)', household_table);
    execute format('create policy backups on %s for select to solvent_backup using (true)', household_table);
    execute format('grant select on %s to solvent_verifier, solvent_backup', household_table);
end $$;

-- verified_at: when the person showed that letters to the address reach them. Who awaits_mail cannot log in
-- before that.
create table person (
    id            uuid primary key,
    email         text not null check (email = lower(email) and length(email) <= 254),
    name          text not null check (length(name) between 1 and 200),
    password_hash text not null,
    locale        text not null default 'en',
    created_at    timestamptz not null,
    verified_at   timestamptz,
    awaits_mail   boolean not null default false,
    constraint person_email_once unique (email)
);
grant select, insert, update (email, name, password_hash, locale, verified_at, awaits_mail)
    on person to solvent_app;

-- A link in a letter: works once, for one purpose and one address; only the digest of its secret is kept.
create table mail_link (
    digest     bytea primary key,
    person_id  uuid not null references person on delete cascade,
    purpose    text not null check (purpose in ('verify', 'change', 'reset')),
    email      text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index mail_link_by_person on mail_link (person_id, purpose);
create index mail_link_by_age on mail_link (expires_at);
grant select, insert, delete on mail_link to solvent_app;
grant select (person_id) on mail_link to solvent_verifier;

-- Who runs this installation, and who is shut out of it; apart, for the application may write neither.
create table operator_grant (
    person_id  uuid primary key references person on delete cascade,
    granted_at timestamptz not null
);
create table disabled_person (
    person_id   uuid primary key references person on delete cascade,
    disabled_at timestamptz not null
);
grant select on operator_grant, disabled_person to solvent_verifier, solvent_backup;

-- One log-in on one device: of a page (opaque cookie) or of an API client (token family). proved_at is
-- when its person last showed that it is them; multi_factor, that they have shown two factors in it.
create table session (
    id           uuid primary key,
    person_id    uuid not null references person on delete cascade,
    channel      text not null check (channel in ('page', 'api')),
    token_digest bytea unique,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    proved_at    timestamptz not null,
    multi_factor boolean not null default false,
    agent        text not null default '' check (length(agent) <= 200)
);
create index session_by_person on session (person_id);
create index session_by_expiry on session (expires_at);
grant select, insert, delete, update (ended_at, expires_at, proved_at, multi_factor) on session to solvent_app;

create table refresh_token (
    digest     bytea primary key,
    session_id uuid not null references session on delete cascade,
    issued_at  timestamptz not null,
    used_at    timestamptz
);
create index refresh_token_by_session on refresh_token (session_id);
grant select, insert, update (used_at) on refresh_token to solvent_app;

-- Counts of failed log-ins by window, keyed by a digest of what was tried.
create table login_throttle (
    subject      bytea not null,
    window_start timestamptz not null,
    failures     integer not null,
    primary key (subject, window_start)
);
create index login_throttle_by_age on login_throttle (window_start);
grant select, insert, update, delete on login_throttle to solvent_app;

create table household (
    id            uuid primary key,
    name          text not null check (length(name) between 1 and 200),
    base_currency text not null check (base_currency ~ '^[A-Z]{3}$'),
    time_zone     text not null default 'UTC',
    seq           bigint not null default 0,
    head          bytea not null default '\x'::bytea,
    created_at    timestamptz not null
);
alter table household enable row level security;
alter table household force row level security;
create policy members on household to solvent_app using (id = scope_household()) with check (id = scope_household());
create policy definers on household to solvent_owner using (true) with check (true);
create policy verifiers on household for select to solvent_verifier using (true);
create policy backups on household for select to solvent_backup using (true);
grant select on household to solvent_verifier, solvent_backup;
grant select, update (name, time_zone) on household to solvent_app;
grant insert (id, name, base_currency, time_zone, created_at) on household to solvent_app;

create table membership (
    household_id uuid not null references household on delete cascade,
    person_id    uuid not null references person on delete cascade,
    role         text not null check (role in ('owner', 'editor', 'viewer', 'adviser')),
    others       smallint check (others between 0 and 4),
    created_at   timestamptz not null,
    primary key (household_id, person_id)
);
create index membership_by_person on membership (person_id);
select protect('membership');
grant select, insert on membership to solvent_app;

-- What a member may do with single accounts; for accounts without a grant membership.others holds, or
-- else the role. An owner's count for nothing.
create table account_grant (
    household_id uuid not null,
    person_id    uuid not null,
    account_id   uuid not null,
    level        smallint not null check (level between 0 and 4),
    primary key (household_id, person_id, account_id),
    foreign key (household_id, person_id) references membership (household_id, person_id) on delete cascade
);
select protect('account_grant');
grant select, insert, update (level), delete on account_grant to solvent_app;

-- The levels of a member who is no owner: of the accounts with a grant, or of every account that holds
-- money where the others have a level of their own. Null: the role says it all.
create function granted_to(p_household uuid, p_person uuid, p_others smallint) returns jsonb
language plpgsql stable as $$
begin
    if p_others is null then
        return (select jsonb_object_agg(g.account_id, g.level) from account_grant g
                 where g.household_id = p_household and g.person_id = p_person);
    end if;
    return (select jsonb_object_agg(a.id, coalesce(g.level, p_others))
              from account a
              left join account_grant g
                on g.household_id = p_household and g.person_id = p_person and g.account_id = a.id
             where a.household_id = p_household and a.kind in ('asset', 'liability'));
end $$;

-- What a program shows in place of a log-in: a person's word for some of what they may do.
create table personal_token (
    id             uuid primary key,
    person_id      uuid not null references person on delete cascade,
    only_household uuid references household on delete cascade,
    name           text not null check (length(name) between 1 and 100),
    scopes         text[] not null check (cardinality(scopes) between 1 and 20),
    digest         bytea not null unique check (length(digest) = 32),
    created_at     timestamptz not null,
    expires_at     timestamptz not null check (expires_at > created_at and expires_at <= created_at + interval '366 days'),
    used_at        timestamptz,
    revoked_at     timestamptz
);
create index personal_token_by_person on personal_token (person_id);
create index personal_token_by_household on personal_token (only_household);
grant select, insert, update (used_at, revoked_at) on personal_token to solvent_app;
grant select (person_id, only_household) on personal_token to solvent_verifier;

-- The journal: numbered without gaps and chained by hash, both by the database itself.
create table journal (
    household_id uuid not null references household on delete cascade,
    seq          bigint not null,
    at           timestamptz not null,
    actor        text not null,
    cause        text not null,
    kind         text not null,
    subject      uuid,
    before       jsonb,
    after        jsonb,
    visibility   uuid[] not null,
    prev_hash    bytea not null,
    hash         bytea not null,
    primary key (household_id, seq)
);
create index journal_by_subject on journal (household_id, subject, seq);
select protect('journal');
grant select on journal to solvent_app;
grant insert (household_id, at, actor, cause, kind, subject, before, after, visibility) on journal to solvent_app;

-- What the hash of a record is made of; an auditor hashes it again.
create function journal_content(record journal) returns text language sql stable
    return jsonb_build_array(
        record.household_id, record.seq, to_char(record.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        record.actor, record.cause, record.kind, record.subject, record.before, record.after,
        record.visibility, encode(record.prev_hash, 'hex'))::text;

create function journal_hash(record journal) returns bytea language sql stable
    return sha256(convert_to(journal_content(record), 'UTF8'));

create function journal_chain() returns trigger language plpgsql security definer
    set search_path = solvent, pg_temp as $$
begin
    select seq + 1, head into new.seq, new.prev_hash from household where id = new.household_id for no key update;
    new.hash := journal_hash(new);
    update household set seq = new.seq, head = new.hash where id = new.household_id;
    return new;
end $$;
create trigger chain before insert on journal for each row execute function journal_chain();

-- What opening a Work needs, in one round trip: the session or the token is alive, the person is a
-- member, the scope is set for this transaction. No row: nobody is logged in. No role: not their
-- household, or not the one that the token is for. A token's use is due to be noted once a minute.
create function open_work(p_session uuid, p_cookie bytea, p_token bytea, p_household uuid, p_now timestamptz)
returns table (session_id uuid, person_id uuid, locale text, role text, seq bigint, base_currency text, time_zone text,
               proved_at timestamptz, multi_factor boolean, others smallint, granted jsonb,
               token_id uuid, scopes text[], only_household uuid, use_is_due boolean)
language plpgsql security definer set search_path = solvent, pg_temp as $$
begin
    -- One plan for good, by keys: of two ways to find a session only one is asked.
    if p_token is null then
        select s.id, s.person_id, p.locale, m.role, h.seq, h.base_currency, h.time_zone, s.proved_at, s.multi_factor,
               m.others, case when m.role <> 'owner' then granted_to(m.household_id, m.person_id, m.others) end
          into session_id, person_id, locale, role, seq, base_currency, time_zone, proved_at, multi_factor, others, granted
          from session s
          join person p on p.id = s.person_id
          left join membership m on m.household_id = p_household and m.person_id = s.person_id
          left join household h on h.id = m.household_id
         where s.id = coalesce(p_session, (select c.id from session c where c.token_digest = p_cookie))
           and s.ended_at is null and s.expires_at > p_now
           and not exists (select from disabled_person d where d.person_id = s.person_id);
    else
        select t.id, t.scopes, t.only_household, coalesce(t.used_at <= p_now - interval '1 minute', true),
               t.person_id, p.locale, m.role, h.seq, h.base_currency, h.time_zone,
               m.others, case when m.role <> 'owner' then granted_to(m.household_id, m.person_id, m.others) end
          into token_id, scopes, only_household, use_is_due,
               person_id, locale, role, seq, base_currency, time_zone, others, granted
          from personal_token t
          join person p on p.id = t.person_id
          left join membership m on m.household_id = p_household and m.person_id = t.person_id
                                and coalesce(t.only_household, p_household) = p_household
          left join household h on h.id = m.household_id
         where t.digest = p_token and t.revoked_at is null and t.expires_at > p_now
           and not exists (select from disabled_person d where d.person_id = t.person_id);
    end if;
    if found then
        perform set_scope(person_id, case when role is not null then p_household end, role, others, granted);
        return next;
    end if;
end $$;

-- The same for somebody who has no session here: a job that acts for whoever asked for it, a person who
-- has just become a member. No row: they are no member.
create function enter_household(p_person uuid, p_household uuid)
returns table (role text, seq bigint, base_currency text, time_zone text, others smallint, granted jsonb)
language plpgsql security definer set search_path = solvent, pg_temp as $$
begin
    select m.role, h.seq, h.base_currency, h.time_zone, m.others,
           case when m.role <> 'owner' then granted_to(m.household_id, m.person_id, m.others) end
      into role, seq, base_currency, time_zone, others, granted
      from membership m join household h on h.id = m.household_id
     where m.household_id = p_household and m.person_id = p_person;
    if found then
        perform set_scope(p_person, p_household, role, others, granted);
        return next;
    end if;
end $$;

-- The households of the person of this Work, whichever household it is scoped to.
create function my_households() returns table (id uuid, name text, role text, base_currency text)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select h.id, h.name, m.role, h.base_currency
      from membership m join household h on h.id = m.household_id
     where m.person_id = scope_person()
     order by h.created_at, h.id
$$;

-- Erases a household with everything that carries its id, whether or not a foreign key leads there.
create function erase_household(p_household uuid) returns void language plpgsql
    set search_path = solvent, pg_temp as $$
declare
    its regclass;
begin
    delete from household where id = p_household;
    for its in
        select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'solvent'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
           and a.attname = 'household_id' and not a.attisdropped
         order by c.oid desc
    loop
        execute format('delete from %s where household_id = $1', its) using p_household;
    end loop;
end $$;
revoke execute on function erase_household(uuid) from public;

-- Closes the account of the person of this Work. Households of which they are the only member go with
-- them; where others would be left without an owner nothing is done, and the names of those come back.
create function close_person() returns text[] language plpgsql security definer
    set search_path = solvent, pg_temp as $$
declare
    me constant uuid := scope_person();
    orphaned text[];
begin
    perform from household h join membership m on m.household_id = h.id where m.person_id = me for update of h;
    select array_agg(h.name order by h.name) into orphaned
      from membership m join household h on h.id = m.household_id
     where m.person_id = me and m.role = 'owner'
       and exists (select from membership o where o.household_id = h.id and o.person_id <> me)
       and not exists (select from membership o where o.household_id = h.id and o.person_id <> me and o.role = 'owner');
    if orphaned is null then
        perform erase_household(m.household_id) from membership m
         where m.person_id = me
           and not exists (select from membership o where o.household_id = m.household_id and o.person_id <> me);
        delete from person where id = me;
    end if;
    return coalesce(orphaned, '{}');
end $$;
revoke execute on function close_person() from public;
grant execute on function close_person() to solvent_app;

-- An answer already given to a write, kept in the transaction of its effect, for the person or the
-- token that sent it. Without a body: the answer held a secret, which is shown once.
create table idempotency (
    sender_id    uuid not null,
    route        text not null,
    key          text not null check (length(key) between 1 and 200),
    digest       bytea not null,
    status       integer,
    content_type text,
    etag         text,
    body         bytea,
    created_at   timestamptz not null,
    primary key (sender_id, route, key)
);
create index idempotency_by_age on idempotency (created_at);
grant select, insert, delete on idempotency to solvent_app;
