/* Loaded before libc into a process that keeps a store: counts every write, truncation, flush and removal of files below FAIL_FOLDER, and
 * makes number N fail, once or from there on. The control is a page of memory shared with a file (FAIL_CONTROL), so that the process can
 * be told while it runs; its layout stands in control.ts.
 *
 * A flush that fails in the manner of "lost" takes with it what was written since the last good flush of that file: so a kernel behaves
 * that drops dirty pages after a failed write-back and says nothing the next time. */

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
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { max_fds = 4096 };
enum manner { manner_eio = 0, manner_full = 1, manner_short = 2, manner_lost = 3 };

struct control {
  int32_t fail_at;    /* 1 is the next operation; 0: none fails */
  int32_t persistent; /* all after it fail too */
  int32_t manner;
  int32_t operations; /* counted since this was set to 0 */
  int32_t failures;   /* made to fail since then */
};

/* What a range held before it was written, for a flush that loses it. */
struct undo {
  struct undo *next;
  dev_t device;
  ino_t inode;
  off64_t offset, size_before;
  size_t length;
  unsigned char bytes[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile struct control *control;
static struct undo *unflushed;
static unsigned char watched[max_fds];
static char folder[PATH_MAX];
static size_t folder_length;

static int (*real_open64)(const char *, int, ...);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_unlink)(const char *);
static int (*real_close)(int);

__attribute__((constructor)) static void begin(void) {
  real_open64 = dlsym(RTLD_NEXT, "open64");
  real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_close = dlsym(RTLD_NEXT, "close");
  const char *below = getenv("FAIL_FOLDER"), *page = getenv("FAIL_CONTROL");
  if (!below || !page || strlen(below) >= PATH_MAX) return;
  int fd = real_open64(page, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  real_close(fd);
  if (mapped == MAP_FAILED) return;
  control = mapped;
  strcpy(folder, below);
  folder_length = strlen(folder);
}

static int is_below(const char *path) {
  return control && strncmp(path, folder, folder_length) == 0 && path[folder_length] == '/';
}
static int is_watched(int fd) { return control && fd >= 0 && fd < max_fds && watched[fd]; }

/* Counts one operation and says whether it is to fail. */
static int fails(int is_flush) {
  if (control->manner == manner_lost && !is_flush) return 0;
  int number = ++control->operations;
  if (control->fail_at == 0) return 0;
  if (number != control->fail_at && !(control->persistent && number > control->fail_at)) return 0;
  control->failures++;
  errno = control->manner == manner_full ? ENOSPC : EIO;
  return 1;
}

/* Of one file, or of all. */
static void forget(int fd) {
  struct stat file;
  if (fd >= 0 && fstat(fd, &file) != 0) return;
  for (struct undo **at = &unflushed; *at;) {
    struct undo *one = *at;
    if (fd < 0 || (one->device == file.st_dev && one->inode == file.st_ino)) {
      *at = one->next;
      free(one);
    } else
      at = &one->next;
  }
}

static void remember(int fd, size_t length, off64_t offset) {
  struct stat file;
  if (control->manner != manner_lost || control->fail_at == 0 || fstat(fd, &file) != 0) return;
  struct undo *one = malloc(sizeof *one + length);
  if (!one) abort();
  ssize_t held = pread64(fd, one->bytes, length, offset);
  *one = (struct undo){unflushed, file.st_dev, file.st_ino, offset, file.st_size, held > 0 ? (size_t)held : 0};
  unflushed = one;
}

/* The newest is first, so that every range ends as it was at the last good flush. */
static void lose(int fd) {
  struct stat file;
  if (fstat(fd, &file) != 0) return;
  for (struct undo *one = unflushed; one; one = one->next)
    if (one->device == file.st_dev && one->inode == file.st_ino) {
      real_pwrite64(fd, one->bytes, one->length, one->offset);
      real_ftruncate64(fd, one->size_before);
    }
  forget(fd);
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0;
  va_end(more);
  int fd = real_open64(path, flags, mode);
  if (fd >= 0 && fd < max_fds) watched[fd] = (unsigned char)is_below(path);
  return fd;
}
int open(const char *path, int flags, ...) __attribute__((alias("open64")));

int close(int fd) {
  if (fd >= 0 && fd < max_fds) watched[fd] = 0;
  return real_close(fd);
}

static ssize_t write_at(int fd, const void *bytes, size_t length, off64_t offset, int is_positioned) {
  pthread_mutex_lock(&lock);
  int is_failing = fails(0);
  size_t passed = is_failing ? (control->manner == manner_short ? length / 2 : 0) : length;
  ssize_t done = -1;
  if (!is_failing || passed > 0) {
    remember(fd, passed, is_positioned ? offset : lseek64(fd, 0, SEEK_CUR));
    done = is_positioned ? real_pwrite64(fd, bytes, passed, offset) : real_write(fd, bytes, passed);
  }
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  return is_watched(fd) ? write_at(fd, bytes, length, offset, 1) : real_pwrite64(fd, bytes, length, offset);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) __attribute__((alias("pwrite64")));

ssize_t write(int fd, const void *bytes, size_t length) {
  return is_watched(fd) ? write_at(fd, bytes, length, 0, 0) : real_write(fd, bytes, length);
}

static int flush(int fd, int (*real)(int)) {
  if (!is_watched(fd)) return real(fd);
  pthread_mutex_lock(&lock);
  int done = -1;
  if (!fails(1)) {
    done = real(fd);
    forget(fd);
  } else if (control->manner == manner_lost) {
    lose(fd);
    errno = EIO;
  }
  pthread_mutex_unlock(&lock);
  return done;
}
int fsync(int fd) { return flush(fd, real_fsync); }
int fdatasync(int fd) { return flush(fd, real_fdatasync); }

int ftruncate64(int fd, off64_t length) {
  if (!is_watched(fd)) return real_ftruncate64(fd, length);
  pthread_mutex_lock(&lock);
  /* What was cut off could come back only with its bytes: a lost flush keeps truncations. */
  int done = fails(0) ? -1 : real_ftruncate64(fd, length);
  if (done == 0) forget(fd);
  pthread_mutex_unlock(&lock);
  return done;
}
int ftruncate(int fd, off_t length) __attribute__((alias("ftruncate64")));

int unlink(const char *path) {
  if (!is_below(path)) return real_unlink(path);
  pthread_mutex_lock(&lock);
  int done = fails(0) ? -1 : real_unlink(path);
  pthread_mutex_unlock(&lock);
  return done;
}
