/* SPDX-License-Identifier: Apache-2.0
 *
 * A FastCGI client for tests: speaks FastCGI 1.0 to a unix socket, well or badly as its options say. The CGI reply goes
 * to standard output; what the protocol says beside it (END_REQUEST, GET_VALUES_RESULT, UNKNOWN_TYPE) to standard error.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { BEGIN_REQUEST = 1, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, STDERR, GET_VALUES = 9, VALUES_RESULT, UNKNOWN_TYPE };
enum { EXIT_ENDED = 0, EXIT_TROUBLE = 2, EXIT_CLOSED = 3, EXIT_TIMEOUT = 4 };
enum { CONTENT_MAX = 65535, PARAMS_MAX = 512 };

struct bytes {
    unsigned char *data;
    size_t len, size;
};

struct options {
    const char *socket, *method, *uri;
    const char *params[PARAMS_MAX]; /* name=value */
    size_t param_count;
    int body;        /* a file; -1: none */
    long long length; /* of the body; -1 where it comes by a pipe */
    const char *announce; /* NULL: the body's length, where it is known */
    long cut, linger, silent, slow, split, padding, role, version, write, no_read;
    double timeout;
    int no_eof, leave, keep_conn, garbage, get_values, unknown_type, zero_length, abort, alone, pad_all, at_once;
};

struct connection {
    int fd;
    int64_t deadline; /* milliseconds */
    struct bytes in, kept; /* kept: what is going to be sent by one write */
    bool ended, told, closed, late; /* END_REQUEST came; a management record came; the peer closed; too late */
    bool broken; /* the peer takes no more */
};

static const struct options *o;

static void append(struct bytes *b, const void *data, size_t len)
{
    if (b->size - b->len < len) {
        b->size = (b->len + len) * 2;
        b->data = realloc(b->data, b->size);
        if (b->data == NULL)
            errx(EXIT_TROUBLE, "out of memory");
    }
    if (len > 0)
        memcpy(b->data + b->len, data, len);
    b->len += len;
}

static int64_t now(void) /* milliseconds */
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void print_values(const unsigned char *p, size_t len)
{
    for (size_t at = 0; at + 2 <= len && at + 2U + p[at] + p[at + 1] <= len; at += 2U + p[at] + p[at + 1])
        (void)fprintf(stderr, "GET_VALUES_RESULT %.*s=%.*s\n", p[at], (const char *)p + at + 2, p[at + 1],
                      (const char *)p + at + 2 + p[at]);
}

static void take_record(struct connection *c, int type, const unsigned char *content, size_t len)
{
    switch (type) {
    case STDOUT:
    case STDERR: (void)fwrite(content, 1, len, type == STDOUT ? stdout : stderr); break;
    case END_REQUEST:
        c->ended = true;
        if (len >= 5)
            (void)fprintf(stderr, "END_REQUEST app=%u protocol=%u\n", content[3], content[4]);
        break;
    case VALUES_RESULT:
        c->told = true;
        print_values(content, len);
        break;
    case UNKNOWN_TYPE:
        c->told = true;
        (void)fprintf(stderr, "UNKNOWN_TYPE %u\n", len > 0 ? content[0] : 0U);
        break;
    default: (void)fprintf(stderr, "record of type %d\n", type); break;
    }
}

static void take_input(struct connection *c)
{
    unsigned char chunk[65536];
    ssize_t n = read(c->fd, chunk, sizeof(chunk));
    if (n <= 0) {
        c->closed = true;
        return;
    }
    append(&c->in, chunk, (size_t)n);
    while (c->in.len >= 8) {
        size_t content = (size_t)c->in.data[4] << 8 | c->in.data[5];
        size_t whole = 8 + content + c->in.data[6];
        if (c->in.len < whole)
            break;
        take_record(c, c->in.data[1], c->in.data + 8, content);
        c->in.len -= whole;
        memmove(c->in.data, c->in.data + whole, c->in.len);
    }
}

/* Waits for the socket, at most until `end`, and takes what comes. Returns true when it can be written to. */
static bool wait_until(struct connection *c, int64_t end, bool to_write)
{
    short events = (short)((o->no_read > 0 || c->closed ? 0 : POLLIN) | (to_write ? POLLOUT : 0));
    struct pollfd wait = {.fd = c->closed && !to_write ? -1 : c->fd, .events = events};
    int64_t left = (end < c->deadline ? end : c->deadline) - now();
    if (poll(&wait, 1, left < 0 ? 0 : (int)left) < 0)
        wait.revents = 0;
    c->late = now() >= c->deadline;
    if ((wait.revents & POLLIN) != 0)
        take_input(c);
    return (wait.revents & (POLLOUT | POLLERR)) != 0;
}

static void wait_millis(struct connection *c, int64_t millis)
{
    int64_t end = now() + millis;
    while (now() < end && !c->late)
        (void)wait_until(c, end, false);
}

/* Sends all of it; a peer that has closed is no error here: what it said before is still read. */
static void send_all(struct connection *c, const unsigned char *data, size_t len)
{
    while (len > 0 && !c->late) {
        if (!wait_until(c, c->deadline, true))
            continue;
        ssize_t n = write(c->fd, data, o->write > 0 && len > (size_t)o->write ? (size_t)o->write : len);
        if (n < 0) {
            c->broken = true;
            return;
        }
        data += n;
        len -= (size_t)n;
        if (o->write > 0)
            wait_millis(c, 1);
    }
}

static void send_record(struct connection *c, int type, unsigned id, const void *content, size_t len)
{
    static const unsigned char padding[255];
    long pad_len = o->pad_all || (len > 0 && (type == PARAMS || type == STDIN)) ? o->padding : 0;
    unsigned char head[8] = {(unsigned char)o->version, (unsigned char)type, (unsigned char)(id >> 8), (unsigned char)id,
                             (unsigned char)(len >> 8), (unsigned char)len, (unsigned char)pad_len};
    struct bytes out = {0};
    append(&out, head, sizeof(head));
    append(&out, content, len);
    append(&out, padding, (size_t)pad_len);
    if (o->at_once)
        append(&c->kept, out.data, out.len);
    else
        send_all(c, out.data, out.len);
    free(out.data);
}

/* Records that change nothing: an empty question, and records of requests that do not exist. */
static void send_idle_records(struct connection *c)
{
    if (!o->zero_length)
        return;
    send_record(c, GET_VALUES, 0, NULL, 0);
    send_record(c, STDIN, 9, NULL, 0);
    send_record(c, PARAMS, 9, "abc", 3);
}

static size_t step_size(void)
{
    return o->split > 0 ? (size_t)o->split : CONTENT_MAX;
}

static void send_params(struct connection *c, const struct bytes *params)
{
    size_t step = step_size();
    for (size_t at = 0; at < params->len && !c->late; at += step) {
        send_record(c, PARAMS, 1, params->data + at, params->len - at < step ? params->len - at : step);
        send_idle_records(c);
    }
    send_record(c, PARAMS, 1, NULL, 0);
}

/* Sends the body as it is read, so that it may be larger than memory. Returns true where all of it was to be sent. */
static bool send_body(struct connection *c)
{
    static unsigned char chunk[CONTENT_MAX];
    long long left = o->cut >= 0 ? o->cut : LLONG_MAX;
    if (o->body < 0)
        return true;
    (void)lseek(o->body, 0, SEEK_SET); /* of a second request; of a pipe it fails, and that does no harm */
    while (left > 0 && !c->late && !c->broken) {
        size_t step = (long long)step_size() < left ? step_size() : (size_t)left;
        ssize_t n = read(o->body, chunk, step);
        if (n <= 0)
            return true;
        left -= n;
        send_record(c, STDIN, 1, chunk, (size_t)n);
        send_idle_records(c);
        if (o->slow > 0)
            wait_millis(c, o->slow);
    }
    return o->cut < 0 || (o->length >= 0 && o->cut >= o->length);
}

static void add_length(struct bytes *to, size_t len)
{
    unsigned char four[4] = {(unsigned char)(len >> 24 | 128), (unsigned char)(len >> 16), (unsigned char)(len >> 8),
                             (unsigned char)len};
    append(to, len < 128 ? four + 3 : four, len < 128 ? 1 : 4);
}

static void add_param(struct bytes *to, const char *name, size_t name_len, const char *value)
{
    add_length(to, name_len);
    add_length(to, strlen(value));
    append(to, name, name_len);
    append(to, value, strlen(value));
}

static bool given(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < o->param_count; i++)
        if (strncmp(o->params[i], name, len) == 0 && o->params[i][len] == '=')
            return true;
    return false;
}

static void add_default(struct bytes *to, const char *name, const char *value)
{
    if (!given(name))
        add_param(to, name, strlen(name), value);
}

static struct bytes make_params(void)
{
    struct bytes out = {0};
    char length[32];
    (void)snprintf(length, sizeof(length), "%lld", o->length);
    add_default(&out, "GATEWAY_INTERFACE", "CGI/1.1");
    add_default(&out, "SERVER_PROTOCOL", "HTTP/1.1");
    add_default(&out, "REQUEST_METHOD", o->method);
    add_default(&out, "REQUEST_URI", o->uri);
    add_default(&out, "SCRIPT_NAME", o->uri);
    add_default(&out, "REMOTE_ADDR", "127.0.0.1");
    /* Arguments can be read by every user of the machine, so a token comes by the environment. */
    if (getenv("FCGI_AUTHORIZATION") != NULL)
        add_default(&out, "HTTP_AUTHORIZATION", getenv("FCGI_AUTHORIZATION"));
    if (o->body >= 0)
        add_default(&out, "CONTENT_TYPE", "application/json");
    if (o->announce == NULL ? o->body >= 0 && o->length >= 0 : strcmp(o->announce, "none") != 0)
        add_default(&out, "CONTENT_LENGTH", o->announce == NULL ? length : o->announce);
    for (size_t i = 0; i < o->param_count; i++) {
        const char *equals = strchr(o->params[i], '=');
        add_param(&out, o->params[i], (size_t)(equals - o->params[i]), equals + 1);
    }
    return out;
}

static void send_management(struct connection *c)
{
    static const char names[] = "\016\0FCGI_MAX_CONNS\017\0FCGI_MPXS_CONNS\021\0FCGI_NO_SUCH_NAME";
    if (o->get_values)
        send_record(c, GET_VALUES, 0, names, sizeof(names) - 1);
    if (o->unknown_type)
        send_record(c, 42, 0, NULL, 0);
}

/* Waits for END_REQUEST, or, without a request, for the answer to a management record. */
static int wait_end(struct connection *c)
{
    while (!(o->alone ? c->told : c->ended) && !c->closed && !c->late)
        (void)wait_until(c, c->deadline, false);
    return (o->alone ? c->told : c->ended) ? EXIT_ENDED : c->closed ? EXIT_CLOSED : EXIT_TIMEOUT;
}

static int send_garbage(struct connection *c)
{
    unsigned char bytes[4096];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)random(); /* never seeded: the same each time */
    send_all(c, bytes, sizeof(bytes));
    return wait_end(c);
}

/* Sends one request. False where no answer to it is to be waited for. */
static bool send_request(struct connection *c)
{
    unsigned char begin[8] = {0, (unsigned char)o->role, (unsigned char)(o->keep_conn ? 1 : 0)};
    struct bytes params = make_params();
    c->ended = false;
    send_idle_records(c);
    send_record(c, BEGIN_REQUEST, 1, begin, sizeof(begin));
    send_params(c, &params);
    free(params.data);
    if (o->abort) {
        send_record(c, ABORT_REQUEST, 1, NULL, 0);
        return true;
    }
    bool cut = !send_body(c);
    if (!cut && !o->no_eof)
        send_record(c, STDIN, 1, NULL, 0);
    send_all(c, c->kept.data, c->kept.len);
    c->kept.len = 0;
    (void)fputs("SENT\n", stderr);
    if (cut || o->no_eof)
        wait_millis(c, o->linger * 1000);
    return !cut && !o->leave && (!o->no_eof || o->linger > 0);
}

static int talk(struct connection *c)
{
    if (o->silent > 0) {
        wait_millis(c, o->silent * 1000);
        return c->closed ? EXIT_CLOSED : EXIT_TIMEOUT;
    }
    if (o->garbage)
        return send_garbage(c);
    send_management(c);
    if (o->alone)
        return wait_end(c);
    bool answer = send_request(c);
    if (o->no_read > 0)
        wait_millis(c, o->no_read * 1000);
    int rc = answer ? wait_end(c) : c->ended ? EXIT_ENDED : EXIT_CLOSED;
    if (rc == EXIT_ENDED && o->keep_conn && send_request(c))
        (void)fprintf(stderr, "SECOND %s\n", wait_end(c) == EXIT_ENDED ? "answered" : "closed");
    if (!o->no_eof && o->linger > 0)
        wait_millis(c, o->linger * 1000);
    return rc;
}

static int open_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >= (int)sizeof(address.sun_path))
        errx(EXIT_TROUBLE, "%s: too long", path);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
        err(EXIT_TROUBLE, "%s", path);
    return fd;
}

static void open_body(struct options *to, const char *path)
{
    struct stat facts;
    to->body = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (to->body < 0 || fstat(to->body, &facts) != 0)
        err(EXIT_TROUBLE, "%s", path);
    to->length = S_ISREG(facts.st_mode) ? (long long)facts.st_size : -1;
}

static void usage(void)
{
    errx(EXIT_TROUBLE, "usage: fcgi_client SOCKET METHOD URI [-H|-P NAME=value]... [-b BODYFILE|-] [--timeout S] [--announce N|none]\n"
         "  [--cut N] [--no-eof] [--at-once] [--leave] [--linger S] [--split N] [--padding N [--pad-all]] [--keep-conn] [--slow MS] [--role N] [--version N]\n"
         "  [--garbage] [--get-values] [--unknown-type] [--alone] [--zero-length] [--abort] [--silent S] [--write N] [--no-read S]");
}

static void read_options(int argc, char **argv, struct options *to)
{
    long *const numbers[] = {&to->cut, &to->linger, &to->silent, &to->slow, &to->split, &to->padding, &to->role,
                             &to->version, &to->write, &to->no_read};
    const struct option options[] = {
        {"cut", 1, NULL, 256}, {"linger", 1, NULL, 257}, {"silent", 1, NULL, 258}, {"slow", 1, NULL, 259},
        {"split", 1, NULL, 260}, {"padding", 1, NULL, 261}, {"role", 1, NULL, 262}, {"version", 1, NULL, 263},
        {"write", 1, NULL, 264}, {"no-read", 1, NULL, 265}, {"announce", 1, NULL, 'a'}, {"timeout", 1, NULL, 't'},
        {"no-eof", 0, &to->no_eof, 1}, {"at-once", 0, &to->at_once, 1}, {"leave", 0, &to->leave, 1}, {"keep-conn", 0, &to->keep_conn, 1}, {"garbage", 0, &to->garbage, 1},
        {"get-values", 0, &to->get_values, 1}, {"unknown-type", 0, &to->unknown_type, 1}, {"alone", 0, &to->alone, 1},
        {"zero-length", 0, &to->zero_length, 1}, {"abort", 0, &to->abort, 1}, {"pad-all", 0, &to->pad_all, 1}, {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "H:P:b:", options, NULL)) != -1) {
        if (option >= 256)
            *numbers[option - 256] = strtol(optarg, NULL, 10);
        else if (option == 'b')
            open_body(to, optarg);
        else if (option == 'a')
            to->announce = optarg;
        else if (option == 't')
            to->timeout = strtod(optarg, NULL);
        else if (option != 0) {
            if (option == '?' || to->param_count == PARAMS_MAX || strchr(optarg, '=') == NULL)
                usage();
            to->params[to->param_count++] = optarg;
        }
    }
    if (argc - optind != 3 || to->split > CONTENT_MAX || to->padding < 0 || to->padding > 255)
        usage();
    to->socket = argv[optind];
    to->method = argv[optind + 1];
    to->uri = argv[optind + 2];
}

int main(int argc, char **argv)
{
    struct options options = {.body = -1, .cut = -1, .role = 1, .version = 1, .timeout = 20};
    (void)signal(SIGPIPE, SIG_IGN);
    read_options(argc, argv, &options);
    o = &options;
    struct connection c = {.fd = open_socket(o->socket), .deadline = now() + (int64_t)(o->timeout * 1000)};
    (void)setvbuf(stdout, NULL, _IONBF, 0); /* what came is seen at once */
    (void)fputs("CONNECTED\n", stderr);
    int rc = talk(&c);
    (void)close(c.fd);
    free(c.in.data);
    return rc;
}
