import type { Looking } from "./looking.ts";
import type { Session } from "./snapshot.ts";

/** Who is connected, and who of them takes data out. Of a statement only its kind is read. */
export const SESSIONS = `
  select a.pid, a.usename as role, a.datname as database, coalesce(a.application_name, '') as application,
    host(a.client_addr) as address, coalesce(a.backend_type, '') as backend, s.ssl,
    case when a.backend_type = 'walsender' then 'walsender'
      when a.application_name ~* '^(pg_dump|pg_dumpall|pg_basebackup|pg_receivewal|pg_recvlogical)' then 'dump'
      when p.pid is not null or (a.state = 'active' and a.query ~* '^\\s*copy\\M.*\\mto\\M') then 'copy' end as copies
  from pg_stat_activity a left join pg_stat_ssl s using (pid)
    left join pg_stat_progress_copy p on p.pid = a.pid and p.command = 'COPY TO'
  where a.backend_type in ('client backend', 'walsender') and a.pid <> pg_backend_pid()`;

/** Whether whoever looks sees what others do; if not, every session but their own looks like none. */
export const SEES_SESSIONS =
  "select pg_has_role(current_user, 'pg_read_all_stats', 'usage') as seen";

export async function collectSessions(looking: Looking): Promise<{ sessions: Session[] }> {
  const [may] = await looking.rows<{ seen: boolean }>(SEES_SESSIONS);
  if (may?.seen !== true)
    looking.miss({
      part: "sessions",
      object: "pg_stat_activity",
      allow: "GRANT pg_read_all_stats TO ROLE",
    });
  return { sessions: await looking.rows<Session>(SESSIONS) };
}
