// The program under test, and small histories for it.

#ifndef MINOS_TESTS_CLI_MINOS_H_
#define MINOS_TESTS_CLI_MINOS_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/run_program.h"

namespace minos::testing {

// Runs minos with `arguments`.
inline ProgramRun Minos(const std::vector<std::string>& arguments,
                        const ProgramInput& input = {}) {
  return RunProgram(MINOS_PROGRAM, arguments, input);
}

// The JSON that `run` printed; the test fails if it is none.
inline nlohmann::json JsonOf(const ProgramRun& run) {
  nlohmann::json json = nlohmann::json::parse(run.out, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << run.out;
  return json;
}

// One event, in EDN.
inline std::string Event(int process, const std::string& type,
                         const std::string& function,
                         const std::string& value) {
  return "{:process " + std::to_string(process) + ", :type :" + type +
         ", :f :" + function + ", :value " + value + "}\n";
}

// An operation that no other one overlaps, in EDN.
inline std::string Whole(int process, const std::string& function,
                         const std::string& argument,
                         const std::string& result) {
  return Event(process, "invoke", function, argument) +
         Event(process, "ok", function, result);
}

// A register: a write of 1, then a read of it.
inline std::string FreshRead() {
  return Whole(0, "write", "1", "1") + Whole(1, "read", "nil", "1");
}

// The same, but 2 was written in between.
inline std::string StaleRead() {
  return Whole(0, "write", "1", "1") + Whole(0, "write", "2", "2") +
         Whole(1, "read", "nil", "1");
}

// What nobody can tell soon: a counter, so many additions at the same time as a
// read, and so large ones, that nothing says which of them make up what was
// read (a subset sum). Pass --model counter.
inline std::string TooHard() {
  constexpr int kClients = 44;
  uint64_t random = 1;
  std::string calls;
  std::string returns;
  for (int i = 0; i < kClients; ++i) {
    // Knuth's MMIX generator; 48 bits of it.
    random = random * 6364136223846793005u + 1442695040888963407u;
    const std::string amount = std::to_string(random >> 16);
    calls += Event(i, "invoke", "add", amount);
    returns += Event(i, "ok", "add", amount);
  }
  return calls + Event(kClients, "invoke", "read", "nil") +
         Event(kClients, "ok", "read", "3141592653589793") + returns;
}

// A counter that is easy: an addition of 1, then a read of `value`.
inline std::string Count(int value) {
  return Whole(0, "add", "1", "1") +
         Whole(1, "read", "nil", std::to_string(value));
}

// The second event is cut off.
inline std::string Malformed() {
  return Event(0, "invoke", "write", "1") + "{:process 0, :type :o";
}

}  // namespace minos::testing

#endif  // MINOS_TESTS_CLI_MINOS_H_
