/* Loaded before libc into a process that keeps a store: counts every write, truncation, flush and removal of files below FAIL_FOLDER, and
 * makes number N fail, once or from there on. The control is a page of memory shared with a file (FAIL_CONTROL), so that the process can
 * be told while it runs; its layout stands in control.ts.
 *
 * A flush that fails in the manner of "lost" takes with it what was written since the last good flush of that file: so a kernel behaves
 * that drops dirty pages after a failed write-back and says nothing the next time. */

#include "../preload/watched-files.h"

#include <sys/mman.h>

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

static volatile struct control *control;
static struct undo *unflushed;

static void begin(void) {
  const char *page = getenv("FAIL_CONTROL");
  if (!page) return;
  int fd = real_open64(page, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  real_close(fd);
  if (mapped == MAP_FAILED) return;
  control = mapped;
  watch_below(getenv("FAIL_FOLDER"));
}

/* The folder itself is flushed as it comes: only files fail. */
static unsigned char opened(const char *name, int existed) {
  (void)existed;
  return *name != '\0';
}

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

static ssize_t write_watched(int fd, const void *bytes, size_t length, off64_t offset, int is_positioned) {
  int is_failing = fails(0);
  size_t passed = is_failing ? (control->manner == manner_short ? length / 2 : 0) : length;
  if (is_failing && passed == 0) return -1;
  remember(fd, passed, offset);
  return real_write_at(fd, bytes, passed, offset, is_positioned);
}

static int flush_watched(int fd, int (*real)(int)) {
  if (!fails(1)) {
    int done = real(fd);
    forget(fd);
    return done;
  }
  if (control->manner == manner_lost) {
    lose(fd);
    errno = EIO;
  }
  return -1;
}

static int truncate_watched(int fd, off64_t length) {
  /* What was cut off could come back only with its bytes: a lost flush keeps truncations. */
  int done = fails(0) ? -1 : real_ftruncate64(fd, length);
  if (done == 0) forget(fd);
  return done;
}

static int unlink_watched(const char *path, const char *name) {
  (void)name;
  return fails(0) ? -1 : real_unlink(path);
}
