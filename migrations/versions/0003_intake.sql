-- Intake: files and their rows as the bank wrote them, and what claims them in the books.

create table source (
    household_id uuid not null references household on delete cascade,
    id           uuid not null,
    name         text not null check (length(name) <= 255),
    format       text not null,
    digest       bytea not null,
    bytes        bigint not null,
    state        text not null check (state in ('previewed', 'waiting', 'importing', 'committed', 'undone', 'failed')),
    account_id   uuid,
    mapping      jsonb,
    preview      jsonb not null,
    result       jsonb,
    created_at   timestamptz not null,
    created_by   text not null,
    primary key (household_id, id),
    foreign key (household_id, account_id) references account (household_id, id)
);
create index source_newest on source (household_id, created_at desc, id desc);
create index source_by_digest on source (household_id, digest);
select protect('source');
grant select, insert, update (state, account_id, mapping, preview, result) on source to solvent_app;

create table source_chunk (
    household_id uuid not null,
    source_id    uuid not null,
    ordinal      integer not null,
    content      bytea not null,
    primary key (household_id, source_id, ordinal),
    foreign key (household_id, source_id) references source (household_id, id) on delete cascade
);
alter table source_chunk alter column content set storage external;
select protect('source_chunk');
grant select, insert on source_chunk to solvent_app;

-- The rows of a file, and the claim that ties each to the transaction that stands for it. What the bank
-- wrote is immutable, for the application may update the claim only: withdrawn by undo, made good again
-- by redo; a deleted transaction goes on being claimed, so that its row does not come back.
--
-- fingerprint says which fact of the account a row states: its day, so that a file's facts lie together
-- in the index, then a digest of the bank's own id, or else of amount and text with a count, so that
-- twins stay two. Row and claim are one table, for a second one with its key took a tenth of an import.
create table source_item (
    household_id   uuid not null,
    source_id      uuid not null,
    ordinal        integer not null,
    account_id     uuid not null,
    line           integer not null,
    booked_on      date not null,
    amount_minor   bigint not null,
    currency       text not null,
    payee          text not null,
    memo           text not null,
    external_id    text not null,
    state          text not null,
    fingerprint    uuid not null,
    transaction_id uuid not null,
    added          boolean not null,
    withdrawn      boolean not null default false,
    primary key (household_id, source_id, ordinal)
);
create index source_item_by_fact on source_item (household_id, account_id, fingerprint) where not withdrawn;
create index source_item_by_transaction on source_item (household_id, transaction_id) where not withdrawn;
select protect('source_item');
grant select, insert, update (transaction_id, added, withdrawn) on source_item to solvent_app;

-- What a bank says an account held at the end of a day.
create table closing_balance (
    household_id uuid not null,
    source_id    uuid not null,
    account_id   uuid not null,
    on_day       date not null,
    amount_minor bigint not null,
    currency     text not null,
    primary key (household_id, source_id, account_id),
    foreign key (household_id, source_id) references source (household_id, id) on delete cascade
);
create index closing_balance_by_account on closing_balance (household_id, account_id, on_day desc);
select protect('closing_balance');
grant select, insert, delete on closing_balance to solvent_app;

-- How the files of one account are laid out, as a person confirmed it.
create table import_profile (
    household_id uuid not null,
    account_id   uuid not null,
    mapping      jsonb not null,
    primary key (household_id, account_id),
    foreign key (household_id, account_id) references account (household_id, id) on delete cascade
);
select protect('import_profile');
grant select, insert, update (mapping) on import_profile to solvent_app;

-- How far a running import is: no fact of the books, written beside the import's own transaction.
create unlogged table import_progress (
    household_id uuid not null,
    source_id    uuid not null,
    stage        text not null,
    done         bigint not null,
    total        bigint not null,
    at           timestamptz not null,
    primary key (household_id, source_id)
);
select protect('import_progress');
grant select, insert, update, delete on import_progress to solvent_app;

-- Statistics after a batch: straight after it, "the newest fifty" is planned on none. ANALYZE wants the
-- tables' owner, so it is lent for just this.
create function analyze_books() returns void language plpgsql security definer
    set search_path = solvent, pg_temp as $$
begin
    analyze transaction; analyze posting; analyze source_item; analyze monthly_sum; analyze payee;
end $$;
