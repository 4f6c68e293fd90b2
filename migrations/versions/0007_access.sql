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
