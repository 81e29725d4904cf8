-- SPDX-License-Identifier: Apache-2.0
--
-- The tables of the gateways that Ruku is compared with; clients and their grants are Ruku's own.

CREATE TABLE peer_token (
  digest     BINARY(32) NOT NULL PRIMARY KEY COMMENT 'SHA-256 of the token',
  client     INT UNSIGNED NOT NULL,
  expires_at DATETIME NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE peer_record LIKE record;
CREATE TABLE peer_batch LIKE batch;
