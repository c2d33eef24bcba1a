const CHANGES_TABLES = /^(?:\s|--[^\n]*\n)*(?:CREATE|DROP|RENAME|EXCHANGE|DELETE|ALTER)\s/u;
const REPLICATED = /\bReplicated(?<kind>\w*MergeTree)\('[^']*', '[^']*'(?:, (?<args>\w+|\(.*?\)))?\)/u;

/**
 * A statement for a cluster as the one that does the same where there is one node and no Keeper: `ON CLUSTER` goes, and tables
 * are not replicated. Everything else, `Distributed` tables before all, the engine does itself.
 */
export function forOneNode(statement: string): string {
  if (!CHANGES_TABLES.test(statement)) return statement;
  return statement
    .replace(/ ON CLUSTER \w+/u, '')
    .replace(REPLICATED, (_, kind: string, args: string | undefined) =>
      args === undefined ? kind : `${kind}(${args})`,
    );
}
