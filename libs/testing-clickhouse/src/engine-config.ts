import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A storage policy on whose disk nothing has room: a table made with it refuses its rows as on a full disk. */
const NO_ROOM = 'no_room';

const UNREACHABLE_BYTES = '4000000000000000000';

/**
 * Writes the engine's configuration and returns its path. The cluster is of one shard, which is the engine itself: what it
 * says is its own TCP port is asked without a connection.
 */
export function writeEngineConfig(folder: string, cluster: string): string {
  const path = join(folder, 'config.xml');
  writeFileSync(
    path,
    `<clickhouse>
  <tcp_port>9000</tcp_port>
  <remote_servers>
    <${cluster}><shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard></${cluster}>
  </remote_servers>
  <storage_configuration>
    <disks>
      <full>
        <type>local</type>
        <path>${join(folder, 'full')}/</path>
        <keep_free_space_bytes>${UNREACHABLE_BYTES}</keep_free_space_bytes>
      </full>
    </disks>
    <policies><${NO_ROOM}><volumes><main><disk>full</disk></main></volumes></${NO_ROOM}></policies>
  </storage_configuration>
</clickhouse>
`,
  );
  return path;
}
