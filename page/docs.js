// SPDX-License-Identifier: Apache-2.0
//
// Shows the running /openapi.json to people. All that comes from it is put in as text, never as HTML.
'use strict';

const words = {
  zh: {
    title: '数据交换接口', start: '开始', categories: '分类', operations: '接口', errors: '错误代码', filter: '查找分类', skip: '跳到正文',
    copy: '复制', copied: '已复制', copyFailed: '请手工复制', loading: '正在读取接口说明……', failed: '读取接口说明失败：', retry: '重试',
    needsToken: '本平台的接口说明须凭令牌阅读。令牌只用于本页，不会保存。', token: '令牌', read: '阅读',
    startText: '应用标识和密钥由平台管理员发放。密钥不要写在命令行或程序中。',
    stepAddress: '1. 地址和应用标识', stepToken: '2. 取得令牌', stepPush: '3. 推送记录（示例）', stepRead: '4. 查看结果',
    readText: '应答逐项给出收到、新增、更新、未变的条数和批次号；出错时 errors 逐条指明哪条记录的哪个字段错在哪里。没有收到应答，或状态码为 429、500、503 时，原样重发即可，不会重复入库。',
    fields: '字段', field: '字段名', label: '名称', obligation: '约束', type: '类型', rules: '规则与值域', must: '必填', may: '选填', byDefault: '默认',
    many: '可多个', alias: '也可写作', codes: (n) => `代码表（${n} 项）`, personal: '个人信息，提示和导出中遮盖', deprecated: '将停用：',
    length: '长度', value: '取值', pattern: '格式', indexed: '已建索引', resources: '资源', resource: '资源',
    example: '示例记录', noExample: '本分类没有示例记录。', push: '推送', validate: '只校验，不入库', list: '读回', digest: '对账',
    standard: '依据', openapi: '供程序读取的说明（OpenAPI 3.1）', code: '代码', status: '状态码', message: '含义',
    ofRequest: '请求的错误', ofRecord: '记录的错误（errors 中）', parameters: '参数', answers: '应答', where: '位置', name: '名称', none: '没有',
    typedNote: '以 {category} 表示的路径，每个分类各有一个；字段见该分类。', recordId: '发送方自己的标识，同一 id 再次推送即更新', recordVersion: '发送方自己的版本号，旧版本不会覆盖新版本',
    required: '必填', types: { string: '字符串', text: '长文本', html: 'HTML', integer: '整数', decimal: '小数', boolean: '是/否', date: '日期', datetime: '日期时间',
      time: '时间', duration: '时长', interval: '时间间隔', recurrence: '重复间隔', url: '网址', code: '代码', object: '对象' },
  },
  en: {
    title: 'Data exchange interface', start: 'Start', categories: 'Categories', operations: 'Operations', errors: 'Errors', filter: 'Find a category', skip: 'Skip to the text',
    copy: 'Copy', copied: 'Copied', copyFailed: 'Copy it by hand', loading: 'Reading the description of the interface …', failed: 'The description cannot be read: ', retry: 'Try again',
    needsToken: 'On this platform the description is for those who have a token. It is used by this page only and not kept.', token: 'Token', read: 'Read',
    startText: 'Client id and secret come from the platform\'s administrator. Keep the secret out of command lines and programs.',
    stepAddress: '1. Address and client', stepToken: '2. Get a token', stepPush: '3. Push records (an example)', stepRead: '4. Read the answer',
    readText: 'The answer counts what was received, created, updated and unchanged, and has the receipt\'s number. If something is wrong, errors names each record, its field and why. No answer, 429, 500 or 503: send the same again; nothing is stored twice.',
    fields: 'Fields', field: 'Field', label: 'Label', obligation: 'Obligation', type: 'Type', rules: 'Rules and values', must: 'required', may: 'optional', byDefault: 'default',
    many: 'several', alias: 'or', codes: (n) => `Code list (${n})`, personal: 'personal: masked in messages and exports', deprecated: 'will go: ',
    length: 'length', value: 'value', pattern: 'pattern', indexed: 'indexed', resources: 'Resources', resource: 'Resource',
    example: 'Example records', noExample: 'There is no example for this category.', push: 'Push', validate: 'Check only, store nothing', list: 'Read back', digest: 'Reconcile',
    standard: 'By', openapi: 'The description for programs (OpenAPI 3.1)', code: 'Code', status: 'Status', message: 'Meaning',
    ofRequest: 'Errors of a request', ofRecord: 'Errors of a record (within errors)', parameters: 'Parameters', answers: 'Answers', where: 'In', name: 'Name', none: 'none',
    typedNote: 'A path with {category} is there for each category; its fields are on the category\'s page.', recordId: 'your own key; pushing the same id again replaces the record', recordVersion: 'your own version; an older one never replaces a newer one',
    required: 'required', types: {},
  },
};

// "https://host/ruku" where this page is https://host/ruku/docs.
const base = new URL('.', location.href).href.replace(/\/$/, '');
const state = { lang: 'zh', document: null, token: '' };
const t = (key) => words[state.lang][key];
const byId = (id) => document.getElementById(id);

function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') node.addEventListener(key, value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

// Words with `code` in them.
const marked = (text) => (text ?? '').split('`').map((part, i) => (i % 2 ? el('code', {}, part) : part));

const resolve = (node) => (node?.$ref ? resolve(node.$ref.slice(2).split('/').reduce((at, key) => at?.[key.replaceAll('~1', '/')], state.document)) : node);

function selectText(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

// Text with a button that copies it. Browsers let pages write the clipboard over HTTPS only: elsewhere the text is marked.
function copyable(text, name) {
  const pre = el('pre', { tabindex: '0', 'aria-label': name }, text);
  const button = el('button', {
    type: 'button',
    click: async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = t('copied');
      } catch {
        selectText(pre);
        button.textContent = t('copyFailed');
      }
      setTimeout(() => { button.textContent = t('copy'); }, 2000);
    },
  }, t('copy'));
  return el('div', { class: 'copy' }, pre, button);
}

function table(heads, rows, attributes) {
  return el('div', { class: 'frame' }, el('table', { class: 'cards', ...attributes },
    el('thead', {}, el('tr', {}, heads.map((head) => el('th', { scope: 'col' }, head)))), el('tbody', {}, rows)));
}

/* Commands. The token goes by standard input, so that it does not show in the list of processes. */
const withToken = (rest) => `printf 'header = "Authorization: Bearer %s"\\n' "$TOKEN" |\n  curl -sS -K - ${rest}`;
const asFile = (example) => `cat >records.json <<'JSON'\n${JSON.stringify(example, null, 2)}\nJSON\n`;
const send = (path) => withToken(`-H 'Content-Type: application/json' --data-binary @records.json \\\n    "$RUKU_URL${path}"`);
const commandAddress = () => `export RUKU_URL='${base.replaceAll("'", '%27')}'\nexport RUKU_CLIENT_ID=…\nread -r RUKU_CLIENT_SECRET && export RUKU_CLIENT_SECRET`;
const commandToken = 'TOKEN=$(printf \'user = "%s:%s"\\n\' "$RUKU_CLIENT_ID" "$RUKU_CLIENT_SECRET" |\n  curl -sS -K - -d grant_type=client_credentials "$RUKU_URL/oauth2/token" |\n  sed -n \'s/.*"access_token":"\\([^"]*\\)".*/\\1/p\')';

/* What the document says of categories. */
const schemas = () => state.document.components.schemas;
const categoryCodes = () => Object.keys(schemas()).filter((name) => name.startsWith('fields.')).map((name) => name.slice(7));
const exampleOf = (code) => state.document.components.requestBodies[`push.${code}`]?.content['application/json'].example;
const resourcesOf = (code) => state.document.components.parameters[`resource.${code}`].schema;

function codesOf(schema) {
  const inner = schema.items ?? schema;
  const list = resolve([inner, ...(inner.anyOf ?? [])].find((one) => one.$ref));
  return list?.['x-codes'] ? list : null;
}

function rangeOf(least, most) {
  if (least === undefined) return most === undefined ? null : `≤ ${most}`;
  return most === undefined ? `≥ ${least}` : `${least}–${most}`;
}

function rulesOf(schema, aliases) {
  const inner = schema.items ?? schema;
  const list = codesOf(schema);
  const length = rangeOf(inner.minLength, inner.maxLength);
  const value = rangeOf(inner.minimum, inner.maximum);
  const quiet = (...children) => el('span', { class: 'quiet' }, ...children);
  return [
    schema.description ? el('span', {}, schema.description) : null,
    length && quiet(`${t('length')} ${length}`), value && quiet(`${t('value')} ${value}`),
    inner['x-format'] && quiet(inner['x-format']), inner['x-formats'] && quiet(inner['x-formats'].join(', ')),
    inner.pattern && quiet(`${t('pattern')} `, el('code', {}, inner.pattern)),
    schema.default !== undefined ? quiet(`${t('byDefault')} `, el('code', {}, String(schema.default))) : null,
    aliases.length > 0 ? quiet(`${t('alias')} `, aliases.map((name) => [el('code', {}, name), ' '])) : null,
    schema['x-personal'] && quiet(t('personal')), schema['x-deprecated'] && quiet(t('deprecated') + schema['x-deprecated']),
    list && el('details', {}, el('summary', {}, t('codes')(list.enum.length)), el('ul', { class: 'codes' },
      Object.entries(list['x-codes']).map(([code, name]) => el('li', {}, el('code', {}, code), ` ${name}`)))),
  ];
}

// Of a field with aliases the schema requires one of its names, by an allOf of oneOf without "not".
function isRequired(object, name) {
  if (object.required?.includes(name)) return true;
  return (object.allOf ?? []).some((rule) => rule.oneOf?.some((one) => one.required?.[0] === name) && !rule.oneOf.some((one) => one.not));
}

function fieldRow(object, name, schema, prefix, aliases) {
  const must = isRequired(object, name);
  const type = schema['x-type'] ?? 'string';
  const shown = words[state.lang].types[type] ?? type;
  return el('tr', { class: prefix === '' ? undefined : 'deep' },
    el('th', { scope: 'row' }, el('code', {}, prefix + name)),
    el('td', { class: 'label' }, schema.title ?? ''),
    el('td', { 'data-label': t('obligation'), class: must ? 'must' : 'quiet' }, must ? t('must') : t('may')),
    el('td', { 'data-label': t('type'), class: 'label' }, shown, schema.type === 'array' || schema.items ? el('span', { class: 'quiet' }, t('many')) : null),
    el('td', { class: 'words' }, rulesOf(schema, aliases)));
}

function fieldRows(object, prefix = '') {
  const rows = [];
  const entries = Object.entries(object.properties ?? {});
  for (const [name, schema] of entries) {
    if (schema['x-alias-of'] || (prefix === '' && (name === 'id' || name === 'version'))) continue;
    const aliases = entries.filter(([, other]) => other['x-alias-of'] === name).map(([other]) => other);
    rows.push(fieldRow(object, name, schema, prefix, aliases));
    const inner = schema.items ?? schema;
    if (inner.properties) rows.push(...fieldRows(inner, `${prefix}${name}${schema.items ? '[]' : ''}.`));
  }
  return rows;
}

function ownRows(schema) {
  const row = (name, must, type, rules) => fieldRow({ required: must ? [name] : [] }, name, { 'x-type': type, ...schema.properties[name], description: rules }, '', []);
  return [row('id', true, 'string', t('recordId')), row('version', false, 'integer', t('recordVersion'))];
}

/* Views. */
function viewStart() {
  const code = categoryCodes().includes('news') ? 'news' : categoryCodes().find((one) => exampleOf(one)) ?? categoryCodes()[0];
  const example = code && exampleOf(code);
  return [
    el('h1', {}, t('title')), el('p', {}, marked(state.document.info.description)), el('p', {}, t('startText')),
    el('h2', {}, t('stepAddress')), copyable(commandAddress(), t('stepAddress')),
    el('h2', {}, t('stepToken')), copyable(commandToken, t('stepToken')),
    el('h2', {}, t('stepPush')),
    example ? copyable(asFile(example.slice(0, 1)) + send(`/v1/records/${code}/${resourcesOf(code).enum[0]}`), t('stepPush')) : el('p', {}, t('noExample')),
    el('h2', {}, t('stepRead')), el('p', {}, t('readText')),
    el('p', {}, el('a', { href: `${base}/openapi.json` }, t('openapi')), ` · ${state.document.info.version}`),
  ];
}

function commandsFor(code, resource) {
  const where = `${code}/${resource}`;
  const example = exampleOf(code);
  const rows = [['push', (example ? asFile(example.slice(0, 1)) : '') + send(`/v1/records/${where}`)], ['validate', send(`/v1/validate/${where}`)],
    ['list', withToken(`"$RUKU_URL/v1/records/${where}?limit=10"`)], ['digest', withToken(`"$RUKU_URL/v1/digest/${where}"`)]];
  return rows.map(([key, command]) => [el('h3', {}, t(key)), copyable(command, t(key))]).flat();
}

function viewCategory(code) {
  const schema = schemas()[`fields.${code}`];
  const resources = resourcesOf(code);
  const example = exampleOf(code);
  const commands = el('div', {}, commandsFor(code, resources.enum[0]));
  const choose = el('select', { id: 'resource', change: () => commands.replaceChildren(...commandsFor(code, choose.value)) },
    resources.enum.map((one) => el('option', { value: one }, `${resources['x-codes'][one]} (${one})`)));
  return [
    el('h1', {}, `${schema.title} `, el('code', {}, code)),
    schema.description ? el('p', {}, schema.description) : null,
    schema['x-standard'] ? el('p', { class: 'quiet' }, `${t('standard')} ${schema['x-standard']}`) : null,
    el('h2', {}, t('resources')),
    el('div', { class: 'resources' }, el('label', { for: 'resource' }, t('resource')), choose, el('a', { href: '#' }, t('stepToken'))),
    commands,
    el('h2', {}, t('fields')),
    table([t('field'), t('label'), t('obligation'), t('type'), t('rules')], [...ownRows(schema), ...fieldRows(schema)]),
    el('h2', {}, t('example')),
    example ? copyable(JSON.stringify(example, null, 2), t('example')) : el('p', {}, t('noExample')),
  ];
}

// Each operation once: those of categories are told by the first of them, with {category} in its place.
function* allOperations() {
  const first = categoryCodes()[0];
  const codes = new Set(categoryCodes());
  for (const [path, item] of Object.entries(state.document.paths)) {
    const part = path.split('/')[3];
    const typed = /^\/v1\/(records|validate)\//.test(path) && codes.has(part);
    if (typed && part !== first) continue;
    for (const [method, operation] of Object.entries(item))
      yield [method.toUpperCase(), typed ? path.replace(`/${part}/`, '/{category}/') : path, operation];
  }
}

function operationNode([method, path, operation]) {
  const parameters = operation.parameters.map(resolve);
  return el('details', { class: 'operation' },
    el('summary', {}, el('span', { class: 'method' }, method), el('code', {}, path), ` ${operation.summary}`),
    el('div', {},
      operation.description ? el('p', {}, marked(operation.description)) : null,
      el('h3', {}, t('parameters')),
      parameters.length === 0 ? el('p', { class: 'quiet' }, t('none')) : table([t('name'), t('where'), t('message')], parameters.map((p) => el('tr', {},
        el('th', { scope: 'row' }, el('code', {}, p.name)), el('td', { 'data-label': t('where') }, p.in), el('td', { class: 'words' }, marked(p.description))))),
      el('h3', {}, t('answers')),
      table([t('status'), t('message')], Object.entries(operation.responses).map(([status, answer]) => el('tr', {},
        el('th', { scope: 'row' }, el('code', {}, status)), el('td', { class: 'words' }, marked(resolve(answer).description)))))));
}

const viewOperations = () => [el('h1', {}, t('operations')), el('p', {}, t('typedNote')), ...[...allOperations()].map(operationNode)];

function viewErrors() {
  const rows = (ofRecord) => state.document['x-errors'].filter((e) => e.record === ofRecord).map((e) => el('tr', {},
    el('th', { scope: 'row' }, el('code', {}, e.code)), el('td', { 'data-label': t('status') }, String(e.status)), el('td', { class: 'words' }, e.message)));
  const heads = [t('code'), t('status'), t('message')];
  return [el('h1', {}, t('errors')), el('h2', {}, t('ofRequest')), table(heads, rows(false)), el('h2', {}, t('ofRecord')), table(heads, rows(true))];
}

function currentView() {
  const where = decodeURIComponent(location.hash.slice(1));
  if (where === 'operations') return [where, viewOperations()];
  if (where === 'errors') return [where, viewErrors()];
  const code = where.startsWith('category/') ? where.slice(9) : '';
  return categoryCodes().includes(code) ? [where, viewCategory(code)] : ['', viewStart()];
}

function showNav(where) {
  const link = (target, ...children) => el('a', { href: `#${target}`, 'aria-current': target === where ? 'page' : undefined }, ...children);
  const list = el('ul', { class: 'list' }, categoryCodes().map((code) => el('li', {}, link(`category/${code}`, schemas()[`fields.${code}`].title))));
  const filter = el('input', { type: 'search', 'aria-label': t('filter'), placeholder: t('filter'),
    input: () => { for (const item of list.children) item.hidden = !`${item.textContent} ${item.firstChild.hash}`.toLowerCase().includes(filter.value.trim().toLowerCase()); } });
  byId('nav').setAttribute('aria-label', t('title'));
  byId('nav').replaceChildren(
    el('ul', { class: 'sections' }, el('li', {}, link('', t('start'))), el('li', {}, link('operations', t('operations'))), el('li', {}, link('errors', t('errors')))),
    el('h2', {}, t('categories')), filter, list);
  list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
}

function put(...children) {
  byId('main').replaceChildren(...children.filter(Boolean));
  byId('main').setAttribute('aria-busy', 'false');
}

function show() {
  if (!state.document || location.hash === '#main') return;
  const [where, content] = currentView();
  put(...content);
  showNav(where);
  document.title = `${content[0].textContent} – Ruku 入库`;
}

// Two pieces: `read` would take the next line of a longer paste for the secret.
function askToken() {
  const input = el('input', { type: 'password', id: 'token', autocomplete: 'off' });
  put(el('h1', {}, t('title')), el('p', {}, t('needsToken')), copyable(commandAddress(), t('stepAddress')), copyable(`${commandToken}\necho "$TOKEN"`, t('stepToken')),
    el('p', { class: 'resources' }, el('label', { for: 'token' }, t('token')), input,
      el('button', { type: 'button', click: () => { state.token = input.value.trim(); load(); } }, t('read'))));
}

async function load() {
  const lang = state.lang;
  put(el('p', {}, t('loading')));
  byId('main').setAttribute('aria-busy', 'true');
  try {
    const headers = { 'Accept-Language': lang, ...(state.token ? { Authorization: `Bearer ${state.token}` } : {}) };
    const answer = await fetch('openapi.json', { headers });
    if (answer.status === 401) return void askToken();
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const found = await answer.json();
    if (lang !== state.lang) return; // another was chosen meanwhile
    state.document = found;
    show();
  } catch (fault) {
    put(el('p', { class: 'fault', role: 'alert' }, t('failed') + fault.message), el('button', { type: 'button', click: load }, t('retry')));
  }
}

function setLanguage(lang) {
  state.lang = lang;
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  byId('skip').textContent = t('skip');
  for (const button of document.querySelectorAll('[data-lang]')) button.setAttribute('aria-pressed', String(button.dataset.lang === lang));
  load();
}

// The choice is remembered where the browser lets a page remember.
function remembered() {
  try { return localStorage.getItem('ruku-lang'); } catch { return null; }
}

for (const button of document.querySelectorAll('[data-lang]')) {
  button.addEventListener('click', () => {
    try { localStorage.setItem('ruku-lang', button.dataset.lang); } catch { /* it is asked for again next time */ }
    setLanguage(button.dataset.lang);
  });
}
addEventListener('hashchange', () => {
  if (location.hash === '#main') return;
  show();
  scrollTo(0, 0);
  byId('main').focus({ preventScroll: true });
});
const wanted = new URLSearchParams(location.search).get('lang') ?? remembered() ?? (/^en/i.test(navigator.language) ? 'en' : 'zh');
setLanguage(wanted === 'en' ? 'en' : 'zh');
