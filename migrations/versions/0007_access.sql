-- Access: how others become members of a household, and what each member sees and changes there.

alter table account_grant add foreign key (household_id, account_id) references account (household_id, id);
grant update (role, others), delete on membership to solvent_app;

-- A household has an owner, always. Whoever takes one away waits for others who do, so that two owners
-- cannot both leave; when the household itself goes, its members may.
create function keep_an_owner() returns trigger language plpgsql security definer
    set search_path = solvent, pg_temp as $$
begin
    perform 1 from household where id = old.household_id for no key update;
    if found and not exists (select from membership m where m.household_id = old.household_id and m.role = 'owner') then
        raise exception 'a household keeps an owner' using errcode = 'SV003';
    end if;
    return null;
end $$;
create trigger keep_an_owner after update or delete on membership
    for each row when (old.role = 'owner') execute function keep_an_owner();

-- An invitation stands until it is answered, withdrawn or expired; of its link only a digest is kept.
-- With an address, only whoever has registered with that may accept it.
create table invitation (
    household_id uuid not null references household on delete cascade,
    id           uuid not null,
    token_digest bytea not null,
    email        text check (email = lower(email) and length(email) <= 254),
    role         text not null check (role in ('editor', 'viewer', 'adviser')),
    others       smallint check (others between 0 and 4),
    granted      jsonb not null default '{}',
    created_at   timestamptz not null,
    created_by   uuid not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    outcome      text check (outcome in ('accepted', 'declined', 'withdrawn')),
    answered_by  uuid,
    primary key (household_id, id),
    constraint invitation_token_once unique (household_id, token_digest)
);
select protect('invitation');
grant select, insert, update (ended_at, outcome) on invitation to solvent_app;

-- The members of this Work's household, by what they are called.
create function members_here() returns table (person_id uuid, name text, email text, role text, others smallint,
                                              created_at timestamptz)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select m.person_id, p.name, p.email, m.role, m.others, m.created_at
      from membership m join person p on p.id = m.person_id
     where m.household_id = scope_household()
     order by m.created_at, m.person_id
$$;

-- An invitation as whoever holds its link sees it, for as long as somebody who may invite stands by it.
create function invitation_behind(p_household uuid, p_digest bytea, p_now timestamptz)
returns table (id uuid, household_name text, invited_by text, role text, addressed boolean, expires_at timestamptz)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select i.id, h.name, p.name, i.role, i.email is not null, i.expires_at
      from invitation i
      join household h on h.id = i.household_id
      join membership m on m.household_id = i.household_id and m.person_id = i.created_by and m.role = 'owner'
      join person p on p.id = m.person_id
     where i.household_id = p_household and i.token_digest = p_digest
       and i.ended_at is null and i.expires_at > p_now
$$;

-- Answers an invitation for the person of this Work, once; one that is accepted makes them a member.
-- Returns what came of it: accepted, declined, gone, other_address, member or full.
create function answer_invitation(p_household uuid, p_digest bytea, p_now timestamptz, p_accept boolean, p_most integer)
returns text language plpgsql security definer set search_path = solvent, pg_temp as $$
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

-- What each member sees and changes of the accounts: policies beside those of the household, which hold
-- for the application alone. Where the scope reads (or edits) every account, they ask no further.
create function scope_reads_all() returns boolean language sql stable parallel safe
    return coalesce(current_setting('solvent.reads', true) = 'all', false);

create function scope_edits_all() returns boolean language sql stable parallel safe
    return coalesce(current_setting('solvent.edits', true) = 'all', false);

-- Whoever writes down what a file or a person calls somebody is not told who else there is, but must not
-- make the same name twice: for that while a work sees all names.
create function scope_names_all() returns boolean language sql stable parallel safe
    return coalesce(current_setting('solvent.reads', true) = 'all' or current_setting('solvent.names', true) = 'all', false);

create function scope_is_owner() returns boolean language sql stable parallel safe
    return coalesce(current_setting('solvent.role', true) = 'owner', false);

-- The level of an account that holds money; without an account, that of the others.
create function account_level(p_account uuid) returns smallint language plpgsql stable parallel safe as $$
declare
    levels text := current_setting('solvent.levels', true);
begin
    if coalesce(levels, '') = '' then return 0; end if;
    if length(levels) = 1 then return levels::smallint; end if;
    return coalesce(levels::jsonb ->> p_account::text, levels::jsonb ->> '*')::smallint;
end $$;

create function scope_highest() returns smallint language plpgsql stable parallel safe as $$
declare
    levels text := current_setting('solvent.levels', true);
begin
    if coalesce(levels, '') = '' then return 0; end if;
    if length(levels) = 1 then return levels::smallint; end if;
    return (select max(value::smallint) from jsonb_each_text(levels::jsonb));
end $$;

create function least_level(p_accounts uuid[]) returns smallint language sql stable security definer
    set search_path = solvent, pg_temp as $$
    select coalesce(min(account_level(a.id)), 4::smallint) from account a
     where a.household_id = scope_household() and a.id = any(p_accounts) and a.kind in ('asset', 'liability')
$$;

-- How far one may go with a transaction: as far as with the least of its accounts that hold money; one
-- that touches none is like the other accounts. A deleted one had the accounts that its record names.
create function transaction_level(p_transaction uuid) returns smallint language plpgsql stable security definer
    set search_path = solvent, pg_temp as $$
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

-- A transaction is seen by whoever reads one of its accounts.
create function transaction_visible(p_transaction uuid) returns boolean language plpgsql stable security definer
    set search_path = solvent, pg_temp as $$
declare
    reads boolean;
begin
    select bool_or(account_level(p.account_id) >= 2) into reads
      from posting p join account a on a.household_id = p.household_id and a.id = p.account_id
     where p.household_id = scope_household() and p.transaction_id = p_transaction
       and a.kind in ('asset', 'liability');
    return coalesce(reads, transaction_level(p_transaction) >= 2);
end $$;

create function holds_money(p_account uuid) returns boolean language sql stable security definer
    set search_path = solvent, pg_temp as $$
    select a.kind in ('asset', 'liability') from account a where a.household_id = scope_household() and a.id = p_account
$$;

-- A leg on an account that holds money is read with the account. One on a category is read where all of
-- those are, for it would tell the sum of the others.
create function posting_readable(p_account uuid, p_transaction uuid) returns boolean language plpgsql stable as $$
begin
    if holds_money(p_account) then return account_level(p_account) >= 2; end if;
    return transaction_level(p_transaction) >= 2;
end $$;

create function posting_editable(p_account uuid, p_transaction uuid) returns boolean language plpgsql stable as $$
begin
    return (account_level(p_account) = 4 or not holds_money(p_account)) and transaction_level(p_transaction) = 4;
end $$;

create function payee_visible(p_payee uuid) returns boolean language sql stable security definer
    set search_path = solvent, pg_temp as $$
    select exists (select from transaction t
                    where t.household_id = scope_household() and t.payee_id = p_payee
                      and t.deleted_at is null and t.origin <> 'opening' and transaction_visible(t.id))
$$;

create function tag_visible(p_tag uuid) returns boolean language sql stable security definer
    set search_path = solvent, pg_temp as $$
    select exists (select from transaction_tag x
                    where x.household_id = scope_household() and x.tag_id = p_tag and transaction_visible(x.transaction_id))
$$;

create function record_visible(p_visibility uuid[], p_kind text, p_subject uuid) returns boolean language plpgsql stable as $$
begin
    if p_kind like 'payee.%' and p_visibility = '{}' then return payee_visible(p_subject); end if;
    return least_level(p_visibility) >= 2;
end $$;

-- The accounts that an import went to; null while nobody has taken it, and then it is its maker's.
alter table source add column accounts uuid[];
grant update (accounts) on source to solvent_app;

create function source_visible(p_accounts uuid[], p_created_by text) returns boolean language plpgsql stable as $$
begin
    if p_accounts is null then return p_created_by = 'person:' || scope_person()::text; end if;
    return least_level(p_accounts) >= 2;
end $$;

create function source_seen(p_source uuid) returns boolean language sql stable security definer
    set search_path = solvent, pg_temp as $$
    select exists (select from source s where s.household_id = scope_household() and s.id = p_source
                      and source_visible(s.accounts, s.created_by))
$$;

-- Adds policies to one table: who reads a row, and who adds, changes and takes one out.
create function hold_to_levels(p_table regclass, p_read text, p_add text, p_change text, p_take text) returns void
language plpgsql as $$
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
end $$;

create function reading(condition text) returns text language sql immutable
    return '(select scope_reads_all()) or ' || condition;
create function editing(condition text) returns text language sql immutable
    return '(select scope_edits_all()) or ' || condition;

select hold_to_levels('account', reading('kind not in (''asset'', ''liability'') or account_level(id) >= 1'),
    editing('account_level(null) = 4'),
    editing('case when kind in (''asset'', ''liability'') then account_level(id) = 4 else account_level(null) = 4 end'), null);
select hold_to_levels('account_identifier', reading('account_level(account_id) >= 1'),
    editing('account_level(account_id) = 4'), null, editing('account_level(account_id) = 4'));
select hold_to_levels('payee', '(select scope_names_all()) or payee_visible(id)',
    '(select scope_highest()) = 4', '(select scope_highest()) = 4', null);
select hold_to_levels('payee_alias', '(select scope_names_all()) or payee_visible(payee_id)',
    '(select scope_highest()) = 4', '(select scope_highest()) = 4', null);
select hold_to_levels('transaction', reading('transaction_visible(id)'), '(select scope_highest()) = 4',
    editing('transaction_level(id) = 4 or (transaction_level(id) = 3 and deleted_at is null)'),
    editing('transaction_level(id) = 4'));
select hold_to_levels('posting', reading('posting_readable(account_id, transaction_id)'),
    editing('posting_editable(account_id, transaction_id)'), editing('posting_editable(account_id, transaction_id)'),
    editing('posting_editable(account_id, transaction_id)'));
select hold_to_levels('monthly_sum', reading('(holds_money(account_id) and account_level(account_id) >= 1)'), null, null, null);
select hold_to_levels('memo_text', reading('transaction_visible(transaction_id)'),
    editing('transaction_level(transaction_id) >= 3'), editing('transaction_level(transaction_id) >= 3'),
    editing('transaction_level(transaction_id) >= 3'));
select hold_to_levels('memo_backlog', null, '(select scope_highest()) = 4', '(select scope_highest()) = 4', '(select scope_highest()) = 4');
select hold_to_levels('tag', '(select scope_names_all()) or tag_visible(id)', '(select scope_highest()) >= 3',
    '(select scope_highest()) = 4', null);
select hold_to_levels('transaction_tag', reading('transaction_visible(transaction_id)'),
    editing('transaction_level(transaction_id) >= 3'), null, editing('transaction_level(transaction_id) >= 3'));
select hold_to_levels('journal', reading('record_visible(visibility, kind, subject)'), null, null, null);
select hold_to_levels('source', reading('source_visible(accounts, created_by)'), '(select scope_highest()) = 4',
    editing('((select scope_highest()) = 4 and least_level(accounts) = 4)'), null);
select hold_to_levels('source_chunk', reading('source_seen(source_id)'), '(select scope_highest()) = 4', null, null);
select hold_to_levels('source_item', reading('account_level(account_id) >= 2'), editing('account_level(account_id) = 4'),
    editing('account_level(account_id) = 4'), null);
select hold_to_levels('closing_balance', reading('account_level(account_id) >= 1'), editing('account_level(account_id) = 4'),
    null, editing('account_level(account_id) = 4'));
select hold_to_levels('import_profile', reading('account_level(account_id) >= 2'), editing('account_level(account_id) = 4'),
    editing('account_level(account_id) = 4'), null);
select hold_to_levels('import_progress', reading('source_seen(source_id)'), '(select scope_highest()) = 4',
    '(select scope_highest()) = 4', '(select scope_highest()) = 4');
select hold_to_levels('household', null, null, '(select scope_is_owner())', null);
select hold_to_levels('membership', null, '(select scope_is_owner())', '(select scope_is_owner())',
    '((select scope_is_owner()) or person_id = (select scope_person()))');
select hold_to_levels('account_grant', '((select scope_is_owner()) or person_id = (select scope_person()))',
    '(select scope_is_owner())', '(select scope_is_owner())', '(select scope_is_owner())');
select hold_to_levels('invitation', '(select scope_is_owner())', '(select scope_is_owner())', '(select scope_is_owner())', null);

-- What accounts moved by month between two days, as far as this Work's person may know it: accounts that
-- hold money from the level balance on, categories by the transactions that are read.
create function seen_sums(p_first date, p_last date)
returns table (account_id uuid, kind text, month date, currency text, amount_minor bigint)
language plpgsql stable security definer set search_path = solvent, pg_temp
    set enable_seqscan = on set enable_hashjoin = on set enable_sort = on as $$
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

-- How many legs of each transaction are not shown.
create function hidden_legs(p_transactions uuid[]) returns table (transaction_id uuid, legs integer)
language sql stable security definer set search_path = solvent, pg_temp as $$
    select p.transaction_id, count(*)::integer from posting p
     where p.household_id = scope_household() and p.transaction_id = any(p_transactions)
       and transaction_visible(p.transaction_id) and not posting_readable(p.account_id, p.transaction_id)
     group by p.transaction_id
$$;

-- The search reads an index that no policy holds for; what its reader may not see is left out here.
create or replace function memo_matches(pattern text) returns setof uuid language plpgsql stable security definer
    set search_path = solvent, pg_temp
    set enable_bitmapscan = on set enable_indexscan = off as $$
begin
    return query select x.transaction_id from memo_text x
                  where x.household_id = scope_household() and x.memo ilike pattern
                    and (scope_reads_all() or transaction_visible(x.transaction_id));
end $$;
