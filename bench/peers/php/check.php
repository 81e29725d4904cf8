<?php
// SPDX-License-Identifier: Apache-2.0
//
// Checks records against the rules of their category; the faults of all records are collected.
declare(strict_types=1);

final class Check
{
    private const FAULTS_SHOWN = 100;

    public array $faults = [];
    public int $total = 0;
    private int $index = 0;
    private ?string $id = null;

    public function __construct(private readonly array $category)
    {
    }

    /** Returns whether the record is good. */
    public function record(int $index, mixed $record): bool
    {
        $before = $this->total;
        $this->index = $index;
        $this->id = null;
        if (!is_array($record) || ($record !== [] && array_is_list($record))) {
            $this->fault('', 'not_an_object');
            return false;
        }
        $id = $record['id'] ?? null;
        if (!is_string($id) || $id === '' || (strlen($id) > 128 && mb_strlen($id, 'UTF-8') > 128) ||
            preg_match('/[\x00-\x1F\x7F]/', $id) === 1) {
            $this->fault('/id', $id === null ? 'id_missing' : 'id_bad');
        } else {
            $this->id = $id;
        }
        unset($record['id']);
        $this->object($record, $this->category['fields'], $this->category['required'], '/');
        return $this->total === $before;
    }

    private function object(array $object, array $fields, array $required, string $at): void
    {
        foreach ($object as $name => $value) {
            $rule = $fields[$name] ?? null;
            if ($rule === null) {
                $this->fault($at . $name, 'unknown_field');
            } elseif ($value === null) {
                continue;
            } elseif (!isset($rule['multiple'])) {
                $this->value($value, $rule, $at . $name);
            } elseif (!is_array($value) || !array_is_list($value)) {
                $this->fault($at . $name, 'wrong_type');
            } else {
                foreach ($value as $i => $item) {
                    $this->value($item, $rule, $at . $name . '/' . $i);
                }
            }
        }
        foreach ($required as $name) {
            if (!isset($object[$name])) {
                $this->fault($at . $name, 'missing');
            }
        }
    }

    private function value(mixed $value, array $rule, string $at): void
    {
        $type = $rule['type'];
        if ($type === 'object') {
            if (!is_array($value) || ($value !== [] && array_is_list($value))) {
                $this->fault($at, 'wrong_type');
            } else {
                $this->object($value, $rule['members'], $rule['required_members'], $at . '/');
            }
        } elseif ($type === 'integer') {
            if (!is_int($value)) {
                $this->fault($at, 'wrong_type');
            } elseif (isset($rule['min']) && $value < $rule['min']) {
                $this->fault($at, 'too_small');
            }
        } elseif (!is_string($value)) {
            $this->fault($at, 'wrong_type');
        } elseif ($type === 'string') {
            $this->text($value, $rule, $at);
        } elseif ($type === 'code') {
            if (!isset($rule['codes'][$value])) {
                $this->fault($at, 'not_in_codelist');
            }
        } elseif ($type === 'date') {
            if (!self::isDate($value)) {
                $this->fault($at, 'bad_date');
            }
        } elseif ($type === 'datetime') {
            if (!self::isDateTime($value)) {
                $this->fault($at, 'bad_datetime');
            }
        } else {
            $this->text($value, $rule, $at);
            if (!self::isUrl($value)) {
                $this->fault($at, 'bad_url');
            }
        }
    }

    private function text(string $value, array $rule, string $at): void
    {
        if ($value === '') {
            if (isset($rule['required'])) {
                $this->fault($at, 'empty');
            }
            return;
        }
        $max = $rule['max'] ?? PHP_INT_MAX;
        // There are never more characters than bytes: most texts need not be counted.
        if (strlen($value) > $max && mb_strlen($value, 'UTF-8') > $max) {
            $this->fault($at, 'too_long');
        }
        if (isset($rule['pattern']) && preg_match($rule['pattern'], $value) !== 1) {
            $this->fault($at, 'pattern_mismatch');
        }
    }

    private static function isDate(string $value): bool
    {
        return strlen($value) === 10 && preg_match('/^(\d{4})-(\d\d)-(\d\d)$/D', $value, $m) === 1 &&
            checkdate((int)$m[2], (int)$m[3], (int)$m[1]);
    }

    private static function isDateTime(string $value): bool
    {
        return preg_match('/^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)([.,]\d+)?' .
            '(Z|[+-]([01]\d|2[0-3])(:[0-5]\d)?)$/D', $value, $m) === 1 && checkdate((int)$m[2], (int)$m[3], (int)$m[1]);
    }

    private static function isUrl(string $value): bool
    {
        return preg_match('~^(?:https?|ftps?)://(?:[^/?#@]*@)?[^/?#:@][^\x00-\x20\x7F"<>\\\\^`{|}]*$~Di', $value) === 1;
    }

    private function fault(string $pointer, string $code): void
    {
        if ($this->total++ < self::FAULTS_SHOWN) {
            $this->faults[] = ['index' => $this->index, 'id' => $this->id, 'pointer' => $pointer, 'code' => $code];
        }
    }
}
