/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

#include "poison.h"

#define SEPARATOR '|' /* between a namespace and a name, as expat hands them on; no name has it */
#define XSI "http://www.w3.org/2001/XMLSchema-instance"
#define XML_OWN "http://www.w3.org/XML/1998/namespace"

struct xml {
    XML_Parser parser;
    struct xml_sink sink;
    int depth;
    long long fed;  /* bytes */
    bool ascii;     /* declared to be nothing else */
    bool stopped;   /* a callback did, and *e tells why */
    struct err *e;
};

/* What is told of expat's commonest complaints; of the others, that it is not well-formed. */
static const struct complaint {
    enum XML_Error error;
    enum msg_id id;
} complaints[] = {
    {XML_ERROR_NO_ELEMENTS, MSG_XML_ENDS},      {XML_ERROR_UNCLOSED_TOKEN, MSG_XML_ENDS},
    {XML_ERROR_UNCLOSED_CDATA_SECTION, MSG_XML_ENDS}, {XML_ERROR_TAG_MISMATCH, MSG_XML_MISMATCH},
    {XML_ERROR_UNDEFINED_ENTITY, MSG_XML_ENTITY}, {XML_ERROR_INVALID_TOKEN, MSG_XML_TOKEN},
    {XML_ERROR_PARTIAL_CHAR, MSG_XML_TOKEN},    {XML_ERROR_BAD_CHAR_REF, MSG_XML_TOKEN},
};

unsigned long xml_line(const struct xml *x)
{
    return XML_GetCurrentLineNumber(x->parser);
}

static void stop(struct xml *x)
{
    x->stopped = true;
    (void)XML_StopParser(x->parser, XML_FALSE);
}

/* Stops with a message, to which the caller adds its arguments. */
static struct msg *refuse(struct xml *x, enum msg_id id)
{
    (void)err_set(x->e, id, "line %lu", xml_line(x));
    msg_arg(&x->e->msg, "line", "%lu", xml_line(x));
    stop(x);
    return &x->e->msg;
}

/* "namespace|name" as a person knows it: the name. */
static const char *local_name(const char *name)
{
    const char *bar = strrchr(name, SEPARATOR);
    return bar == NULL ? name : bar + 1;
}

/* A truth value of XML Schema, which may have white space around it. */
static bool is_true(const char *value)
{
    value += strspn(value, " ");
    size_t len = strcspn(value, " ");
    bool word = (len == 4 && memcmp(value, "true", len) == 0) || (len == 1 && *value == '1');
    return word && value[len + strspn(value + len, " ")] == '\0';
}

/* Attributes of the schema's and XML's own namespaces say nothing that is stored, but for xsi:nil. */
static bool read_attribute(const char *name, const char *value, bool *nil)
{
    if (strcmp(name, XSI "|nil") == 0)
        *nil = is_true(value);
    return strncmp(name, XSI "|", sizeof(XSI)) == 0 || strncmp(name, XML_OWN "|", sizeof(XML_OWN)) == 0;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct xml *x = context;
    bool nil = false;
    if (x->stopped)
        return;
    if (++x->depth > XML_DEPTH_MAX) {
        msg_arg(refuse(x, MSG_XML_DEPTH), "limit", "%d", XML_DEPTH_MAX);
        return;
    }
    if (strchr(name, SEPARATOR) != NULL) {
        const char *own = local_name(name);
        msg_arg_text(refuse(x, MSG_XML_NAMESPACE), "name", own, strlen(own));
        return;
    }
    for (const XML_Char **a = attributes; *a != NULL; a += 2) {
        const char *own = local_name(*a);
        if (read_attribute(*a, a[1], &nil))
            continue;
        msg_arg_text(refuse(x, MSG_XML_ATTRIBUTE), "name", name, strlen(name));
        msg_arg_text(&x->e->msg, "attribute", own, strlen(own));
        return;
    }
    if (x->sink.start(x->sink.context, name, nil, x->e) != 0)
        stop(x);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct xml *x = context;
    (void)name;
    x->depth--;
    if (!x->stopped && x->sink.end(x->sink.context, x->e) != 0)
        stop(x);
}

static void XMLCALL on_text(void *context, const XML_Char *text, int len)
{
    struct xml *x = context;
    if (!x->stopped && x->sink.text(x->sink.context, text, (size_t)len, x->e) != 0)
        stop(x);
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid, int internal)
{
    (void)name;
    (void)sysid;
    (void)pubid;
    (void)internal;
    (void)refuse(context, MSG_XML_DOCTYPE);
}

static void refuse_encoding(struct xml *x, const char *encoding)
{
    msg_arg_text(refuse(x, MSG_XML_ENCODING), "encoding", encoding, strlen(encoding));
}

/* "1." and digits. */
static bool is_version(const char *text)
{
    return strncmp(text, "1.", 2) == 0 && text[2] != '\0' && strspn(text + 2, "0123456789") == strlen(text + 2);
}

/* The bytes are read as UTF-8 whatever is declared; but who declares another encoding sends another. */
static void XMLCALL on_declaration(void *context, const XML_Char *version, const XML_Char *encoding, int standalone)
{
    struct xml *x = context;
    (void)standalone;
    x->ascii = encoding != NULL && strcasecmp(encoding, "US-ASCII") == 0;
    if (version != NULL && !is_version(version))
        (void)refuse(x, MSG_XML_SYNTAX);
    else if (encoding != NULL && strcasecmp(encoding, "UTF-8") != 0 && strcasecmp(encoding, "UTF8") != 0 && !x->ascii)
        refuse_encoding(x, encoding);
}

struct xml *xml_new(const struct xml_sink *sink)
{
    struct xml *x = calloc(1, sizeof(*x));
    if (x == NULL)
        return NULL;
    x->sink = *sink;
    x->parser = XML_ParserCreateNS("UTF-8", SEPARATOR);
    if (x->parser == NULL) {
        free(x);
        return NULL;
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    XML_SetXmlDeclHandler(x->parser, on_declaration);
    return x;
}

void xml_free(struct xml *x)
{
    if (x == NULL)
        return;
    XML_ParserFree(x->parser);
    free(x);
}

static int complain(struct xml *x)
{
    enum XML_Error error = XML_GetErrorCode(x->parser);
    enum msg_id id = MSG_XML_SYNTAX;
    if (error == XML_ERROR_NO_MEMORY)
        return err_set(x->e, MSG_SPOOL_FULL, "out of memory for XML");
    for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++)
        if (complaints[i].error == error)
            id = complaints[i].id;
    (void)err_set(x->e, id, "line %lu: %s", xml_line(x), XML_ErrorString(error));
    msg_arg(&x->e->msg, "line", "%lu", xml_line(x));
    return -1;
}

/* Expat takes UTF-16 by its first two bytes, whatever it was told, and does not look at its surrogates. In UTF-8 these bytes start no
 * document. */
static bool is_utf16(const struct xml *x, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len && x->fed + (long long)i < 2; i++)
        if (bytes[i] == '\0' || (x->fed + (long long)i == 0 && ((unsigned char)bytes[i] & 0xFE) == 0xFE))
            return true;
    return false;
}

static bool is_ascii(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)bytes[i] & 0x80) != 0)
            return false;
    return true;
}

int xml_feed(struct xml *x, const char *bytes, size_t len, bool final, struct err *e)
{
    x->e = e;
    if (is_utf16(x, bytes, len)) {
        refuse_encoding(x, "UTF-16");
        return -1;
    }
    x->fed += (long long)len;
    enum XML_Status status = XML_Parse(x->parser, bytes, (int)len, final);
    if (x->stopped)
        return -1;
    if (status != XML_STATUS_OK)
        return complain(x);
    if (x->ascii && !is_ascii(bytes, len)) {
        refuse_encoding(x, "US-ASCII");
        return -1;
    }
    /* What expat has not read yet is a tag, or the like, whose end has not come. */
    if (final || x->fed - XML_GetCurrentByteIndex(x->parser) <= (long long)(XML_TAG_MAX_BYTES + len))
        return 0;
    msg_arg(refuse(x, MSG_XML_TAG), "limit", "%zu", XML_TAG_MAX_BYTES);
    return -1;
}
