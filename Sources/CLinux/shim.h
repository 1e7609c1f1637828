#pragma once
// What the Glibc module does not show: headers that it leaves out, and calls that only exist with _GNU_SOURCE or
// take variable arguments, which Swift cannot pass.
#include <getopt.h>
#include <link.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// One clock's time in nanoseconds.
static inline int64_t linux_nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// The name that `top -H` and a debugger show for this thread: at most 15 bytes.
static inline void linux_name_this_thread(const char *name) { prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0); }

// write() to a pipe of what there is room for, never blocking even if the descriptor does. Returns
// how many bytes it took, or -1 with errno: EAGAIN without room, ENOTSUP for a terminal, and for
// pipes of kernels that cannot.
static inline ssize_t linux_write_without_waiting(int descriptor, const struct iovec *bytes) {
  return syscall(SYS_pwritev2, descriptor, bytes, 1, -1L, -1L, 8 /* RWF_NOWAIT */);
}

// Number of the terminal that is open as `descriptor`, also through /dev/tty; 0 where it is not a terminal.
static inline unsigned linux_terminal(int descriptor) {
  unsigned number = 0;
  return ioctl(descriptor, TIOCGDEV, &number) ? 0 : number;
}

// memfd_create(): a file that is only in memory, closed when another program is executed. Returns a descriptor, or -1 with errno.
static inline int linux_memory_file(const char *name) { return (int)syscall(SYS_memfd_create, name, 1u /* MFD_CLOEXEC */); }

// Keeps these pages out of swap, each from when it is first touched. Returns 0, or -1 with errno.
static inline int linux_lock_when_touched(void *address, size_t size) {
  return (int)syscall(SYS_mlock2, address, size, 1u /* MLOCK_ONFAULT */);
}

// No core dump and no ptrace by other processes of the same user. Returns 0, or -1 with errno.
static inline int linux_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

// The process that serves at the other end of a connected Unix socket, or rather the one that opened it; -1 if that is not known.
static inline int linux_peer_process(int socket) {
  struct { int process; unsigned user, group; } peer;
  unsigned size = sizeof peer;
  // By number: <sys/socket.h> in two modules hides its enumerators from release builds.
  return syscall(SYS_getsockopt, socket, 1 /* SOL_SOCKET */, 17 /* SO_PEERCRED */, &peer, &size) ? -1 : peer.process;
}

// What dl_iterate_phdr() tells of a program or library: the beginning of <link.h>'s struct dl_phdr_info, which only
// exists with _GNU_SOURCE, as the function does.
struct linux_object { ElfW(Addr) address; const char *name; const ElfW(Phdr) *headers; ElfW(Half) count; };
extern int linux_each_object(int (*)(struct linux_object *, size_t, void *), void *) __asm__("dl_iterate_phdr");

// Releases the read-only pages of one program or library: its code and its constants.
static inline int linux_release_object(struct linux_object *object, size_t size, void *page) {
  (void)size;
  // The kernel's vDSO has no file behind it.
  if (strncmp(object->name, "linux-", 6) == 0) return 0;
  for (int index = 0; index < object->count; index++) {
    const ElfW(Phdr) *header = &object->headers[index];
    if (header->p_type != PT_LOAD || header->p_flags & PF_W) continue;
    uintptr_t bytes = *(uintptr_t *)page, start = object->address + header->p_vaddr, end = start + header->p_memsz;
    uintptr_t first = start / bytes * bytes;
    madvise((void *)first, (end - first + bytes - 1) / bytes * bytes, MADV_DONTNEED);
  }
  return 0;
}

// Releases the code and the constants of the program and of its libraries; what is used again comes
// back from the page cache on access. Relocations in code would be lost; no current distribution
// has a library with such.
static inline void linux_release_code(void) {
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  linux_each_object(linux_release_object, &page);
}

// getopt_long(), with `short_options` as getopt() has them, and with its result in one place: Swift 6 has no way to read the global `optarg` safely.
struct linux_option { int value; const char *argument; int index; };
static inline struct linux_option linux_next_option(
    int count, char *const *arguments, const char *short_options, const struct option *options) {
  opterr = 0;
  int value = getopt_long(count, arguments, short_options, options, 0);
  struct linux_option next = { value, optarg, optind };
  return next;
}
