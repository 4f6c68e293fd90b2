-- Security events: who tried to get in, who did, and what they changed about getting in. The sibling
-- of the journal, for the installation as a whole: numbered without gaps and chained by hash.

create table security_event (
    seq        bigint primary key,
    at         timestamptz not null,
    kind       text not null,
    person_id  uuid,  -- whom it concerns; the record outlives them
    session_id uuid,
    subject    uuid,
    actor      text not null,
    cause      text not null,
    request_id text not null,
    network    cidr,
    agent      text not null,
    tried      bytea, -- keyed digest of an address that was typed
    facts      jsonb not null,
    prev_hash  bytea not null,
    hash       bytea not null
);
create index security_event_by_person on security_event (person_id, seq);
create index security_event_by_kind on security_event (kind, seq);

-- The end of the chain; one row, which a writer holds until its transaction ends.
create table security_head (
    only_one boolean primary key default true check (only_one),
    seq      bigint not null,
    head     bytea not null
);
insert into security_head (seq, head) values (0, '\x');

alter table security_event enable row level security;
alter table security_event force row level security;
create policy own on security_event for select to solvent_app using (person_id = (select scope_person()));
create policy writers on security_event for insert to solvent_app with check (true);
create policy definers on security_event to solvent_owner using (true) with check (true);
create policy verifiers on security_event for select to solvent_verifier using (true);
create policy backups on security_event for select to solvent_backup using (true);
grant select on security_event, security_head to solvent_verifier, solvent_backup;
grant select on security_event to solvent_app;
grant insert (at, kind, person_id, session_id, subject, actor, cause, request_id, network, agent, tried, facts)
    on security_event to solvent_app;

create function security_hash(record security_event) returns bytea language sql stable
    return sha256(convert_to(jsonb_build_array(
        record.seq, to_char(record.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), record.kind,
        record.person_id, record.session_id, record.subject, record.actor, record.cause, record.request_id,
        record.network::text, record.agent, encode(record.tried, 'hex'), record.facts,
        encode(record.prev_hash, 'hex'))::text, 'UTF8'));

-- What concerns a session concerns its person.
create function security_chain() returns trigger language plpgsql security definer
    set search_path = solvent, pg_temp as $$
begin
    if new.person_id is null and new.session_id is not null then
        select s.person_id into new.person_id from session s where s.id = new.session_id;
    end if;
    select h.seq + 1, h.head into new.seq, new.prev_hash from security_head h for no key update;
    new.hash := security_hash(new);
    update security_head set seq = new.seq, head = new.hash;
    return new;
end $$;
create trigger chain before insert on security_event for each row execute function security_chain();

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
    raise exception 'what has been recorded in % stays as it is', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger stays before update or delete or truncate on security_event
    for each statement execute function refuse_rewriting();
