/* SPDX-License-Identifier: Apache-2.0
 *
 * Categories for people and for programs: the table of items (指标项) that an interface's description has, schemas, a blank record, and a file
 * to begin with.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "blank.h"
#include "buf.h"
#include "catalog.h"
#include "category.h"
#include "cmd.h"
#include "err.h"
#include "field.h"
#include "itemtable.h"
#include "jsonschema.h"
#include "option.h"
#include "words.h"
#include "xsd.h"

#include "poison.h"

#define DOCUMENT_MAX_BYTES ((size_t)64 * 1024 * 1024)

static void write_markdown(struct buf *to, const struct category *c)
{
    itemtable_write(to, c, ITEMTABLE_MARKDOWN);
}

static void write_html(struct buf *to, const struct category *c)
{
    itemtable_write(to, c, ITEMTABLE_HTML);
}

static const struct format {
    const char *name;
    void (*write)(struct buf *to, const struct category *c);
} formats[] = {
    {"markdown", write_markdown}, {"html", write_html}, {"json-schema", jsonschema_write}, {"xsd", xsd_write}, {"template", blank_write},
};

static const struct format *find_format(const char *name, struct err *e)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (name == NULL || strcmp(name, formats[i].name) == 0)
            return &formats[i];
    (void)err_set(e, MSG_CONFIG, "--format %s: must be markdown, html, json-schema, xsd or template", name);
    return NULL;
}

int cmd_schema_doc(struct cmd *c, struct err *e)
{
    const struct category *category = cmd_find_resource(c->catalog, c->argv[0], NULL, e);
    const struct format *format = find_format(c->options.text[OPTION_FORMAT], e);
    struct buf text;
    if (category == NULL || format == NULL)
        return -1;
    buf_init(&text, DOCUMENT_MAX_BYTES);
    format->write(&text, category);
    int rc = buf_failed(&text) ? err_set(e, MSG_INTERNAL, "out of memory") : 0;
    if (rc == 0)
        (void)fwrite(text.data, 1, text.len, stdout);
    buf_free(&text);
    return rc;
}

int cmd_schema_new(struct cmd *c, struct err *e)
{
    static const char skeleton[] =
        N_("; A new category: put it into category/ of [schema] extra_dir, run rukuctl schema check, then reload ruku-fcgi.\n"
           "; Every attribute is in ruku-category(5).\n\n"
           "[category]\n"
           "code = %s\n"
           "name = Name of the category\n"
           "name_en = Name of the category\n"
           "; Raise it with each change: records remember it.\n"
           "version = 1\n"
           "; The fields of core come with it: title, summary, keywords, source, pub_date and more.\n"
           "extends = core\n"
           ";standard = GB/T 21063.3-2007\n"
           ";description = What it is for\n\n"
           "; What is pushed to: at least one.\n"
           "[resource.general]\n"
           "name = Name of the resource\n"
           "name_en = Name of the resource\n\n"
           "; A field, in the order in which people read them.\n"
           "[field.doc_no]\n"
           "label = Document number\n"
           "label_en = Document number\n"
           "type = string\n"
           "max_length = 100\n"
           ";required = yes\n"
           ";pattern = ^[A-Z]+-[0-9]{4}-[0-9]+$\n\n"
           ";[field.kind]\n"
           ";label = Kind\n"
           ";label_en = Kind\n"
           ";type = code\n"
           ";codelist = CODELIST\n\n"
           ";[field.effective_on]\n"
           ";label = Effective date\n"
           ";label_en = Effective date\n"
           ";type = date\n");
    if (!field_is_name(c->argv[0], true))
        return err_set(e, MSG_CONFIG, "%s is no code of a category: small letters, digits and hyphens, a letter first", c->argv[0]);
    if (catalog_find(c->catalog, c->argv[0]) != NULL)
        return err_set(e, MSG_CONFIG, "there is a category %s already: rukuctl schema show %s", c->argv[0], c->argv[0]);
    (void)printf(_(skeleton), c->argv[0]);
    return 0;
}
