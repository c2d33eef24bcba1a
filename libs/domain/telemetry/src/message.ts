/** One message of a conversation with a model, whatever convention wrote it. */
export interface Message {
  readonly role: string;
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly results: readonly ToolResult[];
  readonly media: readonly Media[];
}

export interface ToolCall {
  readonly id: string | undefined;
  readonly tool: string;
  readonly arguments: string;
}

export interface ToolResult {
  readonly id: string | undefined;
  readonly text: string;
}

export interface Media {
  readonly uri: string;
  readonly mediaType: string;
}

/** What a tool returns is told in the user's name by some models; it is no word of the user's. */
export function isFromUser({ role, text, media }: Message): boolean {
  return (role === 'user' || role === 'human') && (text !== '' || media.length > 0);
}
