#include "tests/fuzz/read_fuzzer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  minos::testing::CheckReading(data, size, minos::history::Format::kHistoryTxt);
  return 0;
}
