// SPDX-License-Identifier: Apache-2.0
//
// What speaks to the database.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import mariadb from 'mariadb';

const TRIES = 6;
const AGAIN = new Set([1205, 1213]); // lock wait, deadlock
const CHUNK = 1000;
const SAME = "digest = VALUES(digest) AND state = 'live'";
const COLUMNS = '(client, category, resource, id, digest, title, published_at, fields, batch, created_at, updated_at)';
const ON_DUPLICATE = ` ON DUPLICATE KEY UPDATE
  title = IF(${SAME}, title, VALUES(title)),
  published_at = IF(${SAME}, published_at, VALUES(published_at)),
  fields = IF(${SAME}, fields, VALUES(fields)),
  revision = IF(${SAME}, revision, revision + (batch <> VALUES(batch))),
  updated_at = IF(${SAME}, updated_at, NOW(3)),
  batch = IF(${SAME}, batch, VALUES(batch)),
  digest = IF(${SAME}, digest, VALUES(digest)),
  state = IF(@known := @known + 1, 'live', 'live')`;
// Only rows that are there already come to the last line: created, updated and unchanged need no query of their own.
const BEGIN = 'SET @known = 0; START TRANSACTION; ';
const UPSERT_ROW = `INSERT INTO peer_record ${COLUMNS} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(3), NOW(3))${ON_DUPLICATE}`;

export class Store {
  constructor(socketPath, connections) {
    this.pool = mariadb.createPool({
      socketPath, user: 'root', database: 'ruku', connectionLimit: connections, multipleStatements: true,
      timezone: 'local', checkDuplicate: false, minDelayValidation: 5000, noControlAfterUse: true, insertIdAsNumber: true,
    });
  }

  // The caller that a token stands for, or undefined.
  async caller(token, category, resource) {
    const rows = await this.pool.execute({
      sql: `SELECT c.id, c.disabled, EXISTS (SELECT 1 FROM client_grant g WHERE g.client = c.id
        AND g.category IN (?, '*') AND g.resource IN (?, '*')) AS granted
        FROM peer_token t JOIN client c ON c.id = t.client WHERE t.digest = ? AND t.expires_at > NOW()`,
      rowsAsArray: true,
    }, [category, resource, createHash('sha256').update(token).digest()]);
    return rows[0];
  }

  // Stores all rows ([id, digest, title, published, fields]) and the batch's receipt, or nothing.
  async push(batch, rows) {
    rows.sort((a, b) => (a[0] < b[0] ? -1 : 1)); // pushes of the same ids lock them in one order
    const connection = await this.pool.getConnection();
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          return await (rows.length === 1 ? this.textOnce(connection, batch, rows) : this.bulkOnce(connection, batch, rows));
        } catch (e) {
          await connection.query('ROLLBACK').catch(() => {});
          if (attempt === TRIES || !AGAIN.has(e.errno)) throw e;
          await sleep((5 + Math.random() * 15) * attempt);
        }
      }
    } finally {
      connection.release();
    }
  }

  // One message for all.
  textOnce(connection, batch, [[id, digest, title, published, fields]]) {
    const quoted = (value) => (value === null ? 'NULL' : connection.escape(value));
    const { client, category, resource } = batch;
    return this.finish(connection, batch, 1, 'ROW_COUNT()', `${BEGIN}INSERT INTO peer_record ${COLUMNS} VALUES (${client},
      '${category}', '${resource}', ${quoted(id)}, x'${digest.toString('hex')}', ${quoted(title)}, ${quoted(published)},
      ${quoted(fields.toString())}, '${batch.id}', NOW(3), NOW(3))${ON_DUPLICATE}; `);
  }

  // Writes the receipt and commits. `affected`: what the upsert told, in SQL.
  async finish(connection, batch, kept, affected, before) {
    const updated = `(${affected} - (${kept} - @known)) DIV 2`;
    const results = await connection.query(`${before}INSERT INTO peer_batch (id, client, category, resource, received, created,
      updated, unchanged, superseded) VALUES ('${batch.id}', ${batch.client}, '${batch.category}', '${batch.resource}',
      ${batch.received}, ${kept} - @known, ${updated}, @known - ${updated}, ${batch.received - kept})
      RETURNING created, updated, unchanged; COMMIT`);
    return results.at(-2)[0];
  }

  // Many rows go faster by the driver's bulk message, a single one in one message with all the rest.
  async bulkOnce(connection, batch, rows) {
    const { client, category, resource, id: batchId } = batch;
    await connection.query(BEGIN);
    let affected = 0;
    for (let at = 0; at < rows.length; at += CHUNK) {
      const values = rows.slice(at, at + CHUNK).map(([id, digest, title, published, fields]) =>
        [client, category, resource, id, digest, title, published, fields, batchId]);
      affected += (await connection.batch({ sql: UPSERT_ROW, fullResult: false }, values)).affectedRows;
    }
    return this.finish(connection, batch, rows.length, String(affected), '');
  }
}
