<?php
// SPDX-License-Identifier: Apache-2.0
//
// The categories core and regulation of schema/category and the code lists that they name, as an array: opcache keeps it in shared memory.
declare(strict_types=1);

const LANGUAGES = ['zh' => true, 'en' => true, 'bo' => true, 'ug' => true, 'mn' => true];
const ATTACHMENT_KINDS = ['attachment' => true, 'image' => true, 'audio' => true, 'video' => true];
const REGULATION_KINDS = [
    '宪法' => true, '宪法相关法' => true, '民法典' => true, '民法商法' => true, '行政法' => true, '经济法' => true,
    '社会法' => true, '刑法' => true, '诉讼与非诉讼程序法' => true, '行政法规' => true, '部门规章' => true,
    '司法解释' => true, '地方性法规' => true, '地方政府规章' => true, '自治条例' => true, '单行条例' => true,
    '案例' => true, '其他' => true,
];

return [
    'core' => [
        'resources' => ['general' => true, 'notice' => true],
        'title' => 'title',
        'published' => 'pub_date',
        'required' => ['title'],
        'fields' => [
            'title' => ['type' => 'string', 'required' => true, 'max' => 500],
            'summary' => ['type' => 'string', 'max' => 1000],
            'keywords' => ['type' => 'string', 'multiple' => true, 'max' => 100],
            'source' => ['type' => 'string', 'max' => 200],
            'author' => ['type' => 'string', 'max' => 100],
            'url' => ['type' => 'url', 'max' => 2000],
            'image' => ['type' => 'url', 'max' => 2000],
            'pub_date' => ['type' => 'datetime'],
            'language' => ['type' => 'code', 'codes' => LANGUAGES],
            'attachments' => ['type' => 'object', 'multiple' => true, 'required_members' => ['name', 'url'], 'members' => [
                'name' => ['type' => 'string', 'required' => true, 'max' => 255],
                'url' => ['type' => 'url', 'required' => true, 'max' => 2000],
                'size' => ['type' => 'integer', 'min' => 0],
                'media_type' => ['type' => 'string', 'max' => 127,
                    'pattern' => '~^[A-Za-z0-9][A-Za-z0-9.+_-]*/[A-Za-z0-9][A-Za-z0-9.+_-]*$~Du'],
                'sm3' => ['type' => 'string', 'pattern' => '~^[0-9A-Fa-f]{64}$~Du'],
                'sha256' => ['type' => 'string', 'pattern' => '~^[0-9A-Fa-f]{64}$~Du'],
                'order' => ['type' => 'integer', 'min' => 0],
                'kind' => ['type' => 'code', 'codes' => ATTACHMENT_KINDS],
                'description' => ['type' => 'string', 'max' => 500],
            ]],
        ],
    ],
    'regulation' => [
        'resources' => ['local' => true, 'national' => true, 'rule' => true],
        'title' => 'title',
        'published' => 'last_date',
        'required' => ['title', 'kind', 'body'],
        'fields' => [
            'title' => ['type' => 'string', 'required' => true, 'max' => 500],
            'region' => ['type' => 'string', 'max' => 50],
            'kind' => ['type' => 'code', 'required' => true, 'codes' => REGULATION_KINDS],
            'history' => ['type' => 'string', 'multiple' => true, 'max' => 2000],
            'first_date' => ['type' => 'date'],
            'last_date' => ['type' => 'date'],
            'body' => ['type' => 'string', 'required' => true],
        ],
    ],
];
