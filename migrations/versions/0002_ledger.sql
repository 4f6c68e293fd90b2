-- The ledger: accounts, payees, transactions and postings, sums kept by month, dated rates.

-- inferred_minor is what a bank's first statement says that the account held when inferred_on began;
-- rows from before that day, imported later, are taken off its opening balance.
create table account (
    household_id uuid not null references household on delete cascade,
    id           uuid not null,
    parent_id    uuid,
    name         text not null check (length(name) between 1 and 200),
    kind         text not null check (kind in ('asset', 'liability', 'income', 'expense', 'equity')),
    currency     text check (currency ~ '^[A-Z]{3}$'),
    role         text check (role in ('uncategorised_expense', 'uncategorised_income', 'opening', 'transfers', 'exchange')),
    opened_on    date,
    closed_on    date,
    inferred_on    date,
    inferred_minor bigint,
    changed_seq  bigint not null,
    primary key (household_id, id),
    foreign key (household_id, parent_id) references account (household_id, id),
    constraint account_currency_known check (kind in ('income', 'expense', 'equity') or currency is not null),
    constraint account_name_once unique nulls not distinct (household_id, parent_id, kind, name)
);
create unique index account_role_once on account (household_id, role) where role is not null;
select protect('account');
grant select, insert, update (name, parent_id, opened_on, closed_on, inferred_on, inferred_minor, changed_seq)
    on account to solvent_app;

create table account_identifier (
    household_id uuid not null,
    identifier   text not null check (length(identifier) between 1 and 200),
    currency     text not null,
    account_id   uuid not null,
    primary key (household_id, identifier, currency),
    foreign key (household_id, account_id) references account (household_id, id) on delete cascade
);
select protect('account_identifier');
grant select, insert, delete on account_identifier to solvent_app;

create table payee (
    household_id uuid not null references household on delete cascade,
    id           uuid not null,
    name         text not null check (length(name) between 1 and 200),
    category_id  uuid,
    changed_seq  bigint not null,
    primary key (household_id, id),
    foreign key (household_id, category_id) references account (household_id, id),
    constraint payee_name_once unique (household_id, name)
);
select protect('payee');
grant select, insert, update (name, category_id, changed_seq) on payee to solvent_app;

-- What a bank writes, and the payee that a person or the cleaner made of it.
create table payee_alias (
    household_id uuid not null,
    description  text not null check (length(description) between 1 and 1000),
    payee_id     uuid not null,
    primary key (household_id, description),
    foreign key (household_id, payee_id) references payee (household_id, id) on delete cascade
);
select protect('payee_alias');
grant select, insert, update (payee_id) on payee_alias to solvent_app;

-- Without a foreign key to household, which would cost a look-up for each row of an import: an
-- invariant stands in for it.
create table transaction (
    household_id uuid not null,
    id           uuid not null,
    booked_on    date not null,
    payee_id     uuid,
    memo         text not null default '' check (length(memo) <= 1000),
    currency     text not null check (currency ~ '^[A-Z]{3}$'),
    state        text not null default 'booked' check (state in ('booked', 'pending', 'reconciled')),
    origin       text not null check (origin in ('manual', 'import', 'opening', 'reversal')),
    changed_seq  bigint not null,
    deleted_at   timestamptz,
    primary key (household_id, id)
);
-- Both are walked backwards; files bring days upwards, and ascending keys fill their pages.
create index transaction_newest on transaction (household_id, booked_on, id)
    where deleted_at is null and origin <> 'opening';
create index transaction_by_payee on transaction (household_id, payee_id, booked_on, id)
    where deleted_at is null and origin <> 'opening';
create index transaction_pending on transaction (household_id, booked_on, id)
    where deleted_at is null and state = 'pending';
select protect('transaction');
grant select, insert, delete, update (booked_on, payee_id, memo, currency, state, changed_seq, deleted_at) on transaction to solvent_app;

-- Its currency is checked where it is summed by month: each one passes there. moved_seq is the change
-- that moved it to its account, so that moving many does not rewrite their transactions.
create table posting (
    household_id   uuid not null,
    transaction_id uuid not null,
    ordinal        smallint not null check (ordinal between 0 and 499),
    account_id     uuid not null,
    booked_on      date not null,
    amount_minor   bigint not null check (amount_minor between -1000000000000000 and 1000000000000000),
    currency       text not null,
    weight_minor   bigint not null check (weight_minor between -1000000000000000 and 1000000000000000),
    moved_seq      bigint not null default 0,
    primary key (household_id, transaction_id, ordinal)
);
create index posting_by_account on posting (household_id, account_id, booked_on, transaction_id);
select protect('posting');
grant select, insert, delete, update (account_id, moved_seq) on posting to solvent_app;

create table monthly_sum (
    household_id uuid not null,
    account_id   uuid not null,
    month        date not null check (extract(day from month) = 1),
    currency     text not null check (currency ~ '^[A-Z]{3}$'),
    amount_minor bigint not null,
    primary key (household_id, account_id, month, currency)
);
select protect('monthly_sum');
grant select on monthly_sum to solvent_app;

-- A sum that stays within 64 bits or fails; sum() of bigint goes by way of numeric.
create aggregate total(bigint) (sfunc = int8pl, stype = bigint, initcond = '0');

-- Integrity by statement, over the rows of the statement only: if every transaction balanced before,
-- it balances after exactly when what was added less what was taken away sums to zero.
--
-- A session keeps the plans of these functions from their first call on, be it for two rows or for
-- two hundred thousand, with the tables as small as they were then. So the plans are held to what is
-- right for both: rows are grouped by hash, and tables are reached by their keys only.
create function refuse_postings(fault text) returns void language plpgsql as $$
begin
    if fault = 'SV001' then
        raise exception 'the postings of a transaction do not sum to zero' using errcode = 'SV001';
    elsif fault = 'SV002' then
        raise exception 'a posting does not fit its transaction or its account' using errcode = 'SV002';
    end if;
end $$;

create function posting_added() returns trigger language plpgsql security definer
    set search_path = solvent, pg_temp set work_mem = '64MB' set enable_sort = off
    set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
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
create trigger added after insert on posting referencing new table as added
    for each statement execute function posting_added();

create function posting_removed() returns trigger language plpgsql security definer
    set search_path = solvent, pg_temp set work_mem = '64MB' set enable_sort = off
    set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
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
create trigger removed after delete on posting referencing old table as removed
    for each statement execute function posting_removed();

create function posting_moved() returns trigger language plpgsql security definer
    set search_path = solvent, pg_temp set work_mem = '64MB' set enable_sort = off
    set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
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
create trigger moved after update on posting referencing old table as removed new table as added
    for each statement execute function posting_moved();

-- Memos as they are searched. The trigrams of an import take longer than the import, so that it only
-- says which transactions are still to be entered (memo_backlog, a range of ids), and a job enters
-- them; until then the search reads those one by one.
create table memo_text (
    household_id   uuid not null,
    transaction_id uuid not null,
    memo           text not null,
    primary key (household_id, transaction_id)
);
set local search_path = solvent, public;  -- where an administrator may have put the trigrams
create index memo_text_search on memo_text using gin (household_id, memo gin_trgm_ops);
set local search_path = solvent;
select protect('memo_text');
grant select, insert, update (memo), delete on memo_text to solvent_app;

-- The transactions of this Work's household whose memo is like a pattern. A definer, for the index
-- cannot be asked under a policy: the operator might tell of rows that the policy hides.
create function memo_matches(pattern text) returns setof uuid language plpgsql stable security definer
    set search_path = solvent, pg_temp
    set enable_bitmapscan = on set enable_indexscan = off as $$
begin
    return query select x.transaction_id from memo_text x
                  where x.household_id = scope_household() and x.memo ilike pattern;
end $$;

create table memo_backlog (
    household_id uuid not null,
    first_id     uuid not null,
    last_id      uuid not null,
    primary key (household_id, first_id)
);
select protect('memo_backlog');
grant select, insert, update (first_id, last_id), delete on memo_backlog to solvent_app;

-- Postings follow their transaction to another day, and out of the books when it is deleted; so does
-- the memo that is searched.
create function transaction_changed() returns trigger language plpgsql security definer
    set search_path = solvent, pg_temp set work_mem = '64MB' set enable_sort = off
    set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
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
create trigger changed after update on transaction referencing old table as stale new table as fresh
    for each statement execute function transaction_changed();

create function transaction_removed() returns trigger language plpgsql security definer
    set search_path = solvent, pg_temp set work_mem = '64MB' set enable_sort = off
    set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    delete from posting p using stale o where p.household_id = o.household_id and p.transaction_id = o.id;
    delete from memo_text x using stale o where x.household_id = o.household_id and x.transaction_id = o.id;
    return null;
end $$;
create trigger removed after delete on transaction referencing old table as stale
    for each statement execute function transaction_removed();

create table tag (
    household_id uuid not null references household on delete cascade,
    id           uuid not null,
    name         text not null check (length(name) between 1 and 100),
    primary key (household_id, id),
    constraint tag_name_once unique (household_id, name)
);
select protect('tag');
grant select, insert, update (name) on tag to solvent_app;

create table transaction_tag (
    household_id   uuid not null,
    transaction_id uuid not null,
    tag_id         uuid not null,
    primary key (household_id, transaction_id, tag_id),
    foreign key (household_id, transaction_id) references transaction (household_id, id) on delete cascade,
    foreign key (household_id, tag_id) references tag (household_id, id) on delete cascade
);
create index transaction_tag_by_tag on transaction_tag (household_id, tag_id, transaction_id);
select protect('transaction_tag');
grant select, insert, delete on transaction_tag to solvent_app;

-- Units of a currency for one euro on a day, as the European Central Bank published them. Facts of
-- the world, no household's.
create table rate (
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    on_day   date not null,
    per_euro numeric not null check (per_euro > 0),
    primary key (currency, on_day)
);
grant select on rate to solvent_app, solvent_verifier, solvent_backup;

-- Which edition of the rates was loaded, so that it is loaded once.
create table rate_edition (
    edition text primary key,
    rates   bigint not null
);
grant select on rate_edition to solvent_verifier, solvent_backup;
