import { OWN_SCHEMA, type Looking } from "./looking.ts";
import type { Hook, Policy, Snapshot, ViewSource } from "./snapshot.ts";

type Part = Pick<Snapshot, "policies" | "viewSources" | "hooks">;

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
      select 'trigger' as kind, n.nspname as schema, c.relname as relation, t.tgname as name, t.tgenabled = 'D' as disabled
      from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      where not t.tgisinternal and ${OWN_SCHEMA}
      union all
      select 'rule', n.nspname, c.relname, w.rulename, w.ev_enabled = 'D'
      from pg_rewrite w join pg_class c on c.oid = w.ev_class join pg_namespace n on n.oid = c.relnamespace
      where w.rulename <> '_RETURN' and c.relkind in ('r', 'p') and ${OWN_SCHEMA}`),
  };
}
