// SPDX-License-Identifier: Apache-2.0
//
// Looks at the running /openapi.json as a stranger would: node check.mjs URL, with a token in the environment variable TOKEN.
// An OpenAPI validator reads it, ajv holds every example against its schema, the examples are sent as requests, and the answers are held
// against the schemas that the document has for them. Prints a line for each check: "pass|fail", a tab, its name, a tab, what was found.
import http from 'node:http';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const base = process.argv[2];
const authorization = { Authorization: `Bearer ${process.env.TOKEN}` };
const ID = 'https://check.invalid/openapi.json';

// A request on a connection of its own: a server may close one that is kept at the moment it is used again.
function call(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const request = http.request(base + path, { method, agent: false, headers: { ...headers, ...length } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, type: (answer.headers['content-type'] ?? '').split(';')[0],
        text: Buffer.concat(parts).toString() }));
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function report(name, faults) {
  const found = faults.slice(0, 5).join('; ').replace(/\s+/g, ' ').slice(0, 1500);
  console.log(`${faults.length === 0 ? 'pass' : 'fail'}\t${name}\t${found}`);
}

// Every node of the document, with its JSON Pointer.
function* walk(node, pointer = '') {
  if (node === null || typeof node !== 'object') return;
  yield [node, pointer];
  for (const [key, value] of Object.entries(node))
    yield* walk(value, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

function find(document, pointer) {
  let node = document;
  for (const part of pointer.split('/').slice(1)) {
    node = node?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return node;
}

const resolve = (document, node) => (node?.$ref ? resolve(document, find(document, node.$ref.slice(1))) : node);

function* operations(document) {
  for (const [path, item] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(item)) yield [path, method, operation];
}

function makeAjv(document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('password', true);
  ajv.addFormat('iri', (text) => URL.canParse(text));
  ajv.addSchema({ $id: ID, ...document });
  return ajv;
}

const problemsOf = (validate) => (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);

function faultsOf(ajv, pointer, value) {
  const validate = ajv.getSchema(`${ID}#${encodeURI(pointer)}`);
  if (!validate) return [`no schema at ${pointer}`];
  return validate(value) ? [] : problemsOf(validate);
}

async function checkDocument(lang) {
  const { text } = await call('GET', '/openapi.json', { ...authorization, 'Accept-Language': lang });
  const document = JSON.parse(text);
  const validated = await new Validator().validate(structuredClone(document));
  const faults = validated.valid ? [] : [JSON.stringify(validated.errors)];
  report(`${lang}: an independent validator takes it for OpenAPI 3.1`, faults);
  report(`${lang}: every reference leads somewhere`,
    [...walk(document)].filter(([n]) => typeof n.$ref === 'string' && find(document, n.$ref.slice(1)) === undefined).map(([n]) => n.$ref));
  const ids = [...operations(document)].map(([, , o]) => o.operationId);
  report(`${lang}: no two operations have one name`, ids.filter((id, i) => ids.indexOf(id) !== i));
  report(`${lang}: it is below a megabyte`, Buffer.byteLength(text) < 1048576 ? [] : [`${Buffer.byteLength(text)} bytes`]);
  report(`${lang}: each parameter of a path is told`, [...operations(document)].filter(([path, , o]) => {
    const named = o.parameters.map((p) => resolve(document, p)).filter((p) => p.in === 'path').map((p) => `{${p.name}}`);
    return (path.match(/\{[^}]*\}/g) ?? []).join() !== named.join();
  }).map(([path]) => path));
  return document;
}

// Examples stand beside their schemas: of bodies and of answers.
function checkExamples(document, ajv, lang) {
  const faults = [];
  let count = 0;
  for (const [node, pointer] of walk(document)) {
    if (!('example' in node) || !('schema' in node)) continue;
    count++;
    faults.push(...faultsOf(ajv, `${pointer}/schema`, node.example).map((f) => `${pointer} ${f}`));
  }
  report(`${lang}: ${count} examples are as their schemas say`, faults);
  report(`${lang}: there are examples`, count > 20 ? [] : [`${count}`]);
}

const bodyOf = (type, example) => (typeof example === 'string' ? example
  : type === 'application/x-www-form-urlencoded' ? new URLSearchParams(example).toString() : JSON.stringify(example));

async function send(ajv, [template, method, operation], path, headers, body) {
  const answer = await call(method.toUpperCase(), path, headers, body);
  const { text } = answer;
  const declared = operation.responses[answer.status];
  if (!declared) return [`${method} ${path}: ${answer.status} is not in the document: ${text}`];
  if (answer.status >= 400) return [`${method} ${path}: ${answer.status} ${text}`];
  const pointer = declared.$ref.slice(1);
  if (answer.type !== 'application/json') return [];
  return faultsOf(ajv, `${pointer}/content/application~1json/schema`, JSON.parse(text)).map((f) => `${method} ${template}: ${f}`);
}

const resourceOf = (document, operation) => operation.parameters.map((p) => resolve(document, p)).find((p) => p.name === 'resource')?.schema.enum?.[0];

// Each example of a body is sent to its path, and what comes back is looked at.
async function checkRequests(document, ajv) {
  const faults = { post: [], put: [] };
  let sent = 0;
  for (const [path, method, operation] of operations(document)) {
    const content = resolve(document, operation.requestBody)?.content ?? {};
    for (const [type, media] of Object.entries(content)) {
      if (!('example' in media) || path === '/oauth2/token') continue;
      sent++;
      const target = path.replace('{resource}', resourceOf(document, operation)).replace('{id}', encodeURIComponent(media.example.id ?? /<id>([^<]*)</.exec(media.example)?.[1] ?? ''));
      faults[method].push(...await send(ajv, [path, method, operation], target, { ...authorization, 'Content-Type': type },
        bodyOf(type, media.example)));
    }
  }
  report(`the examples of POST are accepted, and the answers are as told (${sent} requests)`, faults.post);
  report('the examples of PUT are accepted, and the answers are as told', faults.put);
}

// Whatever a GET or DELETE of the document answers is as the document says.
async function checkReading(document, ajv) {
  const faults = [];
  let sent = 0;
  const batch = JSON.parse((await call('GET', '/v1/batches', authorization)).text).batches[0].batch;
  const values = { category: 'news', batch, code: 'too_long', file: 'docs.css' };
  const list = [...operations(document)].filter(([, method]) => method === 'get' || method === 'delete');
  list.sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0)); // reading first
  for (const [path, method, operation] of list) {
    const category = path.split('/')[3];
    const body = document.components.requestBodies[`put.${category}`];
    const example = body?.content['application/json'].example;
    if (path.includes('{id}') && !example) continue;
    const resource = resourceOf(document, operation) ?? 'government';
    const target = path.replace(/\{(\w+)\}/g, (_, name) => (name === 'resource' ? resource : name === 'id' ? encodeURIComponent(example.id) : values[name]));
    sent++;
    faults.push(...await send(ajv, [path, method, operation], target, authorization));
  }
  report(`what is read is as told (${sent} requests)`, faults);
}

async function checkProblem(document, ajv) {
  const push = document.paths['/v1/records/news/{resource}'].post;
  const answer = await call('POST', '/v1/records/news/government', { ...authorization, 'Content-Type': 'application/json' }, '[{"id":"x"}]');
  const schema = `${push.responses[422].$ref.slice(1)}/content/application~1problem+json/schema`;
  const faults = faultsOf(ajv, schema, JSON.parse(answer.text));
  report('a refusal is as told', answer.status === 422 ? faults : [`${answer.status}`]);
}

const zh = await checkDocument('zh');
const en = await checkDocument('en');
const ajv = makeAjv(zh);
checkExamples(zh, ajv, 'zh');
checkExamples(en, makeAjv(en), 'en');
report('both languages have the same paths', Object.keys(zh.paths).filter((p) => !(p in en.paths)));
await checkRequests(zh, ajv);
await checkReading(zh, ajv);
await checkProblem(zh, ajv);
