/*
 * Makes writes fail as a full or a broken disk does: preloaded into a process (LD_PRELOAD), it counts the calls that would
 * write to regular files below a folder and lets a chosen one, or all from there on, fail.
 *
 * CONGEAL_FAULTS_BELOW    absolute path of the folder
 * CONGEAL_FAULTS_CONTROL  a file that holds a `struct control`; all processes of a test share it
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct control {
  _Atomic int64_t seen;    /* calls that would have written, since this was last set to 0 */
  _Atomic int64_t at;      /* the number of the call that fails, the first one being 1; 0: none */
  _Atomic int64_t error;   /* errno of a call that fails */
  _Atomic int64_t lasting; /* 1: every later one fails too */
  _Atomic int64_t failed;  /* calls that have failed */
};

static struct control *control;
static char below[PATH_MAX];
static size_t below_length;

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("CONGEAL_FAULTS_BELOW");
  const char *file = getenv("CONGEAL_FAULTS_CONTROL");
  if (folder == NULL || file == NULL || realpath(folder, below) == NULL) return;
  below_length = strlen(below);
  int fd = open(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *shared = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (shared != MAP_FAILED) control = shared;
}

static int is_below(const char *path) {
  return strncmp(path, below, below_length) == 0 && path[below_length] == '/';
}

/* Relative paths are those of the working folder; what links lead to is not asked. */
static int names_below(const char *path) {
  char whole[PATH_MAX];
  if (path[0] == '/') return is_below(path);
  if (getcwd(whole, sizeof whole) == NULL) return 0;
  size_t used = strlen(whole);
  snprintf(whole + used, sizeof whole - used, "/%s", path);
  return is_below(whole);
}

static int writes_below(int fd) {
  int before = errno;
  struct stat status;
  char link[64], path[PATH_MAX];
  int found = 0;
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0) {
      path[length] = 0;
      found = is_below(path);
    }
  }
  errno = before;
  return found;
}

enum outcome { GOES_ON, HALF, FAILS };

/* Counts a call and says what becomes of it. A disk that becomes full still takes a part of the write that fills it. */
static enum outcome next(void) {
  int64_t n = atomic_fetch_add(&control->seen, 1) + 1;
  int64_t at = atomic_load(&control->at);
  int lasting = atomic_load(&control->lasting) != 0;
  if (at == 0 || n < at || (n > at && !lasting)) return GOES_ON;
  atomic_fetch_add(&control->failed, 1);
  errno = (int)atomic_load(&control->error);
  return lasting && n == at && errno == ENOSPC ? HALF : FAILS;
}

static enum outcome of_file(int fd) { return control != NULL && writes_below(fd) ? next() : GOES_ON; }

static enum outcome of_name(const char *path) { return control != NULL && names_below(path) ? next() : GOES_ON; }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WRITE(name, declared, given)                              \
  ssize_t name declared {                                         \
    static __typeof__(&name) real;                                \
    if (real == NULL) real = REAL(name);                          \
    enum outcome outcome = of_file(fd);                           \
    if (outcome == FAILS || (outcome == HALF && size < 2)) return -1; \
    if (outcome == HALF) size /= 2;                               \
    return real given;                                            \
  }

WRITE(write, (int fd, const void *bytes, size_t size), (fd, bytes, size))
WRITE(pwrite, (int fd, const void *bytes, size_t size, off_t at), (fd, bytes, size, at))
WRITE(pwrite64, (int fd, const void *bytes, size_t size, off64_t at), (fd, bytes, size, at))

/* Of several pieces, half of them. */
#define WRITE_PIECES(name, declared, given)                        \
  ssize_t name declared {                                          \
    static __typeof__(&name) real;                                 \
    if (real == NULL) real = REAL(name);                           \
    enum outcome outcome = of_file(fd);                            \
    if (outcome == FAILS || (outcome == HALF && count < 2)) return -1; \
    if (outcome == HALF) count /= 2;                               \
    return real given;                                             \
  }

WRITE_PIECES(writev, (int fd, const struct iovec *pieces, int count), (fd, pieces, count))
WRITE_PIECES(pwritev, (int fd, const struct iovec *pieces, int count, off_t at), (fd, pieces, count, at))
WRITE_PIECES(pwritev64, (int fd, const struct iovec *pieces, int count, off64_t at), (fd, pieces, count, at))

#define CHANGE(name, declared, given, outcome_of)     \
  int name declared {                                 \
    static __typeof__(&name) real;                    \
    if (real == NULL) real = REAL(name);              \
    return outcome_of == GOES_ON ? real given : -1;   \
  }

/* Files of a test need not outlive the machine's power: saying that they are on the disk is enough, and quick. */
#define SYNC(name)                                                     \
  int name(int fd) {                                                   \
    static __typeof__(&name) real;                                     \
    if (real == NULL) real = REAL(name);                               \
    if (control == NULL || !writes_below(fd)) return real(fd);         \
    return next() == GOES_ON ? 0 : -1;                                 \
  }

SYNC(fsync)
SYNC(fdatasync)
CHANGE(ftruncate, (int fd, off_t size), (fd, size), of_file(fd))
CHANGE(ftruncate64, (int fd, off64_t size), (fd, size), of_file(fd))
CHANGE(fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size), of_file(fd))
CHANGE(fallocate64, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size), of_file(fd))
CHANGE(rename, (const char *from, const char *to), (from, to), of_name(to))
CHANGE(link, (const char *from, const char *to), (from, to), of_name(to))
CHANGE(mkdir, (const char *path, mode_t mode), (path, mode), of_name(path))

/* These give the error instead of setting it. */
#define ALLOCATE(name, declared, given)                     \
  int name declared {                                       \
    static __typeof__(&name) real;                          \
    if (real == NULL) real = REAL(name);                    \
    return of_file(fd) == GOES_ON ? real given : errno;     \
  }

ALLOCATE(posix_fallocate, (int fd, off_t at, off_t size), (fd, at, size))
ALLOCATE(posix_fallocate64, (int fd, off64_t at, off64_t size), (fd, at, size))

#define COPY(name, declared, given)                                   \
  ssize_t name declared {                                             \
    static __typeof__(&name) real;                                    \
    if (real == NULL) real = REAL(name);                              \
    return of_file(to) == GOES_ON ? real given : -1;                  \
  }

COPY(copy_file_range, (int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags),
     (from, from_at, to, to_at, size, flags))

ssize_t sendfile(int to, int from, off_t *at, size_t size) {
  static ssize_t (*real)(int, int, off_t *, size_t);
  if (real == NULL) real = (ssize_t (*)(int, int, off_t *, size_t))dlsym(RTLD_NEXT, "sendfile");
  return of_file(to) == GOES_ON ? real(to, from, at, size) : -1;
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
  static ssize_t (*real)(int, int, off64_t *, size_t);
  if (real == NULL) real = (ssize_t (*)(int, int, off64_t *, size_t))dlsym(RTLD_NEXT, "sendfile64");
  return of_file(to) == GOES_ON ? real(to, from, at, size) : -1;
}

/* A new file needs room for its name. */
static enum outcome of_new(const char *path, int flags) {
  if (control == NULL || (flags & O_CREAT) == 0) return GOES_ON;
  int before = errno;
  int exists = access(path, F_OK) == 0;
  errno = before;
  return exists ? GOES_ON : of_name(path);
}

#define OPEN(name)                                                    \
  int name(const char *path, int flags, ...) {                        \
    static int (*real)(const char *, int, ...);                       \
    if (real == NULL) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name); \
    mode_t mode = 0;                                                  \
    if (flags & (O_CREAT | O_TMPFILE)) {                              \
      va_list more;                                                   \
      va_start(more, flags);                                          \
      mode = va_arg(more, mode_t);                                    \
      va_end(more);                                                   \
    }                                                                 \
    return of_new(path, flags) == GOES_ON ? real(path, flags, mode) : -1; \
  }

OPEN(open)
OPEN(open64)
