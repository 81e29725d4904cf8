-- SPDX-License-Identifier: Apache-2.0
--
-- Receipts of pushes that store record by record, the first reply under an idempotency key, and the sender's own version of a record.

ALTER TABLE batch
  ADD COLUMN mode ENUM('strict', 'lenient') NOT NULL DEFAULT 'strict' AFTER resource,
  ADD COLUMN complete BOOLEAN NOT NULL DEFAULT TRUE COMMENT 'false: a lenient push that was not, or not yet, read to its end' AFTER mode,
  ADD COLUMN stale INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'of unchanged: older than the version that was stored' AFTER superseded,
  ADD COLUMN reply_headers VARCHAR(500) DEFAULT NULL AFTER reply_status,
  ADD COLUMN updated_at DATETIME(3) NOT NULL DEFAULT NOW(3) COMMENT 'when its last chunk was committed';

ALTER TABLE record
  ADD COLUMN version BIGINT UNSIGNED DEFAULT NULL COMMENT 'the sender''s own; an older one never replaces a newer one' AFTER digest,
  ADD KEY changed (client, category, resource, updated_at);
