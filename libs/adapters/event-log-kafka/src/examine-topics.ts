import kafkajs, { type Admin } from 'kafkajs';
import type { KafkaConnection, KafkaTopicSettings } from './kafka-settings.ts';
import { wantedTopics, withAdmin, type WantedTopic } from './topics.ts';

// Not among the names that an ES module can import from kafkajs.
const { TOPIC: TOPIC_RESOURCE } = kafkajs.ConfigResourceTypes;

/** One thing in which a topic is not as the settings say. */
export interface TopicDifference {
  readonly topic: string;
  /** `topic` when it is not there at all, else `partitions`, `replication factor` or the name of a Kafka topic setting. */
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  readonly remedy: string;
}

/** Where Heed's topics differ from the settings; none when all is as it should be. Throws Fault `log-unavailable`. */
export async function examineKafkaTopics(
  connection: KafkaConnection,
  settings: KafkaTopicSettings = {},
): Promise<readonly TopicDifference[]> {
  return withAdmin(connection, async (admin) => {
    const there = new Set(await admin.listTopics());
    const differences: TopicDifference[] = [];
    for (const wanted of wantedTopics(settings)) {
      if (there.has(wanted.name)) differences.push(...(await examine(admin, wanted)));
      else differences.push(missing(wanted));
    }
    return differences;
  });
}

async function examine(admin: Admin, wanted: WantedTopic): Promise<readonly TopicDifference[]> {
  const { name, partitions, replicationFactor, config } = wanted;
  const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
  const found = topics[0]?.partitions ?? [];
  const copies = Math.min(...found.map(({ replicas }) => replicas.length));
  const entries = await configOf(admin, wanted);
  return [
    ...differs(name, 'partitions', String(partitions), String(found.length), PARTITIONS_REMEDY),
    ...(replicationFactor === undefined
      ? []
      : differs(name, 'replication factor', String(replicationFactor), String(copies), REPLICATION_REMEDY)),
    ...Object.entries(config).flatMap(([key, value]) =>
      differs(
        name,
        key,
        value,
        entries.get(key) ?? 'unknown',
        `set it: kafka-configs.sh --alter --topic ${name} --add-config ${key}=${value}, or change Heed's settings to what is there`,
      ),
    ),
  ];
}

const PARTITIONS_REMEDY =
  "change Heed's setting to what is there; with another number of partitions sessions that go on would be split over two";
const REPLICATION_REMEDY =
  "move the topic to more brokers with kafka-reassign-partitions.sh, or change Heed's setting to what is there";

function missing({ name, partitions }: WantedTopic): TopicDifference {
  return {
    topic: name,
    what: 'topic',
    wanted: `${partitions} partitions`,
    found: 'no such topic',
    remedy: 'start Heed with the right to make topics, or make it yourself',
  };
}

function differs(
  topic: string,
  what: string,
  wanted: string,
  found: string,
  remedy: string,
): readonly TopicDifference[] {
  return wanted === found ? [] : [{ topic, what, wanted, found, remedy }];
}

async function configOf(admin: Admin, { name, config }: WantedTopic): Promise<ReadonlyMap<string, string>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: TOPIC_RESOURCE, name, configNames: Object.keys(config) }],
  });
  return new Map(
    resources.flatMap(({ configEntries }) =>
      configEntries.map(({ configName, configValue }) => [configName, configValue] as const),
    ),
  );
}
