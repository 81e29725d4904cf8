-- SPDX-License-Identifier: Apache-2.0
--
-- What a record remembers of its check: the category's version, and what the sender wrote where something else is stored.

ALTER TABLE record
  ADD COLUMN sent LONGTEXT DEFAULT NULL COMMENT 'JSON: what the sender wrote for times that are stored in another form' AFTER fields,
  ADD COLUMN category_version VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL COMMENT 'of the definition that checked what is stored' AFTER sent;
