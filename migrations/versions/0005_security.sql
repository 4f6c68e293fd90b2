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
create index security_event_by_kind on security_event (kind, at);
create index security_event_by_network on security_event (network, at) where kind = 'login.failed';
create index security_event_by_tried on security_event (tried, at) where kind in ('login.failed', 'login.refused');

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

-- What looks like abuse becomes an alert, in the transaction of the event that completes the pattern:
-- one for each pattern and whatever it is about in a quarter of an hour.
create function raise_alert(e security_event, p_pattern text, p_about text, p_count bigint, p_person uuid)
returns void language plpgsql security definer set search_path = solvent, pg_temp as $$
begin
    if exists (select from security_event s
                where s.kind = 'alert.raised' and s.at > e.at - interval '15 minutes'
                  and s.facts->>'pattern' = p_pattern and s.facts->>'about' is not distinct from p_about) then
        return;
    end if;
    insert into security_event (at, kind, person_id, session_id, subject, actor, cause, request_id, network, agent,
                                tried, facts)
    values (e.at, 'alert.raised', p_person, case when p_person is not null then e.session_id end, null,
            'machine:watch', e.cause, e.request_id, e.network, e.agent, null,
            jsonb_build_object('pattern', p_pattern, 'about', p_about, 'count', p_count));
end $$;

create function security_watch() returns trigger language plpgsql security definer
    set search_path = solvent, pg_temp as $$
declare
    since constant timestamptz := new.at - interval '15 minutes';
    found_count bigint;
begin
    if new.kind = 'session.token_reused' then
        perform raise_alert(new, 'token_reused', new.session_id::text, 1, new.person_id);
    elsif new.kind = 'session.moved' then
        perform raise_alert(new, 'session_moved', new.session_id::text, 1, new.person_id);
    elsif new.kind = 'access.refused' then
        select count(*) into found_count from security_event s
         where s.person_id = new.person_id and s.kind = 'access.refused' and s.at > since;
        if found_count >= 20 then
            perform raise_alert(new, 'ids_probed', new.person_id::text, found_count, new.person_id);
        end if;
    else
        select count(distinct s.tried) into found_count from security_event s
         where s.network = new.network and s.kind = 'login.failed' and s.at > since;
        if found_count >= 10 then
            perform raise_alert(new, 'credential_stuffing', new.network::text, found_count, null);
        end if;
        select count(*) into found_count from security_event s
         where s.tried = new.tried and s.kind in ('login.failed', 'login.refused') and s.at > since;
        if found_count >= 10 then
            perform raise_alert(new, 'password_guessing', encode(new.tried, 'hex'), found_count, new.person_id);
        end if;
    end if;
    return null;
end $$;
create trigger watch after insert on security_event for each row
    when (new.kind in ('login.failed', 'login.refused', 'session.token_reused', 'session.moved', 'access.refused'))
    execute function security_watch();
revoke execute on function raise_alert from public;

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_user = 'solvent_owner' and current_setting('solvent.retiring', true) = 'on' then
        return null;
    end if;
    raise exception 'what has been recorded in % stays as it is', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger stays before update or delete or truncate on security_event
    for each statement execute function refuse_rewriting();

-- Retention. What is old is removed from the front of a chain, against a signed checkpoint that keeps the
-- number and the hash with which the rest of the chain goes on. The floors stand here: younger records
-- cannot be removed, whatever the settings say.
create table security_checkpoint (
    seq        bigint primary key,
    hash       bytea not null,
    retired_at timestamptz not null,
    kid        text not null,
    signature  bytea not null
);
create table journal_checkpoint (
    household_id uuid not null references household on delete cascade,
    seq          bigint not null,
    hash         bytea not null,
    retired_at   timestamptz not null,
    kid          text not null,
    signature    bytea not null,
    primary key (household_id, seq)
);
select protect('journal_checkpoint');
grant select on security_checkpoint to solvent_verifier, solvent_backup;
grant select on journal_checkpoint to solvent_app;

create function retirable_security(p_before timestamptz) returns table (seq bigint, hash bytea)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select e.seq, e.hash from security_event e
     where e.seq = (select coalesce((select min(x.seq) from security_event x where x.at >= p_before), h.seq + 1) - 1
                      from security_head h)
$$;

create function retirable_journals(p_before timestamptz) returns table (household_id uuid, seq bigint, hash bytea)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select j.household_id, j.seq, j.hash
      from household h
      join journal j on j.household_id = h.id and j.seq = coalesce(
           (select min(x.seq) from journal x where x.household_id = h.id and x.at >= p_before), h.seq + 1) - 1
$$;

create function retire_security(p_seq bigint, p_hash bytea, p_at timestamptz, p_kid text, p_signature bytea)
returns bigint language plpgsql security definer set search_path = solvent, pg_temp as $$
declare
    removed bigint;
begin
    if exists (select from security_event e where e.seq <= p_seq and e.at > clock_timestamp() - interval '365 days') then
        raise exception 'security events are kept for a year' using errcode = 'check_violation';
    end if;
    if not exists (select from security_event e where e.seq = p_seq and e.hash = p_hash) then
        raise exception 'there is no such security event' using errcode = 'check_violation';
    end if;
    perform set_config('solvent.retiring', 'on', true);
    delete from security_event e where e.seq <= p_seq;
    get diagnostics removed = row_count;
    perform set_config('solvent.retiring', '', true);
    insert into security_checkpoint values (p_seq, p_hash, p_at, p_kid, p_signature);
    return removed;
end $$;

create function retire_journal(p_household uuid, p_seq bigint, p_hash bytea, p_at timestamptz, p_kid text, p_signature bytea)
returns bigint language plpgsql security definer set search_path = solvent, pg_temp as $$
declare
    removed bigint;
begin
    perform 1 from household where id = p_household for no key update;
    if exists (select from journal j where j.household_id = p_household and j.seq <= p_seq
                  and j.at > clock_timestamp() - interval '2557 days') then
        raise exception 'financial records are kept for seven years' using errcode = 'check_violation';
    end if;
    if not exists (select from journal j where j.household_id = p_household and j.seq = p_seq and j.hash = p_hash) then
        raise exception 'there is no such record' using errcode = 'check_violation';
    end if;
    delete from journal j where j.household_id = p_household and j.seq <= p_seq;
    get diagnostics removed = row_count;
    insert into journal_checkpoint values (p_household, p_seq, p_hash, p_at, p_kid, p_signature);
    return removed;
end $$;
revoke execute on function retirable_security, retirable_journals, retire_security, retire_journal from public;
grant execute on function retirable_security, retirable_journals, retire_security, retire_journal to solvent_app;

-- What operators see and do: through these functions only, each of which asks who is asking. None of them
-- returns an amount, a payee, an account or what a record of a journal says.
create function is_operator() returns boolean language sql stable security definer
    set search_path = solvent, pg_temp as $$
    select exists (select from operator_grant o where o.person_id = scope_person())
$$;

create function set_operator(p_email text, p_granted boolean, p_at timestamptz) returns uuid
language plpgsql security definer set search_path = solvent, pg_temp as $$
declare
    found_person uuid;
begin
    select p.id into found_person from person p where p.email = p_email;
    if found_person is null then
        return null;
    end if;
    if p_granted then
        insert into operator_grant values (found_person, p_at) on conflict do nothing;
    else
        delete from operator_grant where person_id = found_person;
    end if;
    insert into security_event (at, kind, person_id, actor, cause, request_id, agent, facts)
    values (p_at, case when p_granted then 'operator.granted' else 'operator.revoked' end, found_person,
            'machine:person operator', 'person operator', '', '', '{}');
    return found_person;
end $$;
revoke execute on function set_operator from public;

create function operator_people(p_search text, p_before uuid, p_limit integer)
returns table (id uuid, email text, name text, created_at timestamptz, operator boolean, disabled boolean, sessions bigint)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select p.id, p.email, p.name, p.created_at,
           exists (select from operator_grant o where o.person_id = p.id),
           exists (select from disabled_person d where d.person_id = p.id),
           (select count(*) from session s where s.person_id = p.id and s.ended_at is null)
      from person p
     where is_operator() and (p_before is null or p.id < p_before)
       and (p_search = '' or strpos(p.email, lower(p_search)) > 0 or strpos(lower(p.name), lower(p_search)) > 0)
     order by p.id desc limit p_limit
$$;

create function operator_households(p_before uuid, p_limit integer)
returns table (id uuid, name text, created_at timestamptz, members bigint, records bigint)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select h.id, h.name, h.created_at, (select count(*) from membership m where m.household_id = h.id), h.seq
      from household h
     where is_operator() and (p_before is null or h.id < p_before)
     order by h.id desc limit p_limit
$$;

create function operator_events(p_kind text, p_person uuid, p_before bigint, p_limit integer)
returns table (seq bigint, at timestamptz, kind text, person_id uuid, email text, actor text, cause text, request_id text,
               network text, agent text, facts text)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select e.seq, e.at, e.kind, e.person_id, p.email, e.actor, e.cause, e.request_id, e.network::text, e.agent, e.facts::text
      from security_event e left join person p on p.id = e.person_id
     where is_operator() and e.seq < p_before and (p_kind is null or e.kind = p_kind)
       and (p_person is null or e.person_id = p_person)
     order by e.seq desc limit p_limit
$$;

create function operator_overview(p_now timestamptz)
returns table (people bigint, disabled bigint, operators bigint, sessions bigint, households bigint, alerts bigint,
               failed_logins bigint, waiting_jobs bigint, failed_jobs bigint)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select (select count(*) from person), (select count(*) from disabled_person), (select count(*) from operator_grant),
           (select count(*) from session s where s.ended_at is null and s.expires_at > p_now),
           (select count(*) from household),
           (select count(*) from security_event e where e.kind = 'alert.raised' and e.at > p_now - interval '7 days'),
           (select count(*) from security_event e where e.kind = 'login.failed' and e.at > p_now - interval '7 days'),
           (select count(*) from job j where j.status in ('queued', 'picked')),
           (select count(*) from job j where j.status = 'failed')
     where is_operator()
$$;

-- Jobs that were given up, for whoever may read the queue; and for operators, who may not.
create function given_up_jobs(p_after bigint, p_limit integer)
returns table (id bigint, kind text, attempts integer, queued_at timestamptz, failed_at timestamptz, reason text)
language sql stable as $$
    select j.id, j.entrypoint, j.attempts + 1, j.created, j.updated,
           coalesce((select l.traceback ->> 'exception_message' from job_log l
                      where l.job_id = j.id and l.status = 'failed' order by l.created desc, l.id desc limit 1), '')
      from job j where j.status = 'failed' and j.id > p_after order by j.id limit p_limit
$$;

create function retry_job(p_job bigint) returns bigint language sql as $$
    with requeued as (
        update job set status = 'queued', execute_after = now(), updated = now(), attempts = 0,
                       queue_manager_id = null
         where id = p_job and status = 'failed' returning id, entrypoint, priority),
    forgotten as (delete from job_log where job_id = p_job)
    insert into job_log (job_id, status, priority, entrypoint)
    select id, 'queued', priority, entrypoint from requeued returning job_id
$$;

create function operator_jobs(p_after bigint, p_limit integer)
returns table (id bigint, kind text, attempts integer, queued_at timestamptz, failed_at timestamptz, reason text)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select g.* from given_up_jobs(p_after, p_limit) g where is_operator()
$$;

create function operator_retry(p_job bigint) returns bigint
language sql security definer set search_path = solvent, pg_temp as $$
    select case when is_operator() then retry_job(p_job) end
$$;

-- Whether a person is shut out, asked when they have proved who they are.
create function is_disabled(p_person uuid) returns boolean language sql stable security definer
    set search_path = solvent, pg_temp as $$
    select exists (select from disabled_person d where d.person_id = p_person)
$$;

-- Ends every log-in of a person, and with p_disabled shuts them out or lets them in again.
create function operator_disable(p_person uuid, p_disabled boolean, p_at timestamptz) returns boolean
language plpgsql security definer set search_path = solvent, pg_temp as $$
begin
    if not is_operator() or p_person = scope_person() or not exists (select from person p where p.id = p_person) then
        return false;
    end if;
    if p_disabled then
        insert into disabled_person values (p_person, p_at) on conflict do nothing;
    elsif p_disabled is not null then
        delete from disabled_person d where d.person_id = p_person;
        return true;
    end if;
    update session s set ended_at = p_at where s.person_id = p_person and s.ended_at is null;
    return true;
end $$;
