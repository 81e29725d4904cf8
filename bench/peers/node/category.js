// SPDX-License-Identifier: Apache-2.0
//
// The categories core and regulation of schema/category as JSON Schema, compiled once.
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const text = (maxLength, more) => ({ type: ['string', 'null'], ...(maxLength && { maxLength }), ...more });
const need = (maxLength) => ({ type: 'string', minLength: 1, ...(maxLength && { maxLength }) });
const listOf = (items) => ({ type: ['array', 'null'], items });
const url = (more) => ({ type: 'string', format: 'link', maxLength: 2000, ...more });
const codes = (...values) => ({ enum: values });
const natural = { type: ['integer', 'null'], minimum: 0 };
const id = { type: 'string', minLength: 1, maxLength: 128, pattern: '^[^\\u0000-\\u001f\\u007f]*$' };

const object = (properties, required) => ({ type: 'object', properties, required, additionalProperties: false });

const attachment = object({
  name: need(255),
  url: url(),
  size: natural,
  media_type: text(127, { pattern: '^[A-Za-z0-9][A-Za-z0-9.+_-]*/[A-Za-z0-9][A-Za-z0-9.+_-]*$' }),
  sm3: text(0, { pattern: '^[0-9A-Fa-f]{64}$' }),
  sha256: text(0, { pattern: '^[0-9A-Fa-f]{64}$' }),
  order: natural,
  kind: codes('attachment', 'image', 'audio', 'video', null),
  description: text(500),
}, ['name', 'url']);

const core = object({
  id,
  title: need(500),
  summary: text(1000),
  keywords: listOf({ type: 'string', maxLength: 100 }),
  source: text(200),
  author: text(100),
  url: url({ type: ['string', 'null'] }),
  image: url({ type: ['string', 'null'] }),
  pub_date: text(0, { format: 'date-time' }),
  language: codes('zh', 'en', 'bo', 'ug', 'mn', null),
  attachments: listOf(attachment),
}, ['id', 'title']);

const regulation = object({
  id,
  title: need(500),
  region: text(50),
  kind: codes('宪法', '宪法相关法', '民法典', '民法商法', '行政法', '经济法', '社会法', '刑法', '诉讼与非诉讼程序法',
    '行政法规', '部门规章', '司法解释', '地方性法规', '地方政府规章', '自治条例', '单行条例', '案例', '其他'),
  history: listOf({ type: 'string', maxLength: 2000 }),
  first_date: text(0, { format: 'date' }),
  last_date: text(0, { format: 'date' }),
  body: need(),
}, ['id', 'title', 'kind', 'body']);

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
addFormats(ajv, { mode: 'full', formats: ['date', 'date-time'] });
ajv.addFormat('link', /^(?:https?|ftps?):\/\/(?:[^/?#@]*@)?[^/?#:@][^\x00-\x20\x7f"<>\\^`{|}]*$/i);

export const categories = new Map([
  ['core', {
    resources: new Set(['general', 'notice']), title: 'title', published: 'pub_date', check: ajv.compile(core),
  }],
  ['regulation', {
    resources: new Set(['local', 'national', 'rule']), title: 'title', published: 'last_date', check: ajv.compile(regulation),
  }],
]);
