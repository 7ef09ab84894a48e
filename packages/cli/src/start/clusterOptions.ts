import type { ClusterAccount } from "./clusterAccount.ts";
import { LINE_PREFIX } from "./databaseLine.ts";
import type { PostgresBinaries } from "./postgresBinaries.ts";

export interface ClusterOptions {
  readonly binaries: PostgresBinaries;
  readonly account: ClusterAccount | undefined;
  /** Holds the socket; at most 90 bytes long, because a socket's path is at most 107. */
  readonly socketDir: string;
  readonly superPassword: string;
  /** Tests may give up fsync; nothing else may. */
  readonly durable: boolean;
  readonly maxConnections: number;
  readonly onLog: (line: string) => void;
}

/** The settings of a running cluster; given on the command line, where no file and no ALTER SYSTEM can undo them. */
export function clusterSettings({ socketDir, durable, maxConnections }: ClusterOptions): string[] {
  const onlyIfDurable = durable ? "on" : "off";
  const settings = {
    listen_addresses: "",
    unix_socket_directories: socketDir,
    unix_socket_permissions: "0700",
    password_encryption: "scram-sha-256",
    max_connections: String(maxConnections),
    shared_buffers: "48MB",
    max_wal_size: "512MB",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    // Who came, when and from where; the launcher keeps it.
    log_destination: "stderr",
    logging_collector: "off",
    log_line_prefix: LINE_PREFIX,
    log_connections: "on",
    log_disconnections: "on",
    log_replication_commands: "on",
    log_checkpoints: "off",
    // What a log repeats of a statement would leave the database by a side door.
    log_statement: "none",
    log_min_duration_statement: "-1",
    log_min_duration_sample: "-1",
    log_transaction_sample_rate: "0",
    log_min_error_statement: "panic",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    log_error_verbosity: "terse",
    fsync: onlyIfDurable,
    synchronous_commit: onlyIfDurable,
    full_page_writes: onlyIfDurable,
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
