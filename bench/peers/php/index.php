<?php
// SPDX-License-Identifier: Apache-2.0
//
// POST /v1/records/{category}/{resource}: what Ruku's strict push does, by PHP-FPM and PDO.
declare(strict_types=1);

require __DIR__ . '/check.php';
require __DIR__ . '/store.php';

function reply(int $status, array $body, string ...$headers): never
{
    $text = json_encode($body, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES) . "\n";
    http_response_code($status);
    header($status === 200 ? 'Content-Type: application/json' : 'Content-Type: application/problem+json');
    header('Content-Length: ' . strlen($text));
    foreach ($headers as $header) {
        header($header);
    }
    echo $text;
    exit;
}

function problem(int $status, string $code, array $more = [], string ...$headers): never
{
    reply($status, ['type' => 'about:blank', 'status' => $status, 'code' => $code] + $more, ...$headers);
}

/** The records of the body, as a list. */
function records(): array
{
    $text = file_get_contents('php://input');
    try {
        $records = json_decode($text, true, 32, JSON_THROW_ON_ERROR);
    } catch (JsonException $e) {
        problem(400, 'bad_json', ['detail' => $e->getMessage()]);
    }
    // An empty object and an empty array decode to the same.
    return $text[strspn($text, " \t\r\n")] === '[' ? $records : [$records];
}

/** "2016-08-18" or "2016-08-18T10:00:00+08:00" as the database has it, in China Standard Time. */
function sqlTime(string $value): string
{
    if (strlen($value) === 10) {
        return $value . ' 00:00:00';
    }
    return (new DateTimeImmutable(strtr($value, ',', '.')))->setTimezone(new DateTimeZone('+08:00'))->format('Y-m-d H:i:s');
}

/** Rows for the database by id: of records with the same id the last one wins. */
function rows(array $records, array $category): array
{
    $rows = [];
    foreach ($records as $record) {
        $title = $record[$category['title']] ?? null;
        if ($title !== null && strlen($title) > 500) {
            $title = mb_substr($title, 0, 500, 'UTF-8');
        }
        $published = $record[$category['published']] ?? null;
        $fields = json_encode($record, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        $rows[$record['id']] = [$record['id'], openssl_digest($fields, 'sha256'), $title,
            $published === null ? null : sqlTime($published), $fields];
    }
    return $rows;
}

function push(string $categoryName, string $resource): never
{
    $categories = require __DIR__ . '/rules.php';
    $category = $categories[$categoryName] ?? null;
    if (!isset($category['resources'][$resource])) {
        problem(404, 'not_found');
    }
    $store = new Store();
    $authorization = $_SERVER['HTTP_AUTHORIZATION'] ?? '';
    $caller = strncasecmp($authorization, 'Bearer ', 7) === 0
        ? $store->caller(substr($authorization, 7), $categoryName, $resource) : null;
    if ($caller === null) {
        problem(401, 'invalid_token', [], 'WWW-Authenticate: Bearer error="invalid_token"');
    }
    if ($caller[1] || !$caller[3]) {
        problem(403, 'denied');
    }
    $records = records();
    $check = new Check($category);
    $rejected = 0;
    foreach ($records as $i => $record) {
        $rejected += $check->record($i, $record) ? 0 : 1;
    }
    if ($rejected > 0) {
        problem(422, 'invalid_records', ['received' => count($records), 'rejected' => $rejected,
            'errors_total' => $check->total, 'errors' => $check->faults]);
    }
    $batch = date('YmdHis') . '-' . bin2hex(random_bytes(6));
    $rows = rows($records, $category);
    [$created, $updated, $unchanged] =
        $store->push((int)$caller[0], $categoryName, $resource, $batch, count($records), $rows);
    $superseded = count($records) - count($rows);
    reply(200, ['batch' => $batch, 'category' => $categoryName, 'resource' => $resource, 'received' => count($records),
        'created' => (int)$created, 'updated' => (int)$updated, 'unchanged' => (int)$unchanged + $superseded,
        'superseded' => $superseded, 'rejected' => 0, 'errors' => []]);
}

if (preg_match('~^/v1/records/([a-z][a-z0-9_-]*)/([a-z][a-z0-9_-]*)(?:\?|$)~D', $_SERVER['REQUEST_URI'], $m) !== 1) {
    problem(404, 'not_found');
}
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    problem(405, 'method_not_allowed', [], 'Allow: POST');
}
if (preg_match('~^application/json\s*(;|$)~Di', $_SERVER['CONTENT_TYPE'] ?? '') !== 1) {
    problem(415, 'unsupported_media_type');
}
try {
    push($m[1], $m[2]);
} catch (PDOException $e) {
    error_log($e->getMessage());
    problem(503, 'unavailable', [], 'Retry-After: 5');
}
