import { describe, expect, it } from 'vitest';
import { recordedContent } from './recorded-content.ts';
import type { AttributeValue } from './span.ts';
import { said, span } from './spans.fixture.ts';

type Attributes = Readonly<Record<string, AttributeValue>>;
type Event = readonly [name: string, attributes: Attributes];

const words = (attributes: Attributes, events: readonly Event[] = []): readonly string[] => {
  const { input, output } = recordedContent(span({ attributes, events }));
  return [...input, ...output].map(({ role, text }) => `${role}: ${text}`);
};

describe('the messages on record', () => {
  it.each<[convention: string, attributes: Attributes, events: readonly Event[]]>([
    [
      'the current attributes, as JSON texts',
      {
        'gen_ai.input.messages': JSON.stringify([said('system', 'be brief'), said('user', 'play jazz')]),
        'gen_ai.output.messages': JSON.stringify([said('assistant', 'playing')]),
      },
      [],
    ],
    [
      'the current attributes, structured',
      {
        'gen_ai.input.messages': [said('system', 'be brief'), said('user', 'play jazz')],
        'gen_ai.output.messages': [said('assistant', 'playing')],
      },
      [],
    ],
    [
      'the current attributes, on an event',
      {},
      [
        [
          'gen_ai.client.inference.operation.details',
          {
            'gen_ai.input.messages': [said('system', 'be brief'), said('user', 'play jazz')],
            'gen_ai.output.messages': [said('assistant', 'playing')],
          },
        ],
      ],
    ],
    [
      'the events of v1.36, a field in each attribute',
      {},
      [
        ['gen_ai.system.message', { content: 'be brief' }],
        ['exception', { content: 'not a message' }],
        ['gen_ai.user.message', { content: 'play jazz' }],
        ['gen_ai.choice', { index: 0, message: '{"role":"assistant","content":"playing"}' }],
      ],
    ],
    [
      'the events of v1.36, each as one JSON text',
      {},
      [
        ['gen_ai.system.message', { 'gen_ai.event.content': '{"content":"be brief"}' }],
        ['gen_ai.user.message', { 'gen_ai.event.content': '{"role":"user","content":"play jazz"}' }],
        ['gen_ai.choice', { 'gen_ai.event.content': '{"index":0,"message":{"content":"playing"}}' }],
      ],
    ],
    [
      'the events of v1.27',
      {},
      [
        [
          'gen_ai.content.prompt',
          {
            'gen_ai.prompt':
              '[{"role":"system","content":"be brief"},{"role":"user","content":[{"type":"text","text":"play jazz"}]}]',
          },
        ],
        ['gen_ai.content.completion', { 'gen_ai.completion': '[{"role":"assistant","content":"playing"}]' }],
      ],
    ],
    [
      'OpenLLMetry, in the order of the numbers',
      {
        'gen_ai.prompt.10.content': '[{"type":"text","text":"play jazz"}]',
        'gen_ai.prompt.10.role': 'user',
        'gen_ai.prompt.2.content': 'be brief',
        'gen_ai.prompt.2.role': 'system',
        'gen_ai.completion.0.content': 'playing',
      },
      [],
    ],
  ])('reads %s', (_, attributes, events) => {
    expect(words(attributes, events)).toEqual(['system: be brief', 'user: play jazz', 'assistant: playing']);
  });

  it('takes a prompt in plain words for what the user said', () => {
    expect(words({ 'gen_ai.prompt': 'play jazz', 'gen_ai.completion': 'playing [loud]' })).toEqual([
      'user: play jazz',
      'assistant: playing [loud]',
    ]);
  });

  it.each<[shape: string, messages: readonly AttributeValue[]]>([
    [
      'the conventions',
      [
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Paris' } }],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'rainy' }] },
      ],
    ],
    [
      'OpenAI',
      [
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'rainy' },
      ],
    ],
    [
      'Anthropic',
      [
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Paris' } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'rainy' }] },
      ],
    ],
  ])('reads the call of a tool and what it returned as %s writes them', (_, messages) => {
    const { input } = recordedContent(span({ attributes: { 'gen_ai.input.messages': messages } }));
    expect(input.flatMap(({ calls }) => calls)).toEqual([
      { id: 'c1', tool: 'weather', arguments: '{"city":"Paris"}' },
    ]);
    expect(input.flatMap(({ results }) => results)).toEqual([{ id: 'c1', text: 'rainy' }]);
    expect(input.map(({ text }) => text)).toEqual(['', '']);
  });

  it('reads the calls that OpenLLMetry numbers', () => {
    const attributes = {
      'gen_ai.completion.0.role': 'assistant',
      'gen_ai.completion.0.tool_calls.1.name': 'hotels',
      'gen_ai.completion.0.tool_calls.0.name': 'weather',
      'gen_ai.completion.0.tool_calls.0.arguments': '{}',
    };
    const { output } = recordedContent(span({ attributes }));
    expect(output.flatMap(({ calls }) => calls.map(({ tool }) => tool))).toEqual(['weather', 'hotels']);
  });

  it('keeps where media are and leaves media themselves', () => {
    const parts = [
      { type: 'uri', modality: 'image', mime_type: 'image/png', uri: 'https://x/a.png' },
      { type: 'image_url', image_url: { url: 'https://x/b.jpg' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'blob', modality: 'image', content: 'AAAA' },
    ];
    const { input } = recordedContent(
      span({ attributes: { 'gen_ai.input.messages': [{ role: 'user', parts }] } }),
    );
    expect(input[0]?.media).toEqual([
      { uri: 'https://x/a.png', mediaType: 'image/png' },
      { uri: 'https://x/b.jpg', mediaType: 'image/*' },
    ]);
  });
});
