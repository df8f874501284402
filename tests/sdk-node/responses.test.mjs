import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { start } from './running.mjs';

const client = baseURL => new OpenAI({ baseURL, apiKey: 'any-key', maxRetries: 0 });
const model = 'gpt-4o-mini';
const tool = {
  type: 'function', name: 'get_weather', strict: true,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
};
const targets = {
  'a provider that speaks Responses': { more: '    responses_api: true' },
  'a provider that has chat only': {},
  'an Anthropic provider': { type: 'anthropic', more: '    model_aliases: {gpt-4o-mini: claude-haiku-4-5}' },
};

for (const [name, setup] of Object.entries(targets)) {
  test(`${name}: text, the model that was asked for, usage`, async t => {
    const { baseURL } = await start(t, { ...setup, flags: ['--say', 'Good morning to you'] });
    const response = await client(baseURL).responses.create({ model, input: 'hello' });
    assert.equal(response.output_text, 'Good morning to you');
    assert.equal(response.model, model);
    assert.equal(response.status, 'completed');
    assert.ok(response.usage.output_tokens > 0);
  });

  test(`${name}: streamed, every event in order and the final response`, async t => {
    const { baseURL } = await start(t, { ...setup, flags: ['--say', 'one two three four'] });
    const numbers = [];
    let text = '';
    const stream = client(baseURL).responses.stream({ model, input: 'hello' });
    for await (const event of stream) {
      numbers.push(event.sequence_number);
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    assert.equal(text, 'one two three four');
    assert.deepEqual(numbers, numbers.map((_, n) => n));
    assert.equal((await stream.finalResponse()).output_text, text);
  });

  test(`${name}: a tool goes round to the answer, whole and streamed`, async t => {
    const { baseURL } = await start(t, setup);
    const input = [{ role: 'user', content: 'weather in Rome?' }];
    const asked = await client(baseURL).responses.create({ model, input, tools: [tool] });
    const [call] = asked.output.filter(item => item.type === 'function_call');
    assert.equal(call.name, 'get_weather');
    const answered = await client(baseURL).responses
      .stream({ model, tools: [tool], input: [...input, ...asked.output, { type: 'function_call_output', call_id: call.call_id, output: '25 C' }] })
      .finalResponse();
    assert.ok(answered.output_text.length > 0);
    const streamed = await client(baseURL).responses.stream({ model, input, tools: [tool] }).finalResponse();
    assert.doesNotThrow(() => JSON.parse(streamed.output.find(item => item.type === 'function_call').arguments));
  });

  test(`${name}: structured output is a value of the schema`, async t => {
    const { baseURL } = await start(t, setup);
    const response = await client(baseURL).responses.create({
      model,
      input: 'who?',
      text: {
        format: {
          type: 'json_schema', name: 'person', strict: true,
          schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false },
        },
      },
    });
    assert.deepEqual(JSON.parse(response.output_text), { name: 'example' });
  });

  test(`${name}: an error before output raises with its status`, async t => {
    const { baseURL, upstream } = await start(t, setup);
    await fetch(`${upstream}/_script`, { method: 'POST', body: JSON.stringify({ status: 400, errorMessage: 'no such thing' }) });
    await assert.rejects(client(baseURL).responses.create({ model, input: 'hello' }), e => e.status === 400 && /no such thing/.test(e.message));
  });

  test(`${name}: a break in the stream raises`, async t => {
    const { baseURL, upstream } = await start(t, setup);
    await fetch(`${upstream}/_script`, { method: 'POST', body: JSON.stringify({ fault: 'cutWithoutEnd', afterEvents: 2, answer: { text: 'one two three' } }) });
    await assert.rejects(async () => {
      for await (const event of await client(baseURL).responses.create({ model, input: 'hello', stream: true })) assert.ok(event.type);
    }, OpenAI.APIError);
  });

  test(`${name}: an abort ends the call at the provider`, async t => {
    const { baseURL, upstream } = await start(t, setup);
    await fetch(`${upstream}/_script`, { method: 'POST', body: JSON.stringify({ fault: 'stallAfterEvents', afterEvents: 2, answer: { text: 'one two three' } }) });
    const stream = await client(baseURL).responses.create({ model, input: 'hello', stream: true });
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') break;
    }
    let seen;
    do seen = await (await fetch(`${upstream}/_script/requests`)).json(); while (seen.at(-1).outcome === 'inFlight');
    assert.equal(seen.at(-1).outcome, 'cancelled');
  });
}

test('reasoning goes back to its maker', async t => {
  const { baseURL, upstream } = await start(t, targets['a provider that speaks Responses']);
  const answer = { text: 'done', reasoning: 'let me think' };
  await fetch(`${upstream}/_script`, { method: 'POST', body: JSON.stringify([{ answer }, { answer }]) });
  const input = [{ role: 'user', content: 'hello' }];
  const first = await client(baseURL).responses.create({ model, input, include: ['reasoning.encrypted_content'] });
  assert.match(first.output[0].encrypted_content, /^imx1\.primary\./);
  const second = await client(baseURL).responses.create({ model, input: [...input, ...first.output, { role: 'user', content: 'and?' }] });
  assert.equal(second.output_text, 'done');
});

test('state is refused by name', async t => {
  const { baseURL } = await start(t);
  await assert.rejects(
    client(baseURL).responses.create({ model, input: 'x', previous_response_id: 'resp_1' }),
    e => e.status === 400 && e.code === 'unsupported' && e.param === 'previous_response_id');
  await assert.rejects(client(baseURL).responses.retrieve('resp_1'), e => e.status === 400 && e.code === 'unsupported');
});
