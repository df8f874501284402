import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { start } from './running.mjs';

const hello = [{ role: 'user', content: 'hello' }];
const client = baseURL => new OpenAI({ baseURL, apiKey: 'any-key', maxRetries: 0 });

test('chat whole: content, the model that was asked for, usage', async t => {
  const { baseURL } = await start(t, { flags: ['--say', 'Good morning to you'] });
  const answer = await client(baseURL).chat.completions.create({ model: 'gpt-4o-mini', messages: hello });
  assert.equal(answer.choices[0].message.content, 'Good morning to you');
  assert.equal(answer.model, 'gpt-4o-mini');
  assert.ok(answer.usage.total_tokens > 0);
});

test('chat streamed without usage: every piece and no usage chunk', async t => {
  const { baseURL } = await start(t, { flags: ['--say', 'one two three four'] });
  let text = '';
  const stream = await client(baseURL).chat.completions.create({ model: 'gpt-4o-mini', messages: hello, stream: true });
  for await (const chunk of stream) {
    assert.ok(chunk.choices.length > 0, 'a chunk without choices breaks clients that did not ask for usage');
    text += chunk.choices[0].delta.content ?? '';
  }
  assert.equal(text, 'one two three four');
});

test('chat streamed with usage: the last chunk carries it, with cost beside it', async t => {
  const { baseURL } = await start(t, { flags: ['--say', 'one two'] });
  let last;
  const stream = await client(baseURL).chat.completions.create({
    model: 'gpt-4o-mini', messages: hello, stream: true, stream_options: { include_usage: true },
  });
  for await (const chunk of stream) last = chunk;
  assert.deepEqual(last.choices, []);
  assert.ok(last.usage.completion_tokens > 0);
  assert.equal(last.infermux.provider, 'primary');
  assert.ok(last.infermux.cost_usd >= 0);
});

test('tools: the call comes back, whole and streamed', async t => {
  const { baseURL } = await start(t);
  const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } }];
  const whole = await client(baseURL).chat.completions.create({ model: 'gpt-4o-mini', messages: hello, tools });
  assert.equal(whole.choices[0].finish_reason, 'tool_calls');
  assert.equal(whole.choices[0].message.tool_calls[0].function.name, 'get_weather');
  const streamed = await client(baseURL).chat.completions.stream({ model: 'gpt-4o-mini', messages: hello, tools }).finalChatCompletion();
  assert.equal(streamed.choices[0].message.tool_calls[0].function.name, 'get_weather');
  assert.doesNotThrow(() => JSON.parse(streamed.choices[0].message.tool_calls[0].function.arguments));
});

test('structured output: a value of the schema', async t => {
  const { baseURL } = await start(t);
  const answer = await client(baseURL).chat.completions.create({
    model: 'gpt-4o-mini',
    messages: hello,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'person', strict: true, schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false } },
    },
  });
  assert.equal(typeof JSON.parse(answer.choices[0].message.content).name, 'string');
});

test('embeddings: the default base64 decodes', async t => {
  const { baseURL } = await start(t);
  const answer = await client(baseURL).embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] });
  assert.equal(answer.data.length, 2);
  assert.equal(typeof answer.data[0].embedding[0], 'number');
});

test('models: what is served', async t => {
  const { baseURL } = await start(t);
  const names = [];
  for await (const model of client(baseURL).models.list()) names.push(model.id);
  assert.ok(names.includes('gpt-4o-mini'));
});

test('errors: our refusal and the provider\'s arrive as the SDK\'s own classes', async t => {
  const { baseURL } = await start(t, { flags: ['--fail', '400'] });
  await assert.rejects(client(baseURL).chat.completions.create({ model: 'gpt-4o-mini', messages: hello }), OpenAI.BadRequestError);
  await assert.rejects(client(baseURL).chat.completions.create({ model: 'nobody-serves-this', messages: hello }), OpenAI.NotFoundError);
});

test('abort: the upstream is closed', async t => {
  const { baseURL, upstream } = await start(t, { flags: ['--paced', '10000/10ms'] });
  const stream = await client(baseURL).chat.completions.create({ model: 'gpt-4o-mini', messages: hello, stream: true });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta?.content) break;
  }
  stream.controller.abort();
  const deadline = Date.now() + 5000;
  let truth;
  do {
    truth = await (await fetch(`${upstream}/_script`)).json();
  } while ((truth.truth ?? truth).cancelled !== 1 && Date.now() < deadline);
  assert.equal((truth.truth ?? truth).cancelled, 1);
});
