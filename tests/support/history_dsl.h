// A tiny language in which tests write histories, one line an operation.
//
//   History history = TestHistory()
//                         .Write(0, "1")
//                         .Read(1, "1")
//                         .Build();
//
// Values are written in EDN. Operations follow each other in real time unless
// they are opened with Call and closed later with Return:
//
//   TestHistory h;
//   h.Call(0, "write", "1").Call(1, "read").Return(1, "1").Return(0, "1");

#ifndef MINOS_TESTS_SUPPORT_HISTORY_DSL_H_
#define MINOS_TESTS_SUPPORT_HISTORY_DSL_H_

#include <string_view>

#include "history/history.h"
#include "history/history_builder.h"

namespace minos::testing {

class TestHistory {
 public:
  TestHistory() : builder_("test") {}

  // Opens an operation; `argument` is EDN.
  TestHistory& Call(int process, std::string_view function,
                    std::string_view argument = "nil",
                    std::string_view key = "");
  // Closes the open operation of `process`.
  TestHistory& Return(int process, std::string_view result = "nil");
  TestHistory& Fail(int process);
  TestHistory& Info(int process);

  // A fault of the nemesis, as "heal", that has ended.
  TestHistory& Fault(std::string_view function);

  // A whole operation that overlaps only what was open before.
  TestHistory& Ok(int process, std::string_view function,
                  std::string_view argument, std::string_view result,
                  std::string_view key = "") {
    return Call(process, function, argument, key).Return(process, result);
  }
  TestHistory& Write(int process, std::string_view value,
                     std::string_view key = "") {
    return Ok(process, "write", value, value, key);
  }
  TestHistory& Read(int process, std::string_view value,
                    std::string_view key = "") {
    return Ok(process, "read", "nil", value, key);
  }

  // The history; the builder is spent. REQUIRES: everything paired.
  history::History Build();

 private:
  void Add(history::EventType type, int process, std::string_view function,
           std::string_view value, std::string_view key);

  history::HistoryBuilder builder_;
  uint32_t line_ = 0;
};

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_HISTORY_DSL_H_
