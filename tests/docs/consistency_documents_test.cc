// docs/consistency-models.md shows a history for each model that breaks it and
// nothing weaker. Here they are read and judged.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "checker/check.h"
#include "checker/consistency_registry.h"
#include "history/edn.h"
#include "history/history_builder.h"

namespace minos::checker {
namespace {

using history::Event;
using history::EventType;
using history::History;
using history::HistoryBuilder;

struct Example {
  std::string model;
  std::vector<std::string> lines;
};

// The blocks of histories in the document, each with the last model named in a
// heading before it.
std::vector<Example> Examples() {
  std::ifstream file(std::string(MINOS_SOURCE_DIR) +
                     "/docs/consistency-models.md");
  std::vector<Example> examples;
  std::string model;
  std::string line;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line.starts_with("### `")) {
      model = line.substr(5, line.find('`', 5) - 5);
    } else if (line == "```history") {
      inside = true;
      examples.push_back({model, {}});
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      examples.back().lines.push_back(line);
    }
  }
  return examples;
}

// An operation of a picture: "w(x,1)", "a(x,1)", "r(x)=1" or "r!(x)=1".
struct Drawn {
  int session;
  size_t begin;
  size_t end;
  std::string text;
};

std::vector<Drawn> Parse(const std::vector<std::string>& lines) {
  std::vector<Drawn> drawn;
  for (size_t session = 0; session < lines.size(); ++session) {
    const std::string& line = lines[session];
    size_t at = line.find(':') + 1;
    while ((at = line.find_first_not_of(' ', at)) != std::string::npos) {
      size_t end = at;
      int depth = 0;
      while (end < line.size() && (line[end] != ' ' || depth > 0)) {
        if (line[end] == '[') ++depth;
        if (line[end] == ']') --depth;
        ++end;
      }
      drawn.push_back(
          {static_cast<int>(session), at, end, line.substr(at, end - at)});
      at = end;
    }
  }
  return drawn;
}

class Painter {
 public:
  History Paint(const std::vector<Drawn>& drawn) {
    std::vector<std::pair<size_t, std::pair<int, size_t>>> moments;
    for (size_t i = 0; i < drawn.size(); ++i) {
      moments.push_back({drawn[i].begin, {0, i}});
      moments.push_back({drawn[i].end, {1, i}});
    }
    std::sort(moments.begin(), moments.end());
    for (const auto& [column, what] : moments) {
      AddEvent(drawn[what.second], what.first == 1, column);
    }
    EXPECT_EQ(builder_.problem_count(), 0u);
    return std::move(builder_).Build();
  }

 private:
  void AddEvent(const Drawn& drawn, bool is_return, size_t column) {
    history::ValueTable& values = builder_.values();
    const std::string& text = drawn.text;
    const bool is_read = text[0] == 'r';
    const size_t open = text.find('(');
    const size_t key_end = text.find_first_of(",)", open);
    Event event;
    event.type = is_return ? EventType::kOk : EventType::kInvoke;
    event.process = values.Integer(drawn.session);
    event.time = static_cast<int64_t>(column) * 100'000;
    event.key = values.String(text.substr(open + 1, key_end - open - 1));
    event.function = values.Keyword(is_read          ? "read"
                                    : text[0] == 'a' ? "append"
                                                     : "write");
    if (is_read ? is_return : true) {
      const std::string value =
          is_read ? text.substr(text.find('=') + 1)
                  : text.substr(key_end + 1, text.size() - key_end - 2);
      event.value = *history::ParseEdn(value, values);
    }
    if (is_return && text.starts_with("r!")) {
      event.extras = *history::ParseEdn("{:final true}", values);
    }
    builder_.Add(event);
  }

  HistoryBuilder builder_{"docs"};
};

Verdict VerdictOf(const History& history, const std::string& consistency) {
  CheckOptions options;
  options.consistencies = {consistency};
  const auto verdict = CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict->checks.front().verdict;
}

TEST(ConsistencyDocumentsTest, EveryModelHasAnExample) {
  const std::vector<Example> examples = Examples();
  for (const ConsistencyInfo& info : AllConsistencies()) {
    EXPECT_TRUE(std::any_of(
        examples.begin(), examples.end(),
        [&](const Example& example) {
          return example.model.substr(0, example.model.find('=')) == info.name;
        }))
        << info.name;
  }
}

TEST(ConsistencyDocumentsTest, EveryExampleBreaksItsModelAndNothingWeaker) {
  for (const Example& example : Examples()) {
    SCOPED_TRACE(example.model);
    EXPECT_LE(example.lines.size(), 4u);
    const History history = Painter().Paint(Parse(example.lines));
    EXPECT_EQ(VerdictOf(history, example.model), Verdict::kViolation);
    for (const ConsistencyInfo& info : AllConsistencies()) {
      if (info.name == example.model || !info.parameter.empty() ||
          !Implies(example.model, info.name)) {
        continue;
      }
      EXPECT_EQ(VerdictOf(history, std::string(info.name)), Verdict::kValid)
          << info.name;
    }
  }
}

TEST(ConsistencyDocumentsTest, WeakerBoundsOfStalenessHold) {
  for (const Example& example : Examples()) {
    const History history = Painter().Paint(Parse(example.lines));
    if (example.model == "linearizable") {
      for (const char* weaker :
           {"bounded-staleness=k:2", "bounded-staleness=t:1ms"}) {
        EXPECT_EQ(VerdictOf(history, weaker), Verdict::kValid) << weaker;
      }
    }
    if (example.model == "bounded-staleness=k:2") {
      EXPECT_EQ(VerdictOf(history, "bounded-staleness=k:3"), Verdict::kValid);
    }
    if (example.model == "bounded-staleness=t:1ms") {
      EXPECT_EQ(VerdictOf(history, "bounded-staleness=t:5ms"), Verdict::kValid);
    }
  }
}

}  // namespace
}  // namespace minos::checker
