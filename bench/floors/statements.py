"""The SQL of the floor, apart from the code, so that a new process need not import more."""

BOOKS = """
    create table account(id smallint primary key, name text);
    create table category(id smallint primary key, name text, income bool);
    create table payee(id smallint primary key, name text, category smallint);
    create table entry(id int, account smallint, day date, amount bigint, payee smallint,
                       category smallint, memo text, ref text);
"""
BOOKS_INDEXES = """
    create unique index on entry(account, ref);
    create index on entry(day);
"""
BANK = """
    drop table if exists bank;
    create table bank(id bigint generated always as identity primary key, account smallint,
                      day date, amount bigint, payee text, memo text, ref text);
    create unique index on bank(account, ref);
    create index on bank(day);
    create temp table if not exists stage(day date, payee text, memo text, amount numeric,
                      currency text, balance numeric, ref text) on commit delete rows;
"""
TAKE = """
    insert into bank(account, day, amount, payee, memo, ref)
    select $1, day, (amount * 100)::bigint, payee, memo, ref from stage
        on conflict (account, ref) do nothing
"""
SUMS = "select account, sum(amount)::bigint, count(*) from bank group by 1"
SPENDING = """
    select to_char(month, 'YYYY-MM'), category, spent from (
        select date_trunc('month', day) as month, category, -sum(amount)::bigint as spent
          from entry where category in (select id from category where not income)
         group by 1, 2) sums
"""
MOVED = """
    select to_char(month, 'YYYY-MM'), account, moved from (
        select date_trunc('month', day) as month, account, sum(amount)::bigint as moved
          from entry group by 1, 2) sums
"""
FOUND = """
    select e.day, p.name, e.amount, e.account, e.memo from entry e join payee p on p.id = e.payee
     where e.payee = any(array(select id from payee where name ilike $1))
       and abs(e.amount) between $2 and $3 and e.day between $4 and $5
     order by e.day desc limit $6
"""
MOVE = """
    update entry set category = $1 where id in (select id from entry order by day desc, id desc limit $2)
"""
MONTH = """
    select category, -sum(amount)::bigint from entry
     where day >= (select date_trunc('month', max(day)) from entry) group by 1
"""
