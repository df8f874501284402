import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, Output, streamText, tool } from 'ai';
import { NotOffered, picture, schema } from '../features.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false; // it does not know the names of these models, and says so at every call

const aiSdk = (chosen, thinking, always) => {
  const common = { model: chosen, maxRetries: 0, providerOptions: always };
  const read = result => ({ text: result.text, thought: result.reasoningText, input: result.usage.inputTokens, output: result.usage.outputTokens });
  const tools = { get_weather: tool({ description: 'The weather', inputSchema: jsonSchema(schema) }) };
  const messages = [{ role: 'user', content: 'hello' }];
  return {
    chat: async () => read(await generateText({ ...common, messages })),
    stream: async () => {
      const answer = { text: '', pieces: 0 };
      for await (const piece of streamText({ ...common, messages, onError: () => {} }).textStream) (answer.text += piece, answer.pieces += 1);
      return answer;
    },
    tools: async ({ stream } = {}) => {
      const result = stream ? streamText({ ...common, messages, tools, onError: () => {} }) : await generateText({ ...common, messages, tools });
      const made = await result.toolCalls;
      const said = (await result.response).messages;
      return {
        calls: made.map(call => call.input),
        answer: async value => read(await generateText({
          ...common, tools, messages: [...messages, ...said, {
            role: 'tool',
            content: made.map(call => ({ type: 'tool-result', toolCallId: call.toolCallId, toolName: call.toolName, output: { type: 'text', value } })),
          }],
        })),
      };
    },
    structured: async () => (await generateText({ ...common, messages, output: Output.object({ schema: jsonSchema(schema) }) })).output,
    image: async () => read(await generateText({
      ...common, messages: [{ role: 'user', content: [{ type: 'text', text: 'what is it?' }, { type: 'file', data: picture, mediaType: 'image/png' }] }],
    })),
    thinking: async () => {
      if (!thinking) throw new NotOffered('this model class reads no reasoning');
      return read(await generateText({ ...common, messages, providerOptions: thinking }));
    },
    abort: async () => {
      const leaving = new AbortController();
      const { textStream } = streamText({ ...common, messages, abortSignal: leaving.signal, onError: () => {} });
      for await (const _ of textStream) break;
      leaving.abort();
    },
    error: async () => generateText({ ...common, messages }).then(() => ({ message: 'it answered' }), error => ({ status: error.statusCode, message: error.message })),
  };
};

const openai = baseURL => createOpenAI({ baseURL, apiKey: 'any-key' });
export const aiOpenaiChat = (baseURL, model) => aiSdk(openai(baseURL).chat(model));
export const aiOpenaiResponses = (baseURL, model) =>
  aiSdk(openai(baseURL).responses(model), { openai: { store: false, reasoningEffort: 'low', reasoningSummary: 'auto', forceReasoning: true } },
    { openai: { store: false } }); // nothing is stored, so the client must send its items whole
export const aiAnthropic = (baseURL, model) =>
  aiSdk(createAnthropic({ baseURL, apiKey: 'any-key' })(model), { anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } } });
