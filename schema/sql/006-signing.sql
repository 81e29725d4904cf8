-- SPDX-License-Identifier: Apache-2.0
--
-- Keys by which clients sign their requests, sealed with a key of the server; and the nonces of signatures that have been here, so that
-- none comes twice.

CREATE TABLE client_signing_key (
  id         INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  client     INT UNSIGNED NOT NULL,
  key_id     VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the server key it is sealed with',
  sealed     VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME NOT NULL DEFAULT NOW(),
  expires_at DATETIME DEFAULT NULL,
  KEY client_signing_key (client, id),
  CONSTRAINT client_signing_key_client FOREIGN KEY (client) REFERENCES client (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='keys by which clients sign, at most two that live';

CREATE TABLE signature_nonce (
  client     INT UNSIGNED NOT NULL,
  digest     BINARY(32) NOT NULL COMMENT 'SM3 of the nonce',
  expires_at DATETIME NOT NULL,
  PRIMARY KEY (client, digest),
  KEY expired (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='nonces of signatures, until those have become too old';

ALTER TABLE client
  ADD COLUMN must_sign BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'what is not signed is refused';
