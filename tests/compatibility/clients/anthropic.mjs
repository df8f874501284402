import Anthropic from '@anthropic-ai/sdk';
import { picture, schema } from '../features.mjs';

export const anthropic = (baseURL, model) => {
  const sdk = new Anthropic({ baseURL: baseURL.replace(/\/v1$/, ''), apiKey: 'any-key', maxRetries: 0 });
  const hello = [{ role: 'user', content: 'hello' }];
  const tools = [{ name: 'get_weather', description: 'The weather', input_schema: schema }];
  const read = ({ content, usage }) => ({
    text: content.filter(block => block.type === 'text').map(block => block.text).join(''),
    thought: content.find(block => block.type === 'thinking')?.thinking,
    input: usage.input_tokens,
    output: usage.output_tokens,
  });
  const ask = (messages, more = {}) => ({ model, max_tokens: 4000, messages, ...more });
  const create = (messages, more) => sdk.messages.create(ask(messages, more));
  return {
    chat: async () => read(await create(hello)),
    stream: async () => {
      const answer = { text: '', pieces: 0 };
      await sdk.messages.stream(ask(hello)).on('text', piece => (answer.text += piece, answer.pieces += 1)).finalMessage();
      return answer;
    },
    tools: async ({ stream } = {}) => {
      const { content } = stream ? await sdk.messages.stream(ask(hello, { tools })).finalMessage() : await create(hello, { tools });
      const made = content.filter(block => block.type === 'tool_use');
      return {
        calls: made.map(call => call.input),
        answer: async result => read(await create([...hello, { role: 'assistant', content }, {
          role: 'user', content: made.map(call => ({ type: 'tool_result', tool_use_id: call.id, content: result })),
        }], { tools })),
      };
    },
    structured: async () => JSON.parse(read(await create(hello, { output_config: { format: { type: 'json_schema', schema } } })).text),
    image: async () => read(await create([{
      role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: picture } }, { type: 'text', text: 'what is it?' }],
    }])),
    thinking: async () => read(await create(hello, { thinking: { type: 'enabled', budget_tokens: 1024 } })),
    abort: async () => {
      const stream = sdk.messages.stream(ask(hello));
      for await (const event of stream) if (event.type === 'content_block_delta') break;
      stream.abort();
    },
    error: async () => create(hello).then(() => ({ message: 'it answered' }), error => error),
  };
};
