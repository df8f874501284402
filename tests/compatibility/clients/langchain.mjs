import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { NotOffered, picture, schema } from '../features.mjs';

const langchain = (make, { image, thinking, structured }) => {
  const hello = [new HumanMessage('hello')];
  const tools = [{ name: 'get_weather', description: 'The weather', schema }];
  const text = ({ content }) => typeof content === 'string' ? content : content.filter(part => part.type === 'text').map(part => part.text).join('');
  const read = message => ({
    text: text(message),
    thought: Array.isArray(message.content) ? message.content.find(part => part.type === 'thinking')?.thinking : undefined,
    input: message.usage_metadata?.input_tokens,
    output: message.usage_metadata?.output_tokens,
  });
  const collect = async stream => {
    let whole;
    for await (const chunk of stream) whole = whole ? whole.concat(chunk) : chunk;
    return whole;
  };
  return {
    chat: async () => read(await make().invoke(hello)),
    stream: async () => {
      const answer = { text: '', pieces: 0 };
      for await (const chunk of await make().stream(hello)) if (text(chunk)) (answer.text += text(chunk), answer.pieces += 1);
      return answer;
    },
    tools: async ({ stream } = {}) => {
      const bound = make().bindTools(tools);
      const message = stream ? await collect(await bound.stream(hello)) : await bound.invoke(hello);
      return {
        calls: message.tool_calls.map(call => call.args),
        answer: async result => read(await bound.invoke([...hello, message, ...message.tool_calls.map(call => new ToolMessage({ tool_call_id: call.id, content: result }))])),
      };
    },
    structured: async () => make().withStructuredOutput(schema, structured).invoke(hello),
    image: async () => read(await make().invoke([new HumanMessage({ content: [{ type: 'text', text: 'what is it?' }, image] })])),
    thinking: async () => {
      if (!thinking) throw new NotOffered('this client reads no reasoning over chat');
      return read(await make(thinking).invoke(hello));
    },
    abort: async () => {
      const leaving = new AbortController();
      const stream = await make().stream(hello, { signal: leaving.signal });
      for await (const chunk of stream) if (text(chunk)) break;
      leaving.abort();
    },
    error: async () => make().invoke(hello).then(() => ({ message: 'it answered' }), error => error),
  };
};

export const langchainOpenai = (baseURL, model) => langchain(
  more => new ChatOpenAI({ model, apiKey: 'any-key', maxRetries: 0, configuration: { baseURL }, ...more }),
  { image: { type: 'image_url', image_url: { url: `data:image/png;base64,${picture}` } }, structured: { name: 'place', method: 'jsonSchema' } });
export const langchainAnthropic = (baseURL, model) => langchain(
  more => new ChatAnthropic({ model, apiKey: 'any-key', maxRetries: 0, maxTokens: 4000, anthropicApiUrl: baseURL.replace(/\/v1$/, ''), ...more }),
  {
    image: { type: 'image', source: { type: 'base64', media_type: 'image/png', data: picture } },
    structured: { name: 'place' },
    thinking: { thinking: { type: 'enabled', budget_tokens: 1024 } },
  });
