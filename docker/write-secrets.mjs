// What docker/cluster.env.example asks for, new: `node docker/write-secrets.mjs > docker/cluster.env`. Needs any Node from 20 on.
import { randomBytes } from 'node:crypto';

const hex = (bytes) => randomBytes(bytes).toString('hex');
// A Kafka cluster id is a UUID in base64url; its tools take one that begins with a dash for an option.
const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');

process.stdout.write(`POSTGRES_PASSWORD=${hex(24)}
CLICKHOUSE_PASSWORD=${hex(24)}
HEED_OWNER_KEY=heed_admin_${hex(8)}_${randomBytes(32).toString('base64url')}
KAFKA_CLUSTER_ID=${clusterId}
`);
