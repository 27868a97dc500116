/* Loaded before libc into a process that keeps a store: writes down, in order, every write, truncation, flush, creation and removal below
 * RECORD_FOLDER into RECORD_LOG. Whoever reads the log can make the disk of any moment, with what was not flushed there or not.
 *
 * A record: kind (1), file (1), offset (8), length (4), little-endian, then `length` bytes: what was written, or the file's name. */

#include "../preload/watched-files.h"

enum { max_files = 200, folder_itself = 255 };

/* By file number, which is the mark of a descriptor too; 0 is a descriptor that nobody watches. */
static char names[max_files][PATH_MAX];
static int files = 1;
static int log_fd = -1;

static void begin(void) {
  const char *log = getenv("RECORD_LOG");
  if (!log || !watch_below(getenv("RECORD_FOLDER"))) return;
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

/* Names a file the first time that it is seen. */
static unsigned char number_of(const char *name) {
  if (*name == '\0') return folder_itself;
  for (int file = 1; file < files; file++)
    if (strcmp(names[file], name) == 0) return (unsigned char)file;
  if (files == max_files) abort();
  strcpy(names[files], name);
  put('N', files, 0, name, (uint32_t)strlen(name));
  return (unsigned char)files++;
}

static unsigned char opened(const char *name, int existed) {
  unsigned char file = number_of(name);
  if (!existed && file != folder_itself) put('C', file, 0, NULL, 0);
  return file;
}

static ssize_t write_watched(int fd, const void *bytes, size_t length, off64_t offset, int is_positioned) {
  ssize_t done = real_write_at(fd, bytes, length, offset, is_positioned);
  if (done > 0) put('W', mark_of(fd), (uint64_t)offset, bytes, (uint32_t)done);
  return done;
}

static int flush_watched(int fd, int (*real)(int)) {
  int done = real(fd);
  if (done == 0) put(mark_of(fd) == folder_itself ? 'D' : 'S', mark_of(fd), 0, NULL, 0);
  return done;
}

static int truncate_watched(int fd, off64_t length) {
  int done = real_ftruncate64(fd, length);
  if (done == 0) put('T', mark_of(fd), (uint64_t)length, NULL, 0);
  return done;
}

static int unlink_watched(const char *path, const char *name) {
  unsigned char file = number_of(name);
  int done = real_unlink(path);
  if (done == 0) put('U', file, 0, NULL, 0);
  return done;
}
