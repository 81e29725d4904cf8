-- SPDX-License-Identifier: Apache-2.0
--
-- Secrets in a table of their own, so that two of a client may live side by side; tokens with their scope and the hash they are found by.

CREATE TABLE client_secret (
  id         INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  client     INT UNSIGNED NOT NULL,
  hash       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'hash of the keyed hash: sm3, sha256',
  key_id     VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the server key it is made with; empty: none, the salt is the key',
  salt       BINARY(16) NOT NULL,
  digest     BINARY(32) NOT NULL COMMENT 'HMAC of salt and secret',
  created_at DATETIME NOT NULL DEFAULT NOW(),
  expires_at DATETIME DEFAULT NULL,
  used_at    DATETIME DEFAULT NULL COMMENT 'last use, to the minute',
  KEY client_secret (client, id),
  CONSTRAINT client_secret_client FOREIGN KEY (client) REFERENCES client (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='secrets of clients, at most two that live';

INSERT INTO client_secret (client, hash, key_id, salt, digest, created_at)
  SELECT id, secret_hash, '', secret_salt, secret_digest, secret_changed_at FROM client;

ALTER TABLE client
  DROP COLUMN secret_hash,
  DROP COLUMN secret_salt,
  DROP COLUMN secret_digest,
  DROP COLUMN secret_changed_at;

ALTER TABLE token
  ADD COLUMN hash VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'sm3' COMMENT 'hash of the token: sm3, sha256' AFTER digest,
  ADD COLUMN scope VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL COMMENT 'pairs category/resource; NULL: all that the client is granted' AFTER client,
  MODIFY issued_at DATETIME(6) NOT NULL DEFAULT NOW(6);

ALTER TABLE client
  ADD COLUMN tokens_from DATETIME(6) NOT NULL DEFAULT '1970-01-01' COMMENT 'tokens that were issued before are void';
