/* What the libraries of the campaigns have in common that stand before libc in a process that keeps a store: which descriptors belong to
 * files below one folder, and what of the process's calls concerns those. Everything else goes on to libc as it came.
 *
 *   open, close ─▶ mark by descriptor      write, pwrite, fsync, fdatasync, ftruncate, unlink ─▶ watched: the library's own part
 *                                                                                             └▶ others: libc
 *
 * Included once, by the library itself; it writes the parts below and calls `watch_below`. They run one at a time, and reach libc by the
 * `real_` calls only. The store moves no descriptor (dup), and opens no file but by open. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { max_fds = 4096 };

/* The parts of a library. `name` is a path's rest below the folder, empty for the folder itself. */

/* Reads what the library is told by its environment; called before anything of the process runs. */
static void begin(void);
/* The mark of a descriptor that was opened; 0: nobody watches it. */
static unsigned char opened(const char *name, int existed);
static ssize_t write_watched(int fd, const void *bytes, size_t length, off64_t offset, int is_positioned);
static int flush_watched(int fd, int (*real)(int));
static int truncate_watched(int fd, off64_t length);
static int unlink_watched(const char *path, const char *name);

static int (*real_open64)(const char *, int, ...);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_unlink)(const char *);
static int (*real_close)(int);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned char marks[max_fds];
/* Empty: nothing is watched. */
static char folder[PATH_MAX];
static size_t folder_length;

__attribute__((constructor)) static void look_up(void) {
  real_open64 = dlsym(RTLD_NEXT, "open64");
  real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_close = dlsym(RTLD_NEXT, "close");
  begin();
}

/* Says whether the folder can be watched. */
static int watch_below(const char *path) {
  if (!path || strlen(path) >= PATH_MAX) return 0;
  strcpy(folder, path);
  folder_length = strlen(folder);
  return 1;
}

/* NULL for a path outside. */
static const char *name_below(const char *path) {
  if (folder_length == 0 || strncmp(path, folder, folder_length) != 0) return NULL;
  const char *rest = path + folder_length;
  if (*rest == '\0') return rest;
  return *rest == '/' ? rest + 1 : NULL;
}

static unsigned char mark_of(int fd) { return fd >= 0 && fd < max_fds ? marks[fd] : 0; }

static ssize_t real_write_at(int fd, const void *bytes, size_t length, off64_t offset, int is_positioned) {
  return is_positioned ? real_pwrite64(fd, bytes, length, offset) : real_write(fd, bytes, length);
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0;
  va_end(more);
  const char *name = name_below(path);
  if (!name) {
    int fd = real_open64(path, flags, mode);
    if (fd >= 0 && fd < max_fds) marks[fd] = 0;
    return fd;
  }
  pthread_mutex_lock(&lock);
  int existed = access(path, F_OK) == 0;
  int fd = real_open64(path, flags, mode);
  if (fd >= 0 && fd < max_fds) marks[fd] = opened(name, existed);
  pthread_mutex_unlock(&lock);
  return fd;
}
int open(const char *path, int flags, ...) __attribute__((alias("open64")));

int close(int fd) {
  /* Before libc has it: by then another thread's file may have the number. */
  if (fd >= 0 && fd < max_fds) marks[fd] = 0;
  return real_close(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  if (!mark_of(fd)) return real_pwrite64(fd, bytes, length, offset);
  pthread_mutex_lock(&lock);
  ssize_t done = write_watched(fd, bytes, length, offset, 1);
  pthread_mutex_unlock(&lock);
  return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) __attribute__((alias("pwrite64")));

ssize_t write(int fd, const void *bytes, size_t length) {
  if (!mark_of(fd)) return real_write(fd, bytes, length);
  pthread_mutex_lock(&lock);
  ssize_t done = write_watched(fd, bytes, length, lseek64(fd, 0, SEEK_CUR), 0);
  pthread_mutex_unlock(&lock);
  return done;
}

static int flush(int fd, int (*real)(int)) {
  if (!mark_of(fd)) return real(fd);
  pthread_mutex_lock(&lock);
  int done = flush_watched(fd, real);
  pthread_mutex_unlock(&lock);
  return done;
}
int fsync(int fd) { return flush(fd, real_fsync); }
int fdatasync(int fd) { return flush(fd, real_fdatasync); }

int ftruncate64(int fd, off64_t length) {
  if (!mark_of(fd)) return real_ftruncate64(fd, length);
  pthread_mutex_lock(&lock);
  int done = truncate_watched(fd, length);
  pthread_mutex_unlock(&lock);
  return done;
}
int ftruncate(int fd, off_t length) __attribute__((alias("ftruncate64")));

int unlink(const char *path) {
  const char *name = name_below(path);
  if (!name || *name == '\0') return real_unlink(path);
  pthread_mutex_lock(&lock);
  int done = unlink_watched(path, name);
  pthread_mutex_unlock(&lock);
  return done;
}
