CREATE SCHEMA solvent;
CREATE TYPE solvent.job_status AS ENUM (
    'queued',
    'picked',
    'successful',
    'exception',
    'canceled',
    'deleted',
    'failed'
);
CREATE FUNCTION solvent.account_level(p_account uuid) RETURNS smallint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
declare
    levels text := current_setting('solvent.levels', true);
begin
    if coalesce(levels, '') = '' then return 0; end if;
    if length(levels) = 1 then return levels::smallint; end if;
    return coalesce(levels::jsonb ->> p_account::text, levels::jsonb ->> '*')::smallint;
end $$;
CREATE FUNCTION solvent.analyze_books() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
begin
    analyze transaction; analyze posting; analyze source_item; analyze monthly_sum; analyze payee;
end $$;
CREATE FUNCTION solvent.answer_invitation(p_household uuid, p_digest bytea, p_now timestamp with time zone, p_accept boolean, p_most integer) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
declare
    me uuid := scope_person();
    i invitation;
begin
    perform 1 from household where id = p_household for no key update;
    select x.* into i from invitation x
     where x.household_id = p_household and x.token_digest = p_digest
       and exists (select from invitation_behind(p_household, p_digest, p_now));
    if i.id is null or me is null then return 'gone'; end if;
    if i.email is not null and not exists (select from person where id = me and email = i.email) then
        return 'other_address';
    end if;
    if exists (select from membership where household_id = p_household and person_id = me) then return 'member'; end if;
    if p_accept and (select count(*) from membership where household_id = p_household) >= p_most then
        return 'full';
    end if;
    update invitation x set ended_at = p_now, answered_by = me,
           outcome = case when p_accept then 'accepted' else 'declined' end
     where x.household_id = p_household and x.id = i.id;
    if p_accept then
        insert into membership (household_id, person_id, role, others, created_at)
        values (p_household, me, i.role, i.others, p_now);
        insert into account_grant (household_id, person_id, account_id, level)
        select p_household, me, g.key::uuid, g.value::smallint from jsonb_each_text(i.granted) g;
    end if;
    return case when p_accept then 'accepted' else 'declined' end;
end $$;
CREATE FUNCTION solvent.close_person() RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
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
CREATE FUNCTION solvent.editing(condition text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN ('(select scope_edits_all()) or '::text || condition);
CREATE FUNCTION solvent.enter_household(p_person uuid, p_household uuid) RETURNS TABLE(role text, seq bigint, base_currency text, time_zone text, others smallint, granted jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
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
CREATE FUNCTION solvent.erase_household(p_household uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'solvent', 'pg_temp'
    AS $_$
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
end $_$;
CREATE FUNCTION solvent.forget_previews(created_before timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
declare forgotten bigint;
begin
    delete from source where state = 'previewed' and created_at < least(created_before, now() - interval '30 days');
    get diagnostics forgotten = row_count;
    return forgotten;
end $$;
CREATE FUNCTION solvent.given_up_jobs(p_after bigint, p_limit integer) RETURNS TABLE(id bigint, kind text, attempts integer, queued_at timestamp with time zone, failed_at timestamp with time zone, reason text)
    LANGUAGE sql STABLE
    AS $$
    select j.id, j.entrypoint, j.attempts + 1, j.created, j.updated,
           coalesce((select l.traceback ->> 'exception_message' from job_log l
                      where l.job_id = j.id and l.status = 'failed' order by l.created desc, l.id desc limit 1), '')
      from job j where j.status = 'failed' and j.id > p_after order by j.id limit p_limit
$$;
CREATE FUNCTION solvent.granted_to(p_household uuid, p_person uuid, p_others smallint) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
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
CREATE FUNCTION solvent.hidden_legs(p_transactions uuid[]) RETURNS TABLE(transaction_id uuid, legs integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select p.transaction_id, count(*)::integer from posting p
     where p.household_id = scope_household() and p.transaction_id = any(p_transactions)
       and transaction_visible(p.transaction_id) and not posting_readable(p.account_id, p.transaction_id)
     group by p.transaction_id
$$;
CREATE FUNCTION solvent.hold_to_levels(p_table regclass, p_read text, p_add text, p_change text, p_take text) RETURNS void
    LANGUAGE plpgsql
    AS $_$
begin
    if p_read is not null then
        execute format('create policy levels_read on %s as restrictive for select to solvent_app using (%s)', p_table, p_read);
    end if;
    if p_add is not null then
        execute format('create policy levels_add on %s as restrictive for insert to solvent_app with check (%s)', p_table, p_add);
    end if;
    if p_change is not null then
        execute format('create policy levels_change on %s as restrictive for update to solvent_app using (%s) with check (%2$s)', p_table, p_change);
    end if;
    if p_take is not null then
        execute format('create policy levels_take on %s as restrictive for delete to solvent_app using (%s)', p_table, p_take);
    end if;
end $_$;
CREATE FUNCTION solvent.holds_money(p_account uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select a.kind in ('asset', 'liability') from account a where a.household_id = scope_household() and a.id = p_account
$$;
CREATE FUNCTION solvent.invitation_behind(p_household uuid, p_digest bytea, p_now timestamp with time zone) RETURNS TABLE(id uuid, household_name text, invited_by text, role text, addressed boolean, expires_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select i.id, h.name, p.name, i.role, i.email is not null, i.expires_at
      from invitation i
      join household h on h.id = i.household_id
      join membership m on m.household_id = i.household_id and m.person_id = i.created_by and m.role = 'owner'
      join person p on p.id = m.person_id
     where i.household_id = p_household and i.token_digest = p_digest
       and i.ended_at is null and i.expires_at > p_now
$$;
CREATE FUNCTION solvent.is_disabled(p_person uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select exists (select from disabled_person d where d.person_id = p_person)
$$;
CREATE FUNCTION solvent.is_operator() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select exists (select from operator_grant o where o.person_id = scope_person())
$$;
CREATE FUNCTION solvent.job_added() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform pg_notify('solvent_jobs', json_build_object(
        'channel', 'solvent_jobs', 'operation', 'insert', 'sent_at', now(), 'table', 'job',
        'type', 'table_changed_event')::text);
    return null;
end $$;
CREATE FUNCTION solvent.journal_chain() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
begin
    select seq + 1, head into new.seq, new.prev_hash from household where id = new.household_id for no key update;
    new.hash := journal_hash(new);
    update household set seq = new.seq, head = new.hash where id = new.household_id;
    return new;
end $$;
CREATE TABLE solvent.journal (
    household_id uuid NOT NULL,
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    cause text NOT NULL,
    kind text NOT NULL,
    subject uuid,
    before jsonb,
    after jsonb,
    visibility uuid[] NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL
);
ALTER TABLE ONLY solvent.journal FORCE ROW LEVEL SECURITY;
CREATE FUNCTION solvent.journal_content(record solvent.journal) RETURNS text
    LANGUAGE sql STABLE
    RETURN (jsonb_build_array((record).household_id, (record).seq, to_char(((record).at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US'::text), (record).actor, (record).cause, (record).kind, (record).subject, (record).before, (record).after, (record).visibility, encode((record).prev_hash, 'hex'::text)))::text;
CREATE FUNCTION solvent.journal_hash(record solvent.journal) RETURNS bytea
    LANGUAGE sql STABLE
    RETURN sha256(convert_to(solvent.journal_content(record), 'UTF8'::name));
CREATE FUNCTION solvent.keep_an_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
begin
    perform 1 from household where id = old.household_id for no key update;
    if found and not exists (select from membership m where m.household_id = old.household_id and m.role = 'owner') then
        raise exception 'a household keeps an owner' using errcode = 'SV003';
    end if;
    return null;
end $$;
CREATE FUNCTION solvent.least_level(p_accounts uuid[]) RETURNS smallint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select coalesce(min(account_level(a.id)), 4::smallint) from account a
     where a.household_id = scope_household() and a.id = any(p_accounts) and a.kind in ('asset', 'liability')
$$;
CREATE FUNCTION solvent.level_of_role(p_role text) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE p_role WHEN 'owner'::text THEN 4 WHEN 'editor'::text THEN 4 WHEN 'adviser'::text THEN 3 WHEN 'viewer'::text THEN 2 ELSE 0 END;
CREATE FUNCTION solvent.members_here() RETURNS TABLE(person_id uuid, name text, email text, role text, others smallint, created_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select m.person_id, p.name, p.email, m.role, m.others, m.created_at
      from membership m join person p on p.id = m.person_id
     where m.household_id = scope_household()
     order by m.created_at, m.person_id
$$;
CREATE FUNCTION solvent.memo_matches(pattern text) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    SET enable_bitmapscan TO 'on'
    SET enable_indexscan TO 'off'
    AS $$
begin
    return query select x.transaction_id from memo_text x
                  where x.household_id = scope_household() and x.memo ilike pattern
                    and (scope_reads_all() or transaction_visible(x.transaction_id));
end $$;
CREATE FUNCTION solvent.my_households() RETURNS TABLE(id uuid, name text, role text, base_currency text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select h.id, h.name, m.role, h.base_currency
      from membership m join household h on h.id = m.household_id
     where m.person_id = scope_person()
     order by h.created_at, h.id
$$;
CREATE FUNCTION solvent.open_work(p_session uuid, p_cookie bytea, p_token bytea, p_household uuid, p_now timestamp with time zone) RETURNS TABLE(session_id uuid, person_id uuid, locale text, role text, seq bigint, base_currency text, time_zone text, proved_at timestamp with time zone, multi_factor boolean, others smallint, granted jsonb, token_id uuid, scopes text[], only_household uuid, use_is_due boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
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
CREATE FUNCTION solvent.operator_disable(p_person uuid, p_disabled boolean, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
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
CREATE FUNCTION solvent.operator_events(p_kind text, p_person uuid, p_before bigint, p_limit integer) RETURNS TABLE(seq bigint, at timestamp with time zone, kind text, person_id uuid, email text, actor text, cause text, request_id text, network text, agent text, facts text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select e.seq, e.at, e.kind, e.person_id, p.email, e.actor, e.cause, e.request_id, e.network::text, e.agent, e.facts::text
      from security_event e left join person p on p.id = e.person_id
     where is_operator() and e.seq < p_before and (p_kind is null or e.kind = p_kind)
       and (p_person is null or e.person_id = p_person)
     order by e.seq desc limit p_limit
$$;
CREATE FUNCTION solvent.operator_households(p_before uuid, p_limit integer) RETURNS TABLE(id uuid, name text, created_at timestamp with time zone, members bigint, records bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select h.id, h.name, h.created_at, (select count(*) from membership m where m.household_id = h.id), h.seq
      from household h
     where is_operator() and (p_before is null or h.id < p_before)
     order by h.id desc limit p_limit
$$;
CREATE FUNCTION solvent.operator_jobs(p_after bigint, p_limit integer) RETURNS TABLE(id bigint, kind text, attempts integer, queued_at timestamp with time zone, failed_at timestamp with time zone, reason text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select g.* from given_up_jobs(p_after, p_limit) g where is_operator()
$$;
CREATE FUNCTION solvent.operator_overview(p_now timestamp with time zone) RETURNS TABLE(people bigint, disabled bigint, operators bigint, sessions bigint, households bigint, alerts bigint, failed_logins bigint, waiting_jobs bigint, failed_jobs bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select (select count(*) from person), (select count(*) from disabled_person), (select count(*) from operator_grant),
           (select count(*) from session s where s.ended_at is null and s.expires_at > p_now),
           (select count(*) from household),
           (select count(*) from security_event e where e.kind = 'alert.raised' and e.at > p_now - interval '7 days'),
           (select count(*) from security_event e where e.kind = 'login.failed' and e.at > p_now - interval '7 days'),
           (select count(*) from job j where j.status in ('queued', 'picked')),
           (select count(*) from job j where j.status = 'failed')
     where is_operator()
$$;
CREATE FUNCTION solvent.operator_people(p_search text, p_before uuid, p_limit integer) RETURNS TABLE(id uuid, email text, name text, created_at timestamp with time zone, operator boolean, disabled boolean, sessions bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select p.id, p.email, p.name, p.created_at,
           exists (select from operator_grant o where o.person_id = p.id),
           exists (select from disabled_person d where d.person_id = p.id),
           (select count(*) from session s where s.person_id = p.id and s.ended_at is null)
      from person p
     where is_operator() and (p_before is null or p.id < p_before)
       and (p_search = '' or strpos(p.email, lower(p_search)) > 0 or strpos(lower(p.name), lower(p_search)) > 0)
     order by p.id desc limit p_limit
$$;
CREATE FUNCTION solvent.operator_retry(p_job bigint) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select case when is_operator() then retry_job(p_job) end
$$;
CREATE FUNCTION solvent.payee_visible(p_payee uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select exists (select from transaction t
                    where t.household_id = scope_household() and t.payee_id = p_payee
                      and t.deleted_at is null and t.origin <> 'opening' and transaction_visible(t.id))
$$;
CREATE FUNCTION solvent.posting_added() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    SET work_mem TO '64MB'
    SET enable_sort TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
declare
    fault text;
    weighed boolean;
    home uuid;
    lowest uuid;
    highest uuid;
    is_batch boolean := false;
begin
    if exists (select from added offset 1000) then
        -- The ids of an import differ in their last twelve digits only: they are one stretch of the key.
        select household_id into home from added limit 1;
        select min(transaction_id::text collate "C")::uuid, max(transaction_id::text collate "C")::uuid,
               bool_and(household_id = home) into lowest, highest, is_batch from added;
        is_batch := is_batch and left(lowest::text, 24) = left(highest::text, 24);
    end if;
    if is_batch then
        perform set_config('enable_hashjoin', 'on', true);
        select min(case when g.off_by <> 0 or g.legs < 2 then 'SV001'
                        when g.first <> g.last or t.id is null or t.booked_on <> g.first or t.deleted_at is not null
                        then 'SV002' end),
               bool_or(g.weighed) into fault, weighed
          from (select transaction_id, count(*) as legs, total(weight_minor) as off_by, min(booked_on) as first,
                       max(booked_on) as last, bool_or(weight_minor <> amount_minor) as weighed
                  from added group by transaction_id) g
          left join (select id, booked_on, deleted_at from transaction
                      where household_id = home and id between lowest and highest offset 0) t on t.id = g.transaction_id;
        perform set_config('enable_hashjoin', 'off', true);
    else
        select min(case when g.off_by <> 0 or g.legs < 2 then 'SV001'
                        when g.first <> g.last or t.id is null or t.booked_on <> g.first or t.deleted_at is not null
                        then 'SV002' end),
               bool_or(g.weighed) into fault, weighed
          from (select household_id, transaction_id, count(*) as legs, total(weight_minor) as off_by,
                       min(booked_on) as first, max(booked_on) as last, bool_or(weight_minor <> amount_minor) as weighed
                  from added group by household_id, transaction_id) g
          left join transaction t on t.household_id = g.household_id and t.id = g.transaction_id;
    end if;
    perform refuse_postings(fault);
    if weighed then
        select 'SV002' into fault
          from added p join transaction t on t.household_id = p.household_id and t.id = p.transaction_id
         where p.weight_minor <> p.amount_minor and p.currency = t.currency limit 1;
        perform refuse_postings(fault);
    end if;
    with days as (
        select household_id, account_id, booked_on, currency, total(amount_minor) as amount_minor
          from added group by household_id, account_id, booked_on, currency),
    months as materialized (
        select household_id, account_id, date_trunc('month', booked_on::timestamp)::date as month, currency,
               total(amount_minor) as amount_minor
          from days group by 1, 2, 3, 4),
    summed as (
        insert into monthly_sum as s (household_id, account_id, month, currency, amount_minor)
        select household_id, account_id, month, currency, amount_minor from months order by 1, 2, 3, 4
        on conflict (household_id, account_id, month, currency)
        do update set amount_minor = s.amount_minor + excluded.amount_minor)
    select 'SV002' into fault
      from (select distinct household_id, account_id, currency from months) m
      left join account a on a.household_id = m.household_id and a.id = m.account_id
     where a.id is null or (a.kind in ('asset', 'liability') and a.currency <> m.currency)
     limit 1;
    perform refuse_postings(fault);
    return null;
end $$;
CREATE FUNCTION solvent.posting_editable(p_account uuid, p_transaction uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return (account_level(p_account) = 4 or not holds_money(p_account)) and transaction_level(p_transaction) = 4;
end $$;
CREATE FUNCTION solvent.posting_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    SET work_mem TO '64MB'
    SET enable_sort TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
declare
    fault text;
begin
    select 'SV001' into fault
      from (select household_id, transaction_id, weight_minor from added
            union all select household_id, transaction_id, -weight_minor from removed) changed
     group by household_id, transaction_id having total(weight_minor) <> 0 limit 1;
    perform refuse_postings(fault);
    select 'SV002' into fault
      from added p
      left join transaction t on t.household_id = p.household_id and t.id = p.transaction_id
     where t.id is null or t.booked_on <> p.booked_on or t.deleted_at is not null
        or (p.currency = t.currency and p.weight_minor <> p.amount_minor)
     limit 1;
    perform refuse_postings(fault);
    with months as materialized (
        select household_id, account_id, date_trunc('month', booked_on::timestamp)::date as month, currency,
               total(amount_minor) as amount_minor
          from (select household_id, account_id, booked_on, currency, amount_minor from added
                union all
                select household_id, account_id, booked_on, currency, -amount_minor from removed) changed
         group by 1, 2, 3, 4),
    summed as (
        insert into monthly_sum as s (household_id, account_id, month, currency, amount_minor)
        select household_id, account_id, month, currency, amount_minor from months
         where amount_minor <> 0 order by 1, 2, 3, 4
        on conflict (household_id, account_id, month, currency)
        do update set amount_minor = s.amount_minor + excluded.amount_minor)
    select 'SV002' into fault
      from (select distinct household_id, account_id, currency from months) m
      left join account a on a.household_id = m.household_id and a.id = m.account_id
     where a.id is null or (a.kind in ('asset', 'liability') and a.currency <> m.currency)
     limit 1;
    perform refuse_postings(fault);
    return null;
end $$;
CREATE FUNCTION solvent.posting_readable(p_account uuid, p_transaction uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if holds_money(p_account) then return account_level(p_account) >= 2; end if;
    return transaction_level(p_transaction) >= 2;
end $$;
CREATE FUNCTION solvent.posting_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    SET work_mem TO '64MB'
    SET enable_sort TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
declare
    fault text;
begin
    select 'SV001' into fault
      from removed group by household_id, transaction_id having total(weight_minor) <> 0 limit 1;
    perform refuse_postings(fault);
    insert into monthly_sum as s (household_id, account_id, month, currency, amount_minor)
    select household_id, account_id, date_trunc('month', booked_on::timestamp)::date, currency, -total(amount_minor)
      from removed group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (household_id, account_id, month, currency)
    do update set amount_minor = s.amount_minor + excluded.amount_minor;
    return null;
end $$;
CREATE FUNCTION solvent.protect(household_table regclass) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
CREATE TABLE solvent.security_event (
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    person_id uuid,
    session_id uuid,
    subject uuid,
    actor text NOT NULL,
    cause text NOT NULL,
    request_id text NOT NULL,
    network cidr,
    agent text NOT NULL,
    tried bytea,
    facts jsonb NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL
);
ALTER TABLE ONLY solvent.security_event FORCE ROW LEVEL SECURITY;
CREATE FUNCTION solvent.raise_alert(e solvent.security_event, p_pattern text, p_about text, p_count bigint, p_person uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
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
CREATE FUNCTION solvent.reading(condition text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN ('(select scope_reads_all()) or '::text || condition);
CREATE FUNCTION solvent.record_visible(p_visibility uuid[], p_kind text, p_subject uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if p_kind like 'payee.%' and p_visibility = '{}' then return payee_visible(p_subject); end if;
    return least_level(p_visibility) >= 2;
end $$;
CREATE FUNCTION solvent.refuse_postings(fault text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if fault = 'SV001' then
        raise exception 'the postings of a transaction do not sum to zero' using errcode = 'SV001';
    elsif fault = 'SV002' then
        raise exception 'a posting does not fit its transaction or its account' using errcode = 'SV002';
    end if;
end $$;
CREATE FUNCTION solvent.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if tg_op = 'DELETE' and current_user = 'solvent_owner' and current_setting('solvent.retiring', true) = 'on' then
        return null;
    end if;
    raise exception 'what has been recorded in % stays as it is', tg_table_name using errcode = 'insufficient_privilege';
end $$;
CREATE FUNCTION solvent.retirable_journals(p_before timestamp with time zone) RETURNS TABLE(household_id uuid, seq bigint, hash bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select j.household_id, j.seq, j.hash
      from household h
      join journal j on j.household_id = h.id and j.seq = coalesce(
           (select min(x.seq) from journal x where x.household_id = h.id and x.at >= p_before), h.seq + 1) - 1
$$;
CREATE FUNCTION solvent.retirable_security(p_before timestamp with time zone) RETURNS TABLE(seq bigint, hash bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select e.seq, e.hash from security_event e
     where e.seq = (select coalesce((select min(x.seq) from security_event x where x.at >= p_before), h.seq + 1) - 1
                      from security_head h)
$$;
CREATE FUNCTION solvent.retire_journal(p_household uuid, p_seq bigint, p_hash bytea, p_at timestamp with time zone, p_kid text, p_signature bytea) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
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
CREATE FUNCTION solvent.retire_security(p_seq bigint, p_hash bytea, p_at timestamp with time zone, p_kid text, p_signature bytea) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
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
CREATE FUNCTION solvent.retry_job(p_job bigint) RETURNS bigint
    LANGUAGE sql
    AS $$
    with requeued as (
        update job set status = 'queued', execute_after = now(), updated = now(), attempts = 0,
                       queue_manager_id = null
         where id = p_job and status = 'failed' returning id, entrypoint, priority),
    forgotten as (delete from job_log where job_id = p_job)
    insert into job_log (job_id, status, priority, entrypoint)
    select id, 'queued', priority, entrypoint from requeued returning job_id
$$;
CREATE FUNCTION solvent.scope_edits_all() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((current_setting('solvent.edits'::text, true) = 'all'::text), false);
CREATE FUNCTION solvent.scope_highest() RETURNS smallint
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
declare
    levels text := current_setting('solvent.levels', true);
begin
    if coalesce(levels, '') = '' then return 0; end if;
    if length(levels) = 1 then return levels::smallint; end if;
    return (select max(value::smallint) from jsonb_each_text(levels::jsonb));
end $$;
CREATE FUNCTION solvent.scope_household() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('solvent.household'::text, true), ''::text))::uuid;
CREATE FUNCTION solvent.scope_is_owner() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((current_setting('solvent.role'::text, true) = 'owner'::text), false);
CREATE FUNCTION solvent.scope_names_all() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE(((current_setting('solvent.reads'::text, true) = 'all'::text) OR (current_setting('solvent.names'::text, true) = 'all'::text)), false);
CREATE FUNCTION solvent.scope_person() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('solvent.person'::text, true), ''::text))::uuid;
CREATE FUNCTION solvent.scope_reads_all() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((current_setting('solvent.reads'::text, true) = 'all'::text), false);
CREATE FUNCTION solvent.security_chain() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
begin
    if new.person_id is null and new.session_id is not null then
        select s.person_id into new.person_id from session s where s.id = new.session_id;
    end if;
    select h.seq + 1, h.head into new.seq, new.prev_hash from security_head h for no key update;
    new.hash := security_hash(new);
    update security_head set seq = new.seq, head = new.hash;
    return new;
end $$;
CREATE FUNCTION solvent.security_hash(record solvent.security_event) RETURNS bytea
    LANGUAGE sql STABLE
    RETURN sha256(convert_to((jsonb_build_array((record).seq, to_char(((record).at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US'::text), (record).kind, (record).person_id, (record).session_id, (record).subject, (record).actor, (record).cause, (record).request_id, ((record).network)::text, (record).agent, encode((record).tried, 'hex'::text), (record).facts, encode((record).prev_hash, 'hex'::text)))::text, 'UTF8'::name));
CREATE FUNCTION solvent.security_watch() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
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
CREATE FUNCTION solvent.seen_sums(p_first date, p_last date) RETURNS TABLE(account_id uuid, kind text, month date, currency text, amount_minor bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    SET enable_seqscan TO 'on'
    SET enable_hashjoin TO 'on'
    SET enable_sort TO 'on'
    AS $$
declare
    here uuid := scope_household();
    unread uuid[];
    unseen uuid[];
begin
    select coalesce(array_agg(a.id) filter (where account_level(a.id) < 2), '{}'),
           coalesce(array_agg(a.id) filter (where account_level(a.id) < 1), '{}') into unread, unseen
      from account a where a.household_id = here and a.kind in ('asset', 'liability');
    return query
    select p.account_id, a.kind, date_trunc('month', p.booked_on::timestamp)::date, p.currency, sum(p.amount_minor)::bigint
      from account a
      join posting p on p.household_id = here and p.account_id = a.id and p.booked_on between p_first and p_last
     where a.household_id = here
       and case when a.kind in ('asset', 'liability') then a.id <> all(unseen)
                else not exists (select from posting h where h.household_id = here
                                    and h.transaction_id = p.transaction_id and h.account_id = any(unread))
                     and (account_level(null) >= 2 or transaction_visible(p.transaction_id)) end
     group by 1, 2, 3, 4
    having sum(p.amount_minor) <> 0 or a.kind in ('asset', 'liability');
end $$;
CREATE FUNCTION solvent.set_operator(p_email text, p_granted boolean, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
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
CREATE FUNCTION solvent.set_scope(p_person uuid, p_household uuid, p_role text, p_others smallint, p_granted jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION solvent.source_seen(p_source uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select exists (select from source s where s.household_id = scope_household() and s.id = p_source
                      and source_visible(s.accounts, s.created_by))
$$;
CREATE FUNCTION solvent.source_visible(p_accounts uuid[], p_created_by text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if p_accounts is null then return p_created_by = 'person:' || scope_person()::text; end if;
    return least_level(p_accounts) >= 2;
end $$;
CREATE FUNCTION solvent.tag_visible(p_tag uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
    select exists (select from transaction_tag x
                    where x.household_id = scope_household() and x.tag_id = p_tag and transaction_visible(x.transaction_id))
$$;
CREATE FUNCTION solvent.transaction_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    SET work_mem TO '64MB'
    SET enable_sort TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
begin
    perform 1 from (select household_id, id, booked_on, memo, deleted_at from fresh
                    union all select household_id, id, booked_on, memo, deleted_at from stale) both_states
      group by household_id, id
     having min(booked_on) <> max(booked_on) or min(memo) <> max(memo) or count(deleted_at) = 1 limit 1;
    if not found then
        return null;
    end if;
    update posting p set booked_on = n.booked_on from fresh n
     where p.household_id = n.household_id and p.transaction_id = n.id and p.booked_on <> n.booked_on;
    delete from posting p using fresh n
     where p.household_id = n.household_id and p.transaction_id = n.id and n.deleted_at is not null;
    delete from memo_text x using fresh n
     where x.household_id = n.household_id and x.transaction_id = n.id and (n.deleted_at is not null or n.memo = '');
    insert into memo_text as x (household_id, transaction_id, memo)
    select household_id, id, memo from fresh where deleted_at is null and memo <> ''
    on conflict (household_id, transaction_id) do update set memo = excluded.memo where x.memo <> excluded.memo;
    return null;
end $$;
CREATE FUNCTION solvent.transaction_level(p_transaction uuid) RETURNS smallint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
declare
    lowest smallint;
    legs bigint;
    touched uuid[];
begin
    select min(account_level(p.account_id)) filter (where a.kind in ('asset', 'liability')), count(*) into lowest, legs
      from posting p join account a on a.household_id = p.household_id and a.id = p.account_id
     where p.household_id = scope_household() and p.transaction_id = p_transaction;
    if legs = 0 then
        select j.visibility into touched from journal j
         where j.household_id = scope_household() and j.subject = p_transaction and j.kind = 'transaction.deleted'
         order by j.seq desc limit 1;
        return case when found then least_level(touched) else 4 end;
    end if;
    return coalesce(lowest, account_level(null));
end $$;
CREATE FUNCTION solvent.transaction_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    SET work_mem TO '64MB'
    SET enable_sort TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
begin
    delete from posting p using stale o where p.household_id = o.household_id and p.transaction_id = o.id;
    delete from memo_text x using stale o where x.household_id = o.household_id and x.transaction_id = o.id;
    return null;
end $$;
CREATE FUNCTION solvent.transaction_visible(p_transaction uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'solvent', 'pg_temp'
    AS $$
declare
    reads boolean;
begin
    select bool_or(account_level(p.account_id) >= 2) into reads
      from posting p join account a on a.household_id = p.household_id and a.id = p.account_id
     where p.household_id = scope_household() and p.transaction_id = p_transaction
       and a.kind in ('asset', 'liability');
    return coalesce(reads, transaction_level(p_transaction) >= 2);
end $$;
CREATE AGGREGATE solvent.total(bigint) (
    SFUNC = int8pl,
    STYPE = bigint,
    INITCOND = '0'
);
CREATE TABLE solvent.account (
    household_id uuid NOT NULL,
    id uuid NOT NULL,
    parent_id uuid,
    name text NOT NULL,
    kind text NOT NULL,
    currency text,
    role text,
    opened_on date,
    closed_on date,
    inferred_on date,
    inferred_minor bigint,
    changed_seq bigint NOT NULL,
    CONSTRAINT account_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT account_currency_known CHECK (((kind = ANY (ARRAY['income'::text, 'expense'::text, 'equity'::text])) OR (currency IS NOT NULL))),
    CONSTRAINT account_kind_check CHECK ((kind = ANY (ARRAY['asset'::text, 'liability'::text, 'income'::text, 'expense'::text, 'equity'::text]))),
    CONSTRAINT account_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT account_role_check CHECK ((role = ANY (ARRAY['uncategorised_expense'::text, 'uncategorised_income'::text, 'opening'::text, 'transfers'::text, 'exchange'::text])))
);
ALTER TABLE ONLY solvent.account FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.account_grant (
    household_id uuid NOT NULL,
    person_id uuid NOT NULL,
    account_id uuid NOT NULL,
    level smallint NOT NULL,
    CONSTRAINT account_grant_level_check CHECK (((level >= 0) AND (level <= 4)))
);
ALTER TABLE ONLY solvent.account_grant FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.account_identifier (
    household_id uuid NOT NULL,
    identifier text NOT NULL,
    currency text NOT NULL,
    account_id uuid NOT NULL,
    CONSTRAINT account_identifier_identifier_check CHECK (((length(identifier) >= 1) AND (length(identifier) <= 200)))
);
ALTER TABLE ONLY solvent.account_identifier FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.closing_balance (
    household_id uuid NOT NULL,
    source_id uuid NOT NULL,
    account_id uuid NOT NULL,
    on_day date NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL
);
ALTER TABLE ONLY solvent.closing_balance FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.disabled_person (
    person_id uuid NOT NULL,
    disabled_at timestamp with time zone NOT NULL
);
CREATE TABLE solvent.factor_challenge (
    digest bytea NOT NULL,
    purpose text NOT NULL,
    person_id uuid,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT factor_challenge_purpose_check CHECK ((purpose = ANY (ARRAY['second_step'::text, 'passkey_made'::text, 'passkey_used'::text])))
);
CREATE TABLE solvent.household (
    id uuid NOT NULL,
    name text NOT NULL,
    base_currency text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    head bytea DEFAULT '\x'::bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT household_base_currency_check CHECK ((base_currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT household_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
ALTER TABLE ONLY solvent.household FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.idempotency (
    sender_id uuid NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    status integer,
    content_type text,
    etag text,
    body bytea,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200)))
);
CREATE TABLE solvent.import_profile (
    household_id uuid NOT NULL,
    account_id uuid NOT NULL,
    mapping jsonb NOT NULL
);
ALTER TABLE ONLY solvent.import_profile FORCE ROW LEVEL SECURITY;
CREATE UNLOGGED TABLE solvent.import_progress (
    household_id uuid NOT NULL,
    source_id uuid NOT NULL,
    stage text NOT NULL,
    done bigint NOT NULL,
    total bigint NOT NULL,
    at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY solvent.import_progress FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.invitation (
    household_id uuid NOT NULL,
    id uuid NOT NULL,
    token_digest bytea NOT NULL,
    email text,
    role text NOT NULL,
    others smallint,
    granted jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    outcome text,
    answered_by uuid,
    CONSTRAINT invitation_email_check CHECK (((email = lower(email)) AND (length(email) <= 254))),
    CONSTRAINT invitation_others_check CHECK (((others >= 0) AND (others <= 4))),
    CONSTRAINT invitation_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'declined'::text, 'withdrawn'::text]))),
    CONSTRAINT invitation_role_check CHECK ((role = ANY (ARRAY['editor'::text, 'viewer'::text, 'adviser'::text])))
);
ALTER TABLE ONLY solvent.invitation FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.job (
    id bigint NOT NULL,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    execute_after timestamp with time zone DEFAULT now() NOT NULL,
    status solvent.job_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer DEFAULT 0 NOT NULL,
    slot bigint
);
ALTER TABLE solvent.job ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME solvent.job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE solvent.job_log (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    job_id bigint NOT NULL,
    status solvent.job_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false NOT NULL
);
ALTER TABLE solvent.job_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME solvent.job_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE solvent.job_schedule (
    id bigint NOT NULL,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    next_run timestamp with time zone DEFAULT now() NOT NULL,
    last_run timestamp with time zone,
    status solvent.job_status DEFAULT 'queued'::solvent.job_status NOT NULL
);
ALTER TABLE solvent.job_schedule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME solvent.job_schedule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE solvent.job_statistics (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT date_trunc('second'::text, now()) NOT NULL,
    count bigint NOT NULL,
    priority integer NOT NULL,
    status solvent.job_status NOT NULL,
    entrypoint text NOT NULL
);
ALTER TABLE solvent.job_statistics ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME solvent.job_statistics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE solvent.journal_checkpoint (
    household_id uuid NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    retired_at timestamp with time zone NOT NULL,
    kid text NOT NULL,
    signature bytea NOT NULL
);
ALTER TABLE ONLY solvent.journal_checkpoint FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.letter (
    id uuid NOT NULL,
    state text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT letter_state_check CHECK ((state = ANY (ARRAY['handed_over'::text, 'sent'::text, 'unknown'::text])))
);
CREATE TABLE solvent.linked_identity (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    email text,
    linked_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT linked_identity_email_check CHECK ((length(email) <= 254)),
    CONSTRAINT linked_identity_issuer_check CHECK (((length(issuer) >= 1) AND (length(issuer) <= 500))),
    CONSTRAINT linked_identity_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 255)))
);
CREATE TABLE solvent.login_throttle (
    subject bytea NOT NULL,
    window_start timestamp with time zone NOT NULL,
    failures integer NOT NULL
);
CREATE TABLE solvent.mail_link (
    digest bytea NOT NULL,
    person_id uuid NOT NULL,
    purpose text NOT NULL,
    email text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT mail_link_purpose_check CHECK ((purpose = ANY (ARRAY['verify'::text, 'change'::text, 'reset'::text])))
);
CREATE TABLE solvent.membership (
    household_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text NOT NULL,
    others smallint,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT membership_others_check CHECK (((others >= 0) AND (others <= 4))),
    CONSTRAINT membership_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'editor'::text, 'viewer'::text, 'adviser'::text])))
);
ALTER TABLE ONLY solvent.membership FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.memo_backlog (
    household_id uuid NOT NULL,
    first_id uuid NOT NULL,
    last_id uuid NOT NULL
);
ALTER TABLE ONLY solvent.memo_backlog FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.memo_text (
    household_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    memo text NOT NULL
);
ALTER TABLE ONLY solvent.memo_text FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.monthly_sum (
    household_id uuid NOT NULL,
    account_id uuid NOT NULL,
    month date NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT monthly_sum_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT monthly_sum_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);
ALTER TABLE ONLY solvent.monthly_sum FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.openid_question (
    digest bytea NOT NULL,
    session_id uuid,
    following text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    CONSTRAINT openid_question_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT openid_question_following_check CHECK ((length(following) <= 500))
);
CREATE TABLE solvent.operator_grant (
    person_id uuid NOT NULL,
    granted_at timestamp with time zone NOT NULL
);
CREATE TABLE solvent.passkey (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    synced boolean NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT passkey_credential_id_check CHECK ((length(credential_id) <= 1023)),
    CONSTRAINT passkey_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);
CREATE TABLE solvent.payee (
    household_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    category_id uuid,
    changed_seq bigint NOT NULL,
    CONSTRAINT payee_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
ALTER TABLE ONLY solvent.payee FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.payee_alias (
    household_id uuid NOT NULL,
    description text NOT NULL,
    payee_id uuid NOT NULL,
    CONSTRAINT payee_alias_description_check CHECK (((length(description) >= 1) AND (length(description) <= 1000)))
);
ALTER TABLE ONLY solvent.payee_alias FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.person (
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    verified_at timestamp with time zone,
    awaits_mail boolean DEFAULT false NOT NULL,
    CONSTRAINT person_email_check CHECK (((email = lower(email)) AND (length(email) <= 254))),
    CONSTRAINT person_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
CREATE TABLE solvent.personal_token (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    only_household uuid,
    name text NOT NULL,
    scopes text[] NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT personal_token_check CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '366 days'::interval)))),
    CONSTRAINT personal_token_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT personal_token_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT personal_token_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 20)))
);
CREATE TABLE solvent.posting (
    household_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    ordinal smallint NOT NULL,
    account_id uuid NOT NULL,
    booked_on date NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    weight_minor bigint NOT NULL,
    moved_seq bigint DEFAULT 0 NOT NULL,
    CONSTRAINT posting_amount_minor_check CHECK (((amount_minor >= '-1000000000000000'::bigint) AND (amount_minor <= '1000000000000000'::bigint))),
    CONSTRAINT posting_ordinal_check CHECK (((ordinal >= 0) AND (ordinal <= 499))),
    CONSTRAINT posting_weight_minor_check CHECK (((weight_minor >= '-1000000000000000'::bigint) AND (weight_minor <= '1000000000000000'::bigint)))
);
ALTER TABLE ONLY solvent.posting FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.rate (
    currency text NOT NULL,
    on_day date NOT NULL,
    per_euro numeric NOT NULL,
    CONSTRAINT rate_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT rate_per_euro_check CHECK ((per_euro > (0)::numeric))
);
CREATE TABLE solvent.rate_edition (
    edition text NOT NULL,
    rates bigint NOT NULL
);
CREATE TABLE solvent.recovery_code (
    person_id uuid NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
CREATE TABLE solvent.refresh_token (
    digest bytea NOT NULL,
    session_id uuid NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
CREATE TABLE solvent.schema_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE solvent.security_checkpoint (
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    retired_at timestamp with time zone NOT NULL,
    kid text NOT NULL,
    signature bytea NOT NULL
);
CREATE TABLE solvent.security_head (
    only_one boolean DEFAULT true NOT NULL,
    seq bigint NOT NULL,
    head bytea NOT NULL,
    CONSTRAINT security_head_only_one_check CHECK (only_one)
);
CREATE TABLE solvent.session (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    channel text NOT NULL,
    token_digest bytea,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    proved_at timestamp with time zone NOT NULL,
    multi_factor boolean DEFAULT false NOT NULL,
    agent text DEFAULT ''::text NOT NULL,
    CONSTRAINT session_agent_check CHECK ((length(agent) <= 200)),
    CONSTRAINT session_channel_check CHECK ((channel = ANY (ARRAY['page'::text, 'api'::text])))
);
CREATE TABLE solvent.source (
    household_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    format text NOT NULL,
    digest bytea NOT NULL,
    bytes bigint NOT NULL,
    state text NOT NULL,
    account_id uuid,
    mapping jsonb,
    preview jsonb NOT NULL,
    result jsonb,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    accounts uuid[],
    CONSTRAINT source_name_check CHECK ((length(name) <= 255)),
    CONSTRAINT source_state_check CHECK ((state = ANY (ARRAY['previewed'::text, 'waiting'::text, 'importing'::text, 'committed'::text, 'undone'::text, 'failed'::text])))
);
ALTER TABLE ONLY solvent.source FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.source_chunk (
    household_id uuid NOT NULL,
    source_id uuid NOT NULL,
    ordinal integer NOT NULL,
    content bytea NOT NULL
);
ALTER TABLE ONLY solvent.source_chunk ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE ONLY solvent.source_chunk FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.source_item (
    household_id uuid NOT NULL,
    source_id uuid NOT NULL,
    ordinal integer NOT NULL,
    account_id uuid NOT NULL,
    line integer NOT NULL,
    booked_on date NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    payee text NOT NULL,
    memo text NOT NULL,
    external_id text NOT NULL,
    state text NOT NULL,
    fingerprint uuid NOT NULL,
    transaction_id uuid NOT NULL,
    added boolean NOT NULL,
    withdrawn boolean DEFAULT false NOT NULL
);
ALTER TABLE ONLY solvent.source_item FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.tag (
    household_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    CONSTRAINT tag_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);
ALTER TABLE ONLY solvent.tag FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.totp (
    person_id uuid NOT NULL,
    sealed_secret bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL
);
CREATE TABLE solvent.transaction (
    household_id uuid NOT NULL,
    id uuid NOT NULL,
    booked_on date NOT NULL,
    payee_id uuid,
    memo text DEFAULT ''::text NOT NULL,
    currency text NOT NULL,
    state text DEFAULT 'booked'::text NOT NULL,
    origin text NOT NULL,
    changed_seq bigint NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT transaction_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT transaction_memo_check CHECK ((length(memo) <= 1000)),
    CONSTRAINT transaction_origin_check CHECK ((origin = ANY (ARRAY['manual'::text, 'import'::text, 'opening'::text, 'reversal'::text]))),
    CONSTRAINT transaction_state_check CHECK ((state = ANY (ARRAY['booked'::text, 'pending'::text, 'reconciled'::text])))
);
ALTER TABLE ONLY solvent.transaction FORCE ROW LEVEL SECURITY;
CREATE TABLE solvent.transaction_tag (
    household_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    tag_id uuid NOT NULL
);
ALTER TABLE ONLY solvent.transaction_tag FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY solvent.account_grant
    ADD CONSTRAINT account_grant_pkey PRIMARY KEY (household_id, person_id, account_id);
ALTER TABLE ONLY solvent.account_identifier
    ADD CONSTRAINT account_identifier_pkey PRIMARY KEY (household_id, identifier, currency);
ALTER TABLE ONLY solvent.account
    ADD CONSTRAINT account_name_once UNIQUE NULLS NOT DISTINCT (household_id, parent_id, kind, name);
ALTER TABLE ONLY solvent.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (household_id, id);
ALTER TABLE ONLY solvent.closing_balance
    ADD CONSTRAINT closing_balance_pkey PRIMARY KEY (household_id, source_id, account_id);
ALTER TABLE ONLY solvent.disabled_person
    ADD CONSTRAINT disabled_person_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY solvent.factor_challenge
    ADD CONSTRAINT factor_challenge_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY solvent.household
    ADD CONSTRAINT household_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (sender_id, route, key);
ALTER TABLE ONLY solvent.import_profile
    ADD CONSTRAINT import_profile_pkey PRIMARY KEY (household_id, account_id);
ALTER TABLE ONLY solvent.import_progress
    ADD CONSTRAINT import_progress_pkey PRIMARY KEY (household_id, source_id);
ALTER TABLE ONLY solvent.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (household_id, id);
ALTER TABLE ONLY solvent.invitation
    ADD CONSTRAINT invitation_token_once UNIQUE (household_id, token_digest);
ALTER TABLE ONLY solvent.job_log
    ADD CONSTRAINT job_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.job_schedule
    ADD CONSTRAINT job_schedule_once UNIQUE (expression, entrypoint);
ALTER TABLE ONLY solvent.job_schedule
    ADD CONSTRAINT job_schedule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.job_statistics
    ADD CONSTRAINT job_statistics_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.journal_checkpoint
    ADD CONSTRAINT journal_checkpoint_pkey PRIMARY KEY (household_id, seq);
ALTER TABLE ONLY solvent.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (household_id, seq);
ALTER TABLE ONLY solvent.letter
    ADD CONSTRAINT letter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.linked_identity
    ADD CONSTRAINT linked_identity_once UNIQUE (issuer, subject);
ALTER TABLE ONLY solvent.linked_identity
    ADD CONSTRAINT linked_identity_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.login_throttle
    ADD CONSTRAINT login_throttle_pkey PRIMARY KEY (subject, window_start);
ALTER TABLE ONLY solvent.mail_link
    ADD CONSTRAINT mail_link_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY solvent.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (household_id, person_id);
ALTER TABLE ONLY solvent.memo_backlog
    ADD CONSTRAINT memo_backlog_pkey PRIMARY KEY (household_id, first_id);
ALTER TABLE ONLY solvent.memo_text
    ADD CONSTRAINT memo_text_pkey PRIMARY KEY (household_id, transaction_id);
ALTER TABLE ONLY solvent.monthly_sum
    ADD CONSTRAINT monthly_sum_pkey PRIMARY KEY (household_id, account_id, month, currency);
ALTER TABLE ONLY solvent.openid_question
    ADD CONSTRAINT openid_question_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY solvent.operator_grant
    ADD CONSTRAINT operator_grant_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY solvent.passkey
    ADD CONSTRAINT passkey_credential_id_key UNIQUE (credential_id);
ALTER TABLE ONLY solvent.passkey
    ADD CONSTRAINT passkey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.payee_alias
    ADD CONSTRAINT payee_alias_pkey PRIMARY KEY (household_id, description);
ALTER TABLE ONLY solvent.payee
    ADD CONSTRAINT payee_name_once UNIQUE (household_id, name);
ALTER TABLE ONLY solvent.payee
    ADD CONSTRAINT payee_pkey PRIMARY KEY (household_id, id);
ALTER TABLE ONLY solvent.person
    ADD CONSTRAINT person_email_once UNIQUE (email);
ALTER TABLE ONLY solvent.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.personal_token
    ADD CONSTRAINT personal_token_digest_key UNIQUE (digest);
ALTER TABLE ONLY solvent.personal_token
    ADD CONSTRAINT personal_token_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (household_id, transaction_id, ordinal);
ALTER TABLE ONLY solvent.rate_edition
    ADD CONSTRAINT rate_edition_pkey PRIMARY KEY (edition);
ALTER TABLE ONLY solvent.rate
    ADD CONSTRAINT rate_pkey PRIMARY KEY (currency, on_day);
ALTER TABLE ONLY solvent.recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (person_id, digest);
ALTER TABLE ONLY solvent.refresh_token
    ADD CONSTRAINT refresh_token_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY solvent.schema_version
    ADD CONSTRAINT schema_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY solvent.security_checkpoint
    ADD CONSTRAINT security_checkpoint_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY solvent.security_event
    ADD CONSTRAINT security_event_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY solvent.security_head
    ADD CONSTRAINT security_head_pkey PRIMARY KEY (only_one);
ALTER TABLE ONLY solvent.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY solvent.session
    ADD CONSTRAINT session_token_digest_key UNIQUE (token_digest);
ALTER TABLE ONLY solvent.source_chunk
    ADD CONSTRAINT source_chunk_pkey PRIMARY KEY (household_id, source_id, ordinal);
ALTER TABLE ONLY solvent.source_item
    ADD CONSTRAINT source_item_pkey PRIMARY KEY (household_id, source_id, ordinal);
ALTER TABLE ONLY solvent.source
    ADD CONSTRAINT source_pkey PRIMARY KEY (household_id, id);
ALTER TABLE ONLY solvent.tag
    ADD CONSTRAINT tag_name_once UNIQUE (household_id, name);
ALTER TABLE ONLY solvent.tag
    ADD CONSTRAINT tag_pkey PRIMARY KEY (household_id, id);
ALTER TABLE ONLY solvent.totp
    ADD CONSTRAINT totp_pkey PRIMARY KEY (person_id);
ALTER TABLE ONLY solvent.transaction
    ADD CONSTRAINT transaction_pkey PRIMARY KEY (household_id, id);
ALTER TABLE ONLY solvent.transaction_tag
    ADD CONSTRAINT transaction_tag_pkey PRIMARY KEY (household_id, transaction_id, tag_id);
CREATE UNIQUE INDEX account_role_once ON solvent.account USING btree (household_id, role) WHERE (role IS NOT NULL);
CREATE INDEX closing_balance_by_account ON solvent.closing_balance USING btree (household_id, account_id, on_day DESC);
CREATE INDEX factor_challenge_by_age ON solvent.factor_challenge USING btree (expires_at);
CREATE INDEX factor_challenge_by_person ON solvent.factor_challenge USING btree (person_id);
CREATE INDEX idempotency_by_age ON solvent.idempotency USING btree (created_at);
CREATE UNIQUE INDEX job_dedupe_once ON solvent.job USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::solvent.job_status, 'picked'::solvent.job_status])) AND (dedupe_key IS NOT NULL));
CREATE INDEX job_due ON solvent.job USING btree (entrypoint, execute_after) WHERE (status = 'queued'::solvent.job_status);
CREATE INDEX job_log_by_age ON solvent.job_log USING btree (created);
CREATE INDEX job_log_job_id_status ON solvent.job_log USING btree (job_id, created DESC);
CREATE INDEX job_picked_by ON solvent.job USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);
CREATE INDEX job_picked_heartbeat ON solvent.job USING btree (heartbeat) WHERE (status = 'picked'::solvent.job_status);
CREATE UNIQUE INDEX job_picked_slot_idx ON solvent.job USING btree (entrypoint, slot) WHERE ((status = 'picked'::solvent.job_status) AND (slot IS NOT NULL));
CREATE INDEX job_queued ON solvent.job USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::solvent.job_status);
CREATE UNIQUE INDEX job_statistics_once ON solvent.job_statistics USING btree (priority, date_trunc('sec'::text, (created AT TIME ZONE 'UTC'::text)), status, entrypoint);
CREATE INDEX journal_by_subject ON solvent.journal USING btree (household_id, subject, seq);
CREATE INDEX letter_by_age ON solvent.letter USING btree (at);
CREATE INDEX linked_identity_by_person ON solvent.linked_identity USING btree (person_id);
CREATE INDEX login_throttle_by_age ON solvent.login_throttle USING btree (window_start);
CREATE INDEX mail_link_by_age ON solvent.mail_link USING btree (expires_at);
CREATE INDEX mail_link_by_person ON solvent.mail_link USING btree (person_id, purpose);
CREATE INDEX membership_by_person ON solvent.membership USING btree (person_id);
CREATE INDEX memo_text_search ON solvent.memo_text USING gin (household_id, memo solvent.gin_trgm_ops);
CREATE INDEX openid_question_by_age ON solvent.openid_question USING btree (asked_at);
CREATE INDEX openid_question_by_session ON solvent.openid_question USING btree (session_id);
CREATE INDEX passkey_by_person ON solvent.passkey USING btree (person_id);
CREATE INDEX personal_token_by_household ON solvent.personal_token USING btree (only_household);
CREATE INDEX personal_token_by_person ON solvent.personal_token USING btree (person_id);
CREATE INDEX posting_by_account ON solvent.posting USING btree (household_id, account_id, booked_on, transaction_id);
CREATE INDEX refresh_token_by_session ON solvent.refresh_token USING btree (session_id);
CREATE INDEX security_event_by_kind ON solvent.security_event USING btree (kind, at);
CREATE INDEX security_event_by_network ON solvent.security_event USING btree (network, at) WHERE (kind = 'login.failed'::text);
CREATE INDEX security_event_by_person ON solvent.security_event USING btree (person_id, seq);
CREATE INDEX security_event_by_tried ON solvent.security_event USING btree (tried, at) WHERE (kind = ANY (ARRAY['login.failed'::text, 'login.refused'::text]));
CREATE INDEX session_by_expiry ON solvent.session USING btree (expires_at);
CREATE INDEX session_by_person ON solvent.session USING btree (person_id);
CREATE INDEX source_by_digest ON solvent.source USING btree (household_id, digest);
CREATE INDEX source_item_by_fact ON solvent.source_item USING btree (household_id, account_id, fingerprint) WHERE (NOT withdrawn);
CREATE INDEX source_item_by_transaction ON solvent.source_item USING btree (household_id, transaction_id) WHERE (NOT withdrawn);
CREATE INDEX source_newest ON solvent.source USING btree (household_id, created_at DESC, id DESC);
CREATE INDEX transaction_by_payee ON solvent.transaction USING btree (household_id, payee_id, booked_on, id) WHERE ((deleted_at IS NULL) AND (origin <> 'opening'::text));
CREATE INDEX transaction_newest ON solvent.transaction USING btree (household_id, booked_on, id) WHERE ((deleted_at IS NULL) AND (origin <> 'opening'::text));
CREATE INDEX transaction_pending ON solvent.transaction USING btree (household_id, booked_on, id) WHERE ((deleted_at IS NULL) AND (state = 'pending'::text));
CREATE INDEX transaction_tag_by_tag ON solvent.transaction_tag USING btree (household_id, tag_id, transaction_id);
CREATE TRIGGER added AFTER INSERT ON solvent.job FOR EACH STATEMENT EXECUTE FUNCTION solvent.job_added();
CREATE TRIGGER added AFTER INSERT ON solvent.posting REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION solvent.posting_added();
CREATE TRIGGER chain BEFORE INSERT ON solvent.journal FOR EACH ROW EXECUTE FUNCTION solvent.journal_chain();
CREATE TRIGGER chain BEFORE INSERT ON solvent.security_event FOR EACH ROW EXECUTE FUNCTION solvent.security_chain();
CREATE TRIGGER changed AFTER UPDATE ON solvent.transaction REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION solvent.transaction_changed();
CREATE TRIGGER keep_an_owner AFTER DELETE OR UPDATE ON solvent.membership FOR EACH ROW WHEN ((old.role = 'owner'::text)) EXECUTE FUNCTION solvent.keep_an_owner();
CREATE TRIGGER moved AFTER UPDATE ON solvent.posting REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION solvent.posting_moved();
CREATE TRIGGER removed AFTER DELETE ON solvent.posting REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION solvent.posting_removed();
CREATE TRIGGER removed AFTER DELETE ON solvent.transaction REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION solvent.transaction_removed();
CREATE TRIGGER stays BEFORE DELETE OR UPDATE OR TRUNCATE ON solvent.security_event FOR EACH STATEMENT EXECUTE FUNCTION solvent.refuse_rewriting();
CREATE TRIGGER watch AFTER INSERT ON solvent.security_event FOR EACH ROW WHEN ((new.kind = ANY (ARRAY['login.failed'::text, 'login.refused'::text, 'session.token_reused'::text, 'session.moved'::text, 'access.refused'::text]))) EXECUTE FUNCTION solvent.security_watch();
ALTER TABLE ONLY solvent.account_grant
    ADD CONSTRAINT account_grant_household_id_account_id_fkey FOREIGN KEY (household_id, account_id) REFERENCES solvent.account(household_id, id);
ALTER TABLE ONLY solvent.account_grant
    ADD CONSTRAINT account_grant_household_id_person_id_fkey FOREIGN KEY (household_id, person_id) REFERENCES solvent.membership(household_id, person_id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.account
    ADD CONSTRAINT account_household_id_fkey FOREIGN KEY (household_id) REFERENCES solvent.household(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.account
    ADD CONSTRAINT account_household_id_parent_id_fkey FOREIGN KEY (household_id, parent_id) REFERENCES solvent.account(household_id, id);
ALTER TABLE ONLY solvent.account_identifier
    ADD CONSTRAINT account_identifier_household_id_account_id_fkey FOREIGN KEY (household_id, account_id) REFERENCES solvent.account(household_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.closing_balance
    ADD CONSTRAINT closing_balance_household_id_source_id_fkey FOREIGN KEY (household_id, source_id) REFERENCES solvent.source(household_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.disabled_person
    ADD CONSTRAINT disabled_person_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.factor_challenge
    ADD CONSTRAINT factor_challenge_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.import_profile
    ADD CONSTRAINT import_profile_household_id_account_id_fkey FOREIGN KEY (household_id, account_id) REFERENCES solvent.account(household_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.invitation
    ADD CONSTRAINT invitation_household_id_fkey FOREIGN KEY (household_id) REFERENCES solvent.household(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.journal_checkpoint
    ADD CONSTRAINT journal_checkpoint_household_id_fkey FOREIGN KEY (household_id) REFERENCES solvent.household(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.journal
    ADD CONSTRAINT journal_household_id_fkey FOREIGN KEY (household_id) REFERENCES solvent.household(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.linked_identity
    ADD CONSTRAINT linked_identity_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.mail_link
    ADD CONSTRAINT mail_link_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.membership
    ADD CONSTRAINT membership_household_id_fkey FOREIGN KEY (household_id) REFERENCES solvent.household(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.membership
    ADD CONSTRAINT membership_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.openid_question
    ADD CONSTRAINT openid_question_session_id_fkey FOREIGN KEY (session_id) REFERENCES solvent.session(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.operator_grant
    ADD CONSTRAINT operator_grant_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.passkey
    ADD CONSTRAINT passkey_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.payee_alias
    ADD CONSTRAINT payee_alias_household_id_payee_id_fkey FOREIGN KEY (household_id, payee_id) REFERENCES solvent.payee(household_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.payee
    ADD CONSTRAINT payee_household_id_category_id_fkey FOREIGN KEY (household_id, category_id) REFERENCES solvent.account(household_id, id);
ALTER TABLE ONLY solvent.payee
    ADD CONSTRAINT payee_household_id_fkey FOREIGN KEY (household_id) REFERENCES solvent.household(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.personal_token
    ADD CONSTRAINT personal_token_only_household_fkey FOREIGN KEY (only_household) REFERENCES solvent.household(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.personal_token
    ADD CONSTRAINT personal_token_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.recovery_code
    ADD CONSTRAINT recovery_code_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.refresh_token
    ADD CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES solvent.session(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.session
    ADD CONSTRAINT session_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.source_chunk
    ADD CONSTRAINT source_chunk_household_id_source_id_fkey FOREIGN KEY (household_id, source_id) REFERENCES solvent.source(household_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.source
    ADD CONSTRAINT source_household_id_account_id_fkey FOREIGN KEY (household_id, account_id) REFERENCES solvent.account(household_id, id);
ALTER TABLE ONLY solvent.source
    ADD CONSTRAINT source_household_id_fkey FOREIGN KEY (household_id) REFERENCES solvent.household(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.tag
    ADD CONSTRAINT tag_household_id_fkey FOREIGN KEY (household_id) REFERENCES solvent.household(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.totp
    ADD CONSTRAINT totp_person_id_fkey FOREIGN KEY (person_id) REFERENCES solvent.person(id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.transaction_tag
    ADD CONSTRAINT transaction_tag_household_id_tag_id_fkey FOREIGN KEY (household_id, tag_id) REFERENCES solvent.tag(household_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY solvent.transaction_tag
    ADD CONSTRAINT transaction_tag_household_id_transaction_id_fkey FOREIGN KEY (household_id, transaction_id) REFERENCES solvent.transaction(household_id, id) ON DELETE CASCADE;
ALTER TABLE solvent.account ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.account_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.account_identifier ENABLE ROW LEVEL SECURITY;
CREATE POLICY backups ON solvent.account FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.account_grant FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.account_identifier FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.closing_balance FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.household FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.import_profile FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.import_progress FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.invitation FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.journal FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.journal_checkpoint FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.membership FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.memo_backlog FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.memo_text FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.monthly_sum FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.payee FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.payee_alias FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.posting FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.security_event FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.source FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.source_chunk FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.source_item FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.tag FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.transaction FOR SELECT TO solvent_backup USING (true);
CREATE POLICY backups ON solvent.transaction_tag FOR SELECT TO solvent_backup USING (true);
ALTER TABLE solvent.closing_balance ENABLE ROW LEVEL SECURITY;
CREATE POLICY definers ON solvent.account TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.account_grant TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.account_identifier TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.closing_balance TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.household TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.import_profile TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.import_progress TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.invitation TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.journal TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.journal_checkpoint TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.membership TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.memo_backlog TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.memo_text TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.monthly_sum TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.payee TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.payee_alias TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.posting TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.security_event TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.source TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.source_chunk TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.source_item TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.tag TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.transaction TO solvent_owner USING (true) WITH CHECK (true);
CREATE POLICY definers ON solvent.transaction_tag TO solvent_owner USING (true) WITH CHECK (true);
ALTER TABLE solvent.household ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.import_profile ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.import_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.journal ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.journal_checkpoint ENABLE ROW LEVEL SECURITY;
CREATE POLICY levels_add ON solvent.account AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(NULL::uuid) = 4)));
CREATE POLICY levels_add ON solvent.account_grant AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK (( SELECT solvent.scope_is_owner() AS scope_is_owner));
CREATE POLICY levels_add ON solvent.account_identifier AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(account_id) = 4)));
CREATE POLICY levels_add ON solvent.closing_balance AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(account_id) = 4)));
CREATE POLICY levels_add ON solvent.import_profile AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(account_id) = 4)));
CREATE POLICY levels_add ON solvent.import_progress AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_add ON solvent.invitation AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK (( SELECT solvent.scope_is_owner() AS scope_is_owner));
CREATE POLICY levels_add ON solvent.membership AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK (( SELECT solvent.scope_is_owner() AS scope_is_owner));
CREATE POLICY levels_add ON solvent.memo_backlog AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_add ON solvent.memo_text AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.transaction_level(transaction_id) >= 3)));
CREATE POLICY levels_add ON solvent.payee AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_add ON solvent.payee_alias AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_add ON solvent.posting AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR solvent.posting_editable(account_id, transaction_id)));
CREATE POLICY levels_add ON solvent.source AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_add ON solvent.source_chunk AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_add ON solvent.source_item AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(account_id) = 4)));
CREATE POLICY levels_add ON solvent.tag AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) >= 3));
CREATE POLICY levels_add ON solvent.transaction AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_add ON solvent.transaction_tag AS RESTRICTIVE FOR INSERT TO solvent_app WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.transaction_level(transaction_id) >= 3)));
CREATE POLICY levels_change ON solvent.account AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR
CASE
    WHEN (kind = ANY (ARRAY['asset'::text, 'liability'::text])) THEN (solvent.account_level(id) = 4)
    ELSE (solvent.account_level(NULL::uuid) = 4)
END)) WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR
CASE
    WHEN (kind = ANY (ARRAY['asset'::text, 'liability'::text])) THEN (solvent.account_level(id) = 4)
    ELSE (solvent.account_level(NULL::uuid) = 4)
END));
CREATE POLICY levels_change ON solvent.account_grant AS RESTRICTIVE FOR UPDATE TO solvent_app USING (( SELECT solvent.scope_is_owner() AS scope_is_owner)) WITH CHECK (( SELECT solvent.scope_is_owner() AS scope_is_owner));
CREATE POLICY levels_change ON solvent.household AS RESTRICTIVE FOR UPDATE TO solvent_app USING (( SELECT solvent.scope_is_owner() AS scope_is_owner)) WITH CHECK (( SELECT solvent.scope_is_owner() AS scope_is_owner));
CREATE POLICY levels_change ON solvent.import_profile AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(account_id) = 4))) WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(account_id) = 4)));
CREATE POLICY levels_change ON solvent.import_progress AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_highest() AS scope_highest) = 4)) WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_change ON solvent.invitation AS RESTRICTIVE FOR UPDATE TO solvent_app USING (( SELECT solvent.scope_is_owner() AS scope_is_owner)) WITH CHECK (( SELECT solvent.scope_is_owner() AS scope_is_owner));
CREATE POLICY levels_change ON solvent.membership AS RESTRICTIVE FOR UPDATE TO solvent_app USING (( SELECT solvent.scope_is_owner() AS scope_is_owner)) WITH CHECK (( SELECT solvent.scope_is_owner() AS scope_is_owner));
CREATE POLICY levels_change ON solvent.memo_backlog AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_highest() AS scope_highest) = 4)) WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_change ON solvent.memo_text AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.transaction_level(transaction_id) >= 3))) WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.transaction_level(transaction_id) >= 3)));
CREATE POLICY levels_change ON solvent.payee AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_highest() AS scope_highest) = 4)) WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_change ON solvent.payee_alias AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_highest() AS scope_highest) = 4)) WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_change ON solvent.posting AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR solvent.posting_editable(account_id, transaction_id))) WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR solvent.posting_editable(account_id, transaction_id)));
CREATE POLICY levels_change ON solvent.source AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR ((( SELECT solvent.scope_highest() AS scope_highest) = 4) AND (solvent.least_level(accounts) = 4)))) WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR ((( SELECT solvent.scope_highest() AS scope_highest) = 4) AND (solvent.least_level(accounts) = 4))));
CREATE POLICY levels_change ON solvent.source_item AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(account_id) = 4))) WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(account_id) = 4)));
CREATE POLICY levels_change ON solvent.tag AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_highest() AS scope_highest) = 4)) WITH CHECK ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_change ON solvent.transaction AS RESTRICTIVE FOR UPDATE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.transaction_level(id) = 4) OR ((solvent.transaction_level(id) = 3) AND (deleted_at IS NULL)))) WITH CHECK ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.transaction_level(id) = 4) OR ((solvent.transaction_level(id) = 3) AND (deleted_at IS NULL))));
CREATE POLICY levels_read ON solvent.account AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR (kind <> ALL (ARRAY['asset'::text, 'liability'::text])) OR (solvent.account_level(id) >= 1)));
CREATE POLICY levels_read ON solvent.account_grant AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_is_owner() AS scope_is_owner) OR (person_id = ( SELECT solvent.scope_person() AS scope_person))));
CREATE POLICY levels_read ON solvent.account_identifier AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR (solvent.account_level(account_id) >= 1)));
CREATE POLICY levels_read ON solvent.closing_balance AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR (solvent.account_level(account_id) >= 1)));
CREATE POLICY levels_read ON solvent.import_profile AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR (solvent.account_level(account_id) >= 2)));
CREATE POLICY levels_read ON solvent.import_progress AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR solvent.source_seen(source_id)));
CREATE POLICY levels_read ON solvent.invitation AS RESTRICTIVE FOR SELECT TO solvent_app USING (( SELECT solvent.scope_is_owner() AS scope_is_owner));
CREATE POLICY levels_read ON solvent.journal AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR solvent.record_visible(visibility, kind, subject)));
CREATE POLICY levels_read ON solvent.memo_text AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR solvent.transaction_visible(transaction_id)));
CREATE POLICY levels_read ON solvent.monthly_sum AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR (solvent.holds_money(account_id) AND (solvent.account_level(account_id) >= 1))));
CREATE POLICY levels_read ON solvent.payee AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_names_all() AS scope_names_all) OR solvent.payee_visible(id)));
CREATE POLICY levels_read ON solvent.payee_alias AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_names_all() AS scope_names_all) OR solvent.payee_visible(payee_id)));
CREATE POLICY levels_read ON solvent.posting AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR solvent.posting_readable(account_id, transaction_id)));
CREATE POLICY levels_read ON solvent.source AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR solvent.source_visible(accounts, created_by)));
CREATE POLICY levels_read ON solvent.source_chunk AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR solvent.source_seen(source_id)));
CREATE POLICY levels_read ON solvent.source_item AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR (solvent.account_level(account_id) >= 2)));
CREATE POLICY levels_read ON solvent.tag AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_names_all() AS scope_names_all) OR solvent.tag_visible(id)));
CREATE POLICY levels_read ON solvent.transaction AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR solvent.transaction_visible(id)));
CREATE POLICY levels_read ON solvent.transaction_tag AS RESTRICTIVE FOR SELECT TO solvent_app USING ((( SELECT solvent.scope_reads_all() AS scope_reads_all) OR solvent.transaction_visible(transaction_id)));
CREATE POLICY levels_take ON solvent.account_grant AS RESTRICTIVE FOR DELETE TO solvent_app USING (( SELECT solvent.scope_is_owner() AS scope_is_owner));
CREATE POLICY levels_take ON solvent.account_identifier AS RESTRICTIVE FOR DELETE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(account_id) = 4)));
CREATE POLICY levels_take ON solvent.closing_balance AS RESTRICTIVE FOR DELETE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.account_level(account_id) = 4)));
CREATE POLICY levels_take ON solvent.import_progress AS RESTRICTIVE FOR DELETE TO solvent_app USING ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_take ON solvent.membership AS RESTRICTIVE FOR DELETE TO solvent_app USING ((( SELECT solvent.scope_is_owner() AS scope_is_owner) OR (person_id = ( SELECT solvent.scope_person() AS scope_person))));
CREATE POLICY levels_take ON solvent.memo_backlog AS RESTRICTIVE FOR DELETE TO solvent_app USING ((( SELECT solvent.scope_highest() AS scope_highest) = 4));
CREATE POLICY levels_take ON solvent.memo_text AS RESTRICTIVE FOR DELETE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.transaction_level(transaction_id) >= 3)));
CREATE POLICY levels_take ON solvent.posting AS RESTRICTIVE FOR DELETE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR solvent.posting_editable(account_id, transaction_id)));
CREATE POLICY levels_take ON solvent.transaction AS RESTRICTIVE FOR DELETE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.transaction_level(id) = 4)));
CREATE POLICY levels_take ON solvent.transaction_tag AS RESTRICTIVE FOR DELETE TO solvent_app USING ((( SELECT solvent.scope_edits_all() AS scope_edits_all) OR (solvent.transaction_level(transaction_id) >= 3)));
CREATE POLICY members ON solvent.account TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.account_grant TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.account_identifier TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.closing_balance TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.household TO solvent_app USING ((id = solvent.scope_household())) WITH CHECK ((id = solvent.scope_household()));
CREATE POLICY members ON solvent.import_profile TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.import_progress TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.invitation TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.journal TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.journal_checkpoint TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.membership TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.memo_backlog TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.memo_text TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.monthly_sum TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.payee TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.payee_alias TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.posting TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.source TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.source_chunk TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.source_item TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.tag TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.transaction TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
CREATE POLICY members ON solvent.transaction_tag TO solvent_app USING ((household_id = ( SELECT solvent.scope_household() AS scope_household))) WITH CHECK ((household_id = ( SELECT solvent.scope_household() AS scope_household)));
ALTER TABLE solvent.membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.memo_backlog ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.memo_text ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.monthly_sum ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON solvent.security_event FOR SELECT TO solvent_app USING ((person_id = ( SELECT solvent.scope_person() AS scope_person)));
ALTER TABLE solvent.payee ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.payee_alias ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.posting ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.security_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.source ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.source_chunk ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.source_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.tag ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.transaction ENABLE ROW LEVEL SECURITY;
ALTER TABLE solvent.transaction_tag ENABLE ROW LEVEL SECURITY;
CREATE POLICY verifiers ON solvent.account FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.account_grant FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.account_identifier FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.closing_balance FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.household FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.import_profile FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.import_progress FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.invitation FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.journal FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.journal_checkpoint FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.membership FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.memo_backlog FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.memo_text FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.monthly_sum FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.payee FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.payee_alias FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.posting FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.security_event FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.source FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.source_chunk FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.source_item FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.tag FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.transaction FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY verifiers ON solvent.transaction_tag FOR SELECT TO solvent_verifier USING (true);
CREATE POLICY writers ON solvent.security_event FOR INSERT TO solvent_app WITH CHECK (true);
GRANT USAGE ON SCHEMA solvent TO solvent_app;
GRANT USAGE ON SCHEMA solvent TO solvent_jobs;
GRANT USAGE ON SCHEMA solvent TO solvent_verifier;
GRANT USAGE ON SCHEMA solvent TO solvent_backup;
REVOKE ALL ON FUNCTION solvent.close_person() FROM PUBLIC;
GRANT ALL ON FUNCTION solvent.close_person() TO solvent_app;
REVOKE ALL ON FUNCTION solvent.erase_household(p_household uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION solvent.forget_previews(created_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION solvent.forget_previews(created_before timestamp with time zone) TO solvent_app;
GRANT SELECT ON TABLE solvent.journal TO solvent_verifier;
GRANT SELECT ON TABLE solvent.journal TO solvent_backup;
GRANT SELECT ON TABLE solvent.journal TO solvent_app;
GRANT INSERT(household_id) ON TABLE solvent.journal TO solvent_app;
GRANT INSERT(at) ON TABLE solvent.journal TO solvent_app;
GRANT INSERT(actor) ON TABLE solvent.journal TO solvent_app;
GRANT INSERT(cause) ON TABLE solvent.journal TO solvent_app;
GRANT INSERT(kind) ON TABLE solvent.journal TO solvent_app;
GRANT INSERT(subject) ON TABLE solvent.journal TO solvent_app;
GRANT INSERT(before) ON TABLE solvent.journal TO solvent_app;
GRANT INSERT(after) ON TABLE solvent.journal TO solvent_app;
GRANT INSERT(visibility) ON TABLE solvent.journal TO solvent_app;
GRANT SELECT ON TABLE solvent.security_event TO solvent_verifier;
GRANT SELECT ON TABLE solvent.security_event TO solvent_backup;
GRANT SELECT ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(at) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(kind) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(person_id) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(session_id) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(subject) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(actor) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(cause) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(request_id) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(network) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(agent) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(tried) ON TABLE solvent.security_event TO solvent_app;
GRANT INSERT(facts) ON TABLE solvent.security_event TO solvent_app;
REVOKE ALL ON FUNCTION solvent.raise_alert(e solvent.security_event, p_pattern text, p_about text, p_count bigint, p_person uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION solvent.retirable_journals(p_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION solvent.retirable_journals(p_before timestamp with time zone) TO solvent_app;
REVOKE ALL ON FUNCTION solvent.retirable_security(p_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION solvent.retirable_security(p_before timestamp with time zone) TO solvent_app;
REVOKE ALL ON FUNCTION solvent.retire_journal(p_household uuid, p_seq bigint, p_hash bytea, p_at timestamp with time zone, p_kid text, p_signature bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION solvent.retire_journal(p_household uuid, p_seq bigint, p_hash bytea, p_at timestamp with time zone, p_kid text, p_signature bytea) TO solvent_app;
REVOKE ALL ON FUNCTION solvent.retire_security(p_seq bigint, p_hash bytea, p_at timestamp with time zone, p_kid text, p_signature bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION solvent.retire_security(p_seq bigint, p_hash bytea, p_at timestamp with time zone, p_kid text, p_signature bytea) TO solvent_app;
REVOKE ALL ON FUNCTION solvent.set_operator(p_email text, p_granted boolean, p_at timestamp with time zone) FROM PUBLIC;
GRANT SELECT ON TABLE solvent.account TO solvent_verifier;
GRANT SELECT ON TABLE solvent.account TO solvent_backup;
GRANT SELECT,INSERT ON TABLE solvent.account TO solvent_app;
GRANT UPDATE(parent_id) ON TABLE solvent.account TO solvent_app;
GRANT UPDATE(name) ON TABLE solvent.account TO solvent_app;
GRANT UPDATE(opened_on) ON TABLE solvent.account TO solvent_app;
GRANT UPDATE(closed_on) ON TABLE solvent.account TO solvent_app;
GRANT UPDATE(inferred_on) ON TABLE solvent.account TO solvent_app;
GRANT UPDATE(inferred_minor) ON TABLE solvent.account TO solvent_app;
GRANT UPDATE(changed_seq) ON TABLE solvent.account TO solvent_app;
GRANT SELECT ON TABLE solvent.account_grant TO solvent_verifier;
GRANT SELECT ON TABLE solvent.account_grant TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.account_grant TO solvent_app;
GRANT UPDATE(level) ON TABLE solvent.account_grant TO solvent_app;
GRANT SELECT ON TABLE solvent.account_identifier TO solvent_verifier;
GRANT SELECT ON TABLE solvent.account_identifier TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.account_identifier TO solvent_app;
GRANT SELECT ON TABLE solvent.closing_balance TO solvent_verifier;
GRANT SELECT ON TABLE solvent.closing_balance TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.closing_balance TO solvent_app;
GRANT SELECT ON TABLE solvent.disabled_person TO solvent_verifier;
GRANT SELECT ON TABLE solvent.disabled_person TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.factor_challenge TO solvent_app;
GRANT SELECT(person_id) ON TABLE solvent.factor_challenge TO solvent_verifier;
GRANT UPDATE(expires_at) ON TABLE solvent.factor_challenge TO solvent_app;
GRANT SELECT ON TABLE solvent.household TO solvent_verifier;
GRANT SELECT ON TABLE solvent.household TO solvent_backup;
GRANT SELECT ON TABLE solvent.household TO solvent_app;
GRANT INSERT(id) ON TABLE solvent.household TO solvent_app;
GRANT INSERT(name),UPDATE(name) ON TABLE solvent.household TO solvent_app;
GRANT INSERT(base_currency) ON TABLE solvent.household TO solvent_app;
GRANT INSERT(time_zone),UPDATE(time_zone) ON TABLE solvent.household TO solvent_app;
GRANT INSERT(created_at) ON TABLE solvent.household TO solvent_app;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.idempotency TO solvent_app;
GRANT SELECT ON TABLE solvent.import_profile TO solvent_verifier;
GRANT SELECT ON TABLE solvent.import_profile TO solvent_backup;
GRANT SELECT,INSERT ON TABLE solvent.import_profile TO solvent_app;
GRANT UPDATE(mapping) ON TABLE solvent.import_profile TO solvent_app;
GRANT SELECT ON TABLE solvent.import_progress TO solvent_verifier;
GRANT SELECT ON TABLE solvent.import_progress TO solvent_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE solvent.import_progress TO solvent_app;
GRANT SELECT ON TABLE solvent.invitation TO solvent_verifier;
GRANT SELECT ON TABLE solvent.invitation TO solvent_backup;
GRANT SELECT,INSERT ON TABLE solvent.invitation TO solvent_app;
GRANT UPDATE(ended_at) ON TABLE solvent.invitation TO solvent_app;
GRANT UPDATE(outcome) ON TABLE solvent.invitation TO solvent_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE solvent.job TO solvent_jobs;
GRANT SELECT ON TABLE solvent.job TO solvent_verifier;
GRANT SELECT ON TABLE solvent.job TO solvent_backup;
GRANT SELECT(id) ON TABLE solvent.job TO solvent_app;
GRANT INSERT(priority) ON TABLE solvent.job TO solvent_app;
GRANT INSERT(execute_after) ON TABLE solvent.job TO solvent_app;
GRANT INSERT(status) ON TABLE solvent.job TO solvent_app;
GRANT INSERT(entrypoint) ON TABLE solvent.job TO solvent_app;
GRANT INSERT(dedupe_key) ON TABLE solvent.job TO solvent_app;
GRANT INSERT(payload) ON TABLE solvent.job TO solvent_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE solvent.job_log TO solvent_jobs;
GRANT SELECT ON TABLE solvent.job_log TO solvent_verifier;
GRANT SELECT ON TABLE solvent.job_log TO solvent_backup;
GRANT SELECT(job_id),INSERT(job_id) ON TABLE solvent.job_log TO solvent_app;
GRANT INSERT(status) ON TABLE solvent.job_log TO solvent_app;
GRANT INSERT(priority) ON TABLE solvent.job_log TO solvent_app;
GRANT INSERT(entrypoint) ON TABLE solvent.job_log TO solvent_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE solvent.job_schedule TO solvent_jobs;
GRANT SELECT ON TABLE solvent.job_schedule TO solvent_verifier;
GRANT SELECT ON TABLE solvent.job_schedule TO solvent_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE solvent.job_statistics TO solvent_jobs;
GRANT SELECT ON TABLE solvent.job_statistics TO solvent_verifier;
GRANT SELECT ON TABLE solvent.job_statistics TO solvent_backup;
GRANT SELECT ON TABLE solvent.journal_checkpoint TO solvent_verifier;
GRANT SELECT ON TABLE solvent.journal_checkpoint TO solvent_backup;
GRANT SELECT ON TABLE solvent.journal_checkpoint TO solvent_app;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.letter TO solvent_app;
GRANT SELECT ON TABLE solvent.letter TO solvent_verifier;
GRANT SELECT ON TABLE solvent.letter TO solvent_backup;
GRANT UPDATE(state) ON TABLE solvent.letter TO solvent_app;
GRANT UPDATE(at) ON TABLE solvent.letter TO solvent_app;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.linked_identity TO solvent_app;
GRANT SELECT(person_id) ON TABLE solvent.linked_identity TO solvent_verifier;
GRANT UPDATE(used_at) ON TABLE solvent.linked_identity TO solvent_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE solvent.login_throttle TO solvent_app;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.mail_link TO solvent_app;
GRANT SELECT(person_id) ON TABLE solvent.mail_link TO solvent_verifier;
GRANT SELECT ON TABLE solvent.membership TO solvent_verifier;
GRANT SELECT ON TABLE solvent.membership TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.membership TO solvent_app;
GRANT UPDATE(role) ON TABLE solvent.membership TO solvent_app;
GRANT UPDATE(others) ON TABLE solvent.membership TO solvent_app;
GRANT SELECT ON TABLE solvent.memo_backlog TO solvent_verifier;
GRANT SELECT ON TABLE solvent.memo_backlog TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.memo_backlog TO solvent_app;
GRANT UPDATE(first_id) ON TABLE solvent.memo_backlog TO solvent_app;
GRANT UPDATE(last_id) ON TABLE solvent.memo_backlog TO solvent_app;
GRANT SELECT ON TABLE solvent.memo_text TO solvent_verifier;
GRANT SELECT ON TABLE solvent.memo_text TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.memo_text TO solvent_app;
GRANT UPDATE(memo) ON TABLE solvent.memo_text TO solvent_app;
GRANT SELECT ON TABLE solvent.monthly_sum TO solvent_verifier;
GRANT SELECT ON TABLE solvent.monthly_sum TO solvent_backup;
GRANT SELECT ON TABLE solvent.monthly_sum TO solvent_app;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.openid_question TO solvent_app;
GRANT SELECT(session_id) ON TABLE solvent.openid_question TO solvent_verifier;
GRANT SELECT ON TABLE solvent.operator_grant TO solvent_verifier;
GRANT SELECT ON TABLE solvent.operator_grant TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.passkey TO solvent_app;
GRANT SELECT(person_id) ON TABLE solvent.passkey TO solvent_verifier;
GRANT UPDATE(sign_count) ON TABLE solvent.passkey TO solvent_app;
GRANT UPDATE(synced) ON TABLE solvent.passkey TO solvent_app;
GRANT UPDATE(name) ON TABLE solvent.passkey TO solvent_app;
GRANT UPDATE(used_at) ON TABLE solvent.passkey TO solvent_app;
GRANT SELECT ON TABLE solvent.payee TO solvent_verifier;
GRANT SELECT ON TABLE solvent.payee TO solvent_backup;
GRANT SELECT,INSERT ON TABLE solvent.payee TO solvent_app;
GRANT UPDATE(name) ON TABLE solvent.payee TO solvent_app;
GRANT UPDATE(category_id) ON TABLE solvent.payee TO solvent_app;
GRANT UPDATE(changed_seq) ON TABLE solvent.payee TO solvent_app;
GRANT SELECT ON TABLE solvent.payee_alias TO solvent_verifier;
GRANT SELECT ON TABLE solvent.payee_alias TO solvent_backup;
GRANT SELECT,INSERT ON TABLE solvent.payee_alias TO solvent_app;
GRANT UPDATE(payee_id) ON TABLE solvent.payee_alias TO solvent_app;
GRANT SELECT,INSERT ON TABLE solvent.person TO solvent_app;
GRANT SELECT(id) ON TABLE solvent.person TO solvent_verifier;
GRANT UPDATE(email) ON TABLE solvent.person TO solvent_app;
GRANT UPDATE(name) ON TABLE solvent.person TO solvent_app;
GRANT UPDATE(password_hash) ON TABLE solvent.person TO solvent_app;
GRANT UPDATE(locale) ON TABLE solvent.person TO solvent_app;
GRANT UPDATE(verified_at) ON TABLE solvent.person TO solvent_app;
GRANT UPDATE(awaits_mail) ON TABLE solvent.person TO solvent_app;
GRANT SELECT,INSERT ON TABLE solvent.personal_token TO solvent_app;
GRANT SELECT(person_id) ON TABLE solvent.personal_token TO solvent_verifier;
GRANT SELECT(only_household) ON TABLE solvent.personal_token TO solvent_verifier;
GRANT UPDATE(used_at) ON TABLE solvent.personal_token TO solvent_app;
GRANT UPDATE(revoked_at) ON TABLE solvent.personal_token TO solvent_app;
GRANT SELECT ON TABLE solvent.posting TO solvent_verifier;
GRANT SELECT ON TABLE solvent.posting TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.posting TO solvent_app;
GRANT UPDATE(account_id) ON TABLE solvent.posting TO solvent_app;
GRANT UPDATE(moved_seq) ON TABLE solvent.posting TO solvent_app;
GRANT SELECT ON TABLE solvent.rate TO solvent_app;
GRANT SELECT ON TABLE solvent.rate TO solvent_verifier;
GRANT SELECT ON TABLE solvent.rate TO solvent_backup;
GRANT SELECT ON TABLE solvent.rate_edition TO solvent_verifier;
GRANT SELECT ON TABLE solvent.rate_edition TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.recovery_code TO solvent_app;
GRANT SELECT(person_id) ON TABLE solvent.recovery_code TO solvent_verifier;
GRANT UPDATE(used_at) ON TABLE solvent.recovery_code TO solvent_app;
GRANT SELECT,INSERT ON TABLE solvent.refresh_token TO solvent_app;
GRANT SELECT(session_id) ON TABLE solvent.refresh_token TO solvent_verifier;
GRANT UPDATE(used_at) ON TABLE solvent.refresh_token TO solvent_app;
GRANT SELECT ON TABLE solvent.security_checkpoint TO solvent_verifier;
GRANT SELECT ON TABLE solvent.security_checkpoint TO solvent_backup;
GRANT SELECT ON TABLE solvent.security_head TO solvent_verifier;
GRANT SELECT ON TABLE solvent.security_head TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.session TO solvent_app;
GRANT SELECT(id) ON TABLE solvent.session TO solvent_verifier;
GRANT SELECT(person_id) ON TABLE solvent.session TO solvent_verifier;
GRANT UPDATE(expires_at) ON TABLE solvent.session TO solvent_app;
GRANT UPDATE(ended_at) ON TABLE solvent.session TO solvent_app;
GRANT UPDATE(proved_at) ON TABLE solvent.session TO solvent_app;
GRANT UPDATE(multi_factor) ON TABLE solvent.session TO solvent_app;
GRANT SELECT ON TABLE solvent.source TO solvent_verifier;
GRANT SELECT ON TABLE solvent.source TO solvent_backup;
GRANT SELECT,INSERT ON TABLE solvent.source TO solvent_app;
GRANT UPDATE(state) ON TABLE solvent.source TO solvent_app;
GRANT UPDATE(account_id) ON TABLE solvent.source TO solvent_app;
GRANT UPDATE(mapping) ON TABLE solvent.source TO solvent_app;
GRANT UPDATE(preview) ON TABLE solvent.source TO solvent_app;
GRANT UPDATE(result) ON TABLE solvent.source TO solvent_app;
GRANT UPDATE(accounts) ON TABLE solvent.source TO solvent_app;
GRANT SELECT ON TABLE solvent.source_chunk TO solvent_verifier;
GRANT SELECT ON TABLE solvent.source_chunk TO solvent_backup;
GRANT SELECT,INSERT ON TABLE solvent.source_chunk TO solvent_app;
GRANT SELECT ON TABLE solvent.source_item TO solvent_verifier;
GRANT SELECT ON TABLE solvent.source_item TO solvent_backup;
GRANT SELECT,INSERT ON TABLE solvent.source_item TO solvent_app;
GRANT UPDATE(transaction_id) ON TABLE solvent.source_item TO solvent_app;
GRANT UPDATE(added) ON TABLE solvent.source_item TO solvent_app;
GRANT UPDATE(withdrawn) ON TABLE solvent.source_item TO solvent_app;
GRANT SELECT ON TABLE solvent.tag TO solvent_verifier;
GRANT SELECT ON TABLE solvent.tag TO solvent_backup;
GRANT SELECT,INSERT ON TABLE solvent.tag TO solvent_app;
GRANT UPDATE(name) ON TABLE solvent.tag TO solvent_app;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.totp TO solvent_app;
GRANT SELECT(person_id) ON TABLE solvent.totp TO solvent_verifier;
GRANT UPDATE(sealed_secret) ON TABLE solvent.totp TO solvent_app;
GRANT UPDATE(created_at) ON TABLE solvent.totp TO solvent_app;
GRANT UPDATE(confirmed_at) ON TABLE solvent.totp TO solvent_app;
GRANT UPDATE(last_step) ON TABLE solvent.totp TO solvent_app;
GRANT SELECT ON TABLE solvent.transaction TO solvent_verifier;
GRANT SELECT ON TABLE solvent.transaction TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.transaction TO solvent_app;
GRANT UPDATE(booked_on) ON TABLE solvent.transaction TO solvent_app;
GRANT UPDATE(payee_id) ON TABLE solvent.transaction TO solvent_app;
GRANT UPDATE(memo) ON TABLE solvent.transaction TO solvent_app;
GRANT UPDATE(currency) ON TABLE solvent.transaction TO solvent_app;
GRANT UPDATE(state) ON TABLE solvent.transaction TO solvent_app;
GRANT UPDATE(changed_seq) ON TABLE solvent.transaction TO solvent_app;
GRANT UPDATE(deleted_at) ON TABLE solvent.transaction TO solvent_app;
GRANT SELECT ON TABLE solvent.transaction_tag TO solvent_verifier;
GRANT SELECT ON TABLE solvent.transaction_tag TO solvent_backup;
GRANT SELECT,INSERT,DELETE ON TABLE solvent.transaction_tag TO solvent_app;
