// The fenced blocks of a Markdown document, and the console sessions in them.
//
// A session is a block marked `console`:
//
//   $ minos check tests/data/tour/stale-read.jsonl
//   stale-read.jsonl: violation
//   …
//   $ echo $?
//   1
//
// A command ends with 0, unless `echo $?` follows it. Where output is shown it
// is all that the command printed, but for `…`, which stands for any text.

#ifndef MINOS_TESTS_SUPPORT_CONSOLE_BLOCK_H_
#define MINOS_TESTS_SUPPORT_CONSOLE_BLOCK_H_

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace minos::testing {

// What stands between two fences.
struct FencedBlock {
  std::string file;  // of the document
  int line = 0;      // of the opening fence, from 1
  std::string info;  // what follows the opening fence: "console", "cpp", …
  std::string text;  // with a newline after each line
};

// How a test names the block: "README.md:12".
void PrintTo(const FencedBlock& block, std::ostream* out);

// All fenced blocks of the document, in order.
std::vector<FencedBlock> ReadFencedBlocks(const std::string& file);

// One command of a session and what the document shows of it.
struct ConsoleStep {
  int line = 0;  // in the document
  std::string command;
  std::string expected_output;  // empty if the document shows none
};

// The steps of a console block; a line that ends in a backslash goes on.
std::vector<ConsoleStep> ParseConsole(const FencedBlock& block);

// Is `actual` what `expected` says, where `…` stands for any text? White space
// at the ends of lines does not count.
bool MatchesText(std::string_view expected, std::string_view actual);

// Runs the steps one after the other in one shell, in a new folder in which
// everything of `source_dir` but its builds can be seen; what a step writes
// stays in that folder, and goes with it in the end. The folder of `program` is
// the first of PATH. One sentence for each step that did not do what the
// document says.
std::vector<std::string> RunConsole(const std::vector<ConsoleStep>& steps,
                                    const std::string& source_dir,
                                    const std::string& program);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_CONSOLE_BLOCK_H_
