// Has one thread of a process stand still, and no other, as one that hangs in a driver does, until the process is ended.
//
// usage: stall PROCESS NAME      NAME is the thread's, as `top -H` shows it. Exit status 0 when the thread stood still and then was
// ended with its process, 1 otherwise. It takes the right to debug the process.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

// The thread of `process` that is called `name`, or 0.
static pid_t thread_called(const char *process, const char *name) {
  char path[300];
  snprintf(path, sizeof path, "/proc/%s/task", process);
  DIR *threads = opendir(path);
  pid_t found = 0;
  for (struct dirent *entry; threads && !found && (entry = readdir(threads));) {
    char called[32] = "";
    snprintf(path, sizeof path, "/proc/%s/task/%s/comm", process, entry->d_name);
    FILE *file = fopen(path, "r");
    if (!file) continue;
    if (fgets(called, sizeof called, file)) called[strcspn(called, "\n")] = 0;
    fclose(file);
    if (!strcmp(called, name)) found = atoi(entry->d_name);
  }
  if (threads) closedir(threads);
  return found;
}

int main(int count, char **arguments) {
  if (count != 3) {
    fputs("usage: stall PROCESS NAME\n", stderr);
    return 2;
  }
  pid_t thread = thread_called(arguments[1], arguments[2]);
  if (!thread) {
    fprintf(stderr, "stall: process %s has no thread %s\n", arguments[1], arguments[2]);
    return 1;
  }
  int status;
  if (ptrace(PTRACE_SEIZE, thread, 0, 0) || ptrace(PTRACE_INTERRUPT, thread, 0, 0) || waitpid(thread, &status, __WALL) != thread ||
      !WIFSTOPPED(status)) {
    perror("stall: the thread cannot be stopped");
    return 1;
  }
  printf("stall: thread %d (%s) of %s stands still\n", thread, arguments[2], arguments[1]);
  fflush(stdout);
  // Nothing lets it go on; what comes next is its end.
  return waitpid(thread, &status, __WALL) == thread && WIFSIGNALED(status) ? 0 : 1;
}
