-- SPDX-License-Identifier: Apache-2.0
--
-- The audit as chains of hashes, one for each process that writes to it. Entries from before have no hash.

ALTER TABLE audit
  MODIFY at DATETIME(6) NOT NULL COMMENT 'when it happened',
  ADD COLUMN stored_at DATETIME(6) NOT NULL DEFAULT NOW(6) COMMENT 'when it came here' AFTER at,
  ADD COLUMN writer CHAR(16) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL COMMENT 'the process that wrote it: a chain' AFTER stored_at,
  ADD COLUMN seq BIGINT UNSIGNED DEFAULT NULL COMMENT 'place in the chain, from 1' AFTER writer,
  MODIFY actor VARCHAR(128) NOT NULL COMMENT 'who: a client, or an operating-system user of rukuctl',
  ADD COLUMN address VARCHAR(63) NOT NULL DEFAULT '' COMMENT 'from where' AFTER actor,
  ADD COLUMN result VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'an HTTP status, or ok' AFTER subject,
  ADD COLUMN request_id VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' AFTER detail,
  ADD COLUMN prev BINARY(32) DEFAULT NULL COMMENT 'hash of the entry before it in the chain; zeros: it is the first',
  ADD COLUMN hash BINARY(32) DEFAULT NULL COMMENT 'SM3 of prev and of this entry',
  ADD UNIQUE KEY chain (writer, seq),
  ADD KEY stored_at (stored_at),
  COMMENT = 'who did what: tokens, pushes, withdrawals, administration';
