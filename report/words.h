// Small pieces of text that several formats share.

#ifndef MINOS_REPORT_WORDS_H_
#define MINOS_REPORT_WORDS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "checker/verdict.h"
#include "history/history.h"

namespace minos::report {

// `text` with control characters written as \xNN, so that nothing recorded can
// steer a terminal.
std::string Printable(std::string_view text);

// How many columns `text` takes: its characters, not its bytes.
size_t Width(std::string_view text);

// `text` with spaces behind it up to `width` columns.
std::string Pad(std::string_view text, size_t width);

// `text` cut to `width` columns, with "…" as the last one if it was longer.
std::string Shorten(std::string_view text, size_t width);

// `text` in lines of at most `width` columns, each behind `indent` spaces and
// each ending with a newline. A word longer than a line stands alone.
std::string Wrapped(std::string_view text, size_t indent, size_t width);

// "1 operation", "2 operations", "1,000,000 operations".
std::string Count(size_t n, std::string_view singular, std::string_view plural);

// "0.4 ms", "12 ms", "3.2 s", "2 min 5 s".
std::string Seconds(double seconds);

// "register, linearizable"; only the consistency where there is no model.
std::string Title(const checker::CheckResult& check);

// "violation", "valid", "unknown: time-limit".
std::string VerdictText(const checker::CheckResult& check);

// "3,000 operations in 12 parts, judged by wgl in 0.2 s."
std::string EffortText(const checker::CheckResult& check);

// What `check` found, in a sentence: the first violation, with its key; why it
// is unknown; empty if it is valid.
std::string Gist(const history::History& history,
                 const checker::CheckResult& check);

// The summary of a violation, behind the key that it is about.
std::string SummaryText(const history::History& history,
                        const checker::Violation& violation);

// The sentences of a violation that neither its summary nor its cycle says, for
// formats that show both.
std::vector<std::string> FurtherSentences(const checker::Violation& violation);

}  // namespace minos::report

#endif  // MINOS_REPORT_WORDS_H_
