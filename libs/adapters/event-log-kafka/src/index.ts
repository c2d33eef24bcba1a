export { examineKafkaTopics, type TopicDifference } from './examine-topics.ts';
export { kafkaEventLog } from './kafka-event-log.ts';
export type { KafkaJournal } from './kafka-journal.ts';
export {
  topicNames,
  type KafkaConnection,
  type KafkaLogSettings,
  type KafkaTopicSettings,
  type TopicNames,
} from './kafka-settings.ts';
export { MOST_PARTITIONS } from './log-position.ts';
export { createKafkaTopics } from './topics.ts';
