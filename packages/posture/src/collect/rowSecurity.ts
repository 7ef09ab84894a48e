import { OWN_SCHEMA, extensionOf, type Looking } from "./looking.ts";
import type { EventTrigger, Hook, Policy, Snapshot, ViewSource } from "./snapshot.ts";

type Part = Pick<Snapshot, "policies" | "viewSources" | "hooks" | "eventTriggers">;

/** Policies, the views that read past them, triggers and rules. */
export async function collectRowSecurity(looking: Looking): Promise<Part> {
  return {
    policies: await looking.rows<Policy>(`
      select n.nspname as schema, c.relname as relation, p.polname as name, p.polcmd as command,
        p.polpermissive as permissive,
        (select jsonb_agg(case when r = 0 then null else pg_get_userbyid(r) end) from unnest(p.polroles) r) as roles,
        pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
      from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OWN_SCHEMA} order by 1, 2, 3`),
    viewSources: await looking.rows<ViewSource>(`
      select distinct n.nspname || '.' || v.relname as view, tn.nspname || '.' || t.relname as source
      from pg_class v join pg_namespace n on n.oid = v.relnamespace join pg_rewrite w on w.ev_class = v.oid
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
        join pg_class t on t.oid = d.refobjid and t.oid <> v.oid join pg_namespace tn on tn.oid = t.relnamespace
      where ${OWN_SCHEMA} and v.relkind in ('v', 'm')`),
    hooks: await looking.rows<Hook>(`
      select 'trigger' as kind, n.nspname as schema, c.relname as relation, t.tgname as name, t.tgenabled = 'D' as disabled,
        case when ${extensionOf("pg_proc", "p.oid")} is null then pg_get_userbyid(p.proowner) end as "codeOwner",
        format('%I.%I(%s)', pn.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as code
      from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_namespace pn on pn.oid = p.pronamespace join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      where not t.tgisinternal and ${OWN_SCHEMA}
      union all
      select 'rule', n.nspname, c.relname, w.rulename, w.ev_enabled = 'D', null, null
      from pg_rewrite w join pg_class c on c.oid = w.ev_class join pg_namespace n on n.oid = c.relnamespace
      where w.rulename <> '_RETURN' and c.relkind in ('r', 'p') and ${OWN_SCHEMA}`),
    eventTriggers: await looking.rows<EventTrigger>(`
      select e.evtname as name, e.evtevent as event, e.evtenabled = 'D' as disabled,
        ${extensionOf("pg_event_trigger", "e.oid")} as extension, pg_get_userbyid(p.proowner) as "codeOwner"
      from pg_event_trigger e join pg_proc p on p.oid = e.evtfoid order by 1`),
  };
}
