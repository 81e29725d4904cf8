// SPDX-License-Identifier: Apache-2.0
//
// POST /v1/records/{category}/{resource}: what Ruku's strict push does, by Fastify. Its argument is the path of the unix socket to
// listen on. Environment: PEER_DB (the database's socket), PEER_PROCESSES, PEER_CONNECTIONS (to the database, of each process).
import { createHash, randomBytes } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import cluster from 'node:cluster';
import Fastify from 'fastify';
import { categories } from './category.js';
import { Store } from './store.js';

const FAULTS_SHOWN = 100;
const BODY_LIMIT = 1 << 30;

class Problem extends Error {
  constructor(status, code, more) {
    super(code);
    this.statusCode = status;
    this.body = { type: 'about:blank', status, code, ...more };
  }
}

// Checks all records; throws where one is bad.
function check(records, category) {
  const errors = [];
  let rejected = 0;
  let total = 0;
  for (let index = 0; index < records.length; index++) {
    if (category.check(records[index])) continue;
    rejected++;
    total += category.check.errors.length;
    for (const e of category.check.errors.slice(0, FAULTS_SHOWN - errors.length)) {
      errors.push({ index, id: records[index]?.id ?? null, pointer: e.instancePath, code: e.keyword, message: e.message });
    }
  }
  if (rejected > 0) throw new Problem(422, 'invalid_records', { received: records.length, rejected, errors_total: total, errors });
}

// "2016-08-18" or "2016-08-18T10:00:00+08:00" as the database has it, in China Standard Time.
function sqlTime(value) {
  if (value.length === 10) return `${value} 00:00:00`;
  return new Date(Date.parse(value) + 8 * 3600000).toISOString().slice(0, 19).replace('T', ' ');
}

// Rows for the database: of records with the same id the last one wins.
function toRows(records, category) {
  const rows = new Map();
  for (const record of records) {
    const fields = Buffer.from(JSON.stringify(record));
    const title = record[category.title] ?? null;
    const published = record[category.published] ?? null;
    rows.set(record.id, [record.id, createHash('sha256').update(fields).digest(),
      title !== null && title.length > 500 ? [...title].slice(0, 500).join('') : title,
      published === null ? null : sqlTime(published), fields]);
  }
  return [...rows.values()];
}

function batchId() {
  const now = new Date(Date.now() + 8 * 3600000).toISOString();
  return `${now.slice(0, 19).replace(/[-T:]/g, '')}-${randomBytes(6).toString('hex')}`;
}

async function caller(store, request, category, resource) {
  const authorization = request.headers.authorization ?? '';
  const found = /^bearer /i.test(authorization) ? await store.caller(authorization.slice(7), category, resource) : undefined;
  if (found === undefined) throw new Problem(401, 'invalid_token');
  if (found[1] || !found[2]) throw new Problem(403, 'denied');
  return found[0];
}

function serve() {
  const store = new Store(process.env.PEER_DB, Number(process.env.PEER_CONNECTIONS));
  const app = Fastify({ logger: false, bodyLimit: BODY_LIMIT, exposeHeadRoutes: false });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      if (!isUtf8(body)) throw new Error('not UTF-8');
      done(null, JSON.parse(body.toString()));
    } catch (e) {
      done(new Problem(400, 'bad_json', { detail: e.message }));
    }
  });
  app.setErrorHandler((e, request, reply) => {
    const status = e.statusCode ?? 503;
    if (status === 503) console.error(e);
    if (status === 401) reply.header('WWW-Authenticate', 'Bearer error="invalid_token"');
    if (status === 503) reply.header('Retry-After', '5');
    reply.code(status).type('application/problem+json').send(JSON.stringify(e.body ?? { status, code: 'unavailable' }));
  });
  app.route({
    method: 'POST',
    url: '/v1/records/:category/:resource',
    // Before the body is read.
    onRequest: async (request) => {
      const { category, resource } = request.params;
      if (!categories.get(category)?.resources.has(resource)) throw new Problem(404, 'not_found');
      request.client = await caller(store, request, category, resource);
    },
    handler: async (request, reply) => {
      const { category: name, resource } = request.params;
      const category = categories.get(name);
      const records = Array.isArray(request.body) ? request.body : [request.body];
      check(records, category);
      const rows = toRows(records, category);
      const batch = { id: batchId(), client: request.client, category: name, resource, received: records.length };
      const { created, updated, unchanged } = await store.push(batch, rows);
      const superseded = records.length - rows.length;
      reply.type('application/json');
      return { batch: batch.id, category: name, resource, received: records.length, created, updated,
        unchanged: unchanged + superseded, superseded, rejected: 0, errors: [] };
    },
  });
  app.decorateRequest('client', null);
  return app.listen({ path: process.argv[2], writableAll: true });
}

const processes = Number(process.env.PEER_PROCESSES);
if (processes > 1 && cluster.isPrimary) {
  for (let i = 0; i < processes; i++) cluster.fork();
  process.on('SIGTERM', () => process.exit(0));
} else {
  await serve();
}
