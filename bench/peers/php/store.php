<?php
// SPDX-License-Identifier: Apache-2.0
//
// What speaks to the database, over a connection that outlives the request.
declare(strict_types=1);

final class Store
{
    private const TRIES = 6;
    private const AGAIN = [1205, 1213]; // lock wait, deadlock
    private const CHUNK = 1000;
    private const SAME = "digest = VALUES(digest) AND state = 'live'";
    private const ON_DUPLICATE = ' ON DUPLICATE KEY UPDATE ' .
        'title = IF(' . self::SAME . ', title, VALUES(title)), ' .
        'published_at = IF(' . self::SAME . ', published_at, VALUES(published_at)), ' .
        'fields = IF(' . self::SAME . ', fields, VALUES(fields)), ' .
        'revision = IF(' . self::SAME . ', revision, revision + (batch <> VALUES(batch))), ' .
        'updated_at = IF(' . self::SAME . ', updated_at, NOW(3)), ' .
        'batch = IF(' . self::SAME . ', batch, VALUES(batch)), ' .
        'digest = IF(' . self::SAME . ', digest, VALUES(digest)), ' .
        // Only rows that are there already come here: created, updated and unchanged need no query of their own.
        "state = IF(@known := @known + 1, 'live', 'live')";

    private PDO $db;

    public function __construct()
    {
        $this->db = new PDO($_SERVER['PEER_DSN'], 'root', '', [
            PDO::ATTR_PERSISTENT => true,
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            PDO::ATTR_EMULATE_PREPARES => true,
            PDO::MYSQL_ATTR_MULTI_STATEMENTS => true,
        ]);
    }

    /** The caller that a token stands for: [client, disabled, -, granted], or null. */
    public function caller(string $token, string $category, string $resource): ?array
    {
        $row = $this->db->query(
            'SELECT c.id, c.disabled, @known := 0, EXISTS (SELECT 1 FROM client_grant g WHERE g.client = c.id ' .
            "AND g.category IN ('$category', '*') AND g.resource IN ('$resource', '*')) " .
            "FROM peer_token t JOIN client c ON c.id = t.client WHERE t.digest = x'" . hash('sha256', $token) .
            "' AND t.expires_at > NOW()")->fetch(PDO::FETCH_NUM);
        return $row === false ? null : $row;
    }

    /**
     * Stores all rows ([id, digest, title, published, fields]) and the batch's receipt, or nothing.
     * Returns [created, updated, unchanged].
     */
    public function push(int $client, string $category, string $resource, string $batch, int $received, array $rows): array
    {
        ksort($rows, SORT_STRING); // pushes of the same ids lock them in one order
        for ($try = 1;; $try++) {
            try {
                return $this->tryOnce($client, $category, $resource, $batch, $received, $rows);
            } catch (PDOException $e) {
                try {
                    $this->db->exec('ROLLBACK');
                    $this->db->exec('SET @known = 0');
                } catch (PDOException) {
                }
                if ($try === self::TRIES || !in_array($e->errorInfo[1] ?? 0, self::AGAIN, true)) {
                    throw $e;
                }
                usleep(random_int(5000, 20000) * $try);
            }
        }
    }

    /** As few messages as it takes: one, where the push is one chunk. */
    private function tryOnce(int $client, string $category, string $resource, string $batch, int $received, array $rows): array
    {
        $chunks = array_chunk($rows, self::CHUNK);
        $last = array_pop($chunks) ?? [];
        $begin = 'START TRANSACTION; ';
        $affected = 0;
        if ($chunks !== []) {
            $this->db->exec($begin);
            $begin = '';
        }
        foreach ($chunks as $chunk) {
            $affected += $this->db->exec($this->upsert($client, $category, $resource, $batch, $chunk));
        }
        $upsert = $last === [] ? 'DO 0' : $this->upsert($client, $category, $resource, $batch, $last);
        $kept = count($rows);
        $updated = "($affected + ROW_COUNT() - ($kept - @known)) DIV 2";
        $results = $this->db->query("$begin$upsert; INSERT INTO peer_batch (id, client, category, resource, received, created, " .
            "updated, unchanged, superseded) VALUES ('$batch', $client, '$category', '$resource', $received, $kept - @known, " .
            "$updated, @known - $updated, " . ($received - $kept) . ') RETURNING created, updated, unchanged; COMMIT');
        return $this->onlyRow($results);
    }

    /** Reads the results of several statements, one of which gives a row. */
    private function onlyRow(PDOStatement $results): array
    {
        $row = [];
        do {
            if ($results->columnCount() > 0) {
                $row = $results->fetch(PDO::FETCH_NUM);
            }
        } while ($results->nextRowset());
        return $row;
    }

    private function upsert(int $client, string $category, string $resource, string $batch, array $rows): string
    {
        $before = "($client, '$category', '$resource', ";
        $after = ", '$batch', NOW(3), NOW(3))";
        $values = [];
        foreach ($rows as [$id, $digest, $title, $published, $fields]) {
            $values[] = $before . $this->db->quote($id) . ", x'" . $digest . "', " .
                ($title === null ? 'NULL' : $this->db->quote($title)) . ', ' .
                ($published === null ? 'NULL' : "'$published'") . ', ' . $this->db->quote($fields) . $after;
        }
        return 'INSERT INTO peer_record (client, category, resource, id, digest, title, published_at, fields, batch, ' .
            'created_at, updated_at) VALUES ' . implode(', ', $values) . self::ON_DUPLICATE;
    }
}
