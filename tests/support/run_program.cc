#include "tests/support/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

extern char** environ;

namespace minos::testing {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    Close(read_end);
    Close(write_end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  static void Close(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }

  int read_end = -1;
  int write_end = -1;
};

std::vector<std::string> Environment(const ProgramInput& input) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (text.starts_with("NO_COLOR=") || text.starts_with("MINOS_")) continue;
    all.emplace_back(text);
  }
  all.insert(all.end(), input.environment.begin(), input.environment.end());
  return all;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Reads what there is; false at the end.
bool Drain(int end, std::string& text) {
  std::array<char, 1 << 16> buffer{};
  const ssize_t count = read(end, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<size_t>(count));
  return count > 0;
}

// Writes the next part of `text`; false at its end, or if nobody reads.
bool Feed(int end, std::string_view text, size_t& written) {
  if (written < text.size()) {
    const ssize_t count =
        write(end, text.data() + written, text.size() - written);
    if (count < 0) return false;
    written += static_cast<size_t>(count);
  }
  return written < text.size();
}

// Moves data through the pipes until the program has closed its outputs.
void Converse(Pipe& in, Pipe& out, Pipe& err, const ProgramInput& input,
              pid_t pid, ProgramRun& run) {
  const Clock::time_point interrupt = Clock::now() + input.interrupt_after;
  bool will_interrupt = input.interrupt_after.count() > 0;
  size_t written = 0;
  fcntl(in.write_end, F_SETFL, O_NONBLOCK);
  while (out.read_end >= 0 || err.read_end >= 0) {
    // While an interrupt is due, standard input stays open.
    const bool is_fed = written == input.text.size() && will_interrupt;
    std::array<pollfd, 3> ends = {{{is_fed ? -1 : in.write_end, POLLOUT, 0},
                                   {out.read_end, POLLIN, 0},
                                   {err.read_end, POLLIN, 0}}};
    poll(ends.data(), ends.size(), will_interrupt ? 10 : 1000);
    if (will_interrupt && Clock::now() >= interrupt) {
      kill(pid, SIGINT);
      will_interrupt = false;
    }
    if (ends[0].revents != 0 && !Feed(in.write_end, input.text, written) &&
        !will_interrupt) {
      Pipe::Close(in.write_end);
    }
    if (ends[1].revents != 0 && !Drain(out.read_end, run.out)) {
      Pipe::Close(out.read_end);
    }
    if (ends[2].revents != 0 && !Drain(err.read_end, run.err)) {
      Pipe::Close(err.read_end);
    }
  }
}

}  // namespace

ProgramRun RunProgram(const std::string& program,
                      const std::vector<std::string>& arguments,
                      const ProgramInput& input) {
  signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = Environment(input);
  const std::vector<char*> argv = Pointers(words);
  const std::vector<char*> envp = Pointers(environment);
  Pipe in;
  Pipe out;
  Pipe err;
  if (input.closes_output) Pipe::Close(out.read_end);
  const Clock::time_point start = Clock::now();
  const pid_t pid = fork();
  if (pid == 0) {
    signal(SIGPIPE, SIG_DFL);
    dup2(in.read_end, STDIN_FILENO);
    dup2(out.write_end, STDOUT_FILENO);
    dup2(err.write_end, STDERR_FILENO);
    execve(program.c_str(), argv.data(), envp.data());
    _exit(127);
  }
  Pipe::Close(in.read_end);
  Pipe::Close(out.write_end);
  Pipe::Close(err.write_end);
  ProgramRun run;
  Converse(in, out, err, input, pid, run);
  int status = 0;
  rusage usage{};
  wait4(pid, &status, 0, &usage);
  run.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      Clock::now() - start);
  run.peak_bytes = static_cast<size_t>(usage.ru_maxrss) * 1024;
  if (WIFEXITED(status)) run.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) run.signal = WTERMSIG(status);
  return run;
}

}  // namespace minos::testing
