/* Loaded before libc into a process that keeps a store: writes down, in order, every write, truncation, flush, creation and removal below
 * RECORD_FOLDER into RECORD_LOG. Whoever reads the log can make the disk of any moment, with what was not flushed there or not.
 *
 * A record: kind (1), file (1), offset (8), length (4), little-endian, then `length` bytes: what was written, or the file's name. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { max_fds = 4096, max_files = 200, folder_itself = 255, unknown = 0 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char names[max_files][PATH_MAX];
static int files = 1;
/* File number by descriptor; 0 is a descriptor that nobody watches. */
static unsigned char file_of[max_fds];
static char folder[PATH_MAX];
static size_t folder_length;
static int log_fd = -1;

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
  const char *watched = getenv("RECORD_FOLDER"), *log = getenv("RECORD_LOG");
  if (!watched || !log || strlen(watched) >= PATH_MAX) return;
  strcpy(folder, watched);
  folder_length = strlen(folder);
  log_fd = real_open64(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
}

static void put(char kind, int file, uint64_t offset, const void *bytes, uint32_t length) {
  if (log_fd < 0) return;
  unsigned char head[14] = {(unsigned char)kind, (unsigned char)file};
  memcpy(head + 2, &offset, 8);
  memcpy(head + 10, &length, 4);
  real_write(log_fd, head, sizeof head);
  if (length > 0) real_write(log_fd, bytes, length);
}

/* 0 for a path outside; names a file the first time that it is seen. */
static int number_of(const char *path) {
  if (folder_length == 0 || strncmp(path, folder, folder_length) != 0) return unknown;
  const char *rest = path + folder_length;
  if (*rest == '\0' || strcmp(rest, "/") == 0) return folder_itself;
  if (*rest != '/') return unknown;
  for (int file = 1; file < files; file++)
    if (strcmp(names[file], rest + 1) == 0) return file;
  if (files == max_files) abort();
  strcpy(names[files], rest + 1);
  put('N', files, 0, rest + 1, (uint32_t)strlen(rest + 1));
  return files++;
}

static int watched_fd(int fd) { return fd >= 0 && fd < max_fds ? file_of[fd] : unknown; }

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0;
  va_end(more);
  pthread_mutex_lock(&lock);
  int existed = access(path, F_OK) == 0;
  int fd = real_open64(path, flags, mode);
  if (fd >= 0 && fd < max_fds) {
    file_of[fd] = (unsigned char)number_of(path);
    if (!existed && file_of[fd] != unknown && file_of[fd] != folder_itself) put('C', file_of[fd], 0, NULL, 0);
  }
  pthread_mutex_unlock(&lock);
  return fd;
}
int open(const char *path, int flags, ...) __attribute__((alias("open64")));

int close(int fd) {
  pthread_mutex_lock(&lock);
  if (fd >= 0 && fd < max_fds) file_of[fd] = unknown;
  int done = real_close(fd);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  pthread_mutex_lock(&lock);
  ssize_t done = real_pwrite64(fd, bytes, length, offset);
  if (done > 0 && watched_fd(fd)) put('W', file_of[fd], (uint64_t)offset, bytes, (uint32_t)done);
  pthread_mutex_unlock(&lock);
  return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) __attribute__((alias("pwrite64")));

ssize_t write(int fd, const void *bytes, size_t length) {
  if (!watched_fd(fd)) return real_write(fd, bytes, length);
  pthread_mutex_lock(&lock);
  off64_t offset = lseek64(fd, 0, SEEK_CUR);
  ssize_t done = real_write(fd, bytes, length);
  if (done > 0) put('W', file_of[fd], (uint64_t)offset, bytes, (uint32_t)done);
  pthread_mutex_unlock(&lock);
  return done;
}

static int flush(int fd, int (*real)(int)) {
  pthread_mutex_lock(&lock);
  int done = real(fd);
  if (done == 0 && watched_fd(fd)) put(file_of[fd] == folder_itself ? 'D' : 'S', file_of[fd], 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return done;
}
int fsync(int fd) { return flush(fd, real_fsync); }
int fdatasync(int fd) { return flush(fd, real_fdatasync); }

int ftruncate64(int fd, off64_t length) {
  pthread_mutex_lock(&lock);
  int done = real_ftruncate64(fd, length);
  if (done == 0 && watched_fd(fd)) put('T', file_of[fd], (uint64_t)length, NULL, 0);
  pthread_mutex_unlock(&lock);
  return done;
}
int ftruncate(int fd, off_t length) __attribute__((alias("ftruncate64")));

int unlink(const char *path) {
  pthread_mutex_lock(&lock);
  int file = number_of(path);
  int done = real_unlink(path);
  if (done == 0 && file != unknown) put('U', file, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return done;
}
