import { conditionTest, fieldReader } from './field-reader.ts';
import { itemsReader } from './items-reader.ts';
import type { MappedTurn, Note, TurnsReader } from './mapped-turn.ts';
import type { MessagesRule } from './mapping.ts';

interface Message {
  readonly byUser: boolean;
  readonly text: string;
  readonly item: unknown;
}

/**
 * For logs in which both sides speak in one list. A message of the user begins a turn; what the assistant says until the next
 * one is its response, several messages joined by line ends. What the assistant says before the user spoke is a turn with an
 * empty request, so that reactions to it have their place.
 */
export function messagesReader(rule: MessagesRule): TurnsReader {
  const itemsOf = itemsReader(rule.each);
  const readMessage = messageReader(rule);
  return (record, note) => {
    const messages = itemsOf(record, note).map((item, index) => readMessage(item, index, note));
    return paired(messages.filter((message) => message !== undefined));
  };
}

function messageReader(
  rule: MessagesRule,
): (item: unknown, index: number, note: Note) => Message | undefined {
  const [text, role] = [fieldReader(rule.text), fieldReader(rule.role)];
  const [users, assistants, ignored] = [rule.user, rule.assistant, rule.ignore].map(
    (names) => new Set(names),
  );
  const isSkipped = rule.skip.map(conditionTest);
  return (item, index, note) => {
    if (isSkipped.some((holds) => holds(item))) return undefined;
    const [said, who] = [text(item), String(role(item))];
    if (ignored?.has(who) === true) return undefined;
    const byUser = users?.has(who) === true;
    if (!byUser && assistants?.has(who) !== true)
      note(`message ${index + 1} is by neither of messages.user and messages.assistant`);
    else if (said === undefined) note(`message ${index + 1} has no text`);
    else return { byUser, text: String(said), item };
    return undefined;
  };
}

function paired(messages: readonly Message[]): readonly MappedTurn[] {
  const turns: { request: string; response?: string; items: unknown[] }[] = [];
  for (const { byUser, text, item } of messages) {
    const current = turns.at(-1);
    if (byUser) turns.push({ request: text, items: [item] });
    else if (current === undefined) turns.push({ request: '', response: text, items: [item] });
    else {
      current.response = current.response === undefined ? text : `${current.response}\n${text}`;
      current.items.push(item);
    }
  }
  return turns;
}
