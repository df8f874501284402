import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { start } from './running.mjs';

const hello = [{ role: 'user', content: 'hello' }];
const model = 'gpt-4o-mini';
const tool = { name: 'get_weather', description: 'Weather of a city', input_schema: { type: 'object', properties: { city: { type: 'string' } } } };
const client = baseURL => new Anthropic({ baseURL: baseURL.replace(/\/v1$/, ''), apiKey: 'any-key', maxRetries: 0 });
const behave = (upstream, behaviour) => fetch(`${upstream}/_script`, { method: 'PUT', body: JSON.stringify(behaviour) });

// The same client in front of every dialect that a provider may speak.
for (const type of ['anthropic', 'openai', 'azure_openai', 'ollama']) {
  test(`${type}: a whole message with the model that was asked for, and usage`, async t => {
    const { baseURL } = await start(t, { type, flags: ['--say', 'Good morning to you'] });
    const message = await client(baseURL).messages.create({ model, max_tokens: 100, messages: hello });
    assert.equal(message.content[0].text, 'Good morning to you');
    assert.equal(message.model, model);
    assert.equal(message.stop_reason, 'end_turn');
    assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0);
    assert.ok(message._request_id, 'the SDK reads the header request-id');
  });

  test(`${type}: a streamed message, put together by the SDK`, async t => {
    const { baseURL } = await start(t, { type, flags: ['--say', 'one two three four'] });
    let text = '';
    const stream = client(baseURL).messages.stream({ model, max_tokens: 100, messages: hello }).on('text', piece => { text += piece; });
    const message = await stream.finalMessage();
    assert.equal(text, 'one two three four');
    assert.equal(message.content[0].text, text);
    assert.equal(message.stop_reason, 'end_turn');
    assert.ok(message.usage.output_tokens > 0);
  });

  for (const streamed of [false, true]) {
    test(`${type}: thinking and parallel tools, ${streamed ? 'streamed' : 'whole'}, round to the answer`, async t => {
      const { baseURL, upstream } = await start(t, { type });
      await behave(upstream, { answer: { reasoning: 'let me think', toolCalls: 2 } });
      const ask = messages => {
        const body = { model, max_tokens: 500, messages, tools: [tool], thinking: { type: 'enabled', budget_tokens: 200 } };
        return streamed ? client(baseURL).messages.stream(body).finalMessage() : client(baseURL).messages.create(body);
      };
      const asked = await ask(hello);
      assert.equal(asked.stop_reason, 'tool_use');
      assert.deepEqual(asked.content.map(block => block.type), ['thinking', 'tool_use', 'tool_use']);
      assert.equal(asked.content[0].thinking, 'let me think');
      assert.equal(asked.content[1].input.city, 'example');
      await behave(upstream, { answer: { text: 'done', toolCalls: 0 } });
      const results = asked.content.filter(b => b.type === 'tool_use').map(b => ({ type: 'tool_result', tool_use_id: b.id, content: 'sunny' }));
      const answered = await ask([...hello, { role: 'assistant', content: asked.content }, { role: 'user', content: results }]);
      assert.equal(answered.content.at(-1).text, 'done');
    });
  }

  test(`${type}: an image`, async t => {
    const { baseURL } = await start(t, { type });
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
    const message = await client(baseURL).messages.create({ model, max_tokens: 100, messages: [{ role: 'user', content: [image, { type: 'text', text: 'what is it?' }] }] });
    assert.equal(message.content[0].type, 'text');
  });

  test(`${type}: a count of tokens, the provider's own or an estimate`, async t => {
    const { baseURL } = await start(t, { type });
    const { data, response } = await client(baseURL).messages.countTokens({ model, messages: hello }).withResponse();
    assert.ok(data.input_tokens > 0);
    assert.equal(response.headers.get('x-infermux-estimated'), type === 'anthropic' ? null : 'true');
  });

  test(`${type}: refusals, ours and the provider's, arrive as the SDK's own classes`, async t => {
    const { baseURL, upstream } = await start(t, { type, flags: ['--fail', '400'] });
    await assert.rejects(client(baseURL).messages.create({ model, max_tokens: 100, messages: hello }), Anthropic.BadRequestError);
    await assert.rejects(client(baseURL).messages.create({ model: 'nobody-serves-this', max_tokens: 100, messages: hello }), Anthropic.NotFoundError);
    await behave(upstream, { fault: 'errorEvent', afterEvents: 1 });
    await assert.rejects(client(baseURL).messages.stream({ model, max_tokens: 100, messages: hello }).finalMessage(), Anthropic.APIError);
  });

  test(`${type}: abort closes the upstream`, async t => {
    const { baseURL, upstream } = await start(t, { type, flags: ['--paced', '10000/10ms'] });
    const stream = client(baseURL).messages.stream({ model, max_tokens: 10000, messages: hello });
    for await (const event of stream) {
      if (event.type === 'content_block_delta') break;
    }
    stream.abort();
    const deadline = Date.now() + 5000;
    let truth;
    do {
      truth = await (await fetch(`${upstream}/_script`)).json();
    } while ((truth.truth ?? truth).cancelled !== 1 && Date.now() < deadline);
    assert.equal((truth.truth ?? truth).cancelled, 1);
  });
}

test('beta: the path with ?beta=true and the header of a beta', async t => {
  const { baseURL } = await start(t, { type: 'anthropic', flags: ['--say', 'yes'] });
  const message = await client(baseURL).beta.messages.create({
    model, max_tokens: 100, messages: hello, betas: ['context-management-2025-06-27'], context_management: { edits: [] },
  });
  assert.equal(message.content[0].text, 'yes');
});

test('models: what is served', async t => {
  const { baseURL } = await start(t, { type: 'anthropic' });
  const names = [];
  for await (const served of client(baseURL).models.list()) names.push(served.id);
  assert.ok(names.includes(model));
});
