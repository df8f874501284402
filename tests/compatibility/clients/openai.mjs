import OpenAI from 'openai';
import { picture, schema } from '../features.mjs';

const url = `data:image/png;base64,${picture}`;
const sdk = baseURL => new OpenAI({ baseURL, apiKey: 'any-key', maxRetries: 0 });
const collect = async (events, take) => {
  for await (const event of events) take(event);
};

export const openaiChat = (baseURL, model) => {
  const openai = sdk(baseURL);
  const hello = [{ role: 'user', content: 'hello' }];
  const tools = [{ type: 'function', function: { name: 'get_weather', parameters: schema } }];
  const read = ({ choices, usage }) => ({
    text: choices[0].message.content, thought: choices[0].message.reasoning_content, input: usage?.prompt_tokens, output: usage?.completion_tokens,
  });
  const create = (messages, more = {}) => openai.chat.completions.create({ model, messages, ...more });
  return {
    chat: async () => read(await create(hello)),
    stream: async () => {
      const answer = { text: '', pieces: 0 };
      await collect(await create(hello, { stream: true }), chunk => {
        const piece = chunk.choices[0]?.delta.content;
        if (piece) (answer.text += piece, answer.pieces += 1);
      });
      return answer;
    },
    tools: async ({ stream } = {}) => {
      const { message } = stream
        ? (await openai.chat.completions.stream({ model, messages: hello, tools }).finalChatCompletion()).choices[0]
        : (await create(hello, { tools })).choices[0];
      return {
        calls: (message.tool_calls ?? []).map(call => JSON.parse(call.function.arguments)),
        answer: async result => read(await create(
          [...hello, message, ...message.tool_calls.map(call => ({ role: 'tool', tool_call_id: call.id, content: result }))], { tools })),
      };
    },
    structured: async () => JSON.parse((await create(hello, {
      response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } },
    })).choices[0].message.content),
    image: async () => read(await create([{ role: 'user', content: [{ type: 'text', text: 'what is it?' }, { type: 'image_url', image_url: { url } }] }])),
    thinking: async () => read(await create(hello, { reasoning_effort: 'low' })),
    abort: async () => {
      const stream = await create(hello, { stream: true });
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
      stream.controller.abort();
    },
    error: async () => create(hello).then(() => ({ message: 'it answered' }), error => error),
  };
};

export const openaiResponses = (baseURL, model) => {
  const openai = sdk(baseURL);
  const tools = [{ type: 'function', name: 'get_weather', parameters: schema, strict: true }];
  const read = response => ({
    text: response.output_text,
    thought: response.output.find(item => item.type === 'reasoning')?.summary.map(part => part.text).join(''),
    input: response.usage?.input_tokens,
    output: response.usage?.output_tokens,
  });
  const create = (input, more = {}) => openai.responses.create({ model, input, store: false, ...more });
  return {
    chat: async () => read(await create('hello')),
    stream: async () => {
      const answer = { text: '', pieces: 0 };
      await collect(await create('hello', { stream: true }), event => {
        if (event.type === 'response.output_text.delta') (answer.text += event.delta, answer.pieces += 1);
      });
      return answer;
    },
    tools: async ({ stream } = {}) => {
      const hello = [{ role: 'user', content: 'hello' }];
      const { output } = stream
        ? await openai.responses.stream({ model, input: hello, store: false, tools }).finalResponse()
        : await create(hello, { tools });
      const made = output.filter(item => item.type === 'function_call');
      return {
        calls: made.map(call => JSON.parse(call.arguments)),
        answer: async result => read(await create(
          [...hello, ...output, ...made.map(call => ({ type: 'function_call_output', call_id: call.call_id, output: result }))], { tools })),
      };
    },
    structured: async () => JSON.parse((await create('hello', { text: { format: { type: 'json_schema', name: 'place', schema, strict: true } } })).output_text),
    image: async () => read(await create([{ role: 'user', content: [{ type: 'input_text', text: 'what is it?' }, { type: 'input_image', image_url: url, detail: 'auto' }] }])),
    thinking: async () => read(await create('hello', { reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'] })),
    abort: async () => {
      const stream = await create('hello', { stream: true });
      for await (const event of stream) if (event.type === 'response.output_text.delta') break;
      stream.controller.abort();
    },
    error: async () => create('hello').then(() => ({ message: 'it answered' }), error => error),
  };
};

