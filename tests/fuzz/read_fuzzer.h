// What the fuzzers of the readers check of every input.

#ifndef MINOS_TESTS_FUZZ_READ_FUZZER_H_
#define MINOS_TESTS_FUZZ_READ_FUZZER_H_

#include <cstddef>
#include <cstdint>

#include "history/format.h"

namespace minos::testing {

// Reads the bytes as `format`, in pieces of different sizes, which must make no
// difference. What reads without an error is written and must read back, and
// what is written then must be the same text again. Aborts where that fails.
void CheckReading(const uint8_t* data, size_t size, history::Format format);

}  // namespace minos::testing

#endif  // MINOS_TESTS_FUZZ_READ_FUZZER_H_
