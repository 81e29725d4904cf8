-- SPDX-License-Identifier: Apache-2.0
--
-- The tables of Ruku. All DATETIME columns hold China Standard Time (+08:00). Applied once by rukuctl, which records
-- the number of this file in schema_version.

CREATE TABLE client (
  id                INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  client_id         VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name              VARCHAR(200) NOT NULL,
  secret_hash       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'hash of the keyed hash: sm3, sha256',
  secret_salt       BINARY(16) NOT NULL,
  secret_digest     BINARY(32) NOT NULL COMMENT 'HMAC of the secret, keyed with the salt',
  disabled          BOOLEAN NOT NULL DEFAULT FALSE,
  networks          VARCHAR(2000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'allowed CIDR blocks, comma-separated; empty: all',
  created_at        DATETIME NOT NULL DEFAULT NOW(),
  secret_changed_at DATETIME NOT NULL DEFAULT NOW(),
  UNIQUE KEY client_id (client_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='systems registered to push';

CREATE TABLE client_grant (
  client     INT UNSIGNED NOT NULL,
  category   VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT '* means every one',
  resource   VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT '* means every one',
  granted_at DATETIME NOT NULL DEFAULT NOW(),
  PRIMARY KEY (client, category, resource),
  CONSTRAINT client_grant_client FOREIGN KEY (client) REFERENCES client (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='category/resource pairs a client may use';

CREATE TABLE token (
  digest     BINARY(32) NOT NULL PRIMARY KEY COMMENT 'hash of the token; the token itself is never stored',
  client     INT UNSIGNED NOT NULL,
  issued_at  DATETIME NOT NULL DEFAULT NOW(),
  expires_at DATETIME NOT NULL,
  KEY expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='access tokens';

CREATE TABLE batch (
  id              CHAR(27) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  client          INT UNSIGNED NOT NULL,
  category        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  resource        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  received        INT UNSIGNED NOT NULL,
  created         INT UNSIGNED NOT NULL,
  updated         INT UNSIGNED NOT NULL,
  unchanged       INT UNSIGNED NOT NULL,
  superseded      INT UNSIGNED NOT NULL COMMENT 'of unchanged: replaced by a later record of the same push',
  rejected        INT UNSIGNED NOT NULL DEFAULT 0,
  idempotency_key VARCHAR(255) DEFAULT NULL,
  request_digest  BINARY(32) DEFAULT NULL,
  reply_status    SMALLINT UNSIGNED DEFAULT NULL,
  reply           MEDIUMTEXT DEFAULT NULL,
  created_at      DATETIME(3) NOT NULL DEFAULT NOW(3),
  KEY client_batch (client, id),
  UNIQUE KEY idempotency (client, idempotency_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='receipts: one row a push';

CREATE TABLE reject (
  batch    CHAR(27) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  position INT UNSIGNED NOT NULL COMMENT 'index of the record in its push, from 0',
  id       VARCHAR(128) DEFAULT NULL,
  faults   LONGTEXT NOT NULL COMMENT 'JSON',
  PRIMARY KEY (batch, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='records that a lenient push did not store';

-- fields has no CHECK (JSON_VALID(...)): every byte of it has passed the gateway's own check of JSON, which is stricter.
CREATE TABLE record (
  seq          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  client       INT UNSIGNED NOT NULL,
  category     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  resource     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id           VARCHAR(128) NOT NULL COMMENT 'the sender''s own key',
  digest       BINARY(32) NOT NULL COMMENT 'of the canonical form of fields',
  title        VARCHAR(500) DEFAULT NULL COMMENT 'for listings: at most the first 500 characters',
  published_at DATETIME DEFAULT NULL,
  fields       LONGTEXT NOT NULL COMMENT 'the record as JSON, as it was sent',
  revision     INT UNSIGNED NOT NULL DEFAULT 1,
  state        ENUM('live', 'withdrawn') NOT NULL DEFAULT 'live',
  batch        CHAR(27) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the push that last changed it',
  created_at   DATETIME(3) NOT NULL,
  updated_at   DATETIME(3) NOT NULL,
  UNIQUE KEY identity (client, category, resource, id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='the repository';

CREATE TABLE audit (
  id      BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at      DATETIME(6) NOT NULL DEFAULT NOW(6),
  actor   VARCHAR(128) NOT NULL COMMENT 'who: an operating-system user of rukuctl',
  action  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject VARCHAR(200) NOT NULL COMMENT 'what it was done to',
  detail  VARCHAR(500) NOT NULL DEFAULT ''
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='what administrators changed';
