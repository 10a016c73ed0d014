#include "journal.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../scenario/config.h"
#include "crew.h"
#include "journal_file.h"
#include "save.h"
#include "trial_bytes.h"

struct head {
    char magic[8];
    uint64_t scenario; /* hash */
};
static const char magic[8] = "QSTRIAL5";

struct record {
    uint64_t size, checksum; /* of the payload that follows */
};

/* Trials kept are written when their histograms come to so many bytes. */
enum { KEPT_MOST = 16 << 20 };

/* Bytes of records that are read together. */
enum { READ_AT_ONCE = 4 << 20 };

/* Trials that are not written yet. They become bytes when they are: most runs are over before. */
struct kept {
    struct trial **trials; /* owned */
    size_t n, capacity, bytes;
};

struct journal {
    int fd;
    const char *path; /* interned */
    const struct scenario *s;
    bool resumed;         /* it holds what another run left */
    off_t at;             /* end of the records read or written so far */
    pthread_mutex_t lock; /* over what follows, and `at` while the run goes on */
    int error;            /* errno of the writing that failed */
    struct kept kept;
};

static uint64_t hash(uint64_t h, const void *data, size_t n)
{
    const unsigned char *byte = data;
    for (size_t i = 0; i < n; i++)
        h = (h ^ byte[i]) * UINT64_C(0x100000001b3);
    return h;
}
#define HASH_START UINT64_C(0xcbf29ce484222325)

static struct head head_of(const struct scenario *s)
{
    char *text = config_text(s);
    struct head head;
    memcpy(head.magic, magic, sizeof magic);
    head.scenario = hash(HASH_START, queuescope_version, strlen(queuescope_version) + 1);
    head.scenario = hash(head.scenario, text, strlen(text));
    free(text);
    return head;
}

static struct journal *fail(struct journal *journal, const char *what, struct errors *errors)
{
    error_at(errors, (struct place){0}, "%s '%s'", what, journal->path);
    if (journal->fd >= 0)
        close(journal->fd);
    pthread_mutex_destroy(&journal->lock);
    free(journal);
    return NULL;
}

struct journal *journal_open(const char *folder, size_t part, const struct scenario *s, bool resume,
                             struct errors *errors)
{
    struct journal *journal = xcalloc(1, sizeof *journal);
    journal->s = s;
    pthread_mutex_init(&journal->lock, NULL);
    journal->path = internf("%s/.queuescope-trials%s", folder, part ? internf("-%zu", part) : "");
    journal->fd = journal_file_open(journal->path);
    if (journal->fd < 0)
        return fail(journal, internf("%s:", strerror(errno)), errors);
    if (flock(journal->fd, LOCK_EX | LOCK_NB) != 0)
        return fail(journal, "another run is at work on", errors);
    struct head mine = head_of(s), found;
    struct stat st;
    if (fstat(journal->fd, &st) != 0)
        return fail(journal, internf("%s:", strerror(errno)), errors);
    journal->at = sizeof mine;
    if (resume && st.st_size > 0) {
        if (journal_file_read(journal->fd, &found, sizeof found, 0) &&
            memcmp(&found, &mine, sizeof mine) == 0) {
            journal->resumed = true;
            return journal;
        }
        return fail(journal, "cannot resume: another scenario or version left the trials in",
                    errors);
    }
    if (ftruncate(journal->fd, 0) != 0 || !journal_file_write(journal->fd, &mine, sizeof mine, 0))
        return fail(journal, internf("%s:", strerror(errno)), errors);
    return journal;
}

void journal_again(struct journal *journal)
{
    if (!journal->resumed)
        return;
    journal_write(journal);
    journal->at = sizeof(struct head);
}

/* Records as they lie in the file, and the trials that they turn out to hold; NULL: none. */
struct reading {
    const struct scenario *s;
    unsigned char *data;
    size_t *at; /* where each begins */
    struct trial **trials;
};

static struct record record_at(const unsigned char *data)
{
    struct record record;
    memcpy(&record, data, sizeof record);
    return record;
}

static void open_record(void *context, size_t i)
{
    struct reading *reading = context;
    unsigned char *data = reading->data + reading->at[i];
    struct record record = record_at(data);
    struct bytes b = {data + sizeof record, 0, record.size};
    bool sound = hash(HASH_START, b.data, record.size) == record.checksum;
    reading->trials[i] = sound ? trial_take(&b, reading->s) : NULL;
}

/* Whether a record of the n bytes is whole. */
static bool record_is_whole(const unsigned char *data, size_t n)
{
    return n >= sizeof(struct record) && record_at(data).size <= n - sizeof(struct record);
}

/* The bytes from where the journal stands on: READ_AT_ONCE at the most, but one record at least.
 * NULL: there are none. */
static unsigned char *read_on(struct journal *journal, size_t *n)
{
    struct stat st;
    *n = 0;
    if (fstat(journal->fd, &st) != 0 || st.st_size <= journal->at)
        return NULL;
    uint64_t rest = (uint64_t)(st.st_size - journal->at);
    *n = rest < READ_AT_ONCE ? rest : READ_AT_ONCE;
    unsigned char *data = xmalloc(*n);
    bool ok = journal_file_read(journal->fd, data, *n, journal->at);
    if (ok && !record_is_whole(data, *n) && record_is_whole(data, rest)) {
        *n = sizeof(struct record) + record_at(data).size;
        data = xrealloc(data, *n);
        ok = journal_file_read(journal->fd, data, *n, journal->at);
    }
    if (ok)
        return data;
    free(data);
    return NULL;
}

size_t journal_read(struct journal *journal, struct trial **trials, size_t most, unsigned threads)
{
    size_t n, found = 0, sound = 0, *at = xmalloc((most + 1) * sizeof *at);
    unsigned char *data = read_on(journal, &n);
    at[0] = 0;
    while (data && found < most && record_is_whole(data + at[found], n - at[found])) {
        at[found + 1] = at[found] + sizeof(struct record) + record_at(data + at[found]).size;
        found++;
    }
    struct reading reading = {journal->s, data, at, trials};
    crew_each(threads, found, open_record, &reading);
    while (sound < found && trials[sound])
        sound++;
    for (size_t i = sound; i < found; i++)
        trial_free(trials[i]);
    journal->at += (off_t)at[sound];
    free(data);
    free(at);
    if (sound == 0 && ftruncate(journal->fd, journal->at) != 0)
        journal->error = errno;
    return sound;
}

/* The record of a trial, behind those that are there. One that the file breaks off in, or before
 * its bytes have reached the disk, does not have its checksum: reading stops before it. */
static void put_record(struct bytes *b, const struct trial *trial)
{
    struct record record = {0};
    size_t at = b->n;
    bytes_put(b, &record, sizeof record);
    trial_put(b, trial);
    record.size = b->n - at - sizeof record;
    record.checksum = hash(HASH_START, b->data + at + sizeof record, record.size);
    memcpy(b->data + at, &record, sizeof record);
}

/* Holds the lock, but while trials become bytes: that is no reason for others to wait. */
static void write_locked(struct journal *journal)
{
    struct kept kept = journal->kept;
    struct bytes b = {0};
    bool sound = journal->error == 0;
    journal->kept = (struct kept){0};
    pthread_mutex_unlock(&journal->lock);
    for (size_t i = 0; i < kept.n; i++) {
        if (sound)
            put_record(&b, kept.trials[i]);
        trial_free(kept.trials[i]);
    }
    free(kept.trials);
    pthread_mutex_lock(&journal->lock);
    if (b.n > 0 && !journal->error && !journal_file_write(journal->fd, b.data, b.n, journal->at))
        journal->error = errno;
    journal->at += (off_t)b.n;
    free(b.data);
}

void journal_append(struct journal *journal, struct trial *trial)
{
    pthread_mutex_lock(&journal->lock);
    struct kept *kept = &journal->kept;
    if (kept->n == kept->capacity) {
        kept->capacity = 2 * kept->n + 16;
        kept->trials = xrealloc(kept->trials, kept->capacity * sizeof *kept->trials);
    }
    trial_pack(trial);
    kept->trials[kept->n++] = trial;
    kept->bytes += trial_size(trial);
    if (kept->bytes >= KEPT_MOST)
        write_locked(journal);
    pthread_mutex_unlock(&journal->lock);
}

void journal_write(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    write_locked(journal);
    pthread_mutex_unlock(&journal->lock);
}

bool journal_close(struct journal *journal, bool remove, struct errors *errors)
{
    if (!remove)
        journal_write(journal);
    bool ok = journal->error == 0;
    if (!ok)
        error_at(errors, (struct place){0},
                 "cannot write '%s': %s; the run cannot be resumed after its last trial there",
                 journal->path, strerror(journal->error));
    if (remove)
        unlink(journal->path);
    close(journal->fd);
    pthread_mutex_destroy(&journal->lock);
    for (size_t i = 0; i < journal->kept.n; i++)
        trial_free(journal->kept.trials[i]);
    free(journal->kept.trials);
    free(journal);
    return ok;
}
