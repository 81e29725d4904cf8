/* SPDX-License-Identifier: Apache-2.0
 *
 * Every sentence that a client may read: one table row a message, with its stable code, its class, and its text in
 * Chinese and English. A text names its arguments in braces, so the two languages may order them differently.
 */
#ifndef RUKU_MSG_H
#define RUKU_MSG_H

#include <stdbool.h>

#include "attr.h"
#include "buf.h"
#include "words.h"

/* What kind of failure a message tells of; the HTTP status and the exit code follow from it, each in one table. */
enum msg_class {
    CLASS_INPUT,       /* the request cannot be understood */
    CLASS_AUTH,        /* who is calling is not known */
    CLASS_DENIED,      /* known, but not allowed */
    CLASS_MISSING,     /* no such thing */
    CLASS_METHOD,      /* not with this method */
    CLASS_UNKNOWN,     /* a method that nobody here knows */
    CLASS_CONFLICT,    /* it exists already, or is in use */
    CLASS_PRECONDITION, /* the record is not in the state that the request demands */
    CLASS_TOO_LARGE,   /* over a limit in bytes */
    CLASS_UNSUPPORTED, /* media type or coding */
    CLASS_INVALID,     /* understood, but against the category's rules */
    CLASS_LIMITED,     /* too often */
    CLASS_BUSY,        /* not now; nothing was stored; the same call may work later */
    CLASS_UNSURE,      /* a commit was sent and its answer was lost */
    CLASS_CONFIG,      /* the installation is wrong */
    CLASS_INTERNAL,    /* a fault of the program or the database */
    CLASS_GONE,        /* the peer went away: there is nobody to answer */
    CLASS_N
};

enum msg_id {
    MSG_NONE,
    MSG_NO_TOKEN,
    MSG_INVALID_TOKEN,
    MSG_BAD_AUTHORIZATION,
    MSG_SIGNATURE_REQUIRED,
    MSG_SIGNATURE_MALFORMED,
    MSG_SIGNATURE_COVERS,
    MSG_SIGNATURE_TIME,
    MSG_SIGNATURE_INVALID,
    MSG_SIGNATURE_REPLAYED,
    MSG_NOT_GRANTED,
    MSG_OUT_OF_SCOPE,
    MSG_HTTPS_REQUIRED,
    MSG_NETWORK_NOT_ALLOWED,
    MSG_ADDRESS_NOT_ALLOWED,
    MSG_CLIENT_DISABLED,
    MSG_NO_SUCH_PATH,
    MSG_BAD_PATH,
    MSG_NO_SUCH_CATEGORY,
    MSG_NO_SUCH_RESOURCE,
    MSG_NO_SUCH_RECORD,
    MSG_NO_SUCH_PROBLEM,
    MSG_METHOD_NOT_ALLOWED,
    MSG_METHOD_UNKNOWN,
    MSG_JSON_SYNTAX,
    MSG_JSON_ENDS,
    MSG_JSON_UTF8,
    MSG_JSON_CONTROL,
    MSG_JSON_ESCAPE,
    MSG_JSON_SURROGATE,
    MSG_JSON_NONCHARACTER,
    MSG_JSON_NUL,
    MSG_JSON_NUMBER,
    MSG_JSON_DUPLICATE,
    MSG_JSON_DEPTH,
    MSG_JSON_MEMBERS,
    MSG_JSON_TRAILING,
    MSG_BODY_EMPTY,
    MSG_GZIP_BROKEN,
    MSG_GZIP_RATIO,
    MSG_XML_SYNTAX,
    MSG_XML_ENDS,
    MSG_XML_MISMATCH,
    MSG_XML_ENTITY,
    MSG_XML_TOKEN,
    MSG_XML_DOCTYPE,
    MSG_XML_ENCODING,
    MSG_XML_TAG,
    MSG_XML_DEPTH,
    MSG_XML_NAMESPACE,
    MSG_XML_ATTRIBUTE,
    MSG_XML_ROOT,
    MSG_XML_RECORD,
    MSG_XML_ITEM,
    MSG_XML_TEXT,
    MSG_XML_TWICE,
    MSG_XML_MEMBERS,
    MSG_XML_NONCHARACTER,
    MSG_DIGEST_MALFORMED,
    MSG_DIGEST_MISMATCH,
    MSG_BODY_SHORT,
    MSG_BODY_LONG,
    MSG_BODY_CUT,
    MSG_BAD_LENGTH,
    MSG_BODY_TOO_LARGE,
    MSG_RECORD_TOO_LARGE,
    MSG_MEDIA_TYPE,
    MSG_CONTENT_CODING,
    MSG_INVALID_RECORDS,
    MSG_BAD_QUERY,
    MSG_BAD_PARAMETER,
    MSG_BAD_CURSOR,
    MSG_CLASSIC_OBJECT,
    MSG_CLASSIC_TEXT,
    MSG_CLASSIC_MEMBER,
    MSG_CLASSIC_MISSING,
    MSG_CLASSIC_AFTER_DATA,
    MSG_BAD_PRECONDITION,
    MSG_PRECONDITION_ON_PUSH,
    MSG_BAD_KEY,
    MSG_KEY_IN_USE,
    MSG_KEY_REUSED,
    MSG_NO_SUCH_BATCH,
    MSG_PRECONDITION,
    MSG_TOO_MANY_REQUESTS,
    MSG_TOO_MANY_BYTES,
    MSG_TOO_MANY_AT_ONCE,
    MSG_TOO_MANY_LOGINS,
    MSG_DATABASE_AWAY,
    MSG_DATABASE_BUSY,
    MSG_DATABASE_SCHEMA,
    MSG_COMMIT_UNSURE,
    MSG_SPOOL_FULL,
    MSG_AUDIT_AWAY,
    /* what only rukuctl says */
    MSG_CONFIG,
    MSG_EXISTS,
    MSG_NO_SUCH_CLIENT,
    MSG_OUTPUT,
    MSG_INTERRUPTED,
    /* anyone */
    MSG_INTERNAL,
    /* notes behind another message */
    MSG_NOTHING_STORED,
    MSG_PARTLY_STORED,
    MSG_IMPORT_PARTLY,
    MSG_AT_LINE,
    MSG_HINT_LINES,
    MSG_HINT_NAME,
    /* faults of one record */
    MSG_NOT_AN_OBJECT,
    MSG_ID_MISSING,
    MSG_ID_BAD,
    MSG_ID_DIFFERS,
    MSG_VERSION_BAD,
    MSG_MISSING,
    MSG_EMPTY,
    MSG_EMPTY_VALUE,
    MSG_UNKNOWN_FIELD,
    MSG_FIELD_TWICE,
    MSG_TOO_MUCH_REPLACED,
    MSG_WRONG_TYPE,
    MSG_TOO_LONG,
    MSG_TOO_SHORT,
    MSG_TOO_SMALL,
    MSG_TOO_LARGE,
    MSG_PATTERN_MISMATCH,
    MSG_BAD_FORMAT,
    MSG_NOT_IN_CODELIST,
    MSG_BAD_DATE,
    MSG_BAD_DATETIME,
    MSG_BAD_TIME,
    MSG_BAD_DURATION,
    MSG_BAD_INTERVAL,
    MSG_BAD_RECURRENCE,
    MSG_BAD_URL,
    MSG_BAD_DECIMAL,
    MSG_ID_N
};

#define MSG_ARGS_MAX 4
#define MSG_VALUE_SIZE 160

/* A message with its arguments: a plain value that can be copied; setting one cannot fail. */
struct msg {
    enum msg_id id;
    int arg_count;
    struct {
        const char *name; /* a string constant */
        char value[MSG_VALUE_SIZE];
    } args[MSG_ARGS_MAX];
};

/* Starts a message without arguments. */
void msg_set(struct msg *m, enum msg_id id);

/* Adds an argument. A value that is too long is cut at a character's edge and ends in "…". */
void msg_arg(struct msg *m, const char *name, const char *format, ...) RUKU_PRINTF(3, 4);

/* Adds text from outside as an argument: control characters and what is not UTF-8 are replaced. */
void msg_arg_text(struct msg *m, const char *name, const char *text, size_t len);

/* The value of an argument, or NULL where the message has none of this name. */
const char *msg_value(const struct msg *m, const char *name);

/* The stable machine-readable code, for example "too_long". */
const char *msg_code(enum msg_id id);

/* The message whose code this is, or MSG_NONE. */
enum msg_id msg_find(const char *code, size_t len);

enum msg_class msg_class(enum msg_id id);

/* True where the message is a fault of one record; and where it may be what a request is answered with, or such a fault: not a note
 * behind another, nor one that only rukuctl says. */
bool msg_is_fault(enum msg_id id);
bool msg_is_answer(enum msg_id id);

/* Appends the sentence in a language. */
void msg_render(const struct msg *m, enum msg_lang lang, struct buf *to);

/* "zh-CN" or "en", for Content-Language. */
const char *msg_lang_tag(enum msg_lang lang);

/* The text of a message with its arguments still in braces: what the page about a problem shows. */
const char *msg_template(enum msg_id id, enum msg_lang lang);

#endif
