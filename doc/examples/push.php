#!/usr/bin/env php
<?php
// SPDX-License-Identifier: Apache-2.0
//
// Pushes a file of JSON records to a Ruku gateway: php push.php CATEGORY RESOURCE FILE
// RUKU_URL, RUKU_CLIENT_ID and RUKU_CLIENT_SECRET come from the environment. Needs PHP 7.4 or later with the curl extension.
// Ends with status 0 when the push is stored, 1 when it is not.

declare(strict_types=1);

if (!extension_loaded('curl')) {
    fwrite(STDERR, "push.php needs PHP's curl extension (Debian: php-curl; openEuler and Kylin: php-common or php-curl)\n");
    exit(69);
}

const TRIES = 6;

/** Sends a POST. Returns [status, Retry-After or null, the answer's JSON]; status 0 when no answer came. */
function call(string $url, string $body, array $options, array $headers): array
{
    $retryAfter = null;
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CONNECTTIMEOUT => 10,
        CURLOPT_TIMEOUT => 600,
        CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$retryAfter): int {
            if (preg_match('/^Retry-After:\s*(\d+)/i', $line, $found)) {
                $retryAfter = (int) $found[1];
            }
            return strlen($line);
        },
    ]);
    $text = curl_exec($curl);
    if ($text === false) {
        return [0, null, ['detail' => curl_error($curl)]];
    }
    $answer = json_decode($text, true);
    // A web server or proxy in between may answer in HTML.
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $retryAfter,
            is_array($answer) ? $answer : ['detail' => substr($text, 0, 200)]];
}

/** Pushes until there is a final answer. Sending the same records again is safe. */
function push(string $base, string $id, string $secret, string $category, string $resource, string $body): array
{
    $url = $base . '/v1/records/' . rawurlencode($category) . '/' . rawurlencode($resource);
    $token = null;
    $renewed = false;
    for ($try = 0; $try < TRIES; $try++) {
        if ($token === null) {
            [$status, $wait, $answer] = call($base . '/oauth2/token', 'grant_type=client_credentials',
                [CURLOPT_USERPWD => $id . ':' . $secret], []);
            $token = $status === 200 ? $answer['access_token'] : null;
        }
        if ($token !== null) {
            // An empty Expect saves a round trip.
            [$status, $wait, $answer] = call($url, $body, [],
                ['Authorization: Bearer ' . $token, 'Content-Type: application/json', 'Expect:']);
            if ($status === 401 && !$renewed) {
                $token = null;
                $renewed = true;
                continue;
            }
        }
        if (!in_array($status, [0, 429, 500, 502, 503, 504], true)) {
            break;
        }
        if ($try + 1 < TRIES) {
            sleep($wait ?? 2 ** $try);
        }
    }
    return [$status, $answer];
}

function fail(string $why): void
{
    fwrite(STDERR, $why . "\n");
    exit(1);
}

if ($argc !== 4) {
    fail('usage: push.php CATEGORY RESOURCE FILE');
}
$settings = [];
foreach (['RUKU_URL', 'RUKU_CLIENT_ID', 'RUKU_CLIENT_SECRET'] as $name) {
    $settings[] = getenv($name) ?: fail("the environment variable $name is not set");
}
$body = @file_get_contents($argv[3]);
if ($body === false) {
    fail("{$argv[3]} cannot be read");
}
[$status, $answer] = push(rtrim($settings[0], '/'), $settings[1], $settings[2], $argv[1], $argv[2], $body);
if ($status === 200) {
    printf("batch %s: %d received, %d created, %d updated, %d unchanged\n", $answer['batch'], $answer['received'],
        $answer['created'], $answer['updated'], $answer['unchanged']);
    exit(0);
}
foreach ($answer['errors'] ?? [] as $error) {
    fprintf(STDERR, "  record %d (id %s) %s: %s\n", $error['index'], $error['id'] ?? '-', $error['pointer'],
        $error['message']);
}
fail(sprintf('HTTP %d: %s (request_id %s)', $status, $answer['detail'] ?? $answer['error_description'] ?? 'no reason given',
    $answer['request_id'] ?? '-'));
